"""Requests in flight: one count per account of an ERP, shared by all transports, threads and event loops of a process.

`Gate` and `Share` are the seams for more than one process: whoever keeps a shared pace and shared places (the hub, in
its database) fills them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol
from weakref import WeakValueDictionary


class Gate(Protocol):
    """Keeps the pace of an account beyond this process. Must not sleep itself; it may look into a database."""

    def claim(self) -> float:
        """Take the next start; give the seconds until it (0: now)."""
        ...

    def slow_down(self, seconds: float) -> None:
        """Hear that the ERP asked for a wait (429 with Retry-After)."""
        ...


class AsyncGate(Protocol):
    """The same for an asynchronous transport."""

    async def claim(self) -> float:
        """Take the next start; give the seconds until it (0: now)."""
        ...

    async def slow_down(self, seconds: float) -> None:
        """Hear that the ERP asked for a wait (429 with Retry-After)."""
        ...


class Places(Protocol):
    """Places for what goes on at the same time. `InFlight` counts them within this process."""

    def acquire(self, timeout: float) -> bool:
        """Take a place, waiting at most `timeout` seconds; False when none came free."""
        ...

    async def acquire_async(self, timeout: float) -> bool:  # noqa: ASYNC109
        """Take a place without blocking the event loop."""
        ...

    def release(self) -> None:
        """Give a place back."""
        ...


#: Gives the places of a name, so many at a time: `in_flight` within this process, a hub's beyond it.
Share = Callable[[str, int], Places]


class _Waiter:
    """One who waits for a place; `wake` is called once, from whichever thread gave the place."""

    __slots__ = ("granted", "wake")

    def __init__(self, wake: Callable[[], object]) -> None:
        self.granted = False
        self.wake = wake


class InFlight:
    """Places for requests of one account, given in the order of asking. `held_until` is a pause the ERP asked for."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken = 0
        self._waiting: deque[_Waiter] = deque()
        self._lock = threading.Lock()
        self._held_until = 0.0

    def hold(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let nobody start before `seconds` have passed."""
        self._held_until = max(self._held_until, clock() + seconds)

    def held(self, clock: Callable[[], float] = time.monotonic) -> float:
        """Seconds until the account may be called again; 0 or less when it may be called now."""
        return self._held_until - clock()

    def acquire(self, timeout: float) -> bool:
        """Take a place, waiting at most `timeout` seconds; False when none came free."""
        if self._take():
            return True
        event = threading.Event()
        waiter = self._queue(event.set)
        if waiter is None:
            return True
        try:
            return event.wait(max(0.0, timeout)) or self._leave(waiter)
        except BaseException:  # Ctrl-C while waiting must not keep a place taken for ever
            if self._leave(waiter):
                self.release()
            raise

    async def acquire_async(self, timeout: float) -> bool:  # noqa: ASYNC109
        """Take a place without blocking the event loop; False when none came free in `timeout` seconds."""
        if self._take():
            return True
        import asyncio  # noqa: PLC0415

        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        waiter = self._queue(lambda: loop.call_soon_threadsafe(event.set))
        if waiter is None:
            return True
        try:
            async with asyncio.timeout(max(0.0, timeout)):
                await event.wait()
        except TimeoutError:
            return self._leave(waiter)
        except asyncio.CancelledError:
            if self._leave(waiter):
                self.release()
            raise
        return True

    def release(self) -> None:
        """Give a place back, or on to the longest waiting."""
        while True:
            with self._lock:
                if self._waiting and self._taken <= self.limit:
                    waiter = self._waiting.popleft()
                    waiter.granted = True
                else:
                    self._taken -= 1
                    return
            try:
                waiter.wake()
            except RuntimeError:  # its event loop is closed: the place goes to the next
                continue
            return

    def _take(self) -> bool:
        with self._lock:
            if self._taken >= self.limit or self._waiting:
                return False
            self._taken += 1
            return True

    def _queue(self, wake: Callable[[], object]) -> _Waiter | None:
        """Stand in line; None when a place came free in the meantime and was taken."""
        with self._lock:
            if self._taken < self.limit and not self._waiting:
                self._taken += 1
                return None
            waiter = _Waiter(wake)
            self._waiting.append(waiter)
            return waiter

    def _leave(self, waiter: _Waiter) -> bool:
        """Leave the line. True when the place had been given just then: it is the caller's after all."""
        with self._lock:
            if not waiter.granted:
                self._waiting.remove(waiter)
            return waiter.granted


_accounts: WeakValueDictionary[str, InFlight] = WeakValueDictionary()
_accounts_lock = threading.Lock()


def in_flight(account: str | None, limit: int) -> InFlight:
    """Give the places of an account: the same object for the same key while any transport holds it.

    `account` is whatever the caller counts by (connector and user, say). Where two ask for different limits the
    smaller counts. None gives places of one's own.
    """
    if account is None:
        return InFlight(limit)
    with _accounts_lock:
        places = _accounts.get(account)
        if places is None:
            places = _accounts[account] = InFlight(limit)
        places.limit = min(places.limit, limit)
        return places
