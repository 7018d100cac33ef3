"""Probes: a cheap look at each connection now and then, rarer the longer it fails, spared where traffic tells."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from anyerp import Connection
from anyerp.errors import AnyErpError

from anyerp_hub.connection import change
from anyerp_hub.connection.book import HealthBook
from anyerp_hub.connection.connections import PROBE_EVERY, Connections, usable
from anyerp_hub.connection.ending import ends_soon
from anyerp_hub.connection.info import row_of
from anyerp_hub.connection.live import Leave, Pool, close
from anyerp_hub.connection.state import Health, Lifecycle, Sign
from anyerp_hub.connection.watch import Watch
from anyerp_hub.store import Database, StoreUnavailable, table

log = logging.getLogger("anyerp.hub")
_C = table.connection.c
#: How soon after a failure the next probe goes, and how rare they become: each doubles the wait.
_SOON, _RARE = timedelta(seconds=30), PROBE_EVERY
#: A rejected password is tried rarely: several ERPs lock a user after a few failures.
_SOON_AUTH, _RARE_AUTH = timedelta(hours=1), timedelta(hours=24)


class Prober(Protocol):
    """What probing needs of the hub."""

    _database: Database
    _connections: Connections
    _pool: Pool
    _book: HealthBook

    def _opened(self, id: str) -> tuple[int, Connection, Watch, Leave]: ...


@contextmanager
def probing(hub: Prober, id: str) -> Iterator[Connection]:
    """The connection that is open, or one for this look only: a thousand would each keep a socket."""
    lifecycle, revision = hub._connections.standing(id)  # noqa: SLF001 - of one package
    usable(lifecycle)
    found = hub._pool.get(id, revision)  # noqa: SLF001
    _, connection, watch, leave = hub._opened(id) if found is None else (revision, *found, None)  # noqa: SLF001
    before = watch.probing.set(True)
    try:
        yield connection
    finally:
        watch.probing.reset(before)
        hub._book.forget(id)  # noqa: SLF001
        if found is None:
            close(connection, leave)


def wait_before_next(health: Health, failures: int) -> timedelta:
    """How long to wait for the next probe, without jitter."""
    if health is Health.NEEDS_REAUTH:
        return min(_SOON_AUTH * int(2 ** min(failures, 8)), _RARE_AUTH)
    if failures == 0:
        return PROBE_EVERY
    return min(_SOON * int(2 ** min(failures - 1, 8)), _RARE)


def probe_one(hub: Prober) -> bool:
    """Probe one connection that is due; gives whether there was one. What it finds is written down by its watch."""
    taken = _take(hub)
    if taken is not None and taken.id is not None:
        _probe(hub, taken.id, taken.at)
    return taken is not None


class Probers:
    """Probes several connections at a time: an ERP that hangs until its deadline shall not keep the others waiting."""

    def __init__(self, hub: Prober, count: int) -> None:
        self._hub, self._count = hub, count
        self._free = threading.Semaphore(count)
        self._pool: ThreadPoolExecutor | None = None

    def step(self) -> bool:
        """Hand on one connection that is due; gives whether there was one, and somebody free to look at it."""
        if not self._free.acquire(timeout=1.0):
            return False
        taken = None
        try:
            taken = _take(self._hub)
        finally:
            if taken is None or taken.id is None:
                self._free.release()
        if taken is not None and taken.id is not None:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="anyerp hub: probe")
            self._pool.submit(self._probe, taken.id, taken.at)
        return taken is not None

    def _probe(self, id: str, at: datetime) -> None:
        try:
            _probe(self._hub, id, at)
        except Exception:
            log.exception("a probe of %s failed by a bug", id)
        finally:
            self._free.release()

    def stop(self) -> None:
        """End after the probes that are under way."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


class _Taken(NamedTuple):
    """A connection that was due at a moment; without an id there is no need to look at it."""

    id: str | None
    at: datetime


def _take(hub: Prober) -> _Taken | None:
    with hub._database.begin() as tx:  # noqa: SLF001 - of one package
        now = hub._database.now(tx)  # noqa: SLF001
        due = sa.select(table.connection).where(_C.lifecycle == Lifecycle.ACTIVE, _C.probe_at <= now)
        row = tx.execute(due.order_by(_C.probe_at).limit(1).with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return None
        failures = row.probe_failures + 1  # taken back by the first thing that works
        pause = wait_before_next(Health(row.health), failures)
        fresh = row.last_ok_at is not None and now - row.last_ok_at < PROBE_EVERY * 0.8 and row.health == Health.OK
        if fresh:
            failures, pause = 0, PROBE_EVERY
        values = {"probe_at": now + pause * random.uniform(0.9, 1.1), "probe_failures": failures}  # noqa: S311
        tx.execute(table.connection.update().where(_C.id == row.id).values(values))
        _expiry(tx, row.id, now)
    return _Taken(None if fresh and row.streak_kind == Sign.WORKED else row.id, now)


def _probe(hub: Prober, id: str, at: datetime) -> None:
    with suppress(AnyErpError), probing(hub, id) as erp:
        _look(erp)
    with suppress(StoreUnavailable), hub._database.begin() as tx:  # noqa: SLF001
        mine = sa.and_(_C.id == id, _C.probe_failures == 0)
        tx.execute(table.connection.update().where(mine).values(probe_at=at + PROBE_EVERY * random.uniform(0.9, 1.1)))  # noqa: S311


def _look(erp: Connection) -> None:
    for name in erp.resources:
        if erp.connector.resources[name].page is not None:
            erp.collection(name).page(page_size=1)
            return


def _expiry(tx: sa.Connection, id: str, now: datetime) -> None:
    row: Any = row_of(tx, id)
    if ends_soon(row, now) and row.health == Health.OK:
        change.note(tx, row, Sign.ENDS_SOON, now, None, None)
