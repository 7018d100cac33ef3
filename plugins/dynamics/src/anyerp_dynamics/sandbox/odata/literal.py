"""URL literals and key predicates, read against the key's types and written back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from .error import ODataError
from .lexer import Token, tokens
from .schema import INTEGERS, EntityType, Schema


def instant_text(moment: datetime) -> str:
    """Give an instant as the services write it: UTC, `Z`, no trailing zeros in the fraction."""
    text = moment.replace(tzinfo=None, microsecond=0).isoformat()
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{text}{fraction}Z"


def literal_text(value: Any, type_name: str) -> str:
    """Give a value as it stands in a URL, before percent-encoding. `type_name` as in `Property.type`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and type_name != "Edm.Guid":
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def key_text(entity_type: EntityType, row: Mapping[str, Any]) -> str:
    """Give the key predicate of a row, percent-encoded: `(id)` or `(dataAreaId='usmf',LineNumber=1)`."""
    parts = [(name, literal_text(row[name], entity_type.by_name[name].type)) for name in entity_type.key]
    if len(parts) == 1:
        return "(" + quote(parts[0][1], safe="'") + ")"
    return "(" + ",".join(name + "=" + quote(text, safe="'") for name, text in parts) + ")"


def _bad_key(text: str) -> ODataError:
    return ODataError("syntax", f"The key in '({text})' is not valid for the resource.")


def _value(token: Token, type_name: str, schema: Schema, text: str) -> Any:
    value, have = token.value, token.type
    if token.kind == "name" and value in ("true", "false") and type_name == "Edm.Boolean":
        return value == "true"
    fits = {
        "Edm.String": have == "Edm.String",
        "Edm.Guid": have == "Edm.Guid",
        "Edm.Date": have == "Edm.Date",
        "Edm.DateTimeOffset": have in ("Edm.DateTimeOffset", "Edm.Date"),
        "Edm.Decimal": have in ("Edm.Int32", "Edm.Int64", "Edm.Decimal"),
    }
    if type_name in INTEGERS:
        good = have in ("Edm.Int32", "Edm.Int64")
    elif type_name in schema.enums:
        good = have in ("Edm.String", schema.qualified(type_name))
    else:
        good = fits.get(type_name, False)
    if not good:
        raise _bad_key(text)
    return Decimal(value) if type_name == "Edm.Decimal" else value


def read_key(text: str, entity_type: EntityType, schema: Schema) -> dict[str, Any]:
    """Give the inside of a key predicate (already percent-decoded) as values by property name, in key order.

    Every part must be there, and nothing else; one unnamed value is enough for a single key. Raises `syntax`.
    """
    key = entity_type.key
    named: dict[str, Any] = {}
    if len(key) == 1 and len(split_outside(text, "=")) == 1:
        text_of_one = list(tokens(text))
        if len(text_of_one) != 2:
            raise _bad_key(text)
        return {key[0]: _value(text_of_one[0], entity_type.by_name[key[0]].type, schema, text)}
    for part in split_outside(text):
        name, equals, raw = part.partition("=")
        name = name.strip()
        if not equals or name in named or name not in key:
            raise _bad_key(text)
        literal = list(tokens(raw))
        if len(literal) != 2:
            raise _bad_key(text)
        named[name] = _value(literal[0], entity_type.by_name[name].type, schema, text)
    if set(named) != set(key):
        raise _bad_key(text)
    return {name: named[name] for name in key}


def split_outside(text: str, separator: str = ",") -> list[str]:
    """Split outside quotes and parentheses."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
        elif not quoted and not depth and character == separator:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]
