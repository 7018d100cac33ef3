"""Exports: what changed in a resource goes to files or a table, and the position advances with it.

A run begins with a claim, which takes the right to advance from every run before it. Files get their names within the
transaction that advances; their number is part of the position, so that a run which died in between is followed by one
that writes the same file again. Rows of a table are put by id, which may happen twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from anyerp import Connection
from anyerp.connection.changed import Changed
from anyerp.errors import Conflict

from anyerp_hub.error import NoSuchThing
from anyerp_hub.flow.definition import Files, Flow, Sql
from anyerp_hub.flow.files import Writer
from anyerp_hub.flow.path import columns
from anyerp_hub.flow.row import rows_of, typed
from anyerp_hub.flow.sql import Table
from anyerp_hub.store import Database, table

_F = table.flow.c


def anew(position: str | None) -> str | None:
    """The position at which a flow reads everything again, and writes over no file that it has made."""
    return None if position is None else json.dumps({"part": json.loads(position)["part"], "state": None})


def export(
    database: Database,
    connection: Callable[[str], Connection],
    name: str,
    done: Callable[[sa.Connection, datetime, dict[str, int]], None],
) -> None:
    """Carry out a run of the flow `name`; `done` is called in the transaction that advances it."""
    with database.begin() as tx:
        tx.execute(table.flow.update().where(_F.name == name).values(epoch=_F.epoch + 1))
        row = tx.execute(sa.select(table.flow).where(_F.name == name)).one_or_none()
    if row is None:
        raise NoSuchThing(f"there is no flow {name}")
    flow = Flow.model_validate(row.definition)
    at: dict[str, Any] = json.loads(row.position) if row.position else {"part": 0, "state": None}
    target, made = flow.write, f"{row.created_at:%Y%m%dT%H%M%SZ}"
    assert isinstance(target, Files | Sql)
    shape, letters = columns(flow), flow.on_problem == "dead-letter"

    def changed() -> Changed[Any]:
        source = connection(flow.read.connection).collection(flow.read.resource)
        return source.changes(at["state"], deletions=target.deletions)

    def advance(found: Changed[Any], counts: dict[str, int], part: int, show: Callable[[], None] | None) -> None:
        read = {"read": len(found.created) + len(found.updated)}
        with database.begin() as tx:
            position = json.dumps({"part": part, "state": found.state})
            mine = sa.and_(_F.name == name, _F.epoch == row.epoch)
            if tx.execute(table.flow.update().where(mine).values(position=position, failures=0)).rowcount == 0:
                raise Conflict("a later run of this flow has begun", hint="nothing is lost: it reads the same and more")
            done(tx, database.now(tx), read | counts)
            if show is not None:
                show()

    if isinstance(target, Sql):
        with closing(Table(target, shape, flow.read.resource, f"{name} {made}", row.epoch)) as into:
            found = changed()
            rows = rows_of(flow, found, lambda values: typed(shape, values))
            into.write(rows, letters, flow.batch_size, flow.pause)
            advance(found, rows.counts, at["part"], None)
        return
    part = at["part"] + 1
    writer = Writer(target, shape, f"{name}-{made}-{part:06d}", f"{row.epoch}")
    found = changed()
    rows = rows_of(flow, found, writer.shape)
    writer.stage(rows, letters)
    try:
        advance(found, rows.counts, part if rows.rows or rows.problems else at["part"], writer.show)
    finally:
        writer.drop()
