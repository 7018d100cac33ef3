"""The outbox: an event is a row of the same transaction as the change that it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import plainly
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
    id = new_id("evt", at)
    values = {"id": id, "type": type, "at": at, "connection_id": connection_id}
    tx.execute(table.event.insert().values(**values, data=plainly({"connection_id": connection_id, **data})))
    return id


def events(
    tx: sa.Connection,
    *,
    after: int = 0,
    connection_id: str | None = None,
    types: str | None = None,
    limit: int = 100,
) -> list[Event]:
    """Events in order, behind the sequence number `after`; `types` is one type, or a group such as `job.*`."""
    query = sa.select(table.event).where(_E.seq > after).order_by(_E.seq).limit(limit)
    if connection_id is not None:
        query = query.where(_E.connection_id == connection_id)
    if types is not None:
        prefix = types.removesuffix("*")
        query = query.where(_E.type.startswith(prefix, autoescape=True) if prefix != types else _E.type == types)
    return [Event(*row) for row in tx.execute(query)]
