"""The two runners: they carry a flow's messages over a transport, and do nothing else."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from anyerp.connection.circuit import Breaker
from anyerp.connection.result import NativeRequest
from anyerp.connector import Connector, Context, Flow, Wait
from anyerp.connector.exchange import Outgoing, Turn, exchange
from anyerp.errors import AnyErpError, Unavailable
from anyerp.later import Later
from anyerp.transport import AsyncTransport, Places, Transport, in_flight
from anyerp.wire import SECRET_HEADERS, Response

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

T = TypeVar("T")


#: Seconds that a call waits for others to get a token; each of them is bound by the transport's deadline.
PATIENCE = 600.0


def _turn(connector: Connector, context: Context) -> Places:
    """The turn to get a token: one for all threads and tasks of a connection, and of those that share its store."""
    if context.tokens is None:
        return in_flight(None, 1)
    places: Places = (context.share or in_flight)(f"turn|{connector.name}|{context.tokens.name}", 1)
    return places


def _crowded(connector: Connector) -> Unavailable:
    return Unavailable("others have been waiting for a token too long", connector=connector.name)


class Stopped(Exception):
    """A dry run came to where only the ERP's own answer would tell what follows."""


class Dry(list[Outgoing]):
    """What a dry run would have sent: reads are sent, writes are noted here and answered by an empty success."""

    def answer(self, outgoing: Outgoing) -> Response | None:
        """The answer to a write; None for a read that is to be sent. Raises `Stopped` for a read behind a write."""
        request = outgoing.request
        # A token request is a POST too, but writes nothing of the host's.
        if not (request.writes and request.authorized):
            if self and request.authorized:
                raise Stopped
            return None
        self.append(outgoing)
        if len(self) >= _MOST_WRITES:
            raise Stopped
        return Response(204)


_MOST_WRITES = 1_000


class Runner:
    """Runs flows for a synchronous host. Safe to share between threads."""

    def __init__(
        self, connector: Connector, context: Context, transport: Transport, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.connector, self.context, self.transport, self.sleep = connector, context, transport, sleep
        self._turn = _turn(connector, context)
        self.breaker = Breaker()

    def run(self, flow: Flow[T], *, context: Context | None = None, dry: Dry | None = None) -> T:
        """Run a flow to its end. Raises what the flow raises; a dry run may raise `Stopped`."""
        orders = exchange(self.connector, context or self.context, flow)
        held = False
        answer: Any = None
        error: AnyErpError | None = None
        try:
            while True:
                order = orders.send(answer) if error is None else orders.throw(error)
                answer, error = None, None
                match order:
                    case Outgoing(request=request, url=url, headers=headers):
                        if dry is not None and (answer := dry.answer(order)) is not None:
                            continue
                        try:
                            answer = self.transport.send(request, url, headers)
                        except AnyErpError as raised:
                            error = raised
                            self.breaker.failed(raised)
                        else:
                            self.breaker.heard(answer)
                    case Wait(seconds=seconds):
                        self.sleep(seconds)
                    case Turn.TAKE:
                        if not self._turn.acquire(PATIENCE):
                            raise _crowded(self.connector)
                        held = True
                    case Turn.GIVE:
                        self._turn.release()
                        held = False
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        finally:
            if held:
                self._turn.release()


class AsyncRunner:
    """Runs flows for an asynchronous host, on one event loop."""

    def __init__(
        self,
        connector: Connector,
        context: Context,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self.connector, self.context, self.transport = connector, context, transport
        self.sleep = sleep or asyncio.sleep
        self._turn = _turn(connector, context)
        self.breaker = Breaker()

    async def run(self, flow: Flow[T], *, context: Context | None = None, dry: Dry | None = None) -> T:
        """Run a flow to its end. Raises what the flow raises; a dry run may raise `Stopped`."""
        orders = exchange(self.connector, context or self.context, flow)
        held = False
        answer: Any = None
        error: AnyErpError | None = None
        try:
            while True:
                order = orders.send(answer) if error is None else orders.throw(error)
                answer, error = None, None
                match order:
                    case Outgoing(request=request, url=url, headers=headers):
                        if dry is not None and (answer := dry.answer(order)) is not None:
                            continue
                        try:
                            answer = await self.transport.send(request, url, headers)
                        except AnyErpError as raised:
                            error = raised
                            self.breaker.failed(raised)
                        else:
                            self.breaker.heard(answer)
                    case Wait(seconds=seconds):
                        await self.sleep(seconds)
                    case Turn.TAKE:
                        if not await self._turn.acquire_async(PATIENCE):
                            raise _crowded(self.connector)
                        held = True
                    case Turn.GIVE:
                        self._turn.release()
                        held = False
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        finally:
            if held:
                self._turn.release()


def shown(outgoing: Outgoing) -> NativeRequest:
    """A request for a plan: what would be sent, with secrets masked."""
    request = outgoing.request
    fields = {**request.headers, **outgoing.headers}
    headers = {name: "***" if name.lower() in SECRET_HEADERS else value for name, value in fields.items()}
    body = request.json
    if body is None and request.content is not None:
        body = request.content.decode("utf-8", "replace")
    return NativeRequest(request.method, outgoing.url, body, headers)
