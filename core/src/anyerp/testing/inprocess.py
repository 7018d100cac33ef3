"""In-process transports: a sandbox answers without a socket, through all that the real transports do.

Retries, deadlines, cookies, redaction and events are those of `anyerp.transport`; only the wire is left out.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpx2

from anyerp.connection import AsyncConnection, Connection
from anyerp.connection.config import credentials_for, settings_for
from anyerp.connector import Connector, Context
from anyerp.errors import AnyErpError
from anyerp.testing.sandbox import Call, LostAnswer, Sandbox, SandboxFailed
from anyerp.transport import AsyncHttpTransport, HttpTransport
from anyerp.wire import Headers, Request, Response

BASE_URL = "https://sandbox.example"

#: The request that is on its way in this thread or task: a fault may look whether it `writes`.
sending: ContextVar[Request | None] = ContextVar("anyerp_testing_sending", default=None)


def is_write(_: Call) -> bool:
    """Whether the request on its way would change the ERP (a login does not): for the `when` of a fault."""
    request = sending.get()
    return request is not None and bool(request.writes) and request.authorized


def is_read(_: Call) -> bool:
    """Whether the request on its way carries credentials and changes nothing: for the `when` of a fault."""
    request = sending.get()
    return request is not None and not request.writes and request.authorized


@dataclass(slots=True)
class Traffic:
    """What a connection sent: every request, and every event that an observer was told."""

    requests: list[Request] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def logins(self) -> int:
        """Requests for a token or session."""
        return sum(not request.authorized for request in self.requests)

    @property
    def writes(self) -> int:
        """Requests that would change the ERP."""
        return sum(bool(request.writes) and request.authorized for request in self.requests)

    @contextmanager
    def note(self, request: Request) -> Iterator[None]:
        """Note a request while it is on its way."""
        self.requests.append(request)
        before = sending.set(request)
        try:
            yield
        finally:
            sending.reset(before)


def _answered(sandbox: Sandbox, request: httpx2.Request, content: bytes) -> httpx2.Response:
    headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    call = Call(request.method, request.url.raw_path.decode("ascii"), headers, content)
    try:
        answer = sandbox.handle(call)
    except LostAnswer:
        raise httpx2.ReadError("the connection broke", request=request) from None
    except (AnyErpError, AssertionError):
        raise  # of a fault that works on the ERP in between
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{where.filename.rpartition('/')[2]}, line {where.lineno}"
        path = call.target.partition("?")[0]
        raise SandboxFailed(
            f"the sandbox failed at {call.method} {path}: {type(error).__name__}: {error} ({place})"
        ) from error
    if not isinstance(answer, Response):
        raise SandboxFailed(f"the sandbox answered {call.method} with a {type(answer).__name__}, which is no Response")
    headers_back = [(k, v) for k, v in answer.headers.items_with_repeats() if k.lower() != "content-length"]
    # A stream, since the transports read bodies piece by piece; a client's ready content cannot be read again.
    return httpx2.Response(answer.status, headers=headers_back, stream=httpx2.ByteStream(answer.content))


class SandboxTransport(httpx2.BaseTransport):
    """The wire of a synchronous client: a call to the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Let the sandbox answer."""
        return _answered(self._sandbox, request, request.read())


class AsyncSandboxTransport(httpx2.AsyncBaseTransport):
    """The wire of an asynchronous client: a call to the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Let the sandbox answer."""
        return _answered(self._sandbox, request, await request.aread())


class Watched:
    """A synchronous transport that keeps its traffic."""

    def __init__(self, inner: HttpTransport, traffic: Traffic) -> None:
        self._inner, self.traffic = inner, traffic

    def send(self, request: Request, url: str, headers: Mapping[str, str] = Headers()) -> Response:
        """Send through the inner transport."""
        with self.traffic.note(request):
            return self._inner.send(request, url, headers)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncWatched:
    """An asynchronous transport that keeps its traffic."""

    def __init__(self, inner: AsyncHttpTransport, traffic: Traffic) -> None:
        self._inner, self.traffic = inner, traffic

    async def send(self, request: Request, url: str, headers: Mapping[str, str] = Headers()) -> Response:
        """Send through the inner transport."""
        with self.traffic.note(request):
            return await self._inner.send(request, url, headers)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


def no_pause(_: float) -> None:
    """Waits take no time here: nobody is at the other end."""


async def _no_apause(_: float) -> None:
    """Waits take no time here either."""


def prepared(connector: Connector, settings: Mapping[str, Any], credentials: Mapping[str, Any]) -> Context:
    """A context with settings and credentials checked. Raises `ConfigError`."""
    chosen = settings_for(connector.settings, settings)
    return Context(chosen, credentials_for(connector.credentials, credentials), connector.base_url(chosen).rstrip("/"))


def origins_of(context: Context) -> Iterable[str]:
    """The origins that a connection's credentials may go to."""
    token_url = getattr(context.settings, "token_url", None)
    return [context.base_url, *([str(token_url)] if token_url else [])]


def open_connection(
    connector: Connector,
    context: Context,
    traffic: Traffic,
    sandbox: Sandbox | None = None,
    *,
    cursor_key: bytes | None = None,
) -> Connection:
    """A connection to a sandbox in process, or (without one) over HTTP to a live ERP."""
    client = None if sandbox is None else httpx2.Client(transport=SandboxTransport(sandbox))
    pause: dict[str, Any] = {} if sandbox is None else {"sleep": no_pause}
    inner = HttpTransport(client, trust_origin=origins_of(context), observe=traffic.events.append, **pause)
    connection = Connection(connector, context, Watched(inner, traffic), looks=(0.0, 0.5), cursor_key=cursor_key)
    if sandbox is not None:
        connection._runner.sleep = no_pause  # noqa: SLF001
    return connection


def open_async(
    connector: Connector, context: Context, traffic: Traffic, sandbox: Sandbox | None = None
) -> AsyncConnection:
    """The same for an asynchronous host."""
    client = None if sandbox is None else httpx2.AsyncClient(transport=AsyncSandboxTransport(sandbox))
    pause: dict[str, Any] = {} if sandbox is None else {"sleep": _no_apause}
    inner = AsyncHttpTransport(client, trust_origin=origins_of(context), observe=traffic.events.append, **pause)
    connection = AsyncConnection(connector, context, AsyncWatched(inner, traffic), looks=(0.0, 0.5))
    if sandbox is not None:
        connection._runner.sleep = _no_apause  # noqa: SLF001
    return connection
