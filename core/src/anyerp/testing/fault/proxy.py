"""The proxy: an asyncio server on loopback, in a thread of its own, so that any kind of test can use it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from anyerp.testing.fault import message
from anyerp.testing.fault.act import Act
from anyerp.testing.fault.message import Gone, Message
from anyerp.testing.fault.plan import Plan, Strike
from anyerp.testing.sandbox import Call


class FaultProxy:
    """Stands between a client and an ERP at `upstream` (`http://host:port`) while its `with` block runs.

    `base_url` is what the client connects to. `struck` is what was done so far, `calls` every request that came, in
    order; both may be looked at any time, and `plan` may be replaced any time.
    """

    def __init__(self, upstream: str, plan: Plan | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        parts = urlsplit(upstream)
        if parts.scheme != "http" or parts.hostname is None:
            raise ValueError(f"the proxy stands before http://host:port, not before {upstream}")
        self.plan = plan or Plan()
        self.struck: list[Strike] = []
        self.calls: list[Call] = []
        self._upstream, self._at = (parts.hostname, parts.port or 80), (host, port)
        self._seen: Counter[tuple[str, str]] = Counter()
        self._row: Counter[str] = Counter()
        self._act = Act()
        self._talks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="anyerp-fault-proxy", daemon=True)

    @property
    def base_url(self) -> str:
        """Where the proxy listens."""
        return f"http://{self._at[0]}:{self._at[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._talk, *self._at), self._loop)
        self._server = opening.result(10)
        self._at = (self._at[0], self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client."""
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            with contextlib.suppress(Gone, ConnectionError, asyncio.CancelledError):
                while True:
                    request = await message.receive(reader)
                    await self._answer(request, writer)
        finally:
            self._talks.discard(task)
            writer.close()
            with contextlib.suppress(Exception):
                await writer.wait_closed()

    async def _answer(self, request: Message, writer: asyncio.StreamWriter) -> None:
        method, target, _ = request.first.split(" ", 2)
        call = Call(method, target, request.headers, request.body)
        self.calls.append(call)
        path = target.partition("?")[0]
        self._seen[method, path] += 1
        number = self._seen[method, path]
        kind = self.plan.kind(call, number)
        if self.plan.in_a_row is not None and self._row[path] >= self.plan.in_a_row:
            kind = None
        self._row[path] = self._row[path] + 1 if kind else 0
        if kind is not None:
            self.struck.append(Strike(kind, method, path, number))
        await self._act.answer(kind, self.plan, call, number, lambda: self._passed_on(request, method), writer)

    async def _passed_on(self, request: Message, method: str) -> Message:
        """Let the ERP answer, on a connection of its own."""
        reader, writer = await message.connect(*self._upstream)
        try:
            writer.write(request.wire())
            await writer.drain()
            return await message.receive(reader, answer_to=method)
        finally:
            writer.close()
            with contextlib.suppress(Exception):
                await writer.wait_closed()
