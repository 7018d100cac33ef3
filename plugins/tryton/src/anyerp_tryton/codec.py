"""Codecs for Tryton's value forms: typed objects, ids, booleans that may be numbers (wire §3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
from anyerp.lens import Codec, Refused, choice
from anyerp.lens.codecs import whole_digits
from anyerp.lens.domain import (
    DayDomain,
    DecimalDomain,
    InstantDomain,
    IntegerDomain,
    TextDomain,
)


class Exact(msgspec.Struct, frozen=True):
    """`{"__class__": "Decimal", "decimal": "12.00"}`."""

    decimal: Decimal


class Day(msgspec.Struct, frozen=True):
    """`{"__class__": "date", ...}`."""

    year: int
    month: int
    day: int


class Moment(msgspec.Struct, frozen=True):
    """`{"__class__": "datetime", ...}`, UTC without saying so."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0


def exact(places: int = 4, digits: int = 16) -> Codec:
    """A numeric field. Its digits are checked by spelling, so that no zero is sent behind the last figure."""

    def encode(value: Decimal) -> dict[str, str]:
        value = whole_digits(value, digits, places)
        return {"__class__": "Decimal", "decimal": format(value.normalize(), "f")}

    return Codec(
        "tryton_decimal",
        decode=lambda value: value.decimal,
        encode=encode,
        native=Exact,
        inline="({v}.decimal if {v} is not None else None)",
        domain=DecimalDomain(digits, places),
        data={"codec": "tryton_decimal", "digits": digits, "places": places},
    )


def floating(places: int = 6) -> Codec:
    """A float field: read by its own spelling, and written only while a float keeps every figure (15)."""
    return Codec(
        "tryton_float",
        encode=lambda value: whole_digits(value, 15, places),
        native=Decimal,
        inline="{v}",
        domain=DecimalDomain(15, places),
        data={"codec": "tryton_float", "places": places},
    )


def day() -> Codec:
    """A date."""
    return Codec(
        "tryton_date",
        decode=lambda value: dt.date(value.year, value.month, value.day),
        encode=written_day,
        native=Day,
        memo=True,
        domain=DayDomain(),
        data={"codec": "tryton_date"},
    )


def written_day(value: dt.date) -> dict[str, Any]:
    """A date as Tryton writes it."""
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}


def written_moment(value: dt.datetime) -> dict[str, Any]:
    """A moment as Tryton writes it; all seven parts are needed."""
    value = value.astimezone(dt.UTC)
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{part: getattr(value, part) for part in parts}}


def moment() -> Codec:
    """A moment, to the microsecond."""

    def decode(value: Moment) -> dt.datetime:
        return dt.datetime(
            value.year,
            value.month,
            value.day,
            value.hour,
            value.minute,
            value.second,
            value.microsecond,
            tzinfo=dt.UTC,
        )

    return Codec(
        "tryton_datetime",
        decode=decode,
        encode=written_moment,
        native=Moment,
        memo=True,
        domain=InstantDomain(1),
        data={"codec": "tryton_datetime"},
    )


def key() -> Codec:
    """A record's id: a whole number there, its digits here."""

    def encode(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= 18 and str(int(value)) == value):
            raise Refused(f"{value[:40]!r} is no id of Tryton, which are whole numbers")
        return int(value)

    return Codec(
        "tryton_id",
        decode=str,
        encode=encode,
        native=int,
        memo=True,
        domain=TextDomain(18, digits=True),
        data={"codec": "tryton_id"},
    )


def char(max_length: int = 5000) -> Codec:
    """One line of text: blanks at its ends are dropped, a line break is refused (wire §3)."""

    def encode(value: str) -> str:
        settled = value.strip()
        if not settled:
            raise Refused("only blanks, and Tryton drops blanks at the ends")
        if any(sign in settled for sign in "\r\n\x00"):
            raise Refused("a line break cannot be stored in one line")
        if len(settled) > max_length:
            raise Refused(f"{len(settled)} characters, {max_length} are sent at most")
        return settled

    return Codec(
        "tryton_char",
        decode=lambda value: value or None,
        encode=encode,
        settle=str.strip,
        inline="({v} or None)",
        domain=TextDomain(max_length),
        data={"codec": "tryton_char", "max_length": max_length},
    )


def number() -> Codec:
    """A whole number of 32 bits."""

    def encode(value: int) -> int:
        if not 0 <= value < 2**31:
            raise Refused("whole numbers up to 2147483647")
        return value

    return Codec(
        "tryton_integer",
        encode=encode,
        native=int,
        inline="{v}",
        domain=IntegerDomain(0, 2**31 - 1),
        data={"codec": "tryton_integer"},
    )


def truth() -> Codec:
    """True or false, which a stored field writes as 1 or 0 on SQLite (wire §3)."""
    return choice({True: True, False: False}, native=object)
