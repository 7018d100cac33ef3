"""Time and names: the hub's clock, and ids that sort by when they were made."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def utcnow() -> datetime:
    """The moment, aware and in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str, at: datetime) -> str:
    """An id such as `con_01k9v3...`: 48 bits of milliseconds, then 80 random bits (the layout of a ULID)."""
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    return f"{prefix}_{crockford(number, 26)}"


def crockford(number: int, width: int) -> str:
    """A number in Crockford's base 32, lower case, without letters that look like digits."""
    digits = []
    for _ in range(width):
        number, rest = divmod(number, 32)
        digits.append(_CROCKFORD[rest])
    return "".join(reversed(digits))
