"""Fences: what a process must still hold when it sends. One that was stopped for too long sends nothing.

A fence is looked at right before a request goes out. Most looks only compare a clock: until then nobody else can have
taken over. Between the look and the first byte on the wire a process may still be stopped; no fence of ours reaches
there, and what was sent is then looked for by its key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from anyerp.errors import AnyErpError

Fence = Callable[[], None]

_fences: ContextVar[tuple[Fence, ...]] = ContextVar("fences", default=())
#: The part of a lease that one may count on. The rest is for the way to the ERP, and for clocks that run unlike.
SURE = 0.8


def clock() -> float:
    """Seconds that go on while this process, or the whole machine, is stopped."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def look() -> None:
    """Look at every fence of this call. Raises what a fence raises where its hold was lost."""
    for fence in _fences.get():
        try:
            fence()
        except AnyErpError as error:
            error.anyerp_hub_seen = True  # type: ignore[attr-defined]  # it speaks of us, and not of the ERP's health
            raise


@contextmanager
def fenced(fence: Fence) -> Iterator[None]:
    """Let no request of the block go out unless the fence holds."""
    put(fence)
    try:
        yield
    finally:
        drop(fence)


def put(fence: Fence) -> None:
    """Look at this one too, from now on."""
    _fences.set((*_fences.get(), fence))


def drop(fence: Fence) -> None:
    """Do not look at it any longer."""
    _fences.set(tuple(each for each in _fences.get() if each is not fence))
