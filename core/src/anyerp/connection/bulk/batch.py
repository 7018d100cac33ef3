"""Several records by the ERP's own batching: each settled by itself, a refused batch halved down to the guilty one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from anyerp.connection.bulk.identity import identity
from anyerp.connection.bulk.item import Item
from anyerp.connection.bulk.one import write
from anyerp.connection.bulk.outcome import RecordOutcome, failed
from anyerp.connection.bulk.patience import Brake, patient, waits
from anyerp.connection.operation import OnLoss, Operations
from anyerp.connection.progress import Progress, unread
from anyerp.connector import BatchAnswer, Flow, Wait
from anyerp.errors import (
    AnyErpError,
    Conflict,
    InvalidRecord,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Problem,
    UnexpectedPayload,
)
from anyerp.lens import Written
from anyerp.lens.fresh import Hard
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
_NO_SUCH_SERVICE = (404, 405, 501)
_NO_BATCHES = "no batches"


class Ready(Generic[R]):
    """An item with its native form."""

    __slots__ = ("item", "native", "problems")

    def __init__(self, item: Item[R], native: dict[str, Any], problems: tuple[Problem, ...] = ()) -> None:
        self.item, self.native, self.problems = item, native, problems


class Batch(Generic[R]):
    """The flow of one batch. Outcomes are gathered by place, so that none can be forgotten."""

    def __init__(self, operations: Operations[R], items: Sequence[Item[R]], on_loss: OnLoss, brake: Brake) -> None:
        self._operations, self._items, self._on_loss, self._brake = operations, items, on_loss, brake
        self._known: dict[int, RecordOutcome] = {}

    def run(self) -> Flow[list[RecordOutcome]]:
        """Write all and say what became of each. Raises nothing."""
        ready: list[Ready[R]] = []
        there = yield from self._before([item for item in self._items if item.doubtful and item.key is not None])
        for item in self._items:
            if item.index in self._known:
                continue
            if item.key in there:
                self._applied(item, there[item.key], "before")
                continue
            if (native := self._quickly(item)) is not None:
                ready.append(Ready(item, native))
                continue
            try:
                written = yield from self._operations.planned(item.record(self._operations), item.key)
                ready.append(Ready(item, self._demanded(written).native, written.problems))
            except AnyErpError as error:
                self._note(failed(item.index, item.key, error, sent=item.sent_before))
        yield from self._send(ready)
        return [self._known[item.index] for item in self._items]

    def _quickly(self, item: Item[R]) -> dict[str, Any] | None:
        """The native form of a record that is whole and loses nothing; of any other the careful way says more."""
        resource = self._operations.resource
        if resource.resolve is not None:
            return None
        key = None if item.key is None else (resource.key_field, item.key)
        try:
            return self._operations.lens.fresh.native(item.given, key)
        except Hard:
            return None

    def _demanded(self, written: Written) -> Written:
        return written.demand() if self._on_loss == "refuse" else written

    def _before(self, doubtful: Sequence[Item[R]]) -> Flow[dict[str | None, dict[str, Any]]]:
        """Those that are there already. Where looking fails nothing is sent: nobody knows whether it may be."""
        if not doubtful:
            return {}
        try:
            found: dict[str | None, dict[str, Any]] = yield from patient(lambda: self._look(doubtful), self._brake)
        except AnyErpError as error:
            for item in doubtful:
                self._note(failed(item.index, item.key, error, sent=item.sent_before))
            return {}
        return found

    def _look(self, items: Iterable[Item[R]]) -> Flow[dict[str | None, dict[str, Any]]]:
        return (yield from look_many(self._operations, [item.key for item in items if item.key is not None]))

    def _send(self, ready: Sequence[Ready[R]]) -> Flow[None]:
        """Send what is ready; what is refused for now is sent again after a while."""
        tries = 1
        while ready:
            again: list[tuple[Ready[R], AnyErpError]] = yield from self._sent(ready)
            pauses = [(one, error, waits(error, tries)) for one, error in again]
            for one, error, pause in pauses:
                if pause is None:
                    self._note(failed(one.item.index, one.item.key, error))
            ready = [one for one, _, pause in pauses if pause is not None]
            if ready:
                yield Wait(max(pause for _, _, pause in pauses if pause is not None))
            tries += 1

    def _sent(self, ready: Sequence[Ready[R]]) -> Flow[list[tuple[Ready[R], AnyErpError]]]:
        """Send one batch and note what became of its records; gives those that were refused for now."""
        operations, context, progress = self._operations, self._operations.context, Progress()
        if context.memory.get(_NO_BATCHES):
            yield from self._singly(ready)
            return []
        create = operations.resource.create_batch
        assert create is not None
        try:
            flow = create(replace(context, warnings=[]), [one.native for one in ready])
            answers: Sequence[BatchAnswer] = yield from progress.watch(flow)
            if len(answers) != len(ready):
                raise UnexpectedPayload(f"a batch of {len(ready)} records was answered by {len(answers)} answers")
        except AnyErpError as error:
            return (yield from self._refused(ready, error, progress))
        return (yield from self._answered(ready, answers))

    def _refused(
        self, ready: Sequence[Ready[R]], error: AnyErpError, progress: Progress
    ) -> Flow[list[tuple[Ready[R], AnyErpError]]]:
        """What an error of the whole batch means for each of its records."""
        operations = self._operations
        if progress.lost(error):
            lost = error if isinstance(error, OutcomeUnknown) else unread(operations.name, error)
            yield from self._settle(ready, lost)
            return []
        if isinstance(error, NotSupported) or error.status in _NO_SUCH_SERVICE:
            operations.context.memory[_NO_BATCHES] = True
            yield from self._singly(ready)
            return []
        if error.retry == "later" and not self._brake.silent(error):
            return [(one, error) for one in ready]
        if isinstance(error, InvalidRecord | Conflict | NotFound):
            if len(ready) == 1:
                yield from self._singly(ready)  # by itself the ERP says more than of a batch
                return []
            half = len(ready) // 2
            again = yield from self._sent(ready[:half])
            again += yield from self._sent(ready[half:])
            return again
        for one in ready:
            self._note(failed(one.item.index, one.item.key, error))
        return []

    def _answered(
        self, ready: Sequence[Ready[R]], answers: Sequence[BatchAnswer]
    ) -> Flow[list[tuple[Ready[R], AnyErpError]]]:
        again: list[tuple[Ready[R], AnyErpError]] = []
        lost: list[Ready[R]] = []
        unsure: OutcomeUnknown | None = None
        for one, answer in zip(ready, answers, strict=True):
            if answer.error is None and answer.native is not None:
                self._applied(one.item, answer.native, "answer", one.problems, answer.warnings)
            elif answer.error is None or isinstance(answer.error, OutcomeUnknown | UnexpectedPayload):
                lost.append(one)
                unsure = answer.error if isinstance(answer.error, OutcomeUnknown) else unsure
            elif answer.error.retry == "later":
                again.append((one, answer.error))
            else:
                self._note(failed(one.item.index, one.item.key, answer.error))
        if lost:
            yield from self._settle(lost, unsure or OutcomeUnknown("the answer to this record cannot be read"))
        return again

    def _singly(self, ready: Sequence[Ready[R]]) -> Flow[None]:
        for one in ready:
            outcome = yield from write(self._operations, "create", one.item, self._on_loss, self._brake)
            self._note(outcome)

    def _settle(self, ready: Sequence[Ready[R]], error: OutcomeUnknown) -> Flow[None]:
        """Look for records whose answer was lost; those that nobody finds stay unknown."""
        left = list(ready)
        if self._operations.resource.find is not None:
            for pause in self._operations.looks:
                if pause:
                    yield Wait(pause)
                try:
                    found = yield from self._look(one.item for one in left)
                except AnyErpError:
                    continue  # the next look may succeed
                for one in left:
                    if one.item.key in found:
                        self._applied(one.item, found[one.item.key], "look", one.problems)
                left = [one for one in left if one.item.key not in found]
                if not any(one.item.key for one in left):
                    break
        for one in left:
            self._note(failed(one.item.index, one.item.key, error))

    def _applied(
        self,
        item: Item[R],
        native: Any,
        settled: Any,
        lost: tuple[Problem, ...] = (),
        warnings: tuple[Problem, ...] = (),
    ) -> None:
        id, number = identity(self._operations, native)
        self._note(RecordOutcome(item.index, "applied", item.key, id, number, settled, None, lost, warnings))

    def _note(self, outcome: RecordOutcome) -> None:
        self._known[outcome.index] = outcome


def look_many(operations: Operations[R], keys: Sequence[str]) -> Flow[dict[str | None, dict[str, Any]]]:
    """The native records that carry these keys, in one request where the connector can."""
    found: dict[str | None, dict[str, Any]] = {}
    if operations.resource.find_many is not None and len(keys) > 1:
        several = yield from operations.resource.find_many(operations.context, keys)
        found.update(several)
        return found
    for key in keys:
        native = yield from operations.look(key)
        if native is not None:
            found[key] = native
    return found
