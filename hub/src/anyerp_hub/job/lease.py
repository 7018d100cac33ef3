"""Leases: who works on which job, for how long, and how one who was thought dead is kept from writing.

Every taking raises the job's `epoch`. Whatever a worker writes, it writes only where the epoch is still its own, and
before it sends anything it looks whether its lease can have ended; a worker that was stopped for too long and wakes up
finds a higher epoch, and gives up (`Fenced`).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from anyerp_hub.job.info import JobState, enter
from anyerp_hub.share.fence import SURE, clock, fenced
from anyerp_hub.store import Database, StoreUnavailable, table

#: Seconds after which a silent worker is taken for dead.
LEASE = 15.0
_J = table.job.c


class Fenced(Exception):
    """Somebody else works on this job by now."""


@dataclass(frozen=True, slots=True)
class Held:
    """A job in somebody's hands."""

    id: str
    epoch: int
    row: Any
    asked_at: float


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    """What can be worked on: jobs whose time has come, and those of the dead."""
    awake = sa.or_(_J.wake_at.is_(None), _J.wake_at <= now)
    ready = sa.and_(_J.state.in_((JobState.QUEUED, JobState.WAITING)), awake)
    return sa.or_(ready, sa.and_(_J.state == JobState.RUNNING, _J.lease_until <= now))


def ready(database: Database, limit: int = 100, of: Collection[str] | None = None) -> list[str]:
    """Jobs that can be worked on, those first that have waited longest: all, or those among these."""
    with database.read() as tx:
        query = (
            sa.select(_J.id).where(_ready(database.now(tx))).order_by(_J.served_at.is_not(None), _J.served_at, _J.id)
        )
        query = query if of is None else query.where(_J.id.in_(of))
        return list(tx.execute(query.limit(limit)).scalars())


def take(database: Database, owner: str, lease: float) -> Held | None:
    """The next job to work on, if there is one: the connection's turn that came longest ago goes first."""
    asked_at = clock()
    with database.begin() as tx:
        now = database.now(tx)
        other = table.job.alias("other")
        turn = (
            sa.select(sa.func.max(other.c.served_at)).where(other.c.connection_id == _J.connection_id).scalar_subquery()
        )
        query = sa.select(table.job).where(_ready(now))
        order = (turn.is_not(None), turn, _J.served_at.is_not(None), _J.served_at, _J.id)
        row = tx.execute(query.order_by(*order).limit(1).with_for_update(skip_locked=True, of=table.job)).one_or_none()
        if row is None:
            return None
        values = {"epoch": row.epoch + 1, "owner": owner, "lease_until": now + timedelta(seconds=lease)}
        values |= {"started_at": row.started_at or now, "served_at": now, "wake_at": None}
        tx.execute(table.job.update().where(_J.id == row.id).values(values))
        if row.state == JobState.QUEUED and row.started_at is None:
            enter(tx, row.id, JobState.RUNNING, now)
        else:
            tx.execute(table.job.update().where(_J.id == row.id).values(state=JobState.RUNNING))
        return Held(row.id, row.epoch + 1, row, asked_at)


def hold(tx: sa.Connection, held: Held, until: datetime) -> str | None:
    """Renew a lease, first thing in a transaction; gives what is wanted of the job. Raises `Fenced`."""
    mine = sa.and_(_J.id == held.id, _J.epoch == held.epoch, _J.state == JobState.RUNNING)
    if tx.execute(table.job.update().where(mine).values(lease_until=until)).rowcount == 0:
        raise Fenced(held.id)
    wanted: str | None = tx.execute(sa.select(_J.wanted).where(_J.id == held.id)).scalar_one()
    return wanted


class Lease:
    """A lease in the hands of one who works. `look` is a fence: it lets nothing go out that another may be sending."""

    def __init__(self, database: Database, held: Held, lease: float) -> None:
        self._database, self._held, self._lease = database, held, lease
        self._sure = held.asked_at + lease * SURE

    def renew(self) -> None:
        """Renew it. Raises `Fenced`."""
        asked_at = clock()
        with self._database.begin() as tx:
            hold(tx, self._held, self._database.now(tx) + timedelta(seconds=self._lease))
        self._sure = asked_at + self._lease * SURE

    def look(self) -> None:
        """Look whether it is still ours: by the clock, and in the database where the clock cannot say."""
        while clock() >= self._sure:
            self.renew()


@contextmanager
def kept(database: Database, held: Held, lease: float) -> Iterator[Lease]:
    """Renew a lease in the background while a call to the ERP may take its time; nothing is sent once it is lost."""
    done, ours = threading.Event(), Lease(database, held, lease)

    def renew() -> None:
        while not done.wait(lease / 3):
            try:
                ours.renew()
            except StoreUnavailable:
                continue  # the lease may end; then the epoch tells
            except Fenced:
                return

    thread = threading.Thread(target=renew, name=f"lease of {held.id}", daemon=True)
    thread.start()
    try:
        with fenced(ours.look):
            yield ours
    finally:
        done.set()
        thread.join()
