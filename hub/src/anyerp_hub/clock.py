"""Time and names: the hub's clock, and ids that sort by when they were made."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def utcnow() -> datetime:
    """The moment, aware and in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str, at: datetime) -> str:
    """An id such as `con_01k9v3...`: 48 bits of milliseconds, then 80 random bits (the layout of a ULID).

    Within one millisecond, and for a clock that was set back, the ids of one process still go up.
    """
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(79)
    with _lock:
        if number <= _last.get(prefix, 0):
            number = _last[prefix] + 1 + secrets.randbits(32)
        _last[prefix] = number
    return f"{prefix}_{crockford(number, 26)}"


_last: dict[str, int] = {}
_lock = threading.Lock()


def crockford(number: int, width: int) -> str:
    """A number in Crockford's base 32, lower case, without letters that look like digits."""
    digits = []
    for _ in range(width):
        number, rest = divmod(number, 32)
        digits.append(_CROCKFORD[rest])
    return "".join(reversed(digits))
