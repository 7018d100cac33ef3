"""The lexer of OData expressions: text to tokens, literals already turned into values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .error import ODataError

_GUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_DAY = r"-?\d{4}-\d{2}-\d{2}"
# Longest first: a GUID begins like a number, a datetime like a date, a date like a number.
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<guid>{_GUID})(?![\w-])
  | (?P<datetime>{_DAY}T\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,12}})?)?(?:Z|[+-]\d{{2}}:\d{{2}}))
  | (?P<date>{_DAY})(?![\w-])
  | (?P<enum>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+'(?:[^']|'')*')
  | (?P<string>'(?:[^']|'')*')
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:[MmDdLlFf](?![\w]))?(?![\w.])
  | (?P<name>[@$]?[^\W\d][\w]*(?:\.[^\W\d]\w*)*)
  | (?P<mark>[(),/:*\-])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `kind` is literal, name, mark or end; `value` its value; `type` the literal's type; `at` its place."""

    kind: str
    value: Any
    type: str | None
    at: int


def instant(text: str) -> datetime:
    """ISO 8601 with an offset, to UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def number(text: str) -> tuple[Any, str]:
    """Give a numeric literal and its type, chosen as Microsoft's library chooses it."""
    if "e" in text or "E" in text:
        return Decimal(text), "Edm.Double"
    if "." in text:
        return Decimal(text), "Edm.Decimal"
    value = int(text)
    return value, "Edm.Int32" if -(2**31) <= value < 2**31 else "Edm.Int64"


def _literal(kind: str, text: str) -> tuple[Any, str]:
    if kind == "string":
        return text[1:-1].replace("''", "'"), "Edm.String"
    if kind == "number":
        return number(text)
    if kind == "guid":
        return text.lower(), "Edm.Guid"
    if kind == "date":
        return date.fromisoformat(text), "Edm.Date"
    if kind == "datetime":
        return instant(text), "Edm.DateTimeOffset"
    name, _, member = text.partition("'")
    return member[:-1].replace("''", "'"), name


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of an expression, closed by one of kind `end`. Raises `syntax`."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            if text[at] == "'":
                raise ODataError("syntax", f"There is an unterminated string literal at position {at} in '{text}'.")
            raise ODataError(
                "syntax", f"Syntax error: character '{text[at]}' is not valid at position {at} in '{text}'."
            )
        kind = str(found.lastgroup)
        if kind in ("name", "mark"):
            yield Token(kind, found[0], None, at)
        elif kind != "space":
            try:
                value, type_name = _literal(kind, found[kind])
            except ValueError:
                raise ODataError("syntax", f"Unrecognized '{found[0]}' literal at position {at} in '{text}'.") from None
            yield Token("literal", value, type_name, at)
        at = found.end()
    yield Token("end", "", None, len(text))
