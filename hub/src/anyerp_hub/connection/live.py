"""Opening: from stored settings and credentials to an anyerp connection under watch, and keeping it open."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import anyerp
from anyerp import AsyncConnection, Connection
from anyerp.connection.config import credentials_for, settings_for
from anyerp.connector import Connector, Flow
from anyerp.connector.declaration import TokenStore
from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError, ConfigError
from anyerp.transport import AsyncHttpTransport, HttpTransport, Limits, Transport
from pydantic import BaseModel, SecretBytes, SecretStr

from anyerp_hub.connection.watch import Watch, closing
from anyerp_hub.share import AsyncPace, Shares


@dataclass(frozen=True, slots=True)
class Given:
    """Settings and credentials, checked against the connector's models; `shown` is what may be shown of them."""

    connector: Connector
    settings: BaseModel
    credentials: BaseModel = field(repr=False)

    @classmethod
    def of(cls, connector: str, settings: Mapping[str, Any] | None, credentials: Mapping[str, Any] | None) -> Given:
        """Check them. Raises `ConfigError` with every field that does not fit, `UnknownConnector`."""
        found = registry().connector(connector)
        try:
            return cls(found, settings_for(found.settings, settings), credentials_for(found.credentials, credentials))
        except ConfigError as error:
            error.connector = connector
            raise

    @property
    def shown(self) -> dict[str, Any]:
        """The settings as JSON values, secrets masked."""
        return self.settings.model_dump(mode="json", exclude_none=True)

    def plain(self) -> bytes:
        """Everything as JSON, in the clear: for sealing, and for nothing else."""
        values = {"settings": self.settings.model_dump(), "credentials": self.credentials.model_dump()}
        return json.dumps(values, default=_reveal).encode()

    @classmethod
    def from_plain(cls, connector: str, text: bytes) -> Given:
        """What `plain` gave."""
        values = json.loads(text)
        return cls.of(connector, values["settings"], values["credentials"])


def _reveal(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, SecretBytes):
        return value.get_secret_value().decode()
    return str(value)


def opened(
    given: Given,
    watch: Watch | None,
    overlays: Any,
    cursor_key: bytes,
    limits: Limits | None,
    tokens: TokenStore | None = None,
    shares: Shares | None = None,
) -> Connection:
    """A connection; under watch where there is one, and in turn with other processes where they share."""
    base_url, options = _options(given)
    if shares is not None:
        options |= {"share": shares.lenient, "gate": shares.pace(options["account"])}
    client = registry().first("anyerp_transport", connector=given.connector.name, base_url=base_url)
    transport: Transport = HttpTransport(client, _borne(given, limits), **options)
    connector = given.connector
    if watch is not None:
        connector, transport = watch.connector(connector, shared=True), watch.transport(transport)
    try:
        return anyerp.connect(
            connector,
            settings=given.settings,  # type: ignore[arg-type]  # the model itself is taken as it is
            credentials=given.credentials,  # type: ignore[arg-type]
            transport=transport,
            overlays=overlays,
            cursor_key=cursor_key,
            tokens=tokens,
            share=None if shares is None else shares.strict,
        )
    except AnyErpError:
        transport.close()
        raise


def aopened(
    given: Given,
    watch: Watch,
    overlays: Any,
    cursor_key: bytes,
    limits: Limits | None,
    tokens: TokenStore,
    shares: Shares,
) -> AsyncConnection:
    """The same for an asynchronous host; whoever opened it closes it."""
    _, options = _options(given)
    options |= {"share": shares.lenient, "gate": AsyncPace(shares.pace(options["account"]))}
    transport = watch.atransport(AsyncHttpTransport(None, _borne(given, limits), **options))
    return anyerp.aconnect(
        watch.connector(given.connector, shared=False),
        settings=given.settings,  # type: ignore[arg-type]
        credentials=given.credentials,  # type: ignore[arg-type]
        transport=transport,
        overlays=overlays,
        cursor_key=cursor_key,
        tokens=tokens,
        share=shares.strict,
    )


def _borne(given: Given, limits: Limits | None) -> Limits:
    return Limits(max_in_flight=given.connector.limits.in_flight) if limits is None else limits


def _options(given: Given) -> tuple[str, dict[str, Any]]:
    base_url = given.connector.base_url(given.settings).rstrip("/")
    token_url = getattr(given.settings, "token_url", None)
    origins = [base_url, *([str(token_url)] if token_url else [])]
    account = f"{given.connector.name}|{base_url}"
    return base_url, {"trust_origin": origins, "observe": registry().observe, "account": account}


Leave = Callable[[Any], Flow[None]] | None


@dataclass(slots=True)
class _Open:
    revision: int
    connection: Connection
    watch: Watch
    leave: Leave


class Pool:
    """The connections that are open in this process, one for each id, remade when its revision moves on."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._old: list[tuple[Connection, Leave]] = []
        self._lock = threading.Lock()

    def get(self, id: str, revision: int) -> tuple[Connection, Watch] | None:
        """The open connection, if it is of this revision."""
        with self._lock:
            known = self._open.get(id)
            return (known.connection, known.watch) if known is not None and known.revision == revision else None

    def put(
        self, id: str, revision: int, connection: Connection, watch: Watch, leave: Leave
    ) -> tuple[Connection, Watch]:
        """Keep a connection; gives the one to use, which another thread may have put first."""
        with self._lock:
            known = self._open.get(id)
            if known is not None and known.revision >= revision:
                self._old.append((connection, leave))
                return known.connection, known.watch
            if known is not None:
                self._old.append((known.connection, known.leave))  # somebody may be using it: closed at the end
            self._open[id] = _Open(revision, connection, watch, leave)
            return connection, watch

    def close(self) -> None:
        """Close everything."""
        with self._lock:
            every = [*self._old, *((known.connection, known.leave) for known in self._open.values())]
            for connection, leave in every:
                close(connection, leave)
            self._old.clear()
            self._open.clear()


def close(connection: Connection, leave: Leave) -> None:
    """Let go of a connection that was opened here."""
    # Its public close() is for hosts, and does nothing here. A session may hold a licence: it is given back.
    if leave is not None:
        with suppress(AnyErpError):
            connection._runner.run(leave(connection._context))  # noqa: SLF001
    closing(connection._transport)  # noqa: SLF001
