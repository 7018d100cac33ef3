"""Codecs for values that only this service writes this way (dynamics sheet §1.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from anyerp.lens import Codec, Refused, choice
from anyerp.lens.codecs import name_codec, whole_digits
from anyerp.lens.domain import DayDomain, DecimalDomain, InstantDomain, IntegerDomain, RefDomain, TextDomain
from anyerp.model import Ref

#: No date and no time, as the service writes them.
NO_DATE, NO_TIME = "1900-01-01T12:00:00Z", "1900-01-01T00:00:00Z"
_NOTHING = "1900-01-01"
_LAST_DAY = date(2154, 12, 31)


def day() -> Codec:
    """A date: Edm.DateTimeOffset at noon UTC, so that no zone shifts the day; 1900-01-01 is none."""

    def decode(value: str) -> date | None:
        return None if not value or value.startswith(_NOTHING) else date.fromisoformat(value[:10])

    def encode(value: date) -> str:
        if value <= date(1900, 1, 1) or value > _LAST_DAY:
            raise Refused("this ERP keeps dates from 1900-01-02 to 2154-12-31")
        return f"{value.isoformat()}T12:00:00Z"

    return Codec(
        "fno_day",
        decode=decode,
        encode=encode,
        empty=NO_DATE,
        memo=True,
        domain=DayDomain(maximum=_LAST_DAY),
        data={"codec": "fno_day"},
    )


def instant() -> Codec:
    """A moment, to the second; any in the first day of 1900 is none."""

    def decode(value: str) -> datetime | None:
        if not value or value.startswith(_NOTHING):
            return None
        return datetime.fromisoformat(value).astimezone(UTC).replace(microsecond=0)

    return Codec(
        "fno_instant",
        decode=decode,
        encode=lambda value: value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        settle=lambda value: value.replace(microsecond=0),
        empty=NO_TIME,
        domain=InstantDomain(1_000_000),
        data={"codec": "fno_instant"},
    )


def number(places: int = 6) -> Codec:
    """Edm.Decimal: never null, 0 where nothing was said. 16 digits are exact in the ERP's own arithmetic."""
    return Codec(
        "fno_number",
        encode=lambda value: whole_digits(value, 16, places),
        native=Decimal,
        empty=Decimal(0),
        inline="{v}",
        domain=DecimalDomain(16, places),
        data={"codec": "fno_number", "places": places},
    )


def positive(places: int = 6, *, nothing: int = 0) -> Codec:
    """Edm.Decimal where 0 says nothing (no limit, a price for one unit); `nothing` is written to clear it."""

    def encode(value: Decimal) -> Decimal:
        if value <= 0:
            raise Refused("a number above 0 was expected, as 0 means nothing here")
        return whole_digits(value, 16, places)

    return Codec(
        "fno_positive",
        decode=lambda value: value or None,
        encode=encode,
        native=Decimal,
        empty=Decimal(nothing),
        inline="({v} or None)",
        domain=DecimalDomain(16, places, minimum=Decimal(1).scaleb(-places)),
        data={"codec": "fno_positive", "places": places, "nothing": nothing},
    )


def line_number() -> Codec:
    """A line's number kept as Edm.Decimal (`1`, `1.0`): whole as a rule; one between two others is none."""

    def encode(value: int) -> int:
        if not 1 <= value <= 2**31 - 1:
            raise Refused("this ERP takes 1 to 2147483647")
        return value

    return Codec(
        "fno_line_number",
        decode=lambda value: int(value) if value and value == int(value) else None,
        encode=encode,
        native=Decimal,
        memo=True,
        domain=IntegerDomain(1, 2**31 - 1),
        data={"codec": "fno_line_number"},
    )


def record_id() -> Codec:
    """A record id: a whole number of 64 bits there, its digits here (dynamics sheet §1.4)."""
    return Codec("fno_record_id", decode=str, encode=int, native=int, memo=True, data={"codec": "fno_record_id"})


def yes_no() -> Codec:
    """The enumeration NoYes."""
    return choice({"Yes": True, "No": False})


def company() -> Codec:
    """A company (`usmf`): written in any case, given back in lower case (dynamics sheet §1.2)."""

    def key(value: Ref) -> str:
        found = value.id or value.number
        if found is None:
            raise Refused("neither id nor number is given")
        if value.id is not None and value.number is not None and value.id.lower() != value.number.lower():
            raise Refused(f"id {value.id!r} and number {value.number!r} differ, and here they are one")
        if len(found.lower()) > 4:
            raise Refused(f"{len(found)} characters, a company has 4")
        return found.lower()

    def decode(value: str) -> Ref | None:
        return Ref(id=value.lower(), number=value.lower()) if value else None

    def settle(value: Ref) -> Ref:
        try:
            return decode(key(value)) or value
        except Refused:
            return value

    return Codec(
        "fno_company",
        decode=decode,
        encode=key,
        settle=settle,
        memo=True,
        domain=RefDomain(TextDomain(4)),
        data={"codec": "fno_company"},
    )


SITE = "site~"


def place() -> Codec:
    """A place from a site and a warehouse: a warehouse by its own id (`11`), a site alone as `site~1`.

    A warehouse belongs to one site, which the ERP derives: it is written alone, the site emptied.
    """

    def decode(parts: tuple[str | None, str | None]) -> Ref | None:
        site, warehouse = parts
        if warehouse:
            return Ref(id=warehouse, number=warehouse)
        return Ref(id=SITE + site, number=site) if site else None

    def encode(value: Ref) -> tuple[str, str]:
        key = value.id or value.number
        if key is None:
            raise Refused("neither id nor number is given")
        site = key.removeprefix(SITE) if key.startswith(SITE) else ""
        if value.number is not None and value.number != (site or key):
            raise Refused(f"id {value.id!r} and number {value.number!r} differ, and here they are one")
        if not 0 < len(site or key) <= 10 or key == SITE:
            raise Refused(f"{len(site or key)} characters, this ERP stores 10")
        if "\x00" in key or any("\ud800" <= character <= "\udfff" for character in key):
            raise Refused("a character that cannot be stored")
        return (site, "") if site else ("", key)

    def settle(value: Ref) -> Ref:
        try:
            return decode(encode(value)) or value
        except Refused:
            return value

    return Codec(
        "fno_place",
        decode=decode,
        encode=encode,
        native=(str, str),
        settle=settle,
        empty="",
        memo=True,
        domain=RefDomain(TextDomain(10)),
        data={"codec": "fno_place"},
    )


for _name, _make in {"fno_day": day, "fno_instant": instant, "fno_number": number}.items():
    name_codec(_name, _make)
