"""Values between JSON and rows: strict about types and lengths, lenient where the Service Layer is (sap sheet §13).

Numbers may come quoted (its own API reference does so), enum members by name or code, dates with a time that is thrown
away. A number is an `Edm.Double`: it leaves as one, so digits beyond the fifteenth or so are lost as they really are.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from anyerp_sap.b1.sandbox import enums
from anyerp_sap.b1.sandbox.dialect import Dialect
from anyerp_sap.b1.sandbox.edm import Field, Kind
from anyerp_sap.b1.sandbox.errors import Refused, bad_payload

_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?\Z")
_STORED = Decimal("0.000001")
_LARGEST = Decimal(10) ** 13
_INT32 = 2**31


def rounded(value: Decimal, places: int) -> Decimal:
    """A value at a number of decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def read(field: Field, value: Any, owner: str) -> Any:
    """A plain value of a body as a row keeps it. Raises `Refused`; None resets to the default."""
    if value is None:
        return field.default
    if field.kind is Kind.TEXT:
        return _text(field, value, owner)
    if field.kind is Kind.INT:
        return _integer(field, value, owner)
    if field.kind is Kind.NUMBER:
        return _number(field, value, owner)
    if not isinstance(value, str):
        raise _wrong(field, owner)
    if field.kind is Kind.ENUM:
        member = enums.member(field.of, value)
        if member is None:
            raise bad_payload(f"Enum value '{value}' is invalid for property '{field.name}' of '{owner}'")
        return member
    if field.kind is Kind.TIME:
        found = _TIME.match(value)
        if not found:
            raise _wrong(field, owner)
        return f"{found[1]}:{found[2]}:{found[3] or '00'}"
    day = as_date(value)
    if day is None:
        raise _wrong(field, owner)
    return day


def as_date(text: str) -> date | None:
    """`2025-01-31`, `20250131`, or either with a time behind it; None when it is no day."""
    found = _DATE.match(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def write(field: Field, value: Any, dialect: Dialect) -> Any:
    """A plain value as JSON takes it."""
    if isinstance(value, Decimal):
        return double(value)
    return dialect.date(value) if field.kind is Kind.DATE and value is not None else value


def double(value: Decimal) -> Decimal:
    """The number that a double holds, written with at least one decimal as the recorded answers are."""
    text = format(Decimal(repr(float(value))), "f")
    return Decimal(text if "." in text else text + ".0")


def _text(field: Field, value: Any, owner: str) -> str:
    if not isinstance(value, str):
        raise _wrong(field, owner)
    if field.length and len(value) > field.length:
        raise bad_payload(
            f"CServiceData::SetPropertyValueString failed; Value too long in property '{field.name}' of '{owner}'"
        )
    return value


def _integer(field: Field, value: Any, owner: str) -> int:
    number = _decimal(field, value, owner)
    if number != number.to_integral_value() or not -_INT32 <= number < _INT32:
        raise _wrong(field, owner)
    return int(number)


def _number(field: Field, value: Any, owner: str) -> Decimal:
    number = _decimal(field, value, owner)
    if abs(number) >= _LARGEST:
        raise _wrong(field, owner)
    return number.quantize(_STORED, ROUND_HALF_UP)


def _decimal(field: Field, value: Any, owner: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise _wrong(field, owner)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _wrong(field, owner) from None
    if not number.is_finite():
        raise _wrong(field, owner)
    return number


def _wrong(field: Field, owner: str) -> Refused:
    return bad_payload(f"Invalid value for property '{field.name}' of '{owner}'")
