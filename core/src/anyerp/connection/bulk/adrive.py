"""The driver for an asynchronous host: several units in tasks of one event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from anyerp.connection.bulk.item import Given, Unit
from anyerp.connection.bulk.outcome import RecordOutcome
from anyerp.connection.bulk.run import Run
from anyerp.connection.once import aalone
from anyerp.connection.runner import AsyncRunner
from anyerp.errors import AnyErpError
from anyerp.later import Later
from anyerp.model.base import Record

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Records = Iterable[Given[R] | AnyErpError] | AsyncIterable[Given[R] | AnyErpError]


async def outcomes(run: Run[R], runner: AsyncRunner, records: Records[R]) -> AsyncIterator[RecordOutcome]:
    """Write records, giving each outcome as soon as it is known. What stops the loop leaves none without one."""
    with run.journal():
        driver = Driver(run, runner)
        try:
            index = -1
            async for record in _each(records):
                index += 1
                for one in run.feed(index, record):
                    async for outcome in driver.take(one):
                        yield outcome
            for unit in run.flush():
                async for outcome in driver.take(unit):
                    yield outcome
            async for outcome in driver.rest():
                yield outcome
        except GeneratorExit:
            driver.cancel()
            raise
        except BaseException:
            for outcome in await driver.left():
                yield outcome
            raise
        finals = [*await runner.run(run.last_look(), context=run.operations.context), *run.twins()]
        await driver.on_disk(run.ended, finals)
        for outcome in finals:
            yield outcome


async def _each(records: Records[R]) -> AsyncIterator[Given[R] | AnyErpError]:
    if isinstance(records, AsyncIterable):
        async for record in records:
            yield record
    else:
        for record in records:
            yield record


class Driver(Generic[R]):
    """Units in flight, in the order of their records."""

    def __init__(self, run: Run[R], runner: AsyncRunner) -> None:
        self._run, self._runner = run, runner
        self._flying: deque[tuple[Unit[R], asyncio.Task[list[RecordOutcome]]]] = deque()
        self._since_pause = 0

    async def take(self, one: RecordOutcome | Unit[R]) -> AsyncIterator[RecordOutcome]:
        """Hand on an outcome, or write a unit."""
        if isinstance(one, RecordOutcome):
            await self.on_disk(self._run.ended, [one])
            for outcome in self._run.known([one]):
                yield outcome
            return
        if len(self._flying) >= self._run.wish.parallel:
            for outcome in await self._land():
                yield outcome
        if self._run.brake.stopped is not None:
            for outcome in self._run.skipped(one):
                yield outcome
            return
        if self._run.wish.pause and self._since_pause >= self._run.batch_size:
            await self._runner.sleep(self._run.wish.pause)
            self._since_pause = 0
        self._since_pause += len(one)
        self._flying.append((one, asyncio.create_task(self._write(one))))
        if self._run.wish.parallel == 1:
            for outcome in await self._land():
                yield outcome

    async def rest(self) -> AsyncIterator[RecordOutcome]:
        """Wait for what is still in flight."""
        while self._flying:
            for outcome in await self._land():
                yield outcome

    def cancel(self) -> None:
        """Let go of what is in flight."""
        for _, task in self._flying:
            task.cancel()

    async def left(self) -> list[RecordOutcome]:
        """After an interruption: an outcome for everything in flight."""
        self.cancel()
        await asyncio.gather(*(task for _, task in self._flying), return_exceptions=True)
        found: list[RecordOutcome] = []
        for unit, task in self._flying:
            whole = not task.cancelled() and task.exception() is None
            found += task.result() if whole else self._run.interrupted(unit)
        self._flying.clear()
        return found

    async def on_disk(self, note: Callable[[Sequence[T]], None], what: Sequence[T]) -> None:
        """Write to the report file beside the event loop, if there is one."""
        if self._run.wish.report is not None and what:
            await asyncio.to_thread(note, what)

    async def _land(self) -> list[RecordOutcome]:
        found = await asyncio.shield(self._flying[0][1])
        self._flying.popleft()
        return list(self._run.known(found))

    async def _write(self, unit: Unit[R]) -> list[RecordOutcome]:
        run = self._run
        await self.on_disk(run.began, unit)
        async with aalone(run.owner, run.operations.name, run.shared(unit), run.operations.context.share):
            found = await self._runner.run(run.flow(unit), context=replace(run.operations.context, warnings=[]))
        run.brake.note(found)
        found = unit.whole(found)
        await self.on_disk(run.ended, found)
        return found
