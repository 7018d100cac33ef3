"""Codecs for values that only the Service Layer writes this way (sap sheet §13, Wire)."""

from __future__ import annotations

import re
from decimal import Decimal

from anyerp.lens import Codec, Refused, choice, text
from anyerp.lens.codecs import name_codec, whole_digits
from anyerp.lens.domain import DecimalDomain, RefDomain, TextDomain
from anyerp.model import Ref

_STORED = Decimal("0.000001")
#: Characters of a number that a double writes as it was; what it adds comes at the 16th digit or later.
_CLEAN = 15
_ISO_CURRENCY, _ISO_COUNTRY = re.compile(r"[A-Z]{3}"), re.compile(r"[A-Z]{2}")
#: What a key of type Int32 may have and surely fits.
_KEY_DIGITS = 9


def number(digits: int = 15, *, minimum: Decimal | None = None) -> Codec:
    """Edm.Double over a column of six decimals: what a double adds behind them is cut, beyond 15 digits it lies.

    With a `minimum` (above nothing), 0 is nothing.
    """

    def decode(value: Decimal) -> Decimal | None:
        if len(str(value)) > _CLEAN:  # shorter ones, nearly all, have no such digits
            exponent = value.as_tuple().exponent
            if isinstance(exponent, int) and exponent < -6:
                value = value.quantize(_STORED)
        return value or (None if minimum is not None else value)

    def encode(value: Decimal) -> Decimal:
        if minimum is not None and value < minimum:
            raise Refused(f"this ERP takes {minimum} and more")
        return whole_digits(value, digits, 6)

    return Codec(
        "b1_number",
        decode=decode,
        encode=encode,
        native=Decimal,
        domain=DecimalDomain(digits, 6, minimum=minimum),
        data={"codec": "b1_number", "digits": digits},
    )


def yes_no() -> Codec:
    """The truth of `tYES` and `tNO`, both of which a careless client takes for true."""
    return choice({"tYES": True, "tNO": False})


def key() -> Codec:
    """A key of type Int32 as text."""
    return Codec("b1_key", decode=str, native=int, data={"codec": "b1_key"})


def digits() -> Codec:
    """A whole number that is a code, as text."""

    def encode(value: str) -> int:
        if not value.isascii() or not value.isdecimal() or len(value) > _KEY_DIGITS or value != str(int(value)):
            raise Refused("its number in this ERP was expected: digits only")
        return int(value)

    return Codec(
        "b1_digits",
        decode=str,
        encode=encode,
        native=int,
        domain=TextDomain(_KEY_DIGITS, digits=True),
        data={"codec": "b1_digits"},
    )


def flag() -> Codec:
    """A truth that we laid on ourselves."""
    return Codec("b1_flag", native=bool)


def number_reference() -> Codec:
    """A reference by a whole number; -1 is Business One's "none"."""

    def encode(value: Ref) -> int:
        digits = value.id or value.number or ""
        if value.id is not None and value.number not in (None, value.id):
            raise Refused(f"id {value.id!r} and number {value.number!r} differ, and here they are one")
        if not digits.isascii() or not digits.isdecimal() or len(digits) > _KEY_DIGITS or digits != str(int(digits)):
            raise Refused("its number in this ERP was expected: digits only")
        return int(digits)

    def decode(value: int) -> Ref | None:
        return None if value < 0 else Ref(id=str(value), number=str(value))

    def settle(value: Ref) -> Ref:
        found = value.id or value.number
        return value if found is None or value.number not in (None, found) else Ref(id=found, number=found)

    return Codec(
        "b1_number_reference",
        decode=decode,
        encode=encode,
        native=int,
        settle=settle,
        empty=-1,
        memo=True,
        domain=RefDomain(TextDomain(_KEY_DIGITS, digits=True)),
        data={"codec": "b1_number_reference"},
    )


def currency() -> Codec:
    """An ISO 4217 code; Business One's own spellings (`$`, and `##` for any) are none."""
    return _iso("b1_currency", _ISO_CURRENCY, 3)


def country() -> Codec:
    """An ISO 3166-1 code; anything else in the field is none."""
    return _iso("b1_country", _ISO_COUNTRY, 2)


def _iso(name: str, pattern: re.Pattern[str], length: int) -> Codec:
    return Codec(
        name,
        decode=lambda value: value if pattern.fullmatch(value) else None,
        encode=text(length).encode,
        memo=True,
        domain=TextDomain(length),
        data={"codec": name},
    )


def own_currency() -> Codec:
    """The currency's code where that is no ISO code, so that it is not lost."""

    def decode(value: str) -> str | None:
        return None if _ISO_CURRENCY.fullmatch(value) else value or None

    return Codec("b1_own_currency", decode=decode)


def street(length: int = 100) -> Codec:
    """Street and number, which the ERP keeps apart; written into the first field whole, as parting them is a guess."""
    plain = text(length)

    def encode(value: str) -> tuple[str, str | None]:
        if "\n" in value:
            raise Refused("one line is stored, not several")
        return plain.encode(value), None

    def decode(parts: tuple[str | None, str | None]) -> str | None:
        return " ".join(part for part in parts if part) or None

    return Codec(
        "b1_street",
        decode=decode,
        encode=encode,
        native=(str, str),
        domain=TextDomain(length),
        data={"codec": "b1_street"},
    )


def document_reference() -> Codec:
    """A reference to a document by its DocEntry. Its number is another one (DocNum) and does not name it."""
    plain = number_reference()

    def encode(value: Ref) -> int:
        if value.id is None:
            raise Refused("the document's id was expected (DocEntry); its number names none")
        found: int = plain.encode(Ref(id=value.id))
        return found

    return Codec(
        "b1_document_reference",
        decode=lambda value: None if value < 0 else Ref(id=str(value)),
        encode=encode,
        native=int,
        settle=lambda value: value if value.id is None else Ref(id=value.id),
        memo=True,
        domain=RefDomain(TextDomain(_KEY_DIGITS, digits=True)),
        data={"codec": "b1_document_reference"},
    )


name_codec("b1_number", number)
name_codec("b1_yes_no", yes_no)
name_codec("b1_number_reference", number_reference)
