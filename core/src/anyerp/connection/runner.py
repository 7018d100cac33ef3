"""The two runners: they carry a flow's messages over a transport, and do nothing else."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from anyerp.connection.circuit import Breaker
from anyerp.connector import Connector, Context, Flow, Wait
from anyerp.connector.exchange import Outgoing, Turn, exchange
from anyerp.errors import AnyErpError, Unavailable
from anyerp.later import Later
from anyerp.transport import AsyncTransport, InFlight, Transport, in_flight
from anyerp.wire import Request

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

T = TypeVar("T")


#: Seconds that a call waits for others to get a token; each of them is bound by the transport's deadline.
PATIENCE = 600.0


def _turn(connector: Connector, context: Context) -> InFlight:
    """The turn to get a token: one for all threads and tasks of a connection, and of those that share its store."""
    return in_flight(None if context.tokens is None else f"turn|{connector.name}|{context.tokens.name}", 1)


def _crowded(connector: Connector) -> Unavailable:
    return Unavailable("others have been waiting for a token too long", connector=connector.name)


class Stopped(Exception):
    """A dry run reached its first write; `outgoing` is what would have been sent."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__("dry run")
        self.outgoing = outgoing


def _dry(outgoing: Outgoing) -> None:
    # A token request is a POST too, but writes nothing of the host's.
    if outgoing.request.writes and outgoing.request.authorized:
        raise Stopped(outgoing)


class Runner:
    """Runs flows for a synchronous host. Safe to share between threads."""

    def __init__(
        self, connector: Connector, context: Context, transport: Transport, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.connector, self.context, self.transport, self.sleep = connector, context, transport, sleep
        self._turn = _turn(connector, context)
        self.breaker = Breaker()

    def run(self, flow: Flow[T], *, context: Context | None = None, dry: bool = False) -> T:
        """Run a flow to its end. Raises what the flow raises; a dry run raises `Stopped` at its first write."""
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
                        if dry:
                            _dry(order)
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

    async def run(self, flow: Flow[T], *, context: Context | None = None, dry: bool = False) -> T:
        """Run a flow to its end. Raises what the flow raises; a dry run raises `Stopped` at its first write."""
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
                        if dry:
                            _dry(order)
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


def shown(request: Request) -> Any:
    """A request's body as plain values, for a plan."""
    if request.json is not None:
        return request.json
    return None if request.content is None else request.content.decode("utf-8", "replace")
