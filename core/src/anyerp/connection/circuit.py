"""How an ERP is doing, as one connection sees it: what a hub shows, and what a host may ask before it starts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from anyerp.errors import AnyErpError, RateLimited, Unavailable
from anyerp.wire import Response, retry_after

State = Literal["closed", "open", "half_open"]
_FAILURES = 5
_REST, _LONGEST = 5.0, 300.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """`closed`: calls get through. `open`: five in a row did not, and `retry_in` seconds are left to wait.

    `half_open`: that wait is over, and the next call will tell. Nothing is held back by it: a call that a host makes
    is sent whatever the state, so that a host that knows better is not kept waiting.
    """

    state: State = "closed"
    failures: int = 0
    retry_in: float = 0.0
    error: str | None = None


class Breaker:
    """Counts what became of calls. Safe to share between threads: a lost count does no harm, a torn one cannot be."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._error: str | None = None
        #: How many answers came, the last failure to get one, and what the last answer said of the time, when it came.
        self.answers = 0
        self.lost: AnyErpError | None = None
        self.dated: tuple[str, float] | None = None

    def heard(self, response: Response) -> None:
        """Note an answer. Overload and a proxy in place of the ERP are no sign of life."""
        self.answers += 1
        said = response.headers.get("date", "")
        if said and not response.headers.get("age", ""):  # else it is as old as somebody's cache
            self.dated = said, time.time()
        if response.status in (429, 502, 503, 504):
            self._failed(f"status_{response.status}", retry_after(response.headers, time.time()) or 0.0)
        elif self._failures:
            with self._lock:
                self._failures, self._error = 0, None

    def failed(self, error: AnyErpError) -> None:
        """Note a call without an answer."""
        self.lost = error
        if isinstance(error, Unavailable | RateLimited):
            self._failed(error.code, error.retry_after or 0.0)

    def _failed(self, code: str, asked: float) -> None:
        with self._lock:
            self._failures, self._error = self._failures + 1, code
            if self._failures >= _FAILURES:
                rest = _REST * 2.0 ** min(self._failures - _FAILURES, 16)
                self._until = self._clock() + min(max(rest, asked), _LONGEST)

    @property
    def now(self) -> Circuit:
        """The state at this moment."""
        with self._lock:
            if self._failures < _FAILURES:
                return Circuit("closed", self._failures, error=self._error)
            left = self._until - self._clock()
            return Circuit("open" if left > 0 else "half_open", self._failures, max(left, 0.0), self._error)
