"""Whether to try again, and when: pure functions, the same for both transports, tested without a socket or a clock.

A safe request is tried again after a failed connection, a lost answer, and the statuses 429, 502, 503 and 504. A write
is tried again only where the ERP has surely not begun it: no connection came about, or it said 429. A 503 to a write
is ambiguous (a gateway may have passed it on), so it is the connector's to explain.
"""

from __future__ import annotations

from collections.abc import Callable

from anyerp.transport.limits import Limits
from anyerp.wire import Headers, retry_after

SAFE_STATUSES = frozenset({429, 502, 503, 504})
WRITE_STATUSES = frozenset({429})


def backoff(tries: int, limits: Limits, jitter: Callable[[], float]) -> float:
    """Seconds to wait before attempt `tries` + 1 (`tries` from 1), fully jittered: `jitter` gives 0 to 1."""
    return jitter() * min(limits.backoff_cap, limits.backoff_base * 2.0 ** min(tries - 1, 60))


def wait_after(
    headers: Headers, tries: int, limits: Limits, jitter: Callable[[], float], wall: float
) -> tuple[float, bool]:
    """Seconds to wait after an answer that may be tried again, and whether the ERP itself asked for a wait.

    What the ERP asks for is capped, and a little is added so that callers who were stopped together do not come
    back together.
    """
    asked = retry_after(headers, wall)
    if asked is None:
        return backoff(tries, limits, jitter), False
    return min(asked, limits.retry_after_cap) + jitter() * min(1.0, limits.backoff_base), True
