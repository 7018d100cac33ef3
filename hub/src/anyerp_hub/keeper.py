"""The keeper: what goes on in the background of a process - jobs, webhooks, probes - until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from anyerp_hub.store import StoreUnavailable

log = logging.getLogger("anyerp.hub")
#: Seconds between two looks at the database when there was nothing to do, and after it failed.
POLL, AFTER_FAILURE = 0.5, 2.0


class Keeper:
    """Threads, each of which repeats one step: it gives whether it found something to do."""

    def __init__(self, *steps: tuple[str, Callable[[], bool]], poll: float = POLL) -> None:
        self._poll, self._stop, self._wake = poll, threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), name=f"anyerp hub: {name}", daemon=True)
            for name, step in steps
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look now: there may be something to do."""
        self._wake.set()

    def stop(self) -> None:
        """End after the steps that are being done."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, step: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            try:
                busy, pause = step(), self._poll
            except StoreUnavailable as trouble:
                log.warning("the hub's database does not work: %s", trouble.message)
                busy, pause = False, AFTER_FAILURE
            except Exception:
                log.exception("a step in the background failed; it is tried again")
                busy, pause = False, AFTER_FAILURE
            if not busy and not self._stop.is_set():
                self._wake.wait(pause)
                self._wake.clear()
