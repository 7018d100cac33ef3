"""One `send` from first attempt to answer, without I/O: a generator that both transports drive.

It yields `Pause` (sleep so long), `Claim` (ask the gate), `Slow` (tell the gate) or an `Attempt` (send this), and is
sent back what became of it. What it returns is the answer, what it raises is the caller's error. All that decides
anything stands here, once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.errors import RateLimited, UnexpectedPayload
from anyerp.transport import redirect, retry
from anyerp.transport.cookies import Cookies
from anyerp.transport.event import Observer, report
from anyerp.transport.failure import Failure
from anyerp.transport.inflight import InFlight
from anyerp.transport.limits import Limits
from anyerp.transport.message import Attempt, checked_method, encoded, merged
from anyerp.transport.origin import Origin, split
from anyerp.wire import Request, Response


@dataclass(frozen=True, slots=True)
class Pause:
    """Sleep so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Claim:
    """Ask the gate; send back the seconds it gives."""


@dataclass(frozen=True, slots=True)
class Slow:
    """Tell the gate that the ERP asked for a wait."""

    seconds: float


Step = Pause | Claim | Slow | Attempt
Talk = Generator[Step, Any, Response]


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """What all sends of one transport share. `clock` counts seconds, `wall` is Unix time, `jitter` gives 0 to 1."""

    trusted: frozenset[Origin]
    places: InFlight
    limits: Limits = field(default_factory=Limits)
    observe: Observer | None = None
    gated: bool = False
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random
    cookies: Cookies = field(default_factory=Cookies)


def converse(
    session: Session,
    request: Request,
    url: str,
    extra: Mapping[str, str],
    defaults: Iterable[tuple[str, str]],
) -> Talk:
    """Carry one request to its answer."""
    limits, clock = session.limits, session.clock
    method = checked_method(request.method)
    origin, target = split(url)
    trusted = origin in session.trusted
    if request.authorized and not trusted:
        raise _astray(origin, session.trusted)
    fields = merged(request, extra, defaults, trusted=trusted)
    own_cookies = fields.pop("cookie", ("", ""))[1]
    fixed = encoded(fields.values())
    content = request.body()
    deadline = clock() + limits.total
    tries, hops = 1, 0
    while True:
        yield from _wait_for_turn(session, origin, deadline)
        if tries > 1:  # some headers differ from attempt to attempt: a signature holds for one
            again = merged(request, extra, defaults, trusted=trusted)
            again.pop("cookie", None)
            fixed = encoded(again.values())
        headers = fixed
        if cookies := session.cookies.header(origin, target, own_cookies):
            headers = [*fixed, *encoded([("Cookie", cookies)])]
        started = clock()
        outcome: Response | Failure = yield Attempt(method, url, origin, target, headers, content, trusted, deadline)
        if session.observe is not None:
            sent = len(content or b"")
            report(session.observe, method, origin, target, outcome, tries, sent, clock() - started)
        if isinstance(outcome, Failure):
            delay = retry.backoff(tries, limits, session.jitter)
            if not _may_repeat(request, outcome, tries, limits) or clock() + delay >= deadline:
                raise outcome.error(method, origin, writes=bool(request.writes), tries=tries)
        else:
            if trusted and "set-cookie" in outcome.headers:
                session.cookies.keep(origin, target, outcome.headers)
            if redirect.is_redirect(request, outcome):
                url = redirect.follow(request, url, origin, outcome, hops)
                target = split(url)[1]
                hops += 1
                continue
            if outcome.status < 400:
                return outcome
            delay, asked = retry.wait_after(outcome.headers, tries, limits, session.jitter, session.wall())
            if asked and outcome.status == 429:
                session.places.hold(delay, clock)
                if session.gated:
                    yield Slow(delay)
            if not _may_repeat(request, outcome, tries, limits) or clock() + delay >= deadline:
                return outcome
        tries += 1
        yield Pause(delay)


def _may_repeat(request: Request, outcome: Response | Failure, tries: int, limits: Limits) -> bool:
    if tries > limits.retries:
        return False
    if isinstance(outcome, Failure):
        return outcome.again and not (request.writes and outcome.sent)
    statuses = retry.WRITE_STATUSES if request.writes else retry.SAFE_STATUSES
    return outcome.status in statuses and outcome.status not in request.accept


def _wait_for_turn(session: Session, origin: Origin, deadline: float) -> Generator[Step, Any, None]:
    """Wait while the account is held by a Retry-After, or by the gate; not beyond the deadline."""
    wait = session.places.held(session.clock)
    if session.gated:
        wait = max(wait, (yield Claim()))
    if wait <= 0:
        return
    if session.clock() + wait >= deadline:
        raise RateLimited(
            f"{origin.place} was not called: the account must pause for {wait:.0f} s, longer than this call may take",
            retry_after=wait,
            hint="The ERP asked for the pause; try again after it.",
        )
    yield Pause(wait)


def _astray(origin: Origin, trusted: frozenset[Origin]) -> UnexpectedPayload:
    return UnexpectedPayload(
        f"a request with credentials was to go to {origin}, but this connection trusts only "
        f"{', '.join(sorted(map(str, trusted)))}; nothing was sent",
        hint="A next link to another origin: check the address in the settings, and a proxy that rewrites answers.",
    )
