"""Driving a flow without doing I/O: authorization, one renewal, explained errors. The runners only carry messages."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, TypeVar

from anyerp.connector.declaration import Connector, Context
from anyerp.connector.flow import Flow, Wait
from anyerp.errors import AnyErpError
from anyerp.wire import Request, Response

T = TypeVar("T")


class Turn(Enum):
    """Asks the runner for the connection's authorization lock, or gives it back: one refresh, not many."""

    TAKE = "take"
    GIVE = "give"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request ready for the transport."""

    request: Request
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


Order: TypeAlias = Outgoing | Wait | Turn
Exchange: TypeAlias = Generator[Order, Any, T]

_MAY_BE_STALE = (401, 403)
_USE = "write `yield from ask(request)` where something is asked, `return done(value)` where nothing is"


def exchange(connector: Connector, context: Context, flow: Flow[T]) -> Exchange[T]:
    """Run a flow: yield what is to be sent, take what comes back, give the flow's result."""
    answer: Any = None
    error: AnyErpError | None = None
    while True:
        try:
            step = flow.send(answer) if error is None else flow.throw(error)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        except AttributeError:
            if hasattr(flow, "send"):
                raise
            raise TypeError(_no_flow(flow)) from None
        except AnyErpError as raised:
            raised.connector = raised.connector or connector.name
            raise
        answer, error = None, None
        try:
            if isinstance(step, Wait):
                yield step
            elif not isinstance(step, Request):
                raise TypeError(f"a flow yields a Request or a Wait, not a {type(step).__name__}: {_USE}")
            else:
                answer = yield from _one(connector, context, step)
        except AnyErpError as raised:
            error = raised


def _no_flow(given: object) -> str:
    return f"a {type(given).__name__} in place of a flow: {_USE}"


def _one(connector: Connector, context: Context, request: Request) -> Exchange[Response]:
    response, headers = yield from _sent(connector, context, request)
    if (
        response.status in _MAY_BE_STALE
        and request.authorized
        and connector.renew is not None
        and (_renewed(connector, context, headers) or connector.renew(context, response))
    ):
        response, _ = yield from _sent(connector, context, request)
    if response.status >= 400 and response.status not in request.accept:
        raise connector.explain(context, request, response)
    return response


def _sent(connector: Connector, context: Context, request: Request) -> Exchange[tuple[Response, Mapping[str, str]]]:
    headers: Mapping[str, str] = {}
    if request.authorized:
        headers = yield from _authorization(connector, context)
    url = request.url(context.base_url)
    response = yield Outgoing(request, url, _signed(connector, context, request, url, headers))
    assert isinstance(response, Response)
    return response, headers


class _Signed(Mapping[str, str]):
    """Headers whose Authorization is made anew each time it is read: a signature that is sent twice is a replay."""

    def __init__(self, headers: Mapping[str, str], sign: Callable[[], str]) -> None:
        self._headers, self._sign = {**headers, "Authorization": ""}, sign

    def __getitem__(self, name: str) -> str:
        return self._headers[name] or self._sign()

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)

    def __repr__(self) -> str:
        return "<signed headers>"


def _signed(
    connector: Connector, context: Context, request: Request, url: str, headers: Mapping[str, str]
) -> Mapping[str, str]:
    sign = connector.sign
    if sign is None or not request.authorized or sign(context, request.method, url) is None:
        return headers
    return _Signed(headers, lambda: sign(context, request.method, url) or "")


def _renewed(connector: Connector, context: Context, sent: Mapping[str, str]) -> bool:
    """Whether somebody has renewed the authorization since a request was sent with the old one.

    Then it is not given up a second time: the answer speaks of the old one. Signatures that differ from call to call
    say nothing.
    """
    now = _ready(connector, context)
    return now is not None and now != sent and now == _ready(connector, context)


def _ready(connector: Connector, context: Context) -> Mapping[str, str] | None:
    """The authorization, if no request is needed to get it."""
    flow = connector.authorize(context)
    try:
        next(flow)
    except StopIteration as ready:
        return ready.value  # type: ignore[no-any-return]
    except AnyErpError:
        return None
    flow.close()
    return None


def _authorization(connector: Connector, context: Context) -> Exchange[Mapping[str, str]]:
    flow = connector.authorize(context)
    try:
        next(flow)
    except StopIteration as ready:
        return ready.value  # type: ignore[no-any-return]
    except TypeError:
        if hasattr(flow, "send"):
            raise
        raise TypeError(f"authorize gives {_no_flow(flow)}") from None
    # A token is needed. Whoever gets the turn first fetches it; the others find it there.
    yield Turn.TAKE
    try:
        headers = yield from _fetched(connector, context)
    except AnyErpError:
        yield Turn.GIVE
        raise
    yield Turn.GIVE
    return headers


def _fetched(connector: Connector, context: Context) -> Exchange[Mapping[str, str]]:
    flow = connector.authorize(context)
    answer: Any = None
    error: AnyErpError | None = None
    while True:
        try:
            step = flow.send(answer) if error is None else flow.throw(error)
        except StopIteration as ready:
            return ready.value  # type: ignore[no-any-return]
        answer, error = None, None
        try:
            if isinstance(step, Wait):
                yield step
                continue
            response = yield Outgoing(step, step.url(context.base_url))
        except AnyErpError as raised:
            error = raised
            continue
        if response.status >= 400 and response.status not in step.accept:
            raise connector.explain(context, step, response)
        answer = response
