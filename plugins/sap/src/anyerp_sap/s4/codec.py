"""Codecs for values that only SAP writes this way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, DecimalException

from anyerp.kits.currency import minor_units
from anyerp.lens import Codec, Refused
from anyerp.lens.codecs import simple_digits, whole_digits
from anyerp.lens.domain import DecimalDomain, RefDomain, TextDomain
from anyerp.model import Ref

_ONE = Decimal(1)  # compared with a number without a conversion


def amount(digits: int, places: int) -> Codec:
    """Edm.Decimal: text in JSON, exact (sap sheet §4)."""
    return Codec(
        "sap_decimal",
        encode=lambda value: format(whole_digits(value, digits, places), "f"),
        native=Decimal,
        empty="0",
        inline="{v}",
        simple=simple_digits(digits, places),
        domain=DecimalDomain(digits, places),
        data={"codec": "sap_decimal", "digits": digits, "places": places},
    )


def price_quantity() -> Codec:
    """How many units a price is for: D5.0, where 0 and "" mean 1 (sap sheet §10)."""

    def encode(value: Decimal) -> str:
        if value <= 0:
            raise Refused("a price is for a positive number of units")
        return format(whole_digits(value, 5, 0), "f")

    return Codec(
        "sap_price_quantity",
        decode=lambda value: value or None,
        encode=encode,
        native=Decimal,
        empty="1",
        inline="({v} or None)",
        domain=DecimalDomain(5, 0, minimum=Decimal(1)),
        data={"codec": "sap_price_quantity"},
    )


def exchange_rate() -> Codec:
    """A rate kept as text of 12 characters, `1.08700`; "0" and "" are none (sap sheet §12).

    A rate that is quoted the other way round (`1.08700-` or `/1.08700`, own knowledge) is no number and is not read.
    """

    def decode(value: str) -> Decimal | None:
        try:
            found = Decimal(value.strip() or "0")
        except DecimalException:
            return None
        return found if found.is_finite() and found > 0 else None

    def encode(value: Decimal) -> str:
        if value <= 0:
            raise Refused("a rate is a positive number")
        return format(whole_digits(value, 9, 5), "f")

    return Codec(
        "sap_exchange_rate",
        decode=decode,
        encode=encode,
        empty="0",
        memo=True,
        domain=DecimalDomain(9, 5, minimum=Decimal("0.00001")),
        data={"codec": "sap_exchange_rate"},
    )


def plant_and_storage() -> Codec:
    """A place: a plant (`1010`), or a storage location in it (`1010~171A`)."""

    def decode(parts: tuple[str | None, str | None]) -> Ref | None:
        plant, storage = parts
        if not plant:
            return None
        key = f"{plant}~{storage}" if storage else plant
        return Ref(id=key, number=storage or plant)

    def encode(value: Ref) -> tuple[str, str]:
        plant, _, storage = (value.id or value.number or "").partition("~")
        if not plant or len(plant) > 4 or len(storage) > 4:
            raise Refused("a plant of up to 4 characters was expected, or plant~storage location")
        return plant, storage

    def settle(value: Ref) -> Ref:
        plant, _, storage = (value.id or value.number or "").partition("~")
        return decode((plant, storage)) or value

    return Codec(
        "sap_plant_and_storage",
        decode=decode,
        encode=encode,
        native=(str, str),
        settle=settle,
        empty="",
        memo=True,
        domain=RefDomain(TextDomain(4)),
        data={"codec": "sap_plant_and_storage"},
    )


def document_key(first: int, second: int) -> Codec:
    """The id of a document of two key fields, `2025~5000000001`; for reading only."""

    def decode(parts: tuple[str | None, str | None]) -> str | None:
        return "~".join(parts) if parts[0] and parts[1] else None  # type: ignore[arg-type]

    return Codec(
        "sap_document_key",
        decode=decode,
        native=(str, str),
        domain=TextDomain(first + second + 1),
        data={"codec": "sap_document_key", "first": first, "second": second},
    )


def document_reference(first: int, second: int) -> Codec:
    """A reference to a document of a year and a number: its id is `2025~5000000001`, its number the second of them.

    An initial number ("" or zeros) is no reference; without a year the number is the id.
    """

    def decode(parts: tuple[str | None, str | None]) -> Ref | None:
        year, number = parts[0] or "", parts[1] or ""
        if not number.strip("0"):
            return None
        return Ref(id=f"{year}~{number}" if year.strip("0") else number, number=number)

    def encode(value: Ref) -> tuple[str, str]:
        year, mark, number = (value.id or value.number or "").upper().partition("~")
        year, number = (year, number) if mark else ("", year)
        if not number.strip("0") or len(year) > first or len(number) > second:
            raise Refused(f"year and number were expected, like 2025~5000000001, of {first} and {second} characters")
        return year, number

    def settle(value: Ref) -> Ref:
        year, mark, number = (value.id or value.number or "").upper().partition("~")
        return decode((year, number) if mark else ("", year)) or value

    return Codec(
        "sap_document_reference",
        decode=decode,
        encode=encode,
        native=(str, str),
        settle=settle,
        empty="",
        memo=True,
        domain=RefDomain(TextDomain(second, upper=True)),
        data={"codec": "sap_document_reference", "first": first, "second": second},
    )


def positive(digits: int, places: int) -> Codec:
    """Edm.Decimal of a rate or a weight, where 0 is none."""
    plain = amount(digits, places)

    def encode(value: Decimal) -> str:
        if value <= 0:
            raise Refused("a positive number was expected, 0 means none here")
        return str(plain.encode(value))

    return Codec(
        "sap_positive",
        decode=lambda value: value or None,
        encode=encode,
        native=Decimal,
        empty="0",
        inline="({v} or None)",
        domain=DecimalDomain(digits, places, minimum=Decimal(1).scaleb(-places)),
        data={"codec": "sap_positive", "digits": digits, "places": places},
    )


def text_stamp(length: int) -> Codec:
    """A moment in UTC as text, `YYYYMMDDhhmmss.mmmuuun` (sap sheet §11); for reading only."""

    def decode(value: str) -> datetime | None:
        if not value.strip("0. "):
            return None
        whole, _, fraction = value.partition(".")
        moment = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment + timedelta(microseconds=int(f"{fraction:0<6}"[:6] or 0))

    return Codec(
        "sap_text_stamp", decode=decode, domain=TextDomain(length), data={"codec": "sap_text_stamp", "length": length}
    )


def line_amount(
    quantity: Decimal | None,
    price: Decimal | None,
    per: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    currency: str | None,
    known: Decimal | None = None,
) -> Decimal | None:
    """Net amount of a line: `known` where the service has it (V4), else quantity times price (V2; sap sheet §10)."""
    if known is not None:
        return known
    if quantity is None or price is None:
        return None
    value = quantity * price
    if numerator != denominator and numerator and denominator:
        value = value * numerator / denominator
    if per is not None and per != _ONE:
        value /= per
    return value.quantize(minor_units(currency))
