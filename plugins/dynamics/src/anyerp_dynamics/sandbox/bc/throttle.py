"""Limits: how much one user may ask, and the answers of a service that has had enough (dynamics sheet §2.5)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from anyerp.testing.sandbox import Call
from anyerp.wire import Response

from .problem import Problem

_CORRELATION = "7f9c2ba4-e88f-427d-9a43-3c0f2d1b7a55"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one user may do: requests in a sliding window, requests at once, rows of a page, operations of a batch.

    The defaults are the service's own (dynamics sheet §2.3, §2.5); `page_bytes` is this sandbox's.
    """

    requests: int = 6000
    window: timedelta = timedelta(minutes=5)
    concurrent: int = 5
    queued: int = 95
    page: int = 20_000
    batch: int = 100
    page_bytes: int = 350 * 2**20


def too_many() -> Problem:
    """429: the rate, or a full queue. There is no `Retry-After` (none is documented)."""
    return Problem(429, "Unknown", "Too many requests. Please retry later.")


def too_big() -> Problem:
    """413: the page is bigger than an answer may be."""
    return Problem(413, "BadRequest", "The response is too large. Ask for a smaller page or fewer fields.")


@dataclass
class Throttle:
    """Counts one user's requests."""

    limits: Limits
    now: Callable[[], datetime]
    recent: deque[datetime] = field(default_factory=deque)
    at_once: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Take a place among the requests under way; False when there is none left, not even to wait."""
        with self._guard:
            self.at_once += 1
            free = self.at_once <= self.limits.concurrent + self.limits.queued
        try:
            yield free
        finally:
            with self._guard:
                self.at_once -= 1

    def count(self) -> None:
        """Count one request. Raises `Problem` (429) over the rate."""
        moment = self.now()
        while self.recent and self.recent[0] <= moment - self.limits.window:
            self.recent.popleft()
        if len(self.recent) >= self.limits.requests:
            raise too_many()
        self.recent.append(moment)


def _strike(problem: Problem) -> Callable[[Call, Callable[[], Response]], Response]:
    return lambda call, proceed: problem.response(_CORRELATION)


def _after(problem: Problem) -> Callable[[Call, Callable[[], Response]], Response]:
    def strike(call: Call, proceed: Callable[[], Response]) -> Response:
        proceed()
        return problem.response(_CORRELATION)

    return strike


_GATEWAY = Problem(504, "Unknown", "The gateway did not receive a response in time.")
_TIMEOUT = Problem(408, "Unknown", "The operation was canceled because it exceeded the allowed execution time.")

#: Strikes for `Once`: 429, and 503 when the queue takes too long.
throttled = _strike(too_many())
unavailable = _strike(Problem(503, "Unknown", "The service is temporarily unavailable."))
#: Strikes: 503 of a tenant that is moved or updated, which is worth a retry.
tenant_unavailable = _strike(Problem(503, "Internal_TenantUnavailable", "The tenant is not accessible."))
#: Strikes: cancelled after eight minutes, and a gateway that gave up after ten; the work was not done ...
timed_out = _strike(_TIMEOUT)
gateway_timeout = _strike(_GATEWAY)
#: ... or it was (dynamics sheet §2.5: verify before repeating).
timed_out_but_done = _after(_TIMEOUT)
gateway_timeout_but_done = _after(_GATEWAY)
