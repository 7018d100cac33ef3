"""A collection: one resource of a connection, for a synchronous host."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from typing import Any, Generic, Literal, TypeVar, overload

from anyerp.connection.bulk.drive import outcomes
from anyerp.connection.bulk.item import Given, Look
from anyerp.connection.bulk.outcome import OnOutcome, RecordOutcome, Report
from anyerp.connection.bulk.run import Run, Wish
from anyerp.connection.changed import Changed, OnRead
from anyerp.connection.cursor import Cursors
from anyerp.connection.listing import Asked, OnProblem, Reader
from anyerp.connection.once import alone
from anyerp.connection.operation import OnLoss, Operations
from anyerp.connection.plan import WANTS_MORE, Draft, change, creation
from anyerp.connection.result import Done, Page, Plan
from anyerp.connection.runner import Dry, Runner, Stopped
from anyerp.connector import Flow, PageAnswer, Query
from anyerp.errors import AnyErpError
from anyerp.lens import FieldCoverage, Rejected
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")


#: Seconds of waiting for a page from which on the next one is asked for ahead, in a thread. A nearby ERP answers
#: sooner than a thread that shares the interpreter lock is worth.
WORTH_A_THREAD = 0.004


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A page's answer, and how long we only waited for it."""

    answer: PageAnswer
    idle: float


class Records(Iterator[R]):
    """The records of a list, read as they are asked for. `rejected` grows with what could not be read."""

    def __init__(self, records: Iterator[R], rejected: list[Rejected]) -> None:
        self.rejected = rejected
        self._records = records

    def __iter__(self) -> Iterator[R]:  # noqa: PYI034
        """Give the records left (a plain generator: no call of ours per record)."""
        return self._records

    def __next__(self) -> R:
        return next(self._records)


class Collection(Generic[R]):
    """One resource of a connection: the same calls, whatever the ERP."""

    def __init__(self, operations: Operations[R], runner: Runner, cursors: Cursors, page_size: int, owner: str) -> None:
        self._operations, self._runner, self._cursors = operations, runner, cursors
        self._page_size, self._owner = page_size, owner

    @property
    def coverage(self) -> tuple[FieldCoverage, ...]:
        """What each field can do here."""
        return self._operations.coverage

    @property
    def operations(self) -> Mapping[str, str | None]:
        """Each operation by name: None where it works here, the declared reason where it does not."""
        resource = self._operations.resource
        return {
            "list" if name == "page" else name: None if getattr(resource, name) is not None else resource.because[name]
            for name in resource.OPERATIONS
        }

    def list(
        self,
        *,
        updated_since: datetime | None = None,
        filters: Mapping[str, str] | None = None,
        fields: Sequence[str] | None = None,
        page_size: int | None = None,
        on_problem: OnProblem = "collect",
        raw: bool = False,
    ) -> Records[R]:
        """Every record, one page ahead of the reader. Records that cannot be read go to `.rejected` of the result.

        `on_problem="raise"` stops at the first such record with its reasons. `updated_since` is an aware moment.
        `fields` names the fields to read (`"vendor"`, `"lines.quantity"`): the ERP is asked for no others.
        """
        asked = Asked(self._query(updated_since, filters, page_size), raw, on_problem)
        reader = Reader(self._operations.only(fields), asked)
        return Records(self._each(reader), reader.rejected)

    def page(
        self,
        cursor: str | None = None,
        *,
        updated_since: datetime | None = None,
        filters: Mapping[str, str] | None = None,
        fields: Sequence[str] | None = None,
        page_size: int | None = None,
        on_problem: OnProblem = "collect",
        raw: bool = False,
    ) -> Page[R]:
        """One page, and the continuation token for the next. A foreign or damaged token is `InvalidCursor`."""
        asked = Asked(self._query(updated_since, filters, page_size), raw, on_problem)
        bound = self._owner + asked.bound_to(self._operations.name)
        state = None if cursor is None else self._cursors.read(cursor, bound)
        reader = Reader(self._operations.only(fields), asked)
        answer = self._run(reader.ask(state))
        following, rows = reader.begin(answer)
        records, rejected = reader.finish(answer, rows)
        token = None if following is None else self._cursors.sign(following, bound)
        return Page(tuple(records), tuple(rejected), token)

    def changes(
        self,
        state: str | None = None,
        *,
        fields: Sequence[str] | None = None,
        deletions: bool = False,
        progress: OnRead | None = None,
    ) -> Changed[R]:
        """What was created, updated and deleted since `state`; None is the beginning, where everything is new.

        The same for every ERP: by its change stamp where it keeps one, else by reading all and comparing with what the
        state remembers. With a stamp, deletions are looked for if `deletions` asks for it (it reads every id);
        without one they are always known. `fields` limits what is read, and what counts as a change; `progress` is told
        how many records were read so far, after every hundred and at the end. Raises `InvalidCursor` for a state that
        was made for something else, `UnexpectedPayload` for a record that cannot be read: a change not to be missed.
        """
        seen = self._operations.comparison(self._owner, state, fields, progress)
        for record in self.list(updated_since=seen.since, fields=seen.fields, on_problem="raise"):
            seen.take(record)
        if deletions and not seen.whole:
            for record in self.list(fields=(), on_problem="raise"):
                seen.present(record)
        return seen.done()

    def get(self, id: str, *, raw: bool = False) -> R:
        """One record by its id. Raises `NotFound`."""
        return self._run(self._operations.get(id, raw=raw))

    @overload
    def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: Literal[False] = False
    ) -> Done[R]: ...
    @overload
    def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: Literal[True]
    ) -> Plan[R]: ...
    def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: bool = False
    ) -> Done[R] | Plan[R]:
        """Create a record. With `key` (your own reference) exactly one, even when an answer is lost.

        Raises `NotRepresentable` before anything is sent if a value would be lost (`on_loss="report"` leaves those
        out and lists them in `.lost`), `InvalidRecord` where the ERP refuses, `OutcomeUnknown` where nobody can say.
        """
        if dry_run:
            return self._plan(creation(self._operations, record, key))
        with alone(self._owner, self._operations.name, () if key is None else (key,), self._operations.context.share):
            return self._run(self._operations.create(record, key=key, on_loss=on_loss))

    @overload
    def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: Literal[False] = False) -> Done[R]: ...
    @overload
    def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: Literal[True]) -> Plan[R]: ...
    def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: bool = False) -> Done[R] | Plan[R]:
        """Write the fields that were set over the record in the ERP. Raises `Conflict` if its version moved on."""
        if dry_run:
            return self._plan(change(self._operations, record))
        return self._run(self._operations.update(record, on_loss=on_loss))

    def create_many(
        self,
        records: Iterable[Given[R] | AnyErpError],
        *,
        batch_size: int | None = None,
        pause: float = 0.0,
        parallel: int = 1,
        keys: Callable[[R], str | None] | None = None,
        make_keys: bool = True,
        look: Look = "always",
        on_loss: OnLoss = "refuse",
        report: str | PathLike[str] | None = None,
        progress: OnOutcome | None = None,
    ) -> Report:
        """Create many records: one outcome for each, whatever happens to its neighbours.

        They go by the ERP's own batching where it has one, else one by one, `batch_size` (50) of them between two
        pauses of `pause` seconds, `parallel` batches or records at a time. What the ERP refuses for now (429, 503, a
        lock) is tried again for about a minute. A lost answer is settled by looking for the record's key, and never by
        sending again; a key is what `keys` gives of a record, or stands in its own key field, or (`make_keys`) is
        made up. `look="doubtful"` spares looking for given keys before the first sending, for those who know that
        they are new.

        `report` is a file of JSON lines: what is being sent is there before it is sent, what is known as soon as it
        is. After a crash the same call with the same records and file goes on: what was applied stays, the rest is
        sent with the same keys, after looking. What was on its way is given ten seconds to arrive; where the ERP may
        be busy for longer, wait before you go on. `progress` is called with each outcome. An interruption of the call
        (Ctrl-C, an iterable that fails) is raised, after those in flight have been given to `progress`.

        In place of a record its values by name may be given, as the model takes them: that is the quickest way, and
        values that make no record are an outcome like any other. An error may be given too: its outcome is not
        applied, for that reason.
        """
        wish = Wish("create", batch_size, pause, parallel, keys, make_keys, look, on_loss, report)
        return _gathered(self._written(wish, records), progress)

    def update_many(
        self,
        records: Iterable[Given[R] | AnyErpError],
        *,
        batch_size: int | None = None,
        pause: float = 0.0,
        parallel: int = 1,
        on_loss: OnLoss = "refuse",
        report: str | PathLike[str] | None = None,
        progress: OnOutcome | None = None,
    ) -> Report:
        """Update many records one by one, with one outcome for each: see `update` and `create_many`."""
        wish: Wish[R] = Wish("update", batch_size, pause, parallel, None, False, "always", on_loss, report)
        return _gathered(self._written(wish, records), progress)

    def write_each(
        self, operation: Literal["create", "update"], records: Iterable[Given[R] | AnyErpError], **options: Any
    ) -> Iterator[RecordOutcome]:
        """The outcomes of `create_many` or `update_many` as they come. Nothing is sent before one is asked for."""
        return self._written(Wish(operation, **options), records)

    def _written(self, wish: Wish[R], records: Iterable[Given[R] | AnyErpError]) -> Iterator[RecordOutcome]:
        run = Run(self._operations, self._runner.connector, self._owner, wish)
        return outcomes(run, self._runner, records)

    def delete(self, id: str, *, version: str | None = None) -> None:
        """Delete a record, in the way of this ERP."""
        self._run(self._operations.end("delete", id, version))

    @overload
    def cancel(self, id: str, *, version: str | None = None, outcome: Literal[False] = False) -> R: ...
    @overload
    def cancel(self, id: str, *, version: str | None = None, outcome: Literal[True]) -> Done[R]: ...
    def cancel(self, id: str, *, version: str | None = None, outcome: bool = False) -> R | Done[R]:
        """Cancel a document; gives it as it is afterwards. With `outcome`, what the ERP remarked as well.

        A lost answer is settled by reading the document again.
        """
        done = _ended(self._run(self._operations.end("cancel", id, version)))
        return done if outcome else done.record

    @overload
    def close(self, id: str, *, version: str | None = None, outcome: Literal[False] = False) -> R: ...
    @overload
    def close(self, id: str, *, version: str | None = None, outcome: Literal[True]) -> Done[R]: ...
    def close(self, id: str, *, version: str | None = None, outcome: bool = False) -> R | Done[R]:
        """Close a document: nothing more is expected of it; gives it as it is afterwards.

        With `outcome`, what the ERP remarked as well. A lost answer is settled by reading the document again.
        """
        done = _ended(self._run(self._operations.end("close", id, version)))
        return done if outcome else done.record

    def _run(self, flow: Flow[T]) -> T:
        return self._runner.run(flow, context=self._operations.context)

    def _query(self, since: datetime | None, filters: Mapping[str, str] | None, page_size: int | None) -> Query:
        return self._operations.query(since, filters, page_size or self._page_size)

    def _each(self, reader: Reader[R]) -> Iterator[R]:
        fetched = self._fetch(reader, None)
        with ThreadPoolExecutor(1, thread_name_prefix="anyerp-page") as ahead:
            while True:
                state, rows = reader.begin(fetched.answer)
                coming: Future[_Fetched] | None = None
                if state is not None and fetched.idle > WORTH_A_THREAD:
                    coming = ahead.submit(self._fetch, reader, state)
                yield from reader.each(fetched.answer, rows)
                del rows, fetched  # a page is let go before the next one is read: its memory is still warm
                if state is None:
                    return
                fetched = self._fetch(reader, state) if coming is None else coming.result()

    def _fetch(self, reader: Reader[R], state: Any) -> _Fetched:
        wall, busy = time.perf_counter(), time.thread_time()
        answer = self._run(reader.ask(state))
        return _Fetched(answer, time.perf_counter() - wall - (time.thread_time() - busy))

    def _plan(self, drafting: Flow[Draft]) -> Plan[R]:
        context, dry, whole = self._operations.context, Dry(), True
        draft = self._run(drafting)
        if draft.flow is not None:
            try:
                self._runner.run(draft.flow, context=context, dry=dry)
            except Stopped:
                whole = False
            except WANTS_MORE:
                if not dry:
                    raise  # nothing was answered yet: this is what the write itself would raise
                whole = False
        return draft.plan(dry, whole=whole)


def _gathered(found: Iterator[RecordOutcome], progress: OnOutcome | None) -> Report:
    gathered = []
    for outcome in found:
        gathered.append(outcome)
        if progress is not None:
            progress(outcome)
    return Report(tuple(sorted(gathered, key=lambda outcome: outcome.index)))


def _ended(done: Done[R] | None) -> Done[R]:
    assert done is not None
    return done
