"""The outbox: an event is a row of the same transaction as the change that it tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import plainly
from anyerp_hub.event.catalogue import EVENTS, matches
from anyerp_hub.store import table

_E = table.event.c


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `data` holds plain JSON values and no secret."""

    seq: int
    id: str
    type: str
    at: datetime
    connection_id: str | None
    data: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The event as webhooks carry it."""
        facts: dict[str, Any] = plainly({"id": self.id, "type": self.type, "timestamp": self.at, "data": self.data})
        return facts


def emit(tx: sa.Connection, at: datetime, type: str, connection_id: str | None, data: Mapping[str, Any]) -> str:
    """Note an event; gives its id."""
    assert type in EVENTS, f"{type} is not in the catalogue"
    id = new_id("evt", at)
    values = {"id": id, "type": type, "at": at, "connection_id": connection_id}
    tx.execute(table.event.insert().values(**values, data=plainly({"connection_id": connection_id, **data})))
    columns = table.endpoint.c
    wanted = sa.or_(columns.connection_id.is_(None), columns.connection_id == connection_id)
    query = sa.select(columns.id, columns.events).where(columns.disabled_at.is_(None), wanted)
    send(tx, at, id, [row.id for row in tx.execute(query) if matches(row.events, type)])
    return id


def send(tx: sa.Connection, at: datetime, event_id: str, endpoint_ids: Sequence[str]) -> list[str]:
    """Put an event on its way to endpoints; gives the ids of the deliveries."""
    ids = [new_id("dlv", at) for _ in endpoint_ids]
    common = {"event_id": event_id, "state": "pending", "attempts": 0, "due_at": at, "created_at": at}
    rows = [{"id": id, "endpoint_id": endpoint, **common} for id, endpoint in zip(ids, endpoint_ids, strict=True)]
    if rows:
        tx.execute(table.delivery.insert(), rows)
    return ids


def events(
    tx: sa.Connection,
    *,
    after: int = 0,
    connection_id: str | None = None,
    types: str | None = None,
    without: Sequence[str] = (),
    limit: int = 100,
) -> list[Event]:
    """Events in order, behind the sequence number `after`; `types` is one type, or a group such as `job.*`.

    `without` names resources whose records are left out.
    """
    query = sa.select(table.event).where(_E.seq > after).order_by(_E.seq).limit(limit)
    for resource in without:
        query = query.where(~_E.type.startswith(f"{resource}.", autoescape=True))
    if connection_id is not None:
        query = query.where(_E.connection_id == connection_id)
    if types is not None:
        prefix = types.removesuffix("*")
        query = query.where(_E.type.startswith(prefix, autoescape=True) if prefix != types else _E.type == types)
    return [Event(*row) for row in tx.execute(query)]
