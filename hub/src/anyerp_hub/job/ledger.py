"""The ledger as hosts use it: jobs submitted, looked at, paused, resumed, cancelled, tried again."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import sqlalchemy as sa
from anyerp.connection.bulk.key import keys_of
from anyerp.connector import Connector, Resource
from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError, ConfigError, InvalidRecord, NotSupported, Problem
from anyerp.model.base import Record
from pydantic import ValidationError

from anyerp_hub.clock import crockford, new_id
from anyerp_hub.connection.info import info_of
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.job.info import (
    ENDED,
    SYNC,
    Job,
    JobRecord,
    JobState,
    RecordState,
    enter,
    job_row,
    jobs_of,
)
from anyerp_hub.store import Database, table

Kind = Literal["create", "update"]
Given = Record | Mapping[str, Any] | AnyErpError
_J, _R = table.job.c, table.job_record.c
_CHUNK = 500
#: A job whose records are still being stored: nobody sees it, nobody works on it.
STAGING = "staging"


class Jobs:
    """Submit and govern jobs. What carries them out is a worker, here or elsewhere: see `Hub.run`."""

    def __init__(self, database: Database, wake: Callable[[str | None], None]) -> None:
        self._database, self._wake = database, wake

    def submit(
        self,
        connection_id: str,
        resource: str,
        records: Iterable[Given],
        *,
        kind: Kind = "create",
        batch_size: int | None = None,
        pause: float = 0.0,
        key: Callable[[Any], str | None] | None = None,
        on_loss: Literal["refuse", "report"] = "refuse",
    ) -> Job:
        """Write many records in the background: one outcome for each. Gives the job, stored before this returns.

        `batch_size` (the connector's own) records go between two pauses of `pause` seconds. `key` gives a record's
        key, by which it is looked for before it is sent; without one, keys are made where the ERP can find them again.
        A record that does not fit the model is `not_applied` at once; the others go on. In place of a record an error
        may be given: its outcome is not applied, for that reason.
        """
        id = self.stage(
            connection_id, resource, records, kind=kind, batch_size=batch_size, pause=pause, key=key, on_loss=on_loss
        )
        with self._database.begin() as tx:
            self.release(tx, id, self._database.now(tx))
        self.wake(id)
        return self.get(id)

    def stage(
        self,
        connection_id: str,
        resource: str,
        records: Iterable[Given],
        *,
        kind: Kind = "create",
        batch_size: int | None = None,
        pause: float = 0.0,
        key: Callable[[Any], str | None] | None = None,
        on_loss: Literal["refuse", "report"] = "refuse",
    ) -> str:
        """Store a job that nobody sees or works on until `release`; gives its id."""
        if batch_size is not None and batch_size < 1:
            raise ConfigError(f"batch_size must be at least 1, not {batch_size}")
        if not 0 <= pause < 86_400:
            raise ConfigError(f"pause is a number of seconds below a day, not {pause}")
        with self._database.read() as tx:
            info = info_of(tx, connection_id)
        connector = registry().connector(info.connector)
        found = _resource(connector, resource, kind)
        with self._database.begin() as tx:
            now = self._database.now(tx)
            id = new_id("job", now)
            values: dict[str, Any] = {"id": id, "connection_id": connection_id, "kind": kind, "resource": resource}
            values |= {"state": STAGING, "batch_size": batch_size or connector.limits.batch_size}
            values |= {"pause": pause, "on_loss": on_loss, "total": 0, "epoch": 0, "waits": 0, "created_at": now}
            tx.execute(table.job.insert().values(values))
        try:
            self._fill(id, _rows(id, found, records, kind, key))
        except BaseException:
            with self._database.begin() as tx:
                tx.execute(table.job.delete().where(_J.id == id))
            raise
        return id

    def sync(self, watch: Any) -> Job:
        """Look at a watched resource in the background; the job that does so already, if there is one."""
        with self._database.begin() as tx:
            going = sa.select(_J.id).where(_J.watch_id == watch.id, _J.state.not_in(ENDED)).limit(1)
            id = tx.execute(going).scalar()
            if id is None:
                now = self._database.now(tx)
                id = new_id("job", now)
                values: dict[str, Any] = {"id": id, "connection_id": watch.connection_id, "kind": SYNC}
                values |= {"resource": watch.resource, "watch_id": watch.id, "state": STAGING, "batch_size": 1}
                values |= {"pause": 0.0, "on_loss": "refuse", "total": 0, "epoch": 0, "waits": 0, "created_at": now}
                tx.execute(table.job.insert().values(values))
                self.release(tx, id, now)
        self.wake(id)
        return self.get(id)

    def release(self, tx: sa.Connection, id: str, now: datetime) -> None:
        """Let a staged job begin, in a transaction of the caller's."""
        enter(tx, id, JobState.QUEUED, now)

    def drop(self, tx: sa.Connection, id: str) -> None:
        """Forget a staged job."""
        tx.execute(table.job.delete().where(_J.id == id, _J.state == STAGING))

    def wake(self, id: str | None = None) -> None:
        """Tell the workers that there may be something to do: this job, or they know what."""
        self._wake(id)

    def _fill(self, id: str, rows: Iterator[dict[str, Any]]) -> None:
        """Store the records. No transaction waits for them: their source may need the database too."""
        total = 0
        while chunk := list(islice(rows, _CHUNK)):
            total += len(chunk)
            with self._database.begin() as tx:
                tx.execute(table.job_record.insert(), chunk)
        if total == 0:
            raise ConfigError("a job needs records")
        with self._database.begin() as tx:
            tx.execute(table.job.update().where(_J.id == id).values(total=total))

    def get(self, id: str) -> Job:
        """One job. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            found = jobs_of(tx, sa.select(table.job).where(_J.id == id))
        if not found:
            raise NoSuchThing(f"there is no job {id}")
        return found[0]

    def list(
        self,
        connection_id: str | None = None,
        *,
        state: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> builtins.list[Job]:
        """Jobs, newest first, behind the job `after`."""
        query = sa.select(table.job).where(_J.state != STAGING).order_by(_J.id.desc()).limit(limit)
        for column, value in ((_J.connection_id, connection_id), (_J.state, state)):
            query = query if value is None else query.where(column == value)
        query = query if after is None else query.where(_J.id < after)
        with self._database.read() as tx:
            return jobs_of(tx, query)

    def records(
        self, id: str, *, state: str | None = None, after: int = -1, limit: int = 100
    ) -> builtins.list[JobRecord]:
        """What became of each record so far, in their order, behind the position `after`; while it runs as well."""
        self.get(id)
        query = sa.select(table.job_record).where(_R.job_id == id, _R.position > after)
        query = query if state is None else query.where(_R.state == state)
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(_R.position).limit(limit)).all()
        names = [name for name in JobRecord.__slots__ if name != "state"]
        return [JobRecord(**{n: getattr(row, n) for n in names}, state=RecordState(row.state)) for row in rows]

    def pause(self, id: str) -> Job:
        """Stop after the batch in flight; `resume` goes on."""
        return self._want(id, "pause", JobState.PAUSED)

    def cancel(self, id: str) -> Job:
        """Stop after the batch in flight, for good; what is applied stays applied."""
        return self._want(id, "cancel", JobState.CANCELLED)

    def resume(self, id: str) -> Job:
        """Go on with a paused job, or do not wait any longer with a waiting one."""
        with self._database.begin() as tx:
            now, row = self._database.now(tx), job_row(tx, id)
            if row.state in ENDED:
                raise WrongState(f"the job is {row.state}", hint="retry tries its failed records again")
            values = {"wanted": None}
            if row.state in (JobState.PAUSED, JobState.WAITING):
                enter(tx, id, JobState.QUEUED, now, wake_at=None, **values)
            else:
                tx.execute(table.job.update().where(_J.id == id).values(values))
        self._wake(id)
        return self.get(id)

    def retry(self, id: str) -> Job:
        """Try the failed records of an ended job again, and look for those of which nobody can say."""
        with self._database.begin() as tx:
            now, row = self._database.now(tx), job_row(tx, id)
            if row.state not in ENDED:
                raise WrongState(f"the job is {row.state}", hint="wait for its end, or cancel it")
            if row.kind != SYNC and not _again(tx, id):
                raise WrongState("the job has no record that could be tried again")
            enter(tx, id, JobState.QUEUED, now, wanted=None, wake_at=None, finished_at=None, waits=0, progress=None)
        self._wake(id)
        return self.get(id)

    def _want(self, id: str, wanted: str, state: JobState) -> Job:
        with self._database.begin() as tx:
            now, row = self._database.now(tx), job_row(tx, id)
            if row.state in ENDED:
                raise WrongState(f"the job is {row.state}")
            if row.state == JobState.RUNNING:  # its worker will see it before the next batch
                tx.execute(table.job.update().where(_J.id == id).values(wanted=wanted))
            else:
                end(tx, id, state, now)
        return self.get(id)


def end(
    tx: sa.Connection, id: str, state: JobState, now: datetime, reason: str | None = None, values: Any = None
) -> None:
    """Pause a job or end it before its time; where it ends, no record is left to be written."""
    values = {"wanted": None, "lease_until": None, "owner": None, "wake_at": None, **(values or {})}
    if state is not JobState.PAUSED:
        values["finished_at"] = now
        mine = sa.and_(_R.job_id == id, _R.state == RecordState.PENDING)
        tx.execute(table.job_record.update().where(mine).values(state=RecordState.CANCELLED))
        # On its way when it stopped: nobody has looked, and nobody will unless the job is tried again.
        lost = sa.and_(_R.job_id == id, _R.state == RecordState.SUBMITTING)
        tx.execute(table.job_record.update().where(lost).values(state=RecordState.UNKNOWN))
    enter(tx, id, state, now, reason, **values)


def _again(tx: sa.Connection, id: str) -> bool:
    """Make ready what failed, and what nobody can say; gives whether there was anything."""
    mine = _R.job_id == id
    failed = table.job_record.update().where(
        mine, _R.state.in_((RecordState.NOT_APPLIED, RecordState.CANCELLED)), _R.payload != ""
    )
    # Those that may be there are looked for first; without a key nobody can.
    lost = table.job_record.update().where(mine, _R.state == RecordState.UNKNOWN, _R.key.is_not(None))
    count = tx.execute(failed.values(state=RecordState.PENDING)).rowcount
    return count + tx.execute(lost.values(state=RecordState.SUBMITTING)).rowcount > 0


def _resource(connector: Connector, name: str, kind: Kind) -> Resource[Any]:
    found = connector.resources.get(name)
    if found is None:
        raise NotSupported(
            f"{name} is not offered here", connector=connector.name, hint=f"it has {', '.join(connector.resources)}"
        )
    if getattr(found, kind) is None:
        raise NotSupported(f"{name} cannot be {kind}d here: {found.because.get(kind, '')}", connector=connector.name)
    return found


def _rows(
    id: str,
    resource: Resource[Any],
    records: Iterable[Given],
    kind: Kind,
    key: Callable[[Any], str | None] | None,
) -> Iterator[dict[str, Any]]:
    model, run = resource.lens.model, crockford(int.from_bytes(id.encode()[-16:]), 12).upper()
    made = keys_of(resource, resource.lens, run) if kind == "create" else None
    seen: set[str] = set()
    for position, given in enumerate(records):
        row: dict[str, Any] = {"job_id": id, "position": position, "state": RecordState.PENDING, "attempts": 0}
        row |= {"key": None, "own_key": False, "payload": "", "error": None}
        if isinstance(given, AnyErpError):
            yield _refused(row, given)
            continue
        try:
            record = given if isinstance(given, model) else _record(model, given)
            row["payload"] = record.model_dump_json(exclude_unset=True, exclude={"raw"})
        except AnyErpError as error:
            yield _refused(row, error)
            continue
        if kind == "create":
            own = key(record) if key is not None else getattr(record, resource.key_field, None)
            own = own if isinstance(own, str) and own else None
            row |= {"key": own or (made(position) if made is not None else None), "own_key": own is not None}
            if own is not None and own in seen:
                yield _refused(row, InvalidRecord(f"the key {own!r} stands twice in this job: one key, one record"))
                continue
            seen |= {own} if own is not None else set()
        elif record.id is None:
            yield _refused(row, InvalidRecord("an update needs an id", problems=[Problem("id is missing", "/id")]))
            continue
        yield row


def _refused(row: dict[str, Any], error: AnyErpError) -> dict[str, Any]:
    return {**row, "state": RecordState.NOT_APPLIED, "error": error.to_dict()}


def _record(model: type[Record], given: Any) -> Record:
    if isinstance(given, Record):
        raise ConfigError(f"a {model.__name__} was expected, not a {type(given).__name__}")
    try:
        return model.model_validate_json(json.dumps(given))
    except ValidationError as error:
        problems = [
            Problem(item["msg"], "/" + "/".join(str(part) for part in item["loc"]), "invalid")
            for item in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise InvalidRecord("the record does not fit the model", problems=problems) from None
    except (TypeError, ValueError):
        raise InvalidRecord("the record holds what is no JSON") from None
