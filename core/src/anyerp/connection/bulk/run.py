"""One bulk write, without I/O: units of work out, outcomes in; the two drivers only carry them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any, Generic, TypeVar

from anyerp.connection.bulk.batch import Batch, look_many
from anyerp.connection.bulk.identity import identity
from anyerp.connection.bulk.item import Given, Intake, Item, Look, Operation, Unit
from anyerp.connection.bulk.journal import Journal
from anyerp.connection.bulk.key import keys_of, new_run
from anyerp.connection.bulk.one import write
from anyerp.connection.bulk.outcome import Interrupted, RecordOutcome, failed
from anyerp.connection.bulk.patience import Brake
from anyerp.connection.operation import OnLoss, Operations
from anyerp.connector import Connector, Flow, Wait
from anyerp.errors import AnyErpError, ConfigError
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)

#: Seconds that an ERP is given to finish what a run had sent when it was killed, before it is looked for.
REST = 10.0


@dataclass(frozen=True, slots=True)
class Wish(Generic[R]):
    """What a host asked of a bulk write; see `Collection.create_many`."""

    operation: Operation
    batch_size: int | None = None
    pause: float = 0.0
    parallel: int = 1
    keys: Callable[[R], str | None] | None = None
    make_keys: bool = True
    look: Look = "always"
    on_loss: OnLoss = "refuse"
    report: str | PathLike[str] | None = None

    def __post_init__(self) -> None:
        for name in ("batch_size", "parallel"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"{name} must be at least 1, not {value}")
        if not 0 <= self.pause < float("inf"):
            raise ConfigError(f"pause is a number of seconds, not {self.pause}")


class Run(Generic[R]):
    """The state of one bulk write."""

    def __init__(self, operations: Operations[R], connector: Connector, owner: str, wish: Wish[R]) -> None:
        operations.supported(wish.operation)
        self.operations, self.wish, self.brake, self.owner = operations, wish, Brake(), owner
        size = wish.batch_size or connector.limits.batch_size
        native = wish.operation == "create" and operations.resource.create_batch is not None
        self.batch_size, self._size = size, size if native else 1
        self._unit: Unit[R] = Unit()
        self._unknown: list[RecordOutcome] = []
        self._first: dict[str, RecordOutcome | None] = {}
        self._twins: list[Item[R]] = []
        self._writing = threading.Lock()
        self._head = {
            "operation": wish.operation,
            "resource": operations.name,
            "connector": connector.name,
            "account": owner[:16],
        }

    @contextmanager
    def journal(self) -> Iterator[None]:
        """Keep the report file open, if one was asked for, and learn from it what earlier runs did."""
        run = new_run()
        self._journal = None if self.wish.report is None else Journal(self.wish.report, self._head, run)
        if self._journal is not None:
            run = self._journal.run
        creates = self.wish.operation == "create" and self.wish.make_keys
        made = keys_of(self.operations.resource, self.operations.lens, run) if creates else None
        past = None if self._journal is None else self._journal.past
        wish = self.wish
        self._intake = Intake(wish.operation, self.operations, wish.keys, made, wish.look, past)
        try:
            yield
        finally:
            if self._journal is not None:
                self._journal.close()

    def feed(self, index: int, record: Given[R] | AnyErpError) -> Iterator[RecordOutcome | Unit[R]]:
        """Take one record; gives its outcome where that is known already, and a unit once one is full."""
        taken = self._intake.take(index, record)
        if isinstance(taken, RecordOutcome):
            if self._unit:
                self._unit.known.append(taken)
            else:
                yield taken
        elif taken.key is not None and taken.key in self._first:
            self._twins.append(taken)  # it becomes what its first becomes: one key, one record
        else:
            if taken.key is not None:
                self._first[taken.key] = None
            self._unit.append(taken)
            if len(self._unit) >= self._size:
                yield from self.flush()

    def flush(self) -> Iterator[Unit[R]]:
        """The unit that is not full yet."""
        unit, self._unit = self._unit, Unit()
        if unit:
            yield unit

    def skipped(self, unit: Unit[R]) -> list[RecordOutcome]:
        """The outcomes of a unit that is not begun, because the run was stopped before."""
        outcomes = unit.whole(self.brake.not_sent(item.index, item.key, item.id) for item in unit)
        self.ended(outcomes)
        return list(self.known(outcomes))

    def shared(self, unit: Unit[R]) -> list[str]:
        """The keys of a unit that somebody else may be writing at this moment: those that are looked for."""
        return [item.key for item in unit if item.doubtful and item.key is not None]

    def began(self, unit: Sequence[Item[R]]) -> None:
        """Note on the disk what is about to be sent."""
        if self._journal is not None:
            with self._writing:
                self._journal.sending((item.index, item.key, item.digest) for item in unit)

    def flow(self, unit: Unit[R]) -> Flow[list[RecordOutcome]]:
        """Write a unit. Raises nothing: whatever happens is an outcome."""
        if (rest := self._rest(unit)) > 0:
            yield Wait(rest)
        if len(unit) > 1:
            return (yield from Batch(self.operations, unit, self.wish.on_loss, self.brake).run())
        outcomes = []
        for item in unit:
            outcome = yield from write(self.operations, self.wish.operation, item, self.wish.on_loss, self.brake)
            outcomes.append(outcome)
        return outcomes

    def _rest(self, unit: Unit[R]) -> float:
        """Seconds until what a killed run was sending may be looked for: the ERP may still be at work on it."""
        now = time.time()
        return max((min(REST, item.sent_at + REST - now) for item in unit if item.sent_at), default=0.0)

    def ended(self, outcomes: Sequence[RecordOutcome]) -> None:
        """Note on the disk what became of a unit."""
        if self._journal is None:
            return
        if fresh := [outcome for outcome in outcomes if not outcome.resumed]:
            with self._writing:
                self._journal.done(fresh)

    def known(self, outcomes: Iterable[RecordOutcome]) -> Iterator[RecordOutcome]:
        """Learn from outcomes; gives those that are final. Those of unknown records wait for a last look."""
        for outcome in outcomes:
            if outcome.key is not None:
                self._first[outcome.key] = outcome
            if outcome.outcome == "unknown" and outcome.key is not None and self.operations.resource.find is not None:
                self._unknown.append(outcome)
            else:
                yield outcome

    def last_look(self) -> Flow[list[RecordOutcome]]:
        """Look once more for what is unknown: by now the ERP may have finished it."""
        found: dict[str | None, dict[str, Any]] = {}
        for start in range(0, len(self._unknown), self.batch_size):
            keys = [outcome.key for outcome in self._unknown[start : start + self.batch_size] if outcome.key]
            try:
                found |= yield from look_many(self.operations, keys)
            except AnyErpError:
                continue  # they stay unknown
        finals = [self._final(outcome, found) for outcome in self._unknown]
        for outcome in finals:
            if outcome.key in self._first:
                self._first[str(outcome.key)] = outcome
        return finals

    def _final(self, outcome: RecordOutcome, found: dict[str | None, dict[str, Any]]) -> RecordOutcome:
        if outcome.key not in found:
            return outcome
        id, number = identity(self.operations, found[outcome.key])
        return replace(outcome, outcome="applied", id=id, number=number, settled="look", error=None)

    def twins(self) -> list[RecordOutcome]:
        """The outcomes of records that carry a key for the second time: those of the first."""
        firsts = [(item, self._first[str(item.key)]) for item in self._twins]
        return [
            replace(first, index=item.index, settled="before" if first.outcome == "applied" else None, resumed=False)
            for item, first in firsts
            if first is not None
        ]

    def interrupted(self, unit: Unit[R]) -> list[RecordOutcome]:
        """The outcomes of a unit that was on its way when something stopped us."""
        error = Interrupted("stopped while this record was on its way", hint="look whether it is there")
        return unit.whole(failed(item.index, item.key, error, id=item.id) for item in unit)
