"""A collection for an asynchronous host: the same calls as `Collection`, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from anyerp.connection.bulk.adrive import Records as Many
from anyerp.connection.bulk.adrive import outcomes
from anyerp.connection.bulk.item import Look
from anyerp.connection.bulk.outcome import OnOutcome, RecordOutcome, Report
from anyerp.connection.bulk.run import Run, Wish
from anyerp.connection.changed import Changed, OnRead
from anyerp.connection.cursor import Cursors
from anyerp.connection.listing import Asked, OnProblem, Reader
from anyerp.connection.once import aalone
from anyerp.connection.operation import OnLoss, Operations
from anyerp.connection.plan import WANTS_MORE, Draft, change, creation
from anyerp.connection.result import Done, Page, Plan
from anyerp.connection.runner import AsyncRunner, Dry, Stopped
from anyerp.connector import Flow
from anyerp.later import Later
from anyerp.lens import FieldCoverage, Rejected
from anyerp.model.base import Record

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class AsyncRecords(AsyncIterator[R]):
    """The records of a list, read as they are asked for. `rejected` grows with what could not be read."""

    def __init__(self, records: AsyncIterator[R], rejected: list[Rejected]) -> None:
        self.rejected = rejected
        self._records = records

    def __aiter__(self) -> AsyncIterator[R]:  # noqa: PYI034
        """Give the records left."""
        return self._records

    async def __anext__(self) -> R:
        return await anext(self._records)


class AsyncCollection(Generic[R]):
    """One resource of a connection: the same calls, whatever the ERP. See `Collection` for what each means."""

    def __init__(
        self, operations: Operations[R], runner: AsyncRunner, cursors: Cursors, page_size: int, owner: str
    ) -> None:
        self._operations, self._runner, self._cursors = operations, runner, cursors
        self._page_size, self._owner = page_size, owner

    @property
    def coverage(self) -> tuple[FieldCoverage, ...]:
        """What each field can do here."""
        return self._operations.coverage

    def list(
        self,
        *,
        updated_since: datetime | None = None,
        filters: Mapping[str, str] | None = None,
        fields: Sequence[str] | None = None,
        page_size: int | None = None,
        on_problem: OnProblem = "collect",
        raw: bool = False,
    ) -> AsyncRecords[R]:
        """Every record, one page ahead of the reader: `async for order in erp.purchase_orders.list()`."""
        query = self._operations.query(updated_since, filters, page_size or self._page_size)
        reader = Reader(self._operations.only(fields), Asked(query, raw, on_problem))
        return AsyncRecords(self._each(reader), reader.rejected)

    async def page(
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
        """One page, and the continuation token for the next."""
        query = self._operations.query(updated_since, filters, page_size or self._page_size)
        asked = Asked(query, raw, on_problem)
        bound = self._owner + asked.bound_to(self._operations.name)
        state = None if cursor is None else self._cursors.read(cursor, bound)
        reader = Reader(self._operations.only(fields), asked)
        answer = await self._run(reader.ask(state))
        following, rows = reader.begin(answer)
        records, rejected = reader.finish(answer, rows)
        token = None if following is None else self._cursors.sign(following, bound)
        return Page(tuple(records), tuple(rejected), token)

    async def changes(
        self,
        state: str | None = None,
        *,
        fields: Sequence[str] | None = None,
        deletions: bool = False,
        progress: OnRead | None = None,
    ) -> Changed[R]:
        """What was created, updated and deleted since `state`; None is the beginning, where everything is new."""
        seen = self._operations.comparison(self._owner, state, fields, progress)
        async for record in self.list(updated_since=seen.since, fields=seen.fields, on_problem="raise"):
            seen.take(record)
        if deletions and not seen.whole:
            async for record in self.list(fields=(), on_problem="raise"):
                seen.present(record)
        return seen.done()

    async def get(self, id: str, *, raw: bool = False) -> R:
        """One record by its id. Raises `NotFound`."""
        return await self._run(self._operations.get(id, raw=raw))

    @overload
    async def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: Literal[False] = False
    ) -> Done[R]: ...
    @overload
    async def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: Literal[True]
    ) -> Plan[R]: ...
    async def create(
        self, record: R, *, key: str | None = None, on_loss: OnLoss = "refuse", dry_run: bool = False
    ) -> Done[R] | Plan[R]:
        """Create a record. With `key` (your own reference) exactly one, even when an answer is lost."""
        if dry_run:
            return await self._plan(creation(self._operations, record, key))
        async with aalone(
            self._owner, self._operations.name, () if key is None else (key,), self._operations.context.share
        ):
            return await self._run(self._operations.create(record, key=key, on_loss=on_loss))

    @overload
    async def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: Literal[False] = False) -> Done[R]: ...
    @overload
    async def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: Literal[True]) -> Plan[R]: ...
    async def update(self, record: R, *, on_loss: OnLoss = "refuse", dry_run: bool = False) -> Done[R] | Plan[R]:
        """Write the fields that were set over the record in the ERP. Raises `Conflict` if its version moved on."""
        if dry_run:
            return await self._plan(change(self._operations, record))
        return await self._run(self._operations.update(record, on_loss=on_loss))

    async def create_many(
        self,
        records: Many[R],
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
        """Create many records, one outcome for each: see `Collection.create_many`. The records may come async."""
        wish = Wish("create", batch_size, pause, parallel, keys, make_keys, look, on_loss, report)
        return await _gathered(self._written(wish, records), progress)

    async def update_many(
        self,
        records: Many[R],
        *,
        batch_size: int | None = None,
        pause: float = 0.0,
        parallel: int = 1,
        on_loss: OnLoss = "refuse",
        report: str | PathLike[str] | None = None,
        progress: OnOutcome | None = None,
    ) -> Report:
        """Update many records one by one, with one outcome for each: see `Collection.create_many`."""
        wish: Wish[R] = Wish("update", batch_size, pause, parallel, None, False, "always", on_loss, report)
        return await _gathered(self._written(wish, records), progress)

    def write_each(
        self, operation: Literal["create", "update"], records: Many[R], **options: Any
    ) -> AsyncIterator[RecordOutcome]:
        """The outcomes of `create_many` or `update_many` as they come. Nothing is sent before one is asked for."""
        return self._written(Wish(operation, **options), records)

    def _written(self, wish: Wish[R], records: Many[R]) -> AsyncIterator[RecordOutcome]:
        run = Run(self._operations, self._runner.connector, self._owner, wish)
        return outcomes(run, self._runner, records)

    async def delete(self, id: str, *, version: str | None = None) -> None:
        """Delete a record, in the way of this ERP."""
        await self._run(self._operations.end("delete", id, version))

    @overload
    async def cancel(self, id: str, *, version: str | None = None, outcome: Literal[False] = False) -> R: ...
    @overload
    async def cancel(self, id: str, *, version: str | None = None, outcome: Literal[True]) -> Done[R]: ...
    async def cancel(self, id: str, *, version: str | None = None, outcome: bool = False) -> R | Done[R]:
        """Cancel a document; gives it as it is afterwards. With `outcome`, what the ERP remarked as well.

        A lost answer is settled by reading the document again.
        """
        done = _ended(await self._run(self._operations.end("cancel", id, version)))
        return done if outcome else done.record

    @overload
    async def close(self, id: str, *, version: str | None = None, outcome: Literal[False] = False) -> R: ...
    @overload
    async def close(self, id: str, *, version: str | None = None, outcome: Literal[True]) -> Done[R]: ...
    async def close(self, id: str, *, version: str | None = None, outcome: bool = False) -> R | Done[R]:
        """Close a document; gives it as it is afterwards. With `outcome`, what the ERP remarked as well.

        A lost answer is settled by reading the document again.
        """
        done = _ended(await self._run(self._operations.end("close", id, version)))
        return done if outcome else done.record

    async def _run(self, flow: Flow[T]) -> T:
        return await self._runner.run(flow, context=self._operations.context)

    async def _each(self, reader: Reader[R]) -> AsyncIterator[R]:
        answer = await self._run(reader.ask(None))
        coming: asyncio.Task[Any] | None = None
        try:
            while True:
                state, rows = reader.begin(answer)
                if state is not None:
                    coming = asyncio.create_task(self._run(reader.ask(state)))
                    await asyncio.sleep(0)  # lets the request leave before this page is mapped
                for record in reader.each(answer, rows):
                    yield record
                if coming is None:
                    return
                answer = await coming
                coming = None
        finally:
            if coming is not None:
                coming.cancel()

    async def _plan(self, drafting: Flow[Draft]) -> Plan[R]:
        context, dry, whole = self._operations.context, Dry(), True
        draft = await self._run(drafting)
        if draft.flow is not None:
            try:
                await self._runner.run(draft.flow, context=context, dry=dry)
            except Stopped:
                whole = False
            except WANTS_MORE:
                if not dry:
                    raise  # nothing was answered yet: this is what the write itself would raise
                whole = False
        return draft.plan(dry, whole=whole)


def _ended(done: Done[R] | None) -> Done[R]:
    assert done is not None
    return done


async def _gathered(found: AsyncIterator[RecordOutcome], progress: OnOutcome | None) -> Report:
    gathered = []
    async for outcome in found:
        gathered.append(outcome)
        if progress is not None:
            progress(outcome)
    return Report(tuple(sorted(gathered, key=lambda outcome: outcome.index)))
