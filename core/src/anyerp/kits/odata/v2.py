"""OData V2 in JSON: how dates and moments look, how keys and literals are written (sap sheet §4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypedDict

import msgspec

from anyerp.jsonlimits import exact_decimal
from anyerp.lens.codec import Codec
from anyerp.lens.codecs import name_codec, truncate
from anyerp.lens.domain import DayDomain, InstantDomain
from anyerp.wire import load_json

_TICKS = re.compile(r"/Date\((-?\d+)(?:[+-]\d+)?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000


def _milliseconds(value: str) -> int:
    found = _TICKS.fullmatch(value)
    if found is None:
        raise ValueError("not of the form /Date(milliseconds)/")
    return int(found[1])


def day() -> Codec:
    """Edm.DateTime as a calendar date: `/Date(1748736000000)/`, milliseconds in UTC, never shifted into a zone."""
    first = date(1970, 1, 1).toordinal()

    def encode(value: date) -> str:
        return f"/Date({(value.toordinal() - first) * _DAY})/"

    return Codec(
        "odata_v2_day",
        decode=lambda value: date.fromordinal(first + _milliseconds(value) // _DAY) if value else None,
        encode=encode,
        memo=True,
        domain=DayDomain(),
        data={"codec": "odata_v2_day"},
    )


def instant() -> Codec:
    """Edm.DateTimeOffset: `/Date(1663289112000+0000)/`; the milliseconds are UTC already, finer digits are cut."""

    def encode(value: datetime) -> str:
        return f"/Date({(value - _EPOCH) // timedelta(milliseconds=1)}+0000)/"

    return Codec(
        "odata_v2_instant",
        decode=lambda value: _EPOCH + timedelta(0, 0, 0, _milliseconds(value)) if value else None,
        encode=encode,
        settle=lambda value: truncate(value, 1000),
        domain=InstantDomain(1000),
        data={"codec": "odata_v2_instant"},
    )


name_codec("odata_v2_day", day)
name_codec("odata_v2_instant", instant)


def literal(value: Any) -> str:
    """A value as it stands in `$filter` and in keys. Moments are written in UTC with a Z, so that no `+` occurs."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return f"datetimeoffset'{value.astimezone(UTC).isoformat().replace('+00:00', 'Z')}'"
        case date():
            return f"datetime'{value.isoformat()}T00:00:00'"
        case Decimal():
            return f"{value:f}m"
        case int():
            return str(value)
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def key(**parts: str) -> str:
    """The key of an entity: `('4500000001')`, or `(PurchaseOrder='1',PurchaseOrderItem='10')` for several parts."""
    if len(parts) == 1:
        return f"({literal(next(iter(parts.values())))})"
    return "(" + ",".join(f"{name}={literal(value)}" for name, value in parts.items()) + ")"


def after(last: Mapping[str, str]) -> str:
    """A filter for the rows behind a key, in key order: keyset paging never skips or repeats a row."""
    names = list(last)
    alternatives = []
    for index, name in enumerate(names):
        same = [f"{before} eq {literal(last[before])}" for before in names[:index]]
        alternatives.append(" and ".join([*same, f"{name} gt {literal(last[name])}"]))
    return alternatives[0] if len(alternatives) == 1 else " or ".join(f"({a})" for a in alternatives)


def select(paths: Iterable[str]) -> tuple[str, str]:
    """`$select` and `$expand` for native paths: lists' steps (`results`, places, keys) fall away, metadata too."""
    chosen: dict[str, None] = {}
    expanded: dict[str, None] = {}
    for path in paths:
        names = [s for s in path.split("/") if s not in ("results", "*") and not s.isdecimal() and "=" not in s]
        if names[0] == "__metadata":
            continue
        chosen["/".join(names)] = None
        if len(names) > 1:
            expanded["/".join(names[:-1])] = None
    # An expansion that another one passes through is said by the longer one.
    longest = [e for e in expanded if not any(other.startswith(e + "/") for other in expanded)]
    return ",".join(chosen), ",".join(longest)


_NEXT = re.compile(rb'"__next"\s*:\s*("(?:[^"\\]|\\.)*")')


def next_link(content: bytes) -> str | None:
    """The next page's address, found in the page's bytes without parsing it: it stands before or behind the rows."""
    # Behind the rows, mostly; looking through a page of megabytes costs as much as a tenth of decoding it.
    found = _NEXT.search(content, max(len(content) - 8192, 0))
    if found is None and b'"__next"' in content:
        found = _NEXT.search(content)
    return None if found is None else str(msgspec.json.decode(found[1]))


@cache
def picker(names: tuple[str, ...]) -> Callable[[bytes], dict[str, Any]]:
    """A function that takes these members out of the entity in a body, those that are there, and skips all others.

    It raises `ValueError` where there is no entity.
    """
    make: Any = TypedDict  # a class statement cannot take names that come from data
    body = make("Body", {"d": make("Entity", dict.fromkeys(names, Any), total=False)})
    decode = msgspec.json.Decoder(body, float_hook=exact_decimal).decode

    def pick(content: bytes) -> dict[str, Any]:
        try:
            found: dict[str, Any] = decode(content)["d"]
        except (ValueError, ArithmeticError, RecursionError):
            try:
                whole = load_json(content)["d"].items()  # there may be a mark in front of it
            except (KeyError, TypeError, AttributeError):
                raise ValueError("no entity in d") from None
            found = {name: value for name, value in whole if name in names}
        return found

    return pick


def rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of a page as plain values. Raises `ValueError` where there are none."""
    try:
        found = load_json(content)["d"]["results"]
    except (KeyError, TypeError):
        raise ValueError("no d/results") from None
    return list(found)
