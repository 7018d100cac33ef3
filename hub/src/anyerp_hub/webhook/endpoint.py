"""Endpoints: where events go, with which secrets, and the log of what became of each delivery."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.errors import ConfigError

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import info_of
from anyerp_hub.error import NoSuchThing
from anyerp_hub.event.catalogue import EVENTS, matches
from anyerp_hub.event.outbox import emit, send
from anyerp_hub.store import Database, table
from anyerp_hub.vault import Sealer
from anyerp_hub.webhook.guard import Guard
from anyerp_hub.webhook.signature import new_secret

_E, _D, _A, _V = table.endpoint.c, table.delivery.c, table.attempt.c, table.event.c
#: How long the secret of before a rotation still signs.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A receiver. `events` are types or groups (`connection.*`; none: all); without a connection it hears of all."""

    id: str
    url: str
    events: tuple[str, ...]
    connection_id: str | None
    disabled_at: datetime | None
    disabled_because: str | None
    failing_since: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """A new endpoint, or one with a new secret, which is shown this once."""

    endpoint: Endpoint
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint. `state` is pending, delivered, failed or cancelled."""

    id: str
    event_id: str
    type: str
    endpoint_id: str
    state: str
    attempts: tuple[Mapping[str, Any], ...]
    due_at: datetime | None
    created_at: datetime
    done_at: datetime | None


class Webhooks:
    """Endpoints and deliveries."""

    def __init__(self, database: Database, sealer: Sealer, guard: Guard) -> None:
        self._database, self._sealer, self._guard = database, sealer, guard

    def add(self, url: str, *, events: Sequence[str] = (), connection_id: str | None = None) -> NewEndpoint:
        """Send events to a URL from now on; gives the secret that signs them. Raises `UnsafeAddress`."""
        unknown = [pattern for pattern in events if not any(matches([pattern], known) for known in EVENTS)]
        if unknown:
            raise ConfigError(f"{unknown[0]} is no event", hint=f"for instance {', '.join(list(EVENTS)[:3])}, job.*")
        host, port = self._guard.address(url)
        try:
            self._guard.checked(host, port)
        except OSError:
            raise ConfigError(f"{host} cannot be found", hint="the name must be known to this machine") from None
        secret = new_secret()
        with self._database.begin() as tx:
            now = self._database.now(tx)
            if connection_id is not None:
                info_of(tx, connection_id)
            id = new_id("whe", now)
            values: dict[str, Any] = {"id": id, "url": url, "events": list(events), "connection_id": connection_id}
            values |= {"sealed": self._sealer.seal("endpoint", id, secret.encode()), "created_at": now}
            tx.execute(table.endpoint.insert().values(values))
            return NewEndpoint(_endpoint(self._row(tx, id)), secret)

    def list(self) -> list[Endpoint]:
        """Every endpoint, oldest first."""
        with self._database.read() as tx:
            return [_endpoint(row) for row in tx.execute(sa.select(table.endpoint).order_by(_E.id))]

    def get(self, id: str) -> Endpoint:
        """One endpoint. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            return _endpoint(self._row(tx, id))

    def remove(self, id: str) -> None:
        """Forget an endpoint and its log."""
        with self._database.begin() as tx:
            self._row(tx, id)
            tx.execute(table.endpoint.delete().where(_E.id == id))

    def enable(self, id: str) -> Endpoint:
        """Take up an endpoint again that was disabled; what it missed can be replayed."""
        values = {"disabled_at": None, "disabled_because": None, "failing_since": None}
        with self._database.begin() as tx:
            self._row(tx, id)
            tx.execute(table.endpoint.update().where(_E.id == id).values(values))
            return _endpoint(self._row(tx, id))

    def rotate_secret(self, id: str, overlap: timedelta = OVERLAP) -> NewEndpoint:
        """A new secret; that of before signs beside it until the overlap is over."""
        secret = new_secret()
        with self._database.begin() as tx:
            now, row = self._database.now(tx), self._row(tx, id)
            values = {"sealed": self._sealer.seal("endpoint", id, secret.encode()), "sealed_before": row.sealed}
            tx.execute(table.endpoint.update().where(_E.id == id).values(**values, before_until=now + overlap))
            return NewEndpoint(_endpoint(self._row(tx, id)), secret)

    def test(self, id: str) -> str:
        """Send a `webhook.test` to one endpoint; gives the id of the delivery."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            row = self._row(tx, id)
            event = emit(tx, now, "webhook.test", row.connection_id, {"message": "It works."})
            mine = sa.and_(_D.event_id == event, _D.endpoint_id == id)
            tx.execute(table.delivery.delete().where(_D.event_id == event, _D.endpoint_id != id))
            found: str | None = tx.execute(sa.select(_D.id).where(mine)).scalar()
            return found or send(tx, now, event, [id])[0]

    def replay(
        self,
        id: str,
        *,
        event_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        only_failed: bool = False,
    ) -> int:
        """Send events once more, one by its id or those of a time range, with the ids that they had; gives how many.

        Events that never were on their way here (while it was disabled) are taken along.
        """
        if event_id is None and since is None:
            raise ConfigError("say which events to replay", hint="event_id=, or since= and perhaps until=")
        with self._database.begin() as tx:
            now, row = self._database.now(tx), self._row(tx, id)
            query = sa.select(_V.id, _V.type).order_by(_V.seq)
            for column, value in ((_V.id, event_id), (_V.connection_id, row.connection_id)):
                query = query if value is None else query.where(column == value)
            query = query if since is None else query.where(_V.at >= since)
            query = query if until is None else query.where(_V.at < until)
            wanted = [found.id for found in tx.execute(query) if matches(row.events, found.type)]
            if only_failed:
                done = sa.select(_D.event_id).where(_D.endpoint_id == id, _D.state == "delivered")
                delivered = set(tx.execute(done).scalars())
                wanted = [one for one in wanted if one not in delivered]
            for one in wanted:
                self._again(tx, now, one, id)
            return len(wanted)

    def deliveries(
        self, endpoint_id: str | None = None, *, state: str | None = None, after: str | None = None, limit: int = 100
    ) -> builtins.list[Delivery]:
        """The log, newest first, behind the delivery `after`, each with its attempts."""
        query = sa.select(table.delivery, _V.type).join(table.event, _V.id == _D.event_id)
        for column, value in ((_D.endpoint_id, endpoint_id), (_D.state, state)):
            query = query if value is None else query.where(column == value)
        if after is not None:
            query = query.where(_D.id < after)
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(_D.id.desc()).limit(limit)).all()
            tries: dict[str, list[Mapping[str, Any]]] = {row.id: [] for row in rows}
            found = sa.select(table.attempt).where(_A.delivery_id.in_(list(tries))).order_by(_A.seq)
            for row in tx.execute(found).mappings():
                tries[row["delivery_id"]].append({k: row[k] for k in ("at", "status", "error", "milliseconds")})
        return [
            Delivery(
                row.id, row.event_id, row.type, row.endpoint_id, row.state, tuple(tries[row.id]),
                row.due_at, row.created_at, row.done_at,
            )
            for row in rows
        ]  # fmt: skip

    def _again(self, tx: sa.Connection, now: datetime, event_id: str, endpoint_id: str) -> None:
        mine = sa.and_(_D.event_id == event_id, _D.endpoint_id == endpoint_id)
        values = {"state": "pending", "attempts": 0, "due_at": now, "lease_until": None, "done_at": None}
        if tx.execute(table.delivery.update().where(mine).values(values)).rowcount == 0:
            send(tx, now, event_id, [endpoint_id])

    def _row(self, tx: sa.Connection, id: str) -> Any:
        row = tx.execute(sa.select(table.endpoint).where(_E.id == id)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no webhook endpoint {id}")
        return row


def _endpoint(row: Any) -> Endpoint:
    values = {name: getattr(row, name) for name in Endpoint.__slots__}
    return Endpoint(**{**values, "events": tuple(row.events)})
