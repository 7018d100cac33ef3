"""One look at a watched resource: read what changed, then store state and events together, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp import Connection
from anyerp.connection.changed import Changed
from anyerp.model.base import Record

from anyerp_hub.error import NoSuchThing
from anyerp_hub.event.outbox import emit
from anyerp_hub.store import Database, table

_W = table.watch.c


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. `row` is the watch as it stood when the look began."""

    row: Any
    changed: Changed[Any]
    counts: dict[str, int]


def watch_row(tx: sa.Connection, id: str) -> Any:
    """The row of a watch. Raises `NoSuchThing`."""
    row = tx.execute(sa.select(table.watch).where(_W.id == id)).one_or_none()
    if row is None:
        raise NoSuchThing(f"there is no watch {id}")
    return row


def look(database: Database, connection: Callable[[str], Connection], id: str, progress: Callable[[int], None]) -> Seen:
    """Read what changed since the last look; nothing is stored. Tells `progress` how many records were read."""
    with database.read() as tx:
        row = watch_row(tx, id)
    collection: Any = connection(row.connection_id).collection(row.resource)
    count = 0

    def counted(so_far: int) -> None:
        nonlocal count
        count = so_far
        progress(so_far)

    found: Changed[Any] = collection.changes(row.state, deletions=row.deletions, progress=counted)
    told = row.state is not None or row.initial
    lists = (found.created, found.updated, found.deleted) if told else ((), (), ())
    counts = dict(zip(("created", "updated", "deleted"), map(len, lists), strict=True))
    return Seen(row, found, {"read": count, **counts})


def advance(tx: sa.Connection, seen: Seen, now: datetime) -> bool:
    """Store the state and an event for each change; False, and nothing is stored, where another look was faster.

    Of the first look nothing is told unless the watch asks for it (`initial`): what was there is the beginning.
    """
    row = seen.row
    mine = sa.and_(_W.id == row.id, _W.epoch == row.epoch)
    values: dict[str, Any] = {"state": seen.changed.state, "epoch": row.epoch + 1, "failures": 0, "error": None}
    values |= {"looked_at": now, "counts": seen.counts}
    values["due_at"] = None if row.every is None else now + timedelta(seconds=row.every)
    if tx.execute(table.watch.update().where(mine).values(values)).rowcount == 0:
        return False
    if row.state is None and not row.initial:
        return True
    for change, records in (("created", seen.changed.created), ("updated", seen.changed.updated)):
        for record in records:
            _tell(tx, now, row, change, record.id, {"record": _plain(record)})
    for id in seen.changed.deleted:
        _tell(tx, now, row, "deleted", id, {})
    return True


def _tell(tx: sa.Connection, now: datetime, row: Any, change: str, id: str, more: dict[str, Any]) -> None:
    data = {"watch_id": row.id, "resource": row.resource, "id": id, **more}
    emit(tx, now, f"{row.resource}.{change}", row.connection_id, data)


def _plain(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True, exclude={"raw"}, warnings=False)
