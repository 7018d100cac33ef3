"""What is known of a job and of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from anyerp_hub.connection.info import plainly
from anyerp_hub.error import NoSuchThing
from anyerp_hub.event.outbox import emit
from anyerp_hub.store import table

#: The kind of job that looks at a watched resource; it has no records of its own.
SYNC = "sync"
_J, _R = table.job.c, table.job_record.c


class JobState(StrEnum):
    """Where a job stands. `waiting`: for its connection; `partial`: ended, and not every record was applied."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (JobState.SUCCEEDED, JobState.PARTIAL, JobState.FAILED, JobState.CANCELLED)


class RecordState(StrEnum):
    """Where a record stands. `submitting`: on its way, or was when its worker died."""

    PENDING = "pending"
    SUBMITTING = "submitting"
    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `counts` tells how many of its records stand where; of a `sync`, how many were `read`, `created`, ..."""

    id: str
    connection_id: str
    kind: str
    resource: str
    state: JobState
    reason: str | None
    batch_size: int
    pause: float
    total: int
    wake_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    watch_id: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in ENDED

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        facts: dict[str, Any] = plainly({name: getattr(self, name) for name in self.__slots__})
        return facts


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What became of one record of a job so far."""

    position: int
    state: RecordState
    key: str | None
    record_id: str | None
    number: str | None
    settled: str | None
    error: Mapping[str, Any] | None
    attempts: int
    updated_at: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        facts: dict[str, Any] = plainly({name: getattr(self, name) for name in self.__slots__})
        return facts


def job_row(tx: sa.Connection, id: str) -> Any:
    """The row of a job, locked. Raises `NoSuchThing`."""
    row = tx.execute(sa.select(table.job).where(_J.id == id).with_for_update()).one_or_none()
    if row is None:
        raise NoSuchThing(f"there is no job {id}")
    return row


def counts_of(tx: sa.Connection, ids: list[str]) -> dict[str, dict[str, int]]:
    """How many records of each job stand where."""
    found: dict[str, dict[str, int]] = {id: {} for id in ids}
    query = sa.select(_R.job_id, _R.state, sa.func.count()).where(_R.job_id.in_(ids)).group_by(_R.job_id, _R.state)
    for id, state, count in tx.execute(query):
        found[id][state] = count
    return found


def jobs_of(tx: sa.Connection, query: sa.Select[Any]) -> list[Job]:
    """The jobs that a query over the job table gives."""
    rows = tx.execute(query).all()
    counts = counts_of(tx, [row.id for row in rows])
    names = [name for name in Job.__slots__ if name not in ("counts", "state")]
    return [
        Job(
            **{name: getattr(row, name) for name in names},
            state=JobState(row.state),
            counts={**counts[row.id], **(row.progress or {})},
        )
        for row in rows
    ]


def enter(tx: sa.Connection, id: str, state: JobState, now: datetime, reason: str | None = None, **values: Any) -> None:
    """Put a job into a state, and tell so where it is a new one."""
    row = job_row(tx, id)
    tx.execute(table.job.update().where(_J.id == id).values(state=state, reason=reason, **values))
    if row.state == state and row.reason == reason:
        return
    data = {"job_id": id, "kind": row.kind, "resource": row.resource, "state": state, "reason": reason}
    counts = {**counts_of(tx, [id])[id], **(values.get("progress", row.progress) or {})}
    emit(tx, now, f"job.{state}", row.connection_id, {**data, "counts": counts})
    if state in ENDED:
        _end_run(tx, id, state, now, counts)


def _end_run(tx: sa.Connection, job_id: str, state: JobState, now: datetime, counts: Mapping[str, int]) -> None:
    """End the run of the flow that the job belongs to, if it belongs to one."""
    columns = table.flow_run.c
    run = tx.execute(sa.select(table.flow_run).where(columns.job_id == job_id)).one_or_none()
    if run is None:
        return
    outcome = "failed" if state is JobState.CANCELLED else str(state)
    every = {**run.counts, **counts}
    values = {"state": outcome, "counts": every, "finished_at": now}
    tx.execute(table.flow_run.update().where(columns.id == run.id).values(values))
    data = {"flow": run.flow, "run_id": run.id, "state": outcome, "reason": None, "counts": every}
    emit(tx, now, f"flow.{outcome}", None, data)
