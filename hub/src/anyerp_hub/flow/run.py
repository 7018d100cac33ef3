"""Running flows: read what is new, transform it, hand it to a job; the position advances with the job, or not at all.

A run that dies between any two steps is followed by one that reads from the same position. What it had copied already
carries the same key, and is found instead of written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from anyerp import Connection
from anyerp.errors import AnyErpError, Conflict, NotSupported
from anyerp.model.base import Record

from anyerp_hub.clock import new_id
from anyerp_hub.connection.info import info_of, plainly
from anyerp_hub.error import NoSuchThing, TokenRejected
from anyerp_hub.event.outbox import emit
from anyerp_hub.flow.definition import End, Flow
from anyerp_hub.flow.export import anew, export
from anyerp_hub.flow.hook import secret_text, verify
from anyerp_hub.flow.path import verify as verify_paths
from anyerp_hub.flow.transform import key_of, passes, transformed
from anyerp_hub.job.ledger import Jobs
from anyerp_hub.store import Database, StoreUnavailable, table

_F, _R = table.flow.c, table.flow_run.c
#: How soon a scheduled flow that failed runs again, at most its own schedule; doubled each time.
_SOON = timedelta(minutes=1)
#: How long the secret of before holds beside a new one.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a flow. `state`: running, writing (its job is under way), succeeded, partial, failed."""

    id: str
    flow: str
    version: int
    trigger: str
    state: str
    job_id: str | None
    counts: Mapping[str, int]
    error: Mapping[str, Any] | None
    started_at: datetime
    finished_at: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        facts: dict[str, Any] = plainly({name: getattr(self, name) for name in self.__slots__})
        return facts


@dataclass(frozen=True, slots=True)
class Stored:
    """A flow as it is stored: which version it is, and when it is due by itself."""

    flow: Flow
    version: int
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, those of the flow beside the others."""
        facts = {name: getattr(self, name) for name in self.__slots__ if name != "flow"}
        return {**self.flow.model_dump(mode="json"), **plainly(facts)}


class Flows:
    """Flows as hosts use them: put, run, look at."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        connection: Callable[[str], Connection],
        derived: Callable[[str, str], bytes],
    ) -> None:
        self._database, self._jobs, self._connection, self._derived = database, jobs, connection, derived

    def put(self, flow: Flow | Mapping[str, Any]) -> int:
        """Store a flow, or a new version of it; gives the version. What it has read already stays read.

        Another source begins anew, and so does another directory or database. Raises `ConfigError` for fields that
        the resource does not have.
        """
        flow = flow if isinstance(flow, Flow) else Flow.model_validate(flow)
        verify_paths(flow)
        with self._database.begin() as tx:
            now = self._database.now(tx)
            info_of(tx, flow.read.connection)
            if isinstance(flow.write, End):
                info_of(tx, flow.write.connection)
            row = tx.execute(sa.select(table.flow).where(_F.name == flow.name).with_for_update()).one_or_none()
            values: dict[str, Any] = {"definition": flow.model_dump(mode="json"), "updated_at": now, "failures": 0}
            values["due_at"] = flow.first(now)
            if row is None:
                new = {"name": flow.name, "version": 1, "epoch": 0, "created_at": now}
                tx.execute(table.flow.insert().values(**values, **new))
                return 1
            version: int = row.version + 1
            values["epoch"] = row.epoch + 1  # a run of the old version advances nothing any more
            old = Flow.model_validate(row.definition)
            values["position"] = _carried_over(old, flow, row.position)
            if old.webhook and flow.webhook:
                values["due_at"] = row.due_at  # a call that waits is not forgotten
            tx.execute(table.flow.update().where(_F.name == flow.name).values(**values, version=version))
            return version

    def load(self, path: str | Path) -> dict[str, int]:
        """Put the flows of a YAML file, those that are new or other than before; gives the version of each.

        Raises `ConfigError` naming line and field, before anything is stored.
        """
        from anyerp_hub.flow.text import read_file  # noqa: PLC0415 - brings the reader of YAML along

        flows = read_file(path)
        with self._database.read() as tx:
            for end in (end for flow in flows for end in (flow.read, flow.write) if isinstance(end, End)):
                info_of(tx, end.connection)
            rows = tx.execute(sa.select(_F.name, _F.version, _F.definition)).all()
        known = {row.name: (row.version, Flow.model_validate(row.definition)) for row in rows}
        return {
            flow.name: known[flow.name][0] if known.get(flow.name, (0, None))[1] == flow else self.put(flow)
            for flow in flows
        }

    def get(self, name: str) -> Flow:
        """A flow by its name. Raises `NoSuchThing`."""
        return self._known(name)[0]

    def list(self) -> list[Flow]:
        """Every flow, by name."""
        with self._database.read() as tx:
            rows = tx.execute(sa.select(_F.definition).order_by(_F.name)).scalars()
            return [Flow.model_validate(row) for row in rows]

    def stored(self, name: str | None = None) -> Sequence[Stored]:
        """Every flow, or one, with its version and when it is due. Raises `NoSuchThing`."""
        query = sa.select(table.flow).order_by(_F.name)
        with self._database.read() as tx:
            rows = tx.execute(query if name is None else query.where(_F.name == name)).all()
        if name is not None and not rows:
            raise NoSuchThing(f"there is no flow {name}")
        return [
            Stored(Flow.model_validate(row.definition), row.version, row.due_at, row.created_at, row.updated_at)
            for row in rows
        ]

    def remove(self, name: str) -> None:
        """Forget a flow and its runs; its jobs stay."""
        self._known(name)
        with self._database.begin() as tx:
            tx.execute(table.flow.delete().where(_F.name == name))

    def runs(self, name: str, limit: int = 50) -> Sequence[Run]:
        """The runs of a flow, newest first."""
        self._known(name)
        query = sa.select(table.flow_run).where(_R.flow == name).order_by(_R.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [Run(*row) for row in tx.execute(query)]

    def run(self, name: str, trigger: str = "call") -> Run:
        """Run a flow now: returns when all that is new was read and handed to a job, which a worker carries out.

        What fails is told by the run's `error`, and nothing is advanced.
        """
        flow, row = self._known(name)
        with self._database.begin() as tx:
            now = self._database.now(tx)
            id = new_id("run", now)
            values = {"id": id, "flow": name, "version": row.version, "trigger": trigger, "state": "running"}
            tx.execute(table.flow_run.insert().values(**values, counts={}, started_at=now))
            _tell(tx, now, "started", values, {})
        try:
            self._carry(id, flow, row)
        except StoreUnavailable:
            raise
        except AnyErpError as error:
            with self._database.begin() as tx:
                now = self._database.now(tx)
                facts = {"state": "failed", "error": error.to_dict(), "finished_at": now}
                tx.execute(table.flow_run.update().where(_R.id == id).values(facts))
                tx.execute(table.flow.update().where(_F.name == name).values(failures=_F.failures + 1))
                _tell(tx, now, "failed", {**values, "reason": error.code}, {})
        with self._database.read() as tx:
            return Run(*tx.execute(sa.select(table.flow_run).where(_R.id == id)).one())

    def run_due(self) -> bool:
        """Run one scheduled flow that is due; gives whether there was one."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            due = sa.select(table.flow).where(_F.due_at <= now).order_by(_F.due_at).limit(1)
            row = tx.execute(due.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return False
            flow = Flow.model_validate(row.definition)
            soon, following = now + _SOON * int(2 ** min(max(row.failures - 1, 0), 10)), flow.following(now)
            next_at = soon if following is None or (row.failures and soon < following) else following
            tx.execute(table.flow.update().where(_F.name == row.name).values(due_at=next_at))
        run = self.run(row.name, "webhook" if flow.webhook else "schedule")
        if following is None and run.state != "failed":  # a call that came meanwhile has set another time
            with self._database.begin() as tx:
                answered = sa.and_(_F.name == row.name, _F.due_at == next_at)
                tx.execute(table.flow.update().where(answered).values(due_at=None))
        return True

    def webhook_secret(self, name: str) -> str:
        """The secret with which calls that start a flow are signed, for the caller. It lasts until it is replaced."""
        row = self._known(name)[1]
        return self._secret(row, row.secret_number or 0)

    def rotate_webhook_secret(self, name: str, overlap: timedelta = OVERLAP) -> str:
        """Replace that secret; gives the new one. The one of before holds until the overlap is over, and none older."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            number = sa.func.coalesce(_F.secret_number, 0) + 1
            values = {"secret_number": number, "before_until": now + overlap}
            if tx.execute(table.flow.update().where(_F.name == name).values(values)).rowcount == 0:
                raise NoSuchThing(f"there is no flow {name}")
        return self.webhook_secret(name)

    def _secret(self, row: Any, number: int) -> str:
        of = f"{row.name} {row.created_at.isoformat()}" + (f" {number}" if number else "")
        return secret_text(self._derived("flow-webhook", of))

    def _secrets(self, row: Any, now: datetime) -> tuple[str, ...]:
        number = row.secret_number or 0
        holds = number and row.before_until > now
        return (self._secret(row, number), *([self._secret(row, number - 1)] if holds else []))

    def call(self, name: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take a signed call: the flow runs in the background as soon as it can, once for calls that come together.

        `headers` have lower-case names. Raises `TokenRejected` for a call that nobody may make: also where there is no
        such flow, or one that no call may start.
        """
        now = self._database.wall()
        flow: Flow | None = None
        secrets: tuple[str, ...] = (secret_text(b"nobody's"),)
        with suppress(NoSuchThing):
            flow, row = self._known(name)
            secrets = self._secrets(row, now)
        verify(secrets, headers, body, now)
        if flow is None or not flow.webhook:
            raise TokenRejected("this flow is not started by calls", hint="give it webhook as its trigger")
        with self._database.begin() as tx:
            now = self._database.now(tx)
            tx.execute(table.flow.update().where(_F.name == name).values(due_at=now))
        self._jobs.wake()

    def _carry(self, id: str, flow: Flow, row: Any) -> None:
        if not isinstance(flow.write, End):

            def done(tx: sa.Connection, now: datetime, counts: dict[str, int]) -> None:
                facts = {"counts": counts, "state": "succeeded", "finished_at": now}
                if counts["skipped"] and flow.on_problem == "dead-letter":
                    facts["state"] = "partial"
                tx.execute(table.flow_run.update().where(_R.id == id).values(facts))
                _tell(tx, now, str(facts["state"]), {"flow": flow.name, "id": id}, counts)

            export(self._database, self._connection, flow.name, done)
            return
        source = self._connection(flow.read.connection).collection(flow.read.resource)
        target = self._connection(flow.write.connection).connector.resources.get(flow.write.resource)
        if target is None or target.find is None:
            raise NotSupported(
                f"a flow writes what can be found again by its key; {flow.write.resource} cannot here",
                hint="without that, a copy could be made twice",
            )
        changed = source.changes(row.position)
        counts = {"read": len(changed.created), "skipped": 0}
        staged = None
        records = [one for one in changed.created if passes(flow.transform, one)]
        if records:
            copies = list(self._copies(flow, records, target.key_field, counts))
            if copies:
                staged = self._jobs.stage(
                    flow.write.connection, flow.write.resource, copies, batch_size=flow.batch_size, pause=flow.pause
                )
        with self._database.begin() as tx:
            now = self._database.now(tx)
            mine = sa.and_(_F.name == flow.name, _F.epoch == row.epoch)
            advance = {"position": changed.state, "epoch": row.epoch + 1, "failures": 0}
            if tx.execute(table.flow.update().where(mine).values(advance)).rowcount == 0:
                if staged is not None:
                    self._jobs.drop(tx, staged)
                raise Conflict("another run of this flow was faster", hint="nothing is lost: it read the same")
            facts: dict[str, Any] = {"counts": counts, "job_id": staged}
            if staged is None:
                facts |= {"state": "succeeded", "finished_at": now}
                _tell(tx, now, "succeeded", {"flow": flow.name, "id": id}, counts)
            else:
                facts["state"] = "writing"
            tx.execute(table.flow_run.update().where(_R.id == id).values(facts))
            if staged is not None:
                self._jobs.release(tx, staged, now)
        self._jobs.wake(staged)

    def _copies(
        self, flow: Flow, records: Sequence[Record], key_field: str, counts: dict[str, int]
    ) -> Iterator[dict[str, Any] | AnyErpError]:
        for record in records:
            try:
                yield {**transformed(flow.transform, record), key_field: key_of(flow.name, str(record.id))}
            except AnyErpError as error:
                if flow.on_problem == "stop":
                    raise
                counts["skipped"] += 1
                if flow.on_problem == "dead-letter":
                    yield error

    def _known(self, name: str) -> tuple[Flow, Any]:
        with self._database.read() as tx:
            row = tx.execute(sa.select(table.flow).where(_F.name == name)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no flow {name}")
        return Flow.model_validate(row.definition), row


def _carried_over(old: Flow, new: Flow, position: str | None) -> str | None:
    """The position of a new version of a flow."""
    exporting = not isinstance(old.write, End), not isinstance(new.write, End)
    if exporting == (True, True):
        same = old.read == new.read and old.write == new.write and old.transform == new.transform
        return position if same else anew(position)
    return position if exporting == (False, False) and old.read == new.read else None


def _tell(tx: sa.Connection, now: datetime, state: str, run: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    data = {"flow": run["flow"], "run_id": run["id"], "state": state, "reason": run.get("reason"), "counts": counts}
    emit(tx, now, f"flow.{state}", None, data)
