"""A worker: takes a job, carries out one batch of it, gives it back. Jobs of other connections get their turn between.

The order in a batch: hold the lease and write down what is about to be sent; send; write down what became of it, where
the epoch is still ours. Dying between any two of these loses nothing: what was on its way is looked for by its key
before it is sent again, and is `unknown` where nobody can look.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp import Connection
from anyerp.connection.bulk import NotSent, RecordOutcome
from anyerp.errors import AnyErpError, AuthError, OutcomeUnknown, RateLimited, Unavailable

from anyerp_hub.connection.cause import cause_of
from anyerp_hub.error import WrongState
from anyerp_hub.job.info import SYNC, JobState, RecordState, counts_of, enter
from anyerp_hub.job.lease import LEASE, Fenced, Held, hold, kept, take
from anyerp_hub.job.ledger import end
from anyerp_hub.store import Database, StoreUnavailable, table
from anyerp_hub.sync.look import advance
from anyerp_hub.sync.look import look as looked
from anyerp_hub.trace import span

log = logging.getLogger("anyerp.hub")
_R = table.job_record.c
#: How long a job waits for its connection: 30 s, doubled each time, up to a quarter of an hour. Recovery wakes it.
_WAIT, _WAIT_MOST = timedelta(seconds=30), timedelta(minutes=15)
#: What speaks of the connection and not of the record: the record was not written, and stays to be written.
_CONNECTION = (AuthError, RateLimited, Unavailable, NotSent, WrongState)


class Worker:
    """Carries out jobs. Any number of workers may share a database."""

    def __init__(self, database: Database, connection: Callable[[str], Connection], *, lease: float = LEASE) -> None:
        self._database, self._connection, self.lease = database, connection, lease
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

    def work_one(self) -> str | None:
        """Carry out one batch of one job; gives which, None where there is none. Raises `StoreUnavailable` only."""
        held = take(self._database, self.owner, self.lease)
        if held is None:
            return None
        try:
            with span(
                f"anyerp job {held.row.kind}", "consumer", anyerp__job__id=held.id, anyerp__job__epoch=held.epoch,
                anyerp__connection__id=held.row.connection_id, anyerp__resource=held.row.resource,
            ):  # fmt: skip
                self._batch(held)
        except Fenced:
            log.warning("job %s was taken over by another worker while this one was silent", held.id)
        except StoreUnavailable:
            raise
        except AnyErpError as error:
            self._fail(held, error.code)
        except Exception as error:
            log.exception("job %s failed by a bug of ours or of a plugin", held.id)
            self._fail(held, type(error).__name__)
        return held.id

    def work(self, most: int = 1_000_000) -> int:
        """Carry out whatever can be carried out now; gives how many batches it was."""
        count = 0
        while count < most and self.work_one():
            count += 1
        return count

    def _batch(self, held: Held) -> None:
        if held.row.kind == SYNC:
            self._sync(held)
            return
        rows = self._begin(held)
        if rows is None:
            return
        trouble: AnyErpError | None = None
        if rows:
            try:
                erp = self._connection(held.row.connection_id)
            except StoreUnavailable:
                raise
            except AnyErpError as error:
                trouble = error
                self._back(held, rows)
            else:
                with kept(self._database, held, self.lease):
                    trouble = self._send(held, erp, rows)
        self._finish(held, trouble)

    def _sync(self, held: Held) -> None:
        """Look at a watched resource: its state, its events and the job's end are stored together, or not at all."""
        free: dict[str, Any] = {"lease_until": None, "owner": None}

        def tell(counts: Mapping[str, int], tx: sa.Connection) -> None:
            now = self._database.now(tx)
            wanted = hold(tx, held, self._until(now))
            if wanted is not None:
                raise _Wanted(wanted)
            tx.execute(table.job.update().where(table.job.c.id == held.id).values(progress=dict(counts)))

        def progress(count: int) -> None:
            with self._database.begin() as tx:
                tell({"read": count}, tx)

        try:
            progress(0)
            with kept(self._database, held, self.lease):
                seen = looked(self._database, self._connection, held.row.watch_id, progress)
            with self._database.begin() as tx:
                tell(seen.counts, tx)
                now = self._database.now(tx)
                if advance(tx, seen, now):
                    values: dict[str, Any] = {"total": seen.counts["read"], "progress": seen.counts, "finished_at": now}
                    enter(tx, held.id, JobState.SUCCEEDED, now, **values, **free)
                else:  # another look was faster, and told what this one found: from there on
                    tx.execute(table.job.update().where(table.job.c.id == held.id).values(state="queued", **free))
        except _Wanted as wanted:
            with self._database.begin() as tx:
                now = self._database.now(tx)
                hold(tx, held, self._until(now))
                end(tx, held.id, JobState.PAUSED if str(wanted) == "pause" else JobState.CANCELLED, now)
        except StoreUnavailable:
            raise
        except _CONNECTION as error:
            with self._database.begin() as tx:
                now = self._database.now(tx)
                hold(tx, held, self._until(now))
                self._wait(tx, held, error, now, free)

    def _begin(self, held: Held) -> Sequence[Any] | None:
        """Write down what is about to be sent. None where the job shall rest."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            wanted = hold(tx, held, self._until(now))
            if wanted is not None:
                end(tx, held.id, JobState.PAUSED if wanted == "pause" else JobState.CANCELLED, now)
                return None
            mine = sa.and_(_R.job_id == held.id, _R.state.in_((RecordState.SUBMITTING, RecordState.PENDING)))
            # Those that were on their way when a worker died go first, by themselves: they are looked for.
            order = (_R.state != RecordState.SUBMITTING, _R.position)
            rows = tx.execute(sa.select(table.job_record).where(mine).order_by(*order).limit(held.row.batch_size)).all()
            if rows and rows[0].state == RecordState.SUBMITTING:
                rows = [row for row in rows if row.state == RecordState.SUBMITTING]
            places = [row.position for row in rows]
            values = {"state": RecordState.SUBMITTING, "attempts": _R.attempts + 1, "updated_at": now}
            tx.execute(table.job_record.update().where(mine, _R.position.in_(places)).values(values))
            return rows

    def _send(self, held: Held, erp: Connection, rows: Sequence[Any]) -> AnyErpError | None:
        """Send a batch, and write down each outcome; gives what is wrong with the connection, if anything is."""
        collection = erp.collection(held.row.resource)
        model = erp.connector.resources[held.row.resource].lens.model
        doubtful = [row for row in rows if row.state == RecordState.SUBMITTING]
        lost = [row for row in doubtful if row.key is None and held.row.kind == "create"]
        self._note(held, lost, [_lost(index, row) for index, row in enumerate(lost)])
        rows = [row for row in rows if row not in lost]
        trouble: AnyErpError | None = None
        look_first = [row for row in rows if row.own_key or row in doubtful]
        plain = [row for row in rows if row not in look_first]
        for group, look in ((look_first, "always"), (plain, "doubtful")):
            if not group or trouble is not None:
                self._back(held, group)
                continue
            records = [model.model_validate_json(row.payload) for row in group]
            noted = _Noting(self, held, group)
            options: dict[str, Any] = {"on_loss": held.row.on_loss, "progress": noted}
            if held.row.kind == "create":
                keys = {id(record): row.key for record, row in zip(records, group, strict=True)}
                options |= {"keys": _by_identity(keys), "make_keys": False, "look": look}
                collection.create_many(records, batch_size=held.row.batch_size, **options)
            else:
                collection.update_many(records, batch_size=held.row.batch_size, **options)
            trouble = noted.trouble
        return trouble

    def _back(self, held: Held, rows: Sequence[Any]) -> None:
        with self._database.begin() as tx:
            hold(tx, held, self._until(self._database.now(tx)))
            for row in rows:
                mine = sa.and_(_R.job_id == held.id, _R.position == row.position)
                tx.execute(table.job_record.update().where(mine).values(state=row.state))

    def _note(self, held: Held, rows: Sequence[Any], outcomes: Sequence[RecordOutcome]) -> AnyErpError | None:
        """Write outcomes down, if the job is still ours; gives what is wrong with the connection."""
        if not outcomes:
            return None
        trouble: AnyErpError | None = None
        with self._database.begin() as tx:
            now = self._database.now(tx)
            hold(tx, held, self._until(now))
            for outcome in outcomes:
                row = rows[outcome.index]
                values: dict[str, Any] = {"updated_at": now, "record_id": outcome.id, "number": outcome.number}
                values |= {"settled": outcome.settled, "state": outcome.outcome}
                values["error"] = None if outcome.error is None else outcome.error.to_dict()
                if outcome.outcome == "not_applied" and isinstance(outcome.error, _CONNECTION):
                    values["state"] = row.state if row.state == RecordState.SUBMITTING else RecordState.PENDING
                    trouble = trouble or outcome.error
                    if isinstance(trouble, NotSent) and not isinstance(outcome.error, NotSent):
                        trouble = outcome.error
                mine = sa.and_(_R.job_id == held.id, _R.position == row.position)
                tx.execute(table.job_record.update().where(mine).values(values))
        return trouble

    def _finish(self, held: Held, trouble: AnyErpError | None) -> None:
        """Give the job back, or end it."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            wanted = hold(tx, held, self._until(now))
            counts = counts_of(tx, [held.id])[held.id]
            left = counts.get(RecordState.PENDING, 0) + counts.get(RecordState.SUBMITTING, 0)
            free: dict[str, Any] = {"lease_until": None, "owner": None}
            if left == 0:
                applied = counts.get(RecordState.APPLIED, 0)
                state = JobState.SUCCEEDED if applied == held.row.total else JobState.PARTIAL
                state = state if applied else JobState.FAILED
                enter(tx, held.id, state, now, finished_at=now, wanted=None, **free)
            elif wanted is not None:
                end(tx, held.id, JobState.PAUSED if wanted == "pause" else JobState.CANCELLED, now)
            elif trouble is not None:
                self._wait(tx, held, trouble, now, free)
            else:
                wake = now + timedelta(seconds=held.row.pause) if held.row.pause else None
                values = {"state": JobState.QUEUED, "wake_at": wake, "served_at": now, "waits": 0, **free}
                tx.execute(table.job.update().where(table.job.c.id == held.id).values(values))

    def _wait(self, tx: sa.Connection, held: Held, trouble: AnyErpError, now: datetime, free: dict[str, Any]) -> None:
        cause = cause_of(trouble, held.row.resource)
        waits = held.row.waits
        pause = min(_WAIT * 2 ** min(waits, 6), _WAIT_MOST)
        if trouble.retry_after is not None:
            pause = max(pause, min(timedelta(seconds=trouble.retry_after), _WAIT_MOST))
        reason = trouble.code if cause is None else cause.code
        enter(tx, held.id, JobState.WAITING, now, reason, wake_at=now + pause, waits=waits + 1, **free)

    def _fail(self, held: Held, reason: str) -> None:
        """End a job that cannot be carried out at all. `retry` takes it up again."""
        with suppress(Fenced), self._database.begin() as tx:
            now = self._database.now(tx)
            hold(tx, held, self._until(now))
            values: dict[str, Any] = {"lease_until": None, "owner": None, "wanted": None, "finished_at": now}
            end(tx, held.id, JobState.FAILED, now, reason, values)

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.lease)


class _Wanted(Exception):
    """A job shall rest, or end."""


class _Noting:
    """Writes each outcome down as soon as it is known. `trouble` is what is wrong with the connection."""

    def __init__(self, worker: Worker, held: Held, rows: Sequence[Any]) -> None:
        self._worker, self._held, self._rows = worker, held, rows
        self.trouble: AnyErpError | None = None

    def __call__(self, outcome: RecordOutcome) -> None:
        trouble = self._worker._note(self._held, self._rows, [outcome])  # noqa: SLF001 - one room
        if self.trouble is None or isinstance(self.trouble, NotSent):
            self.trouble = trouble or self.trouble


def _by_identity(keys: Mapping[int, str | None]) -> Callable[[Any], str | None]:
    return lambda record: keys[id(record)]


def _lost(index: int, row: Any) -> RecordOutcome:
    error = OutcomeUnknown(
        "its worker died while this record was on its way, and without a key nobody can look for it",
        hint="look whether it is there before you send it again",
    )
    return RecordOutcome(index, "unknown", row.key, error=error)
