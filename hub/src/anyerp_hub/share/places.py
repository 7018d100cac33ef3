"""Places that count beyond this process: `anyerp`'s `Share`, filled by the hub's database.

A process keeps a slot for a moment after its use, so that a busy account costs a transaction or two a second and not
two for each request. One thread renews what is in use and gives back what is not.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from anyerp.errors import Unavailable
from anyerp.later import Later
from anyerp.transport import InFlight, in_flight

from anyerp_hub.share import fence, slot
from anyerp_hub.share.fence import SURE, clock
from anyerp_hub.share.pace import Pace
from anyerp_hub.store import Database, StoreUnavailable

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

log = logging.getLogger("anyerp.hub")
#: Seconds between two looks of one who waits, that a slot is kept unused, and that it is used before others get a turn.
STEP, LINGER, QUANTUM = 0.03, 0.3, 1.0


class _Slot:
    """A slot that this process holds. `sure` is the moment until which nobody else can have it."""

    __slots__ = ("full", "holder", "idle_since", "strict", "sure", "taken_at")

    def __init__(self, holder: str, asked_at: float, *, strict: bool, full: bool) -> None:
        self.holder, self.strict, self.full, self.taken_at = holder, strict, full, asked_at
        self.sure = asked_at + slot.LEASE * SURE
        self.idle_since: float | None = None


class Shares:
    """The places of one database, for all threads and event loops of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slots: dict[str, list[_Slot]] = defaultdict(list)
        self._patience: dict[str, float] = {}
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    def strict(self, name: str, limit: int) -> SharedPlaces:
        """Places without which nothing may be done (a refresh, a create with a key); what is sent is fenced."""
        return SharedPlaces(self, name, limit, strict=True)

    def lenient(self, name: str, limit: int) -> SharedPlaces:
        """Places for requests, which are counted here alone while the database does not answer."""
        return SharedPlaces(self, name, limit, strict=False)

    def pace(self, account: str) -> Pace:
        """The pace of an account: the pauses that an ERP asked any of the processes for."""
        return Pace(self._database, account)

    def close(self) -> None:
        """Give back what is not in use; the rest ends with its lease."""
        self._closed = True
        self._wake.set()
        if (thread := self._thread) is not None:
            thread.join(timeout=slot.LEASE)

    def take(self, name: str, limit: int, *, strict: bool, again: bool) -> _Slot | None:
        """A slot of a name, if one is free. Raises `StoreUnavailable`."""
        with self._lock:
            for one in self._slots.get(name, ()):
                if one.idle_since is not None and self._usable(one):
                    one.idle_since = None
                    return one
        if clock() < self._patience.get(name, 0.0) or (again and slot.full(self._database, name, limit)):
            return None
        asked_at = clock()
        taken = slot.take(self._database, name, limit)
        if taken is None:
            return None
        one = _Slot(taken.holder, asked_at, strict=strict, full=taken.full)
        with self._lock:
            self._slots[name].append(one)
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="anyerp hub: places", daemon=True)
                self._thread.start()
        return one

    def give(self, name: str, one: _Slot) -> None:
        """Hear that a slot is not used any more."""
        if not one.holder:
            return
        one.idle_since = now = clock()
        if one.strict or not self._usable(one):
            if one.full:  # somebody may be waiting elsewhere: they have a try before we have another
                self._patience[name] = now + 2 * STEP
            self._wake.set()

    def check(self, one: _Slot) -> None:
        """Look whether a slot is still ours. Raises `Unavailable`."""
        if clock() < one.sure:
            return
        asked_at = clock()
        if slot.renew(self._database, [one.holder]) or clock() - asked_at >= slot.LEASE * SURE:
            raise Unavailable(
                "this process was stopped for so long that another may have taken over; nothing was sent",
                hint="look, and send it again where it is not there",
                retry="check_first",
            )
        one.sure = asked_at + slot.LEASE * SURE

    @staticmethod
    def _usable(one: _Slot) -> bool:
        now = clock()
        return now < one.sure and now - one.taken_at < QUANTUM

    def _keep(self) -> None:
        """Renew what is in use, give back what is not; ends when there is nothing left."""
        renewed = clock()
        while True:
            self._wake.wait(min(LINGER, slot.LEASE / 4))
            self._wake.clear()
            try:
                self._free()
                if clock() - renewed >= slot.LEASE / 4:
                    renewed = clock()
                    self._renew(renewed)
            except StoreUnavailable as trouble:
                log.warning("shared places could not be renewed: %s", trouble.message)
                time.sleep(STEP)
            with self._lock:
                if self._closed or not self._slots:
                    self._thread = None
                    return

    def _free(self) -> None:
        with self._lock:
            now, gone = clock(), []
            for name, each in list(self._slots.items()):
                for one in list(each):
                    if one.idle_since is None:
                        continue
                    if one.strict or self._closed or now - one.idle_since >= LINGER or not self._usable(one):
                        each.remove(one)
                        gone.append(one.holder)
                if not each:
                    del self._slots[name]
            self._patience = {name: until for name, until in self._patience.items() if until > now}
        if gone:
            slot.free(self._database, gone)

    def _renew(self, asked_at: float) -> None:
        with self._lock:
            used = [one for each in self._slots.values() for one in each if one.idle_since is None]
        if not used:
            return
        lost = slot.renew(self._database, [one.holder for one in used])
        for one in used:
            if one.holder not in lost:
                one.sure = asked_at + slot.LEASE * SURE


class SharedPlaces:
    """The places of one name: one of this process's own first, then a slot of the database."""

    def __init__(self, shares: Shares, name: str, limit: int, *, strict: bool) -> None:
        self._shares, self._name, self._limit, self._strict = shares, slot.digest(name), limit, strict
        self._local: InFlight = in_flight(name, limit)
        self._held: list[tuple[_Slot, fence.Fence]] = []

    def acquire(self, timeout: float) -> bool:
        """Take a place, waiting at most `timeout` seconds; raises where a fence does not hold any more."""
        end = time.monotonic() + timeout
        if not self._local.acquire(timeout):
            return False
        one, again = None, False
        try:
            while (one := self._take(again=again)) is None and (left := end - time.monotonic()) > 0:
                time.sleep(min(STEP, left))
                again = True
        finally:
            if one is None:
                self._local.release()
        return one is not None and self._hold(one)

    async def acquire_async(self, timeout: float) -> bool:  # noqa: ASYNC109
        """The same without blocking the event loop."""
        end = time.monotonic() + timeout
        if not await self._local.acquire_async(timeout):
            return False
        one, again = None, False
        try:
            while (one := await self._take_async(again=again)) is None and (left := end - time.monotonic()) > 0:
                await asyncio.sleep(min(STEP, left))
                again = True
        finally:
            if one is None:
                self._local.release()
        return one is not None and self._hold(one)

    def release(self) -> None:
        """Give a place back."""
        one, held = self._held.pop()
        if self._strict:
            fence.drop(held)
        self._shares.give(self._name, one)
        self._local.release()

    def _take(self, *, again: bool) -> _Slot | None:
        try:
            return self._shares.take(self._name, self._limit, strict=self._strict, again=again)
        except StoreUnavailable as trouble:
            if self._strict:
                raise
            log.warning("requests of other processes are not counted: %s", trouble.message)
            return _Slot("", clock(), strict=False, full=False)

    async def _take_async(self, *, again: bool) -> _Slot | None:
        taking = asyncio.ensure_future(asyncio.to_thread(self._take, again=again))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(self._untaken)
            raise

    def _untaken(self, taking: asyncio.Future[_Slot | None]) -> None:
        """Give back what came when nobody waited for it any more."""
        if not taking.cancelled() and taking.exception() is None and (one := taking.result()) is not None:
            self._shares.give(self._name, one)

    def _hold(self, one: _Slot) -> bool:
        shares = self._shares

        def check() -> None:
            shares.check(one)

        self._held.append((one, check))
        if self._strict:
            fence.put(check)
            return True
        try:  # a request may go out now
            fence.look()
        except BaseException:
            self.release()
            raise
        return True
