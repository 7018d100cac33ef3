"""The asynchronous transport (asyncio): the same conversation, awaited."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

from anyerp.transport import failure, library
from anyerp.transport.base import NO_HEADERS, Carrier, answer, headers_of
from anyerp.transport.body import BadBody
from anyerp.transport.conversation import Claim, Pause, Slow
from anyerp.transport.event import Observer
from anyerp.transport.failure import Failure
from anyerp.transport.inflight import AsyncGate, Gate, Share
from anyerp.transport.limits import Limits
from anyerp.transport.message import Attempt, Uncarried
from anyerp.transport.quiet import at_work
from anyerp.wire import Request, Response

#: Lets the library's own timeout, which knows whether anything was sent, strike before ours, which does not.
_GRACE = 0.1


class AsyncHttpTransport(Carrier):
    """Carries requests over HTTP, for any number of tasks of one event loop.

    As `HttpTransport`, with an `httpx2.AsyncClient` or `httpx.AsyncClient` of the host, or our own. The gate may be
    either kind; one that is not asynchronous is called in the event loop and should be quick.
    """

    kind: ClassVar[str] = "AsyncClient"

    def __init__(
        self,
        client: Any = None,
        limits: Limits | None = None,
        *,
        trust_origin: str | Iterable[str],
        observe: Observer | None = None,
        account: str | None = None,
        gate: Gate | AsyncGate | None = None,
        share: Share | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        super().__init__(client, limits, trust_origin, observe, account, gate is not None, clock, wall, jitter, share)
        self._gate = gate
        self._sleep = sleep

    async def send(self, request: Request, url: str, headers: Mapping[str, str] = NO_HEADERS) -> Response:
        """Send `request` to the whole URL `url` with more headers (those win); give the answer, whatever its status.

        Raises what the package's docstring lists.
        """
        talk = self._talk(request, url, headers)
        self._open()
        outcome: Response | Failure | float | None = None
        try:
            while True:
                step = talk.send(outcome)
                outcome = None
                if isinstance(step, Attempt):
                    outcome = await self._attempt(step)
                elif isinstance(step, Pause):
                    await self._sleep(step.seconds)
                elif self._gate is not None:
                    outcome = await self._ask(self._gate, step)
        except StopIteration as end:
            response: Response = end.value
            return response

    async def aclose(self) -> None:
        """Close our own client; a host's stays open."""
        self._closed = True
        if self._ours and self._client is not None:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @staticmethod
    async def _ask(gate: Gate | AsyncGate, step: Claim | Slow) -> float | None:
        if isinstance(step, Claim):
            wait = gate.claim()
            return await wait if isinstance(wait, Awaitable) else wait
        told = gate.slow_down(step.seconds)
        if isinstance(told, Awaitable):
            await told
        return None

    async def _attempt(self, attempt: Attempt) -> Response | Failure:
        places = self._places
        if not await places.acquire_async(self._left(attempt.deadline)):
            return failure.FULL
        before = at_work.set(True)
        try:
            async with asyncio.timeout(self._left(attempt.deadline) + _GRACE):
                return await self._exchange(attempt)
        except Uncarried:
            return failure.UNCARRIED
        except BadBody as error:
            return failure.bad_body(str(error))
        except Exception as error:  # noqa: BLE001  (a host's own transport may raise anything; nothing of it may leak)
            return failure.after(error, late=self._session.clock() >= attempt.deadline)
        finally:
            at_work.reset(before)
            places.release()

    async def _exchange(self, attempt: Attempt) -> Response | Failure:
        clock, deadline = self._session.clock, attempt.deadline
        left = self._left(deadline)
        silence = min(self.limits.read, left)
        assert self._library is not None
        message, options = self._message(
            self._library,
            attempt,
            {"connect": min(self.limits.connect, left), "read": silence, "write": silence, "pool": left},
        )
        foreign = await self._client.send(message, **options)
        try:
            headers = headers_of(foreign)
            body = self._body(attempt, headers)
            async for piece in foreign.aiter_raw():
                body.feed(piece)
                if clock() >= deadline:
                    return failure.LATE
        finally:
            await foreign.aclose()
        return answer(foreign.status_code, headers, body.whole())

    def _open(self) -> None:
        """Make our own client at first need, in the loop that will use it."""
        if self._client is None:
            self._client, self._library = library.make_client(self.kind, self.limits)
