"""Connections as a host manages them: made, found, reconnected, paused, disconnected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.connector import TokenStore
from anyerp.errors import AnyErpError, ConfigError, PermissionDenied
from anyerp.transport import Limits

from anyerp_hub.clock import new_id
from anyerp_hub.connection import change
from anyerp_hub.connection.check import demand, refuse_without_consent
from anyerp_hub.connection.ending import Ending, of_credentials
from anyerp_hub.connection.info import ConnectionInfo, info_of, infos, row_of
from anyerp_hub.connection.live import Given, opened
from anyerp_hub.connection.state import Health, Lifecycle, Sign
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.share import Shares
from anyerp_hub.store import Database, table
from anyerp_hub.vault import Sealer
from anyerp_hub.vault.store import SealedTokens, forget_tokens
from anyerp_hub.vault.token import Tokens

_C, _TAG = table.connection.c, table.connection_tag.c
PROBE_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection and its first token, which is shown this once."""

    info: ConnectionInfo
    token: str = field(repr=False)

    @property
    def id(self) -> str:
        """The connection's id."""
        return self.info.id


class Connections:
    """What is remembered of connections, and the ways to change it."""

    def __init__(
        self, database: Database, sealer: Sealer, tokens: Tokens, limits: Limits | None, shares: Shares
    ) -> None:
        self._database, self._sealer, self._tokens, self._limits = database, sealer, tokens, limits
        self._shares = shares

    def connect(
        self,
        connector: str,
        settings: Mapping[str, Any] | None,
        credentials: Mapping[str, Any] | None,
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
        overlays: Any = None,
        expires_at: datetime | None = None,
        check: bool = True,
        actor: str = "host",
        tokens: TokenStore | None = None,
    ) -> Connected:
        """Try a connection, then remember it and issue its token. What does not work is not remembered.

        `tokens` are those that a user's consent has given; they are stored with it.
        """
        given = Given.of(connector, settings, credentials)
        if tokens is None:
            refuse_without_consent(given.connector, type(given.credentials))
        denied = self.tried(given, overlays, tokens) if check else {}
        with self._database.begin() as tx:
            now = self._database.now(tx)
            id = self._insert(tx, now, connector, name or given.connector.title, tags, metadata or {})
            self._store(tx, id, given, overlays, _ends(given, expires_at), now)
            self._keep(tx, id, tokens)
            row = row_of(tx, id)
            change.record(tx, now, id, actor, "create", {"connector": connector})
            change.move(tx, row, "connected", now, actor)
            self._opening(tx, id, now, denied)
            issued = self._tokens.issue_in(tx, id, name="first token")
            return Connected(info_of(tx, id), issued.secret)

    def reconnect(
        self,
        id: str,
        *,
        credentials: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        overlays: Any = None,
        expires_at: datetime | None = None,
        check: bool = True,
        actor: str = "host",
        tokens: TokenStore | None = None,
    ) -> ConnectionInfo:
        """Give a connection new credentials (or settings, or overlays): id, tokens, jobs and history stay.

        What is not given stays as it is. They are tried first: those that do not work change nothing.
        """
        before = self.given(id)
        old = None if before is None else before[0]
        if old is None and credentials is None:
            raise ConfigError("this connection has no credentials yet", hint="give credentials=")
        info = self.get(id)
        given = Given.of(
            info.connector,
            settings if settings is not None or old is None else old.settings,  # type: ignore[arg-type]
            credentials if credentials is not None or old is None else old.credentials,  # type: ignore[arg-type]
        )
        overlays = overlays if overlays is not None else None if before is None else before[1]
        denied = {}
        if check:
            store = tokens or SealedTokens(self._database, self._sealer, id)
            denied = self.tried(given, overlays, store, given_now=credentials is not None)
        with self._database.begin() as tx:
            now = self._database.now(tx)
            row = row_of(tx, id)
            same = credentials is None and expires_at is None  # then they end when they did before
            self._store(tx, id, given, overlays, {} if same else _ends(given, expires_at), now)
            self._keep(tx, id, tokens)
            change.move(tx, row, "reconnect", now, actor)
            self._opening(tx, id, now, denied)
            return info_of(tx, id)

    def tried(
        self, given: Given, overlays: Any, tokens: TokenStore | None = None, *, given_now: bool = True
    ) -> dict[str, PermissionDenied]:
        """Try settings and credentials; gives what is closed to them. Raises what makes them useless.

        `given_now`: the credentials are not those that are stored, which the words of an error are to tell.
        """
        erp = opened(given, None, overlays, b"\0" * 32, self._limits, tokens, self._shares)
        try:
            return demand(erp.check())  # type: ignore[return-value]
        except AnyErpError as error:
            error.anyerp_hub_given = given_now  # type: ignore[attr-defined]
            raise
        finally:
            erp.close()

    def prepare(
        self, connector: str, *, name: str | None, tags: Sequence[str], metadata: Mapping[str, Any], actor: str
    ) -> str:
        """A connection that waits for a person to fill in the rest; gives its id."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            id = self._insert(tx, now, connector, name or connector, tags, metadata)
            change.record(tx, now, id, actor, "create", {"connector": connector})
            change.move(tx, row_of(tx, id), "ask", now, actor)
            return id

    def get(self, id: str) -> ConnectionInfo:
        """One connection. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            return info_of(tx, id)

    def standing(self, id: str) -> tuple[Lifecycle, int]:
        """Lifecycle and revision only, for every call's sake. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            row = tx.execute(sa.select(_C.lifecycle, _C.revision).where(_C.id == id)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no connection {id}")
        return Lifecycle(row.lifecycle), row.revision

    def list(
        self,
        *,
        lifecycle: str | None = None,
        health: str | None = None,
        tag: str | None = None,
        connector: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[ConnectionInfo]:
        """Connections, oldest first, behind the id `after`."""
        query = sa.select(table.connection).order_by(_C.id).limit(limit)
        for column, value in ((_C.lifecycle, lifecycle), (_C.health, health), (_C.connector, connector)):
            if value is not None:
                query = query.where(column == value)
        if after is not None:
            query = query.where(_C.id > after)
        if tag is not None:
            query = query.where(_C.id.in_(sa.select(_TAG.connection_id).where(_TAG.tag == tag)))
        with self._database.read() as tx:
            return infos(tx, query)

    def change(
        self,
        id: str,
        *,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "host",
    ) -> ConnectionInfo:
        """Change name, tags or metadata (each as a whole)."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            row_of(tx, id)
            values = {"name": name, "metadata": None if metadata is None else dict(metadata)}
            values = {key: value for key, value in values.items() if value is not None}
            tx.execute(table.connection.update().where(_C.id == id).values(updated_at=now, **values))
            if tags is not None:
                tx.execute(table.connection_tag.delete().where(_TAG.connection_id == id))
                _tagged(tx, id, tags)
            change.record(tx, now, id, actor, "change", {"changed": sorted({*values, *(["tags"] if tags else [])})})
            return info_of(tx, id)

    def move(self, id: str, trigger: str, actor: str = "host") -> ConnectionInfo:
        """Pause, resume or disconnect. Raises `WrongState`."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            values: dict[str, Any] = {}
            if trigger == "disconnect":  # forgotten at once; reconnecting asks for them again
                values = {"sealed": None, "revision": _C.revision + 1, "probe_at": None}
                forget_tokens(tx, id)
            change.move(tx, row_of(tx, id), trigger, now, actor, **values)
            return info_of(tx, id)

    def given(self, id: str) -> tuple[Given, Any, int] | None:
        """Settings and credentials opened, overlays, revision; None where there are none. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            query = sa.select(_C.connector, _C.sealed, _C.overlays, _C.revision).where(_C.id == id)
            row = tx.execute(query).one_or_none()
        if row is None:
            self.get(id)  # raises
        if row is None or row.sealed is None:
            return None
        given = Given.from_plain(row.connector, self._sealer.open("connection", id, row.sealed))
        return given, row.overlays, row.revision

    # What the watch needs

    def wall(self) -> datetime:
        """The moment, by this machine's clock."""
        return self._database.wall()

    def take(self, id: str, sign: Sign, error: AnyErpError | None, resource: str | None) -> Health:
        """Write a sign of health down; gives the health now."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            row = row_of(tx, id)
            if Lifecycle(row.lifecycle) not in (Lifecycle.ACTIVE, Lifecycle.PAUSED):
                return Health(row.health)
            health: Health = change.note(tx, row, sign, now, error, resource)
            return health

    def _insert(
        self,
        tx: sa.Connection,
        now: datetime,
        connector: str,
        name: str,
        tags: Sequence[str],
        metadata: Mapping[str, Any],
    ) -> str:
        id = new_id("con", now)
        values = {"id": id, "connector": connector, "name": name, "lifecycle": Lifecycle.CREATED, "since": now}
        values |= {"health": Health.OK, "settings": {}, "metadata": dict(metadata), "revision": 0, "streak": 0}
        values |= {"probe_failures": 0, "created_at": now, "updated_at": now}
        tx.execute(table.connection.insert().values(values))
        _tagged(tx, id, tags)
        return id

    def _store(
        self, tx: sa.Connection, id: str, given: Given, overlays: Any, ends: Mapping[str, Any], now: datetime
    ) -> None:
        values: dict[str, Any] = {"settings": given.shown, "overlays": overlays, "revision": _C.revision + 1}
        values |= {"sealed": self._sealer.seal("connection", id, given.plain()), "probe_at": now + PROBE_EVERY}
        values |= {**ends, "updated_at": now}
        tx.execute(table.connection.update().where(_C.id == id).values(values))

    def _keep(self, tx: sa.Connection, id: str, tokens: TokenStore | None) -> None:
        if tokens is not None:
            SealedTokens(self._database, self._sealer, id).save_in(tx, tokens.load() or {})

    def _opening(self, tx: sa.Connection, id: str, now: datetime, denied: Mapping[str, AnyErpError]) -> None:
        change.note(tx, row_of(tx, id), Sign.RECONNECTED, now, None, None)
        for resource, error in denied.items():
            change.note(tx, row_of(tx, id), Sign.PERMISSION_DENIED, now, error, resource)


def _ends(given: Given, expires_at: datetime | None) -> dict[str, datetime | None]:
    """When credentials end, as a row holds it: as the host says, or as a certificate among them does."""
    ending = of_credentials(given.credentials) if expires_at is None else Ending.of(expires_at)
    return {"credentials_expire_at": None, "expiring_at": None} if ending is None else {**ending.columns()}


def _tagged(tx: sa.Connection, id: str, tags: Sequence[str]) -> None:
    if tags:
        tx.execute(table.connection_tag.insert(), [{"connection_id": id, "tag": tag} for tag in sorted(set(tags))])


def usable(lifecycle: Lifecycle) -> None:
    """Raise `WrongState` where a connection is not there to be used."""
    if lifecycle is not Lifecycle.ACTIVE:
        hints = {
            Lifecycle.PAUSED: "resume it",
            Lifecycle.DISCONNECTED: "reconnect it: its id stays",
            Lifecycle.PENDING_AUTH: "somebody must complete the connect page",
        }
        raise WrongState(f"the connection is {lifecycle}", hint=hints.get(lifecycle))
