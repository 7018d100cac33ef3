"""Watches as hosts use them: add, change, run now or as a job, look at, remove."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp import Connection
from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError, ConfigError, NotSupported
from sqlalchemy.exc import IntegrityError

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import info_of, plainly
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.job.info import Job
from anyerp_hub.job.ledger import Jobs
from anyerp_hub.store import Database, StoreUnavailable, table
from anyerp_hub.sync.look import advance, look, watch_row

_W = table.watch.c
#: How soon a look that failed is repeated, at most its own schedule; doubled each time.
_SOON = timedelta(minutes=1)
#: A look that died is repeated after so long.
_DEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ResourceWatch:
    """A resource of a connection that is looked at every so many seconds (None: on request only).

    `counts` and `error` are those of the last look. `deletions` looks for what is gone where that costs a reading of
    every id; `initial` tells at the first look of everything that is there.
    """

    id: str
    connection_id: str
    resource: str
    every: float | None
    deletions: bool
    initial: bool
    due_at: datetime | None
    failures: int
    looked_at: datetime | None
    counts: Mapping[str, int]
    error: Mapping[str, Any] | None
    created_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        facts: dict[str, Any] = plainly({name: getattr(self, name) for name in self.__slots__})
        return facts


class Watches:
    """What changes becomes `<resource>.created`, `.updated` and `.deleted`, each told at least once, none lost."""

    def __init__(self, database: Database, jobs: Jobs, connection: Callable[[str], Connection]) -> None:
        self._database, self._jobs, self._connection = database, jobs, connection

    def add(
        self,
        connection_id: str,
        resource: str,
        *,
        every: float | None = None,
        deletions: bool = False,
        initial: bool = False,
    ) -> ResourceWatch:
        """Watch a resource from now on, once for each connection. `every` counts seconds, from 1 to 30 days.

        Raises `NoSuchThing`, `NotSupported` where the resource cannot be listed here, `WrongState` where it is
        watched already.
        """
        if every is not None and not 1 <= every <= 2_592_000:
            raise ConfigError(f"every is a number of seconds from 1 to 2592000, not {every}")
        with self._database.read() as tx:
            connector = registry().connector(info_of(tx, connection_id).connector)
        found = connector.resources.get(resource)
        if found is None:
            raise NotSupported(
                f"{resource} is not offered here", connector=connector.name,
                hint=f"it has {', '.join(connector.resources)}",
            )  # fmt: skip
        try:
            with self._database.begin() as tx:
                now = self._database.now(tx)
                id = new_id("wat", now)
                values: dict[str, Any] = {"id": id, "connection_id": connection_id, "resource": resource}
                values |= {"every": every, "deletions": deletions, "initial": initial, "epoch": 0, "failures": 0}
                values |= {"due_at": None if every is None else now, "counts": {}, "created_at": now}
                tx.execute(table.watch.insert().values(values))
        except IntegrityError:
            raise WrongState(f"{resource} of this connection is watched already", hint="remove that first") from None
        self._jobs.wake()
        return self.get(id)

    def get(self, id: str) -> ResourceWatch:
        """One watch. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            return _watch(watch_row(tx, id))

    def list(
        self, connection_id: str | None = None, *, after: str | None = None, limit: int = 100
    ) -> builtins.list[ResourceWatch]:
        """Watches, oldest first, behind the watch `after`."""
        query = sa.select(table.watch).order_by(_W.id).limit(limit)
        query = query if connection_id is None else query.where(_W.connection_id == connection_id)
        query = query if after is None else query.where(_W.id > after)
        with self._database.read() as tx:
            return [_watch(row) for row in tx.execute(query)]

    def remove(self, id: str) -> None:
        """Watch no longer; what was told stays. Raises `NoSuchThing`."""
        with self._database.begin() as tx:
            if tx.execute(table.watch.delete().where(_W.id == id)).rowcount == 0:
                raise NoSuchThing(f"there is no watch {id}")

    def submit(self, id: str) -> Job:
        """Look now, as a job with progress; gives the job that does so already, if there is one."""
        return self._jobs.sync(self.get(id))

    def run(self, id: str) -> ResourceWatch:
        """Look now: returns when what changed is told. What fails is raised, and noted with the watch."""
        try:
            while True:
                seen = look(self._database, self._connection, id, lambda _: None)
                with self._database.begin() as tx:
                    if advance(tx, seen, self._database.now(tx)):
                        break
                self.get(id)  # another look was faster: from there on, unless the watch is gone
        except (StoreUnavailable, NoSuchThing):
            raise
        except AnyErpError as error:
            self._failed(id, error)
            raise
        self._jobs.wake()
        return self.get(id)

    def run_due(self) -> bool:
        """Look once where it is time; gives whether it was. What fails is noted, and repeated soon."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            due = sa.select(_W.id).where(_W.due_at <= now).order_by(_W.due_at).limit(1)
            id = tx.execute(due.with_for_update(skip_locked=True)).scalar()
            if id is None:
                return False
            tx.execute(table.watch.update().where(_W.id == id).values(due_at=now + _DEAD))
        try:
            self.run(id)
        except StoreUnavailable:
            raise
        except AnyErpError:
            pass  # noted with the watch
        return True

    def _failed(self, id: str, error: AnyErpError) -> None:
        with self._database.begin() as tx:
            now, row = self._database.now(tx), watch_row(tx, id)
            values: dict[str, Any] = {"failures": row.failures + 1, "error": error.to_dict(), "looked_at": now}
            if row.every is not None:
                wait = _SOON * int(2 ** min(row.failures, 10))
                values["due_at"] = now + min(timedelta(seconds=row.every), wait)
            tx.execute(table.watch.update().where(_W.id == id).values(values))


def _watch(row: Any) -> ResourceWatch:
    return ResourceWatch(**{name: getattr(row, name) for name in ResourceWatch.__slots__})
