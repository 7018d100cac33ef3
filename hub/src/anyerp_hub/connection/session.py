"""Connect sessions: a link, valid for a while and once, by which a person fills in what only they know."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.connector.registry import registry
from anyerp.errors import ConfigError

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import info_of
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import Database, table

_S = table.connect_session.c
VALID = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ConnectSession:
    """What a link is for: a new connection (of a given system, or one to choose), or an existing one to reconnect."""

    id: str
    connection_id: str | None
    connector: str | None
    name: str | None
    tags: tuple[str, ...]
    metadata: Mapping[str, Any]
    return_url: str | None
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A new session: `link` is the last part of its address, shown this once."""

    session: ConnectSession
    link: str = field(repr=False)


class Sessions:
    """Makes links, and finds what they are for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        *,
        connector: str | None = None,
        connection_id: str | None = None,
        name: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
        return_url: str | None = None,
        valid_for: timedelta = VALID,
    ) -> NewSession:
        """A link to send to whoever knows the password. With a `connection_id` it reconnects that one."""
        if connector is not None:
            registry().connector(connector)
        if return_url is not None and not return_url.startswith(("https://", "http://")):
            raise ConfigError("return_url must begin with https://")
        if not timedelta(0) < valid_for <= timedelta(days=30):
            raise ConfigError("a link is valid for up to 30 days")
        link = secrets.token_urlsafe(32)
        with self._database.begin() as tx:
            now = self._database.now(tx)
            if connection_id is not None:
                info = info_of(tx, connection_id)
                connector, name = info.connector, info.name
            id = new_id("ses", now)
            values: dict[str, Any] = {"id": id, "digest": _digest(link), "connection_id": connection_id}
            values |= {"connector": connector, "name": name, "tags": list(tags), "metadata": dict(metadata or {})}
            values |= {"return_url": return_url, "created_at": now, "expires_at": now + valid_for}
            tx.execute(table.connect_session.insert().values(values))
            row = tx.execute(sa.select(table.connect_session).where(_S.id == id)).one()
        return NewSession(_session(row), link)

    def find(self, link: str) -> ConnectSession:
        """What a link is for. Raises `NoSuchThing` for one that is unknown, over, or used."""
        with self._database.read() as tx:
            now = self._database.now(tx)
            row = tx.execute(sa.select(table.connect_session).where(_S.digest == _digest(link))).one_or_none()
        if row is None or row.expires_at <= now or row.used_at is not None:
            raise NoSuchThing("this link is not valid any more", hint="ask whoever sent it for a new one")
        return _session(row)

    def use(self, link: str) -> None:
        """Take a link for its one use. Raises `NoSuchThing` where another was faster."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            mine = sa.and_(_S.digest == _digest(link), _S.used_at.is_(None))
            if tx.execute(table.connect_session.update().where(mine).values(used_at=now)).rowcount == 0:
                raise NoSuchThing("this link was used already")

    def give_back(self, link: str) -> None:
        """What was tried did not work: the link may be used again."""
        with self._database.begin() as tx:
            tx.execute(table.connect_session.update().where(_S.digest == _digest(link)).values(used_at=None))

    def done(self, link: str, connection_id: str) -> None:
        """Note which connection came of it."""
        with self._database.begin() as tx:
            mine = _S.digest == _digest(link)
            tx.execute(table.connect_session.update().where(mine).values(connection_id=connection_id))

    def get(self, id: str) -> ConnectSession:
        """A session by its id, used or not. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            row = tx.execute(sa.select(table.connect_session).where(_S.id == id)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no connect session {id}")
        return _session(row)


def _digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def _session(row: Any) -> ConnectSession:
    values = {name: getattr(row, name) for name in ConnectSession.__slots__}
    return ConnectSession(**{**values, "tags": tuple(row.tags)})
