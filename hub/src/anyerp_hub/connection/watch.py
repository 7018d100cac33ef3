"""Watching: every answer of the ERP, and every failure to get one, is a sign of the connection's health.

A connector and a transport are wrapped by their public seams, so that whatever a host does with the connection is
seen: single calls, bulk writes, asynchronous ones.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from anyerp.connector import Connector, Context, Flow
from anyerp.errors import (
    AnyErpError,
    ConfigError,
    CredentialsRejected,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    ReauthorizationRequired,
    Unavailable,
)
from anyerp.transport import AsyncTransport, Transport
from anyerp.wire import Request, Response

from anyerp_hub.connection.state import Sign
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import StoreUnavailable
from anyerp_hub.trace import Span, span

log = logging.getLogger("anyerp.hub")

_NONE: Mapping[str, str] = MappingProxyType({})
#: How exactly `last_ok_at` is kept while all is well: a read shall not cost a write each time.
STAMP = timedelta(minutes=1)

_SIGNS: tuple[tuple[type[AnyErpError], Sign], ...] = (
    (CredentialsRejected, Sign.CREDENTIALS_REJECTED),
    (ReauthorizationRequired, Sign.REAUTHORIZATION_REQUIRED),
    (PermissionDenied, Sign.PERMISSION_DENIED),
    (RateLimited, Sign.RATE_LIMITED),
    (Unavailable, Sign.UNAVAILABLE),
    (OutcomeUnknown, Sign.UNAVAILABLE),
    (ConfigError, Sign.MISCONFIGURED),
)


def sign_of(error: AnyErpError) -> Sign | None:
    """What an error tells of the connection; None where it tells only of the call."""
    return next((sign for kind, sign in _SIGNS if isinstance(error, kind)), None)


class Book(Protocol):
    """Where signs are written down."""

    def now(self) -> datetime:
        """The moment."""
        ...

    def refusal(self, id: str) -> AnyErpError | None:
        """Why calls are not sent at present; None where they are."""
        ...

    def take(self, id: str, sign: Sign, error: AnyErpError | None, resource: str | None) -> None:
        """Write a sign down."""
        ...


class Watch:
    """One connection under watch. `probing` lets a call through that is meant to find out."""

    def __init__(self, id: str, book: Book) -> None:
        self.id, self._book = id, book
        self._connector: str | None = None
        self._stamped: dict[str | None, datetime] = {}
        self._resource: ContextVar[str | None] = ContextVar("resource", default=None)
        self.probing: ContextVar[bool] = ContextVar("probing", default=False)

    def worked(self) -> None:
        """The ERP answered with what was asked for."""
        if self.due():
            self._stamped[self._resource.get()] = self._book.now()
            self._take(Sign.WORKED, None)

    def due(self) -> bool:
        """Whether that it works is worth writing down again."""
        stamped = self._stamped.get(self._resource.get())
        return stamped is None or self._book.now() - stamped >= STAMP

    def failed(self, error: AnyErpError) -> None:
        """A call met an error; the same error, seen again on its way up, counts once."""
        sign = sign_of(error)
        if sign is None or getattr(error, "anyerp_hub_seen", False):
            return
        error.anyerp_hub_seen = True  # type: ignore[attr-defined]
        if sign is Sign.PERMISSION_DENIED and self._resource.get() is None:
            return  # closed is a resource; a call that belongs to none tells nothing
        self._stamped.clear()
        self._take(sign, error)

    def _take(self, sign: Sign, error: AnyErpError | None) -> None:
        try:
            self._book.take(self.id, sign, error, self._resource.get())
        except (StoreUnavailable, NoSuchThing) as trouble:  # what the ERP answered counts, not what we could note of it
            self._stamped.clear()
            log.warning("a sign of %s could not be written down: %s", self.id, trouble.message)

    def refuse(self) -> None:
        """Raise where calls are not sent at present: a wrong password, sent often, locks the user in several ERPs."""
        if self.probing.get():
            return
        try:
            refusal = self._book.refusal(self.id)
        except StoreUnavailable:
            return
        if refusal is not None:
            refusal.anyerp_hub_seen = True  # type: ignore[attr-defined]
            raise refusal

    def connector(self, connector: Connector, *, shared: bool) -> Connector:
        """The connector, watched; a shared one ends no session when one of its users closes it."""
        self._connector = connector.name
        names = {id(resource.lens.model): name for name, resource in connector.resources.items()}

        def about(ctx: Context) -> None:
            self._resource.set(None if ctx.lens is None else names.get(id(ctx.lens.model)))

        def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
            about(ctx)
            self.refuse()
            try:
                return (yield from connector.authorize(ctx))
            except AnyErpError as error:
                self.failed(error)
                raise

        def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
            about(ctx)
            error = connector.explain(ctx, request, response)
            self.failed(error)
            return error

        leave = None if shared else connector.leave
        return replace(connector, authorize=authorize, explain=explain, leave=leave)

    def traced(self, request: Request) -> AbstractContextManager[Span]:
        """A span for one request: which connection and resource, and no address, whose query may hold a secret."""
        return span(
            f"anyerp {request.method}", "client", http__request__method=request.method, anyerp__connection__id=self.id,
            anyerp__connector=self._connector, anyerp__resource=self._resource.get(),
        )  # fmt: skip

    def transport(self, transport: Transport) -> Transport:
        """The transport, watched."""
        return _Watched(self, transport)

    def atransport(self, transport: AsyncTransport) -> AsyncTransport:
        """The asynchronous transport, watched."""
        return _AsyncWatched(self, transport)


def answered(traced: Span, response: Response) -> None:
    """Say of a span what the ERP answered."""
    traced.say(http__response__status_code=response.status)
    if response.status >= 400:
        traced.failed(str(response.status))


class _Watched:
    def __init__(self, watch: Watch, inner: Transport) -> None:
        self._watch, self._inner = watch, inner

    def send(self, request: Request, url: str, headers: Mapping[str, str] = _NONE) -> Response:
        with self._watch.traced(request) as traced:
            try:
                response = self._inner.send(request, url, headers)
            except AnyErpError as error:
                self._watch.failed(error)
                raise
            answered(traced, response)
        if response.status < 400 and request.authorized:
            self._watch.worked()
        return response

    def close(self) -> None:
        """Nothing: the hub shares it, and closes it when it closes itself."""


class _AsyncWatched:
    def __init__(self, watch: Watch, inner: AsyncTransport) -> None:
        self._watch, self._inner = watch, inner

    async def send(self, request: Request, url: str, headers: Mapping[str, str] = _NONE) -> Response:
        with self._watch.traced(request) as traced:
            try:
                response = await self._inner.send(request, url, headers)
            except AnyErpError as error:
                self._watch.failed(error)
                raise
            answered(traced, response)
        if response.status < 400 and request.authorized and self._watch.due():
            await asyncio.to_thread(self._watch.worked)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


def closing(transport: Any) -> None:
    """Close what a watched transport carries."""
    transport._inner.close()  # noqa: SLF001 - made in this room
