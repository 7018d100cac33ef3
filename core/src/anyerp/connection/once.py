"""One key, one create at a time: who comes second looks, and finds what the first has made.

The ERP cannot help here: between a look and a send there is a gap. Within this process it is closed, for all threads,
tasks and connections of an account; between processes by a `share` that counts beyond them, such as a hub's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager

from anyerp.errors import Unavailable
from anyerp.transport import Places, Share, in_flight

#: Seconds that a create waits for another with the same key: longer than one may take with all its looks.
PATIENCE = 600.0


def _places(owner: str, resource: str, keys: Iterable[str], share: Share | None) -> list[Places]:
    # In one order for all, so that two that want several keys never wait for each other.
    return [(share or in_flight)(f"key|{owner}|{resource}|{key}", 1) for key in sorted(set(keys))]


@contextmanager
def alone(owner: str, resource: str, keys: Iterable[str], share: Share | None = None) -> Iterator[None]:
    """Keep other creates with these keys waiting while the block runs."""
    with ExitStack() as stack:
        for place in _places(owner, resource, keys, share):
            if not place.acquire(PATIENCE):
                raise _waited(resource)
            stack.callback(place.release)
        yield


@asynccontextmanager
async def aalone(owner: str, resource: str, keys: Iterable[str], share: Share | None = None) -> AsyncIterator[None]:
    """Do the same in an event loop."""
    async with AsyncExitStack() as stack:
        for place in _places(owner, resource, keys, share):
            if not await place.acquire_async(PATIENCE):
                raise _waited(resource)
            stack.callback(place.release)
        yield


def _waited(resource: str) -> Unavailable:
    return Unavailable(
        f"{resource}: another create with this key has not ended for {PATIENCE:.0f} s; nothing was sent",
        hint="try again, or look for the key",
    )
