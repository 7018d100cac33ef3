"""Throttling: by system load and each caller's priority, and the older limits per user (dynamics sheet §1.8)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .problem import Problem

_BUSY = "This request could not be processed at this time due to system experiencing high resource utilization."
#: Load in percent from which callers of a priority are sent away; only the order is documented.
FROM = {"Low": 60, "Medium": 80, "High": 95}


@dataclass(frozen=True, slots=True)
class UserLimits:
    """Limits per user and web server. Off unless asked for: the service dropped them in 10.0.36. Seconds where time."""

    requests: int = 6_000
    execution: float = 1_200.0
    window: int = 300
    concurrent: int = 52


@dataclass
class Throttle:
    """Decides who is sent away. `load` is the system's, in percent; `cost` what one request takes, in seconds."""

    now: Callable[[], datetime]
    limits: UserLimits | None = None
    load: int = 0
    retry_after: int = 7
    cost: float = 0.0
    _seen: dict[str, deque[tuple[datetime, float]]] = field(default_factory=dict)
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[bool]:
        """Hold a place while a call is answered; gives whether there was one."""
        with self._lock:
            self._running += 1
            place = self.limits is None or self._running <= self.limits.concurrent
        try:
            yield place
        finally:
            with self._lock:
                self._running -= 1

    def admit(self, user: str, priority: str, *, place: bool) -> None:
        """Let a call through. Raises `Problem` (429 with `Retry-After`)."""
        if self.load >= FROM[priority]:
            raise self._refuse(_BUSY, self.retry_after)
        if self.limits is None:
            return
        if not place:
            raise self._refuse(f"Number of concurrent requests exceeded the limit of {self.limits.concurrent}.", 1)
        window = timedelta(seconds=self.limits.window)
        now = self.now()
        seen = self._seen.setdefault(user, deque())
        while seen and seen[0][0] <= now - window:
            seen.popleft()
        wait = max(1, int((seen[0][0] + window - now).total_seconds())) if seen else 1
        if len(seen) >= self.limits.requests:
            said = f"Number of requests exeeded the limit of {self.limits.requests} over the time window of "
            raise self._refuse(f"{said}{self.limits.window} seconds.", wait)
        if sum(cost for _, cost in seen) >= self.limits.execution:
            raise self._refuse(
                f"Combined execution time of incoming requests exceeded limit of {self.limits.execution:g} seconds "
                f"over time window of {self.limits.window} seconds. "
                "Decrease number of concurrent requests or reduce the "
                "duration of requests and try again later.",
                wait,
            )
        seen.append((now, self.cost))

    @staticmethod
    def _refuse(text: str, seconds: int) -> Problem:
        return Problem(429, text, headers={"Retry-After": str(seconds)})
