"""Probes: a cheap look at each connection now and then, rarer the longer it fails, spared where traffic tells."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from anyerp import Connection
from anyerp.errors import AnyErpError

from anyerp_hub.connection import change
from anyerp_hub.connection.connections import PROBE_EVERY
from anyerp_hub.connection.ending import ends_soon
from anyerp_hub.connection.info import row_of
from anyerp_hub.connection.state import Health, Lifecycle, Sign
from anyerp_hub.store import Database, StoreUnavailable, table

_C = table.connection.c
#: How soon after a failure the next probe goes, and how rare they become: each doubles the wait.
_SOON, _RARE = timedelta(seconds=30), PROBE_EVERY
#: A rejected password is tried rarely: several ERPs lock a user after a few failures.
_SOON_AUTH, _RARE_AUTH = timedelta(hours=1), timedelta(hours=24)


class Prober(Protocol):
    """What probing needs of the hub."""

    _database: Database

    def _probing(self, id: str) -> AbstractContextManager[Connection]: ...


def wait_before_next(health: Health, failures: int) -> timedelta:
    """How long to wait for the next probe, without jitter."""
    if health is Health.NEEDS_REAUTH:
        return min(_SOON_AUTH * int(2 ** min(failures, 8)), _RARE_AUTH)
    if failures == 0:
        return PROBE_EVERY
    return min(_SOON * int(2 ** min(failures - 1, 8)), _RARE)


def probe_one(hub: Prober) -> bool:
    """Probe one connection that is due; gives whether there was one. What it finds is written down by its watch."""
    with hub._database.begin() as tx:  # noqa: SLF001 - of one package
        now = hub._database.now(tx)  # noqa: SLF001
        due = sa.select(table.connection).where(_C.lifecycle == Lifecycle.ACTIVE, _C.probe_at <= now)
        row = tx.execute(due.order_by(_C.probe_at).limit(1).with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return False
        failures = row.probe_failures + 1  # taken back by the first thing that works
        pause = wait_before_next(Health(row.health), failures)
        fresh = row.last_ok_at is not None and now - row.last_ok_at < PROBE_EVERY * 0.8 and row.health == Health.OK
        if fresh:
            failures, pause = 0, PROBE_EVERY
        values = {"probe_at": now + pause * random.uniform(0.9, 1.1), "probe_failures": failures}  # noqa: S311
        tx.execute(table.connection.update().where(_C.id == row.id).values(values))
        _expiry(tx, row.id, now)
    if fresh and row.streak_kind == Sign.WORKED:
        return True
    with suppress(AnyErpError), hub._probing(row.id) as erp:  # noqa: SLF001
        _look(erp)
    with suppress(StoreUnavailable), hub._database.begin() as tx:  # noqa: SLF001
        mine = sa.and_(_C.id == row.id, _C.probe_failures == 0)
        tx.execute(table.connection.update().where(mine).values(probe_at=now + PROBE_EVERY * random.uniform(0.9, 1.1)))  # noqa: S311
    return True


def _look(erp: Connection) -> None:
    for name in erp.resources:
        if erp.connector.resources[name].page is not None:
            erp.collection(name).page(page_size=1)
            return


def _expiry(tx: sa.Connection, id: str, now: datetime) -> None:
    row: Any = row_of(tx, id)
    if ends_soon(row, now) and row.health == Health.OK:
        change.note(tx, row, Sign.ENDS_SOON, now, None, None)
