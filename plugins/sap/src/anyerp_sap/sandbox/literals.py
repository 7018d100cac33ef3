"""Literals of addresses: keys and `$filter` operands, and keys written back (sap sheet §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from anyerp_sap.sandbox.codes import unit_out
from anyerp_sap.sandbox.edm import Entity, Key, Property, Value
from anyerp_sap.sandbox.errors import SapError, bad_request
from anyerp_sap.sandbox.values import canonical, duration, read_duration

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?")
_OFFSET = re.compile(r"(.*?)(Z|[+-]\d\d:\d\d)")
_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([mMdDfFlL]?)")
_PREFIXED = re.compile(r"(datetimeoffset|datetime|time|guid)'([^']*)'")
_KEYS = re.compile(r"(?:(\w+)=)?((?:datetimeoffset|datetime|time|guid)?'(?:[^']|'')*'|[^,']+)(?:,|$)")


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its kind (`string`, `number`, `bool`, `null`, `datetime`, `datetimeoffset`, `time`, `guid`), value."""

    kind: str
    value: Value


#: The kinds of literal that each property kind may be compared with.
FITS: dict[str, frozenset[str]] = {
    "S": frozenset({"string", "null"}),
    "D": frozenset({"number", "null"}),
    "i32": frozenset({"number"}),
    "B": frozenset({"bool"}),
    "date": frozenset({"datetime", "null"}),
    "dto": frozenset({"datetimeoffset", "null"}),
    "time": frozenset({"time", "null"}),
    "guid": frozenset({"guid", "null"}),
}


def parse_literal(text: str) -> Literal:
    """Read one literal. Raises `ValueError` for what is none."""
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return Literal("string", text[1:-1].replace("''", "'"))
    if text in ("true", "false"):
        return Literal("bool", text == "true")
    if text == "null":
        return Literal("null", None)
    if prefixed := _PREFIXED.fullmatch(text):
        return Literal(prefixed[1], _prefixed(prefixed[1], prefixed[2]))
    if number := _NUMBER.fullmatch(text):
        return Literal("number", Decimal(number[1]))
    raise ValueError(text)


def _prefixed(prefix: str, text: str) -> Value:
    if prefix == "guid":
        return str(UUID(text))
    if prefix == "time":
        return read_duration(text)
    offset = timedelta()
    if prefix == "datetimeoffset":
        zoned = _OFFSET.fullmatch(text)
        if zoned is None:
            raise ValueError(text)
        text = zoned[1]
        if zoned[2] != "Z":
            minutes = int(zoned[2][1:3]) * 60 + int(zoned[2][4:])
            offset = timedelta(minutes=-minutes if zoned[2][0] == "-" else minutes)
    if not _STAMP.fullmatch(text):
        raise ValueError(text)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) - offset
    except OverflowError:
        raise ValueError(text) from None


def operand(prop: Property, literal: Literal, language: str, of: str) -> Value:
    """Give a literal as the stored value that a property compares with. Raises a 400 when the types do not fit."""
    if literal.kind not in FITS[prop.kind]:
        raise bad_request("/IWFND/CM_MGW/014", of, prop.edm, literal.kind, target=prop.name)
    if literal.kind == "null":
        return prop.initial
    value = literal.value
    if prop.kind == "S" and isinstance(value, str):
        # Upper-case fields are not helped here: a lower-case needle misses (sap sheet §10).
        return value if prop.upper and value != value.upper() else canonical(prop, value, language)
    if prop.kind == "date" and isinstance(value, datetime):
        return value.date()
    return value


def parse_key(entity: Entity, text: str, language: str) -> Key:
    """Read a key predicate: one bare value, or `Name=value` for each key property. Raises a 400 otherwise."""
    parts: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _KEYS.match(text, position)
        if match is None or (match[1] or "") in parts:
            raise _bad_key(entity)
        parts[match[1] or ""] = match[2]
        position = match.end()
    names = [p.name for p in entity.keys]
    if len(names) == 1 and set(parts) == {""}:
        parts = {names[0]: parts[""]}
    if set(parts) != set(names):
        raise _bad_key(entity)
    try:
        return tuple(operand(p, parse_literal(parts[p.name]), language, p.name) for p in entity.keys)
    except ValueError:
        raise _bad_key(entity) from None


def _bad_key(entity: Entity) -> SapError:
    return bad_request("/IWFND/CM_MGW/016", entity.type_name)


def key_text(entity: Entity, key: Key, language: str) -> str:
    """Write a key predicate for an address, percent-encoded where it must be."""
    words = [_key_literal(p, value, language) for p, value in zip(entity.keys, key, strict=True)]
    if len(words) == 1:
        return words[0]
    return ",".join(f"{p.name}={word}" for p, word in zip(entity.keys, words, strict=True))


def _key_literal(prop: Property, value: Value, language: str) -> str:
    if isinstance(value, str):
        text = unit_out(value, language) if prop.external_unit else value
        return "'" + quote(text.replace("'", "''"), safe="'") + "'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"datetimeoffset'{value:%Y-%m-%dT%H%%3A%M%%3A%S}Z'"
    if isinstance(value, date):
        return f"datetime'{value:%Y-%m-%dT00%%3A00%%3A00}'"
    return f"time'{duration(value)}'" if isinstance(value, timedelta) else str(value)
