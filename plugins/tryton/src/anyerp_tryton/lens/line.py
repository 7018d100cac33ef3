"""Codecs of order lines: their kind, the date asked for, taxes, text of several lines (wire §10)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anyerp.lens import Codec, Refused
from anyerp.lens.codecs import text
from anyerp.lens.domain import ChoiceDomain, DayDomain, TextDomain

from anyerp_tryton.codec import Day, written_day
from anyerp_tryton.lens.common import listed

_BETWEEN = " + "
_NAMES = 200
_KINDS = {"item": ("line", "goods"), "service": ("line", "service"), "text": ("comment", None)}


def paragraph() -> Codec:
    """Text of several lines, kept as it is sent."""
    return text(max_length=50_000)


def kind() -> Codec:
    """A line's kind by its own type and its product's. A line that only describes what is bought is an item's."""

    def decode(parts: tuple[str | None, str | None]) -> str:
        own, product = parts
        if own in ("comment", "title"):
            return "text"
        if own == "line" or (own is None and product):
            return "service" if product == "service" else "item"
        return "other"

    def encode(value: str) -> tuple[str, str | None]:
        if value not in _KINDS:
            raise Refused(f"this ERP knows {', '.join(_KINDS)}")
        return _KINDS[value]

    return Codec(
        "tryton_line_kind",
        decode=decode,
        encode=encode,
        native=(str, str),
        memo=True,
        domain=ChoiceDomain(tuple(_KINDS)),
        data={"codec": "tryton_line_kind"},
    )


def requested() -> Codec:
    """The date asked for, which is shown only together with a flag; without it Tryton reckons one of its own."""

    def decode(parts: tuple[Any, Day | None]) -> dt.date | None:
        asked, day = parts
        return dt.date(day.year, day.month, day.day) if asked and day is not None else None

    return Codec(
        "tryton_requested_date",
        decode=decode,
        encode=lambda value: (True, written_day(value)),
        native=(object, Day),
        memo=True,
        domain=DayDomain(),
        data={"codec": "tryton_requested_date"},
    )


def taxes() -> Codec:
    """The names of a line's taxes, ` + ` between several."""

    def decode(rows: list[Any]) -> str | None:
        return _BETWEEN.join(sorted(row["name"] for row in rows if row.get("name"))) or None

    def settle(value: str) -> str:
        return _BETWEEN.join(sorted(part.strip() for part in value.split(_BETWEEN)))

    def encode(value: str) -> list[dict[str, str]]:
        if len(value) > _NAMES:
            raise Refused(f"{len(value)} characters, names of up to {_NAMES} are looked up")
        return [{"name": name} for name in settle(value).split(_BETWEEN)]

    return listed("tryton_taxes", decode, encode, settle=settle, domain=TextDomain(_NAMES))
