"""The transport: the only room that knows an HTTP library. It carries a `Request` to the ERP and brings its `Response`.

A transport owns what no connector should repeat: total deadlines, a size cap, retries of what is safe, Retry-After,
the number of requests in flight, cookies of the session, redirects, redacted events, and silence about secrets.

    with HttpTransport(trust_origin="https://erp.example.com") as transport:
        response = transport.send(Request("GET", "/orders"), "https://erp.example.com/orders", {"Authorization": ...})

Statuses are answers, not errors: what they mean is the connector's to say (`explain`). What `send` itself raises:

    ConfigError         a URL or header that cannot be sent, a client of the wrong kind, a redirect to another origin
    Unavailable         no connection or no answer; nothing was changed in the ERP
    OutcomeUnknown      a write was sent and its answer lost
    RateLimited         the account must wait longer than this call's deadline; nothing was sent
    UnexpectedPayload   the answer passes the cap or cannot be decoded, or credentials were to go to a foreign origin
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from anyerp.transport.inflight import AsyncGate, Gate, InFlight, Places, Share, in_flight
from anyerp.transport.limits import Limits
from anyerp.transport.sync import HttpTransport
from anyerp.wire import Request, Response

if TYPE_CHECKING:
    from anyerp.transport.aio import AsyncHttpTransport

__all__ = [
    "AsyncGate",
    "AsyncHttpTransport",
    "AsyncTransport",
    "Gate",
    "HttpTransport",
    "InFlight",
    "Limits",
    "Places",
    "Share",
    "Transport",
    "in_flight",
]

_NONE: Mapping[str, str] = MappingProxyType({})


class Transport(Protocol):
    """Whatever carries requests for a synchronous host: HTTP, an in-process sandbox, a recorder."""

    def send(self, request: Request, url: str, headers: Mapping[str, str] = _NONE) -> Response:
        """Send `request` to the whole URL `url` with more headers (those win); give the answer, whatever its status."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class AsyncTransport(Protocol):
    """The same for an asynchronous host."""

    async def send(self, request: Request, url: str, headers: Mapping[str, str] = _NONE) -> Response:
        """Send `request` to the whole URL `url` with more headers (those win); give the answer, whatever its status."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


def __getattr__(name: str) -> Any:
    """Load the asynchronous half, and asyncio with it, only for those who use it."""
    if name == "AsyncHttpTransport":
        from anyerp.transport.aio import AsyncHttpTransport  # noqa: PLC0415

        return AsyncHttpTransport
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
