"""The hub, for an asynchronous host: the same calls, awaited. The database is asked in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, Self, TypeVar

from anyerp import AsyncConnection

from anyerp_hub.hub import Hub

P = ParamSpec("P")
T = TypeVar("T")


class AsyncHub:
    """A hub on an event loop.

        async with AsyncHub("sqlite:///anyerp.db") as hub:
            made = await hub.connect("sap-s4hana", settings={...}, credentials={...})
            async with await hub.connection(made.id) as erp:
                async for order in erp.purchase_orders.list():
                    ...

    Whatever else `Hub` has is called through `run`: `await hub.run(hub.sync.tokens.issue, made.id)`.
    """

    def __init__(self, url: str = "sqlite:///anyerp.db", **options: Any) -> None:
        self._url, self._options = url, options
        self._sync: Hub | None = None

    @property
    def sync(self) -> Hub:
        """The synchronous hub underneath, once this one was entered."""
        if self._sync is None:
            raise RuntimeError("use it in `async with`")
        return self._sync

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call of the synchronous hub beside the event loop."""
        return await asyncio.to_thread(call, *args, **kwargs)

    async def connection(self, id: str) -> AsyncConnection:
        """A connection on this event loop, whose every call tells of its health; use it in `async with`."""
        return await self.run(self.sync.aconnection, id)

    def __getattr__(self, name: str) -> Any:
        """Any other call of `Hub`, awaited."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self.sync, name)
        if not callable(found):
            return found

        async def awaited(*args: Any, **kwargs: Any) -> Any:
            return await asyncio.to_thread(found, *args, **kwargs)

        return awaited

    async def __aenter__(self) -> Self:
        self._sync = await asyncio.to_thread(lambda: Hub(self._url, **self._options))
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.sync.close)
