"""The synchronous transport."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

from anyerp.transport import failure, library
from anyerp.transport.base import NO_HEADERS, Carrier, answer, headers_of
from anyerp.transport.body import BadBody
from anyerp.transport.conversation import Claim, Pause, Slow
from anyerp.transport.event import Observer
from anyerp.transport.failure import Failure
from anyerp.transport.inflight import Gate, Share
from anyerp.transport.limits import Limits
from anyerp.transport.message import Attempt, Uncarried
from anyerp.transport.quiet import at_work
from anyerp.wire import Request, Response


class Remaining:
    """A socket timeout that shrinks as the deadline comes near.

    The libraries take one timeout before they read and use it for every byte, so an answer that drips would never
    end. They hand it down untouched to `socket.settimeout`, which asks an object that is no float for an integer, so
    this one is asked anew before each read: whole seconds, the last one begun counts. Past the deadline it raises
    `TimeoutError`, which the libraries report as a read timeout.
    """

    __slots__ = ("_clock", "_deadline", "_most")

    def __init__(self, most: float, deadline: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._deadline = deadline
        self._clock = clock

    def __float__(self) -> float:
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        return float(min(self._most, left))  # a host may say 5 for 5.0

    def __index__(self) -> int:
        return math.ceil(float(self))


class HttpTransport(Carrier):
    """Carries requests over HTTP, from any number of threads.

    `client` is a host's own `httpx2.Client` or `httpx.Client` (it stays the host's: `close` leaves it open); without
    one we make our own at the first request. `trust_origin` is one URL or several whose origins may see
    credentials and cookies. `observe(event)` is told of each attempt. `account` is the key under which requests in
    flight are counted together with other transports; `gate` keeps a pace, and `share` counts them, beyond this
    process. `clock`, `wall`, `sleep` and `jitter` are there for tests.
    """

    kind: ClassVar[str] = "Client"

    def __init__(
        self,
        client: Any = None,
        limits: Limits | None = None,
        *,
        trust_origin: str | Iterable[str],
        observe: Observer | None = None,
        account: str | None = None,
        gate: Gate | None = None,
        share: Share | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(client, limits, trust_origin, observe, account, gate is not None, clock, wall, jitter, share)
        self._gate = gate
        self._sleep = sleep
        self._making = threading.Lock()

    def send(self, request: Request, url: str, headers: Mapping[str, str] = NO_HEADERS) -> Response:
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
                    outcome = self._attempt(step)
                elif isinstance(step, Pause):
                    self._sleep(step.seconds)
                elif self._gate is not None:
                    outcome = self._ask(self._gate, step)
        except StopIteration as end:
            response: Response = end.value
            return response

    def close(self) -> None:
        """Close our own client; a host's stays open."""
        self._closed = True
        if self._ours and self._client is not None:
            self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def _ask(gate: Gate, step: Claim | Slow) -> float | None:
        if isinstance(step, Claim):
            return gate.claim()
        gate.slow_down(step.seconds)
        return None

    def _attempt(self, attempt: Attempt) -> Response | Failure:
        places = self._places
        if not places.acquire(self._left(attempt.deadline)):
            return failure.FULL
        before = at_work.set(True)
        try:
            return self._exchange(attempt)
        except Uncarried:
            return failure.UNCARRIED
        except BadBody as error:
            return failure.bad_body(str(error))
        except Exception as error:  # noqa: BLE001  (a host's own transport may raise anything; nothing of it may leak)
            return failure.after(error, late=self._session.clock() >= attempt.deadline)
        finally:
            at_work.reset(before)
            places.release()

    def _exchange(self, attempt: Attempt) -> Response | Failure:
        clock, deadline = self._session.clock, attempt.deadline
        left = self._left(deadline)
        patience = Remaining(self.limits.read, deadline, clock)
        timeouts = {"connect": min(self.limits.connect, left), "read": patience, "write": patience, "pool": left}
        if self._library is None:
            foreign = self._client.send(attempt, timeouts)
        else:
            message, options = self._message(self._library, attempt, timeouts)
            foreign = self._client.send(message, **options)
        try:
            headers = headers_of(foreign)
            body = self._body(attempt, headers)
            for piece in foreign.iter_raw():
                body.feed(piece)
                if clock() >= deadline:
                    return failure.LATE
        finally:
            foreign.close()
        return answer(foreign.status_code, headers, body.whole())

    def _open(self) -> None:
        """Make our own client at first need."""
        if self._client is None:
            with self._making:
                if self._client is None:
                    client, self._library = library.make_client(self.kind, self.limits)
                    self._client = client
