"""Domains: what a codec promises to carry, as data. The contract kit makes its values from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class TextDomain:
    """Text of at most `max_length` characters; `upper` where the ERP keeps capitals, `digits` where only digits."""

    max_length: int = 1000
    upper: bool = False
    digits: bool = False


@dataclass(frozen=True, slots=True)
class DecimalDomain:
    """Decimals with at most `digits` digits, `places` of them behind the point, within bounds where there are any."""

    digits: int = 15
    places: int = 3
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class IntegerDomain:
    """Whole numbers between two bounds."""

    minimum: int = 0
    maximum: int = 99999


@dataclass(frozen=True, slots=True)
class DayDomain:
    """Calendar dates between two days."""

    minimum: date = date(1970, 1, 1)
    maximum: date = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class InstantDomain:
    """Moments that the ERP keeps to `microseconds` (1: all of them; 1000: milliseconds; 1_000_000: seconds)."""

    microseconds: int = 1000


@dataclass(frozen=True, slots=True)
class ChoiceDomain:
    """One of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RefDomain:
    """References whose id is text of a domain."""

    key: TextDomain


Domain = TextDomain | DecimalDomain | IntegerDomain | DayDomain | InstantDomain | ChoiceDomain | RefDomain
