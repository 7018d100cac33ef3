"""The driver for a synchronous host: one unit after the other, or several in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Generic, TypeVar

from anyerp.connection.bulk.item import Given, Unit
from anyerp.connection.bulk.outcome import RecordOutcome
from anyerp.connection.bulk.run import Run
from anyerp.connection.once import alone
from anyerp.connection.runner import Runner
from anyerp.errors import AnyErpError
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)


def outcomes(run: Run[R], runner: Runner, records: Iterable[Given[R] | AnyErpError]) -> Iterator[RecordOutcome]:
    """Write records, giving each outcome as soon as it is known. What stops the loop leaves none without one."""
    with run.journal():
        driver = Driver(run, runner)
        try:
            with ExitStack() as stack:
                driver.start(stack)
                for index, record in enumerate(records):
                    for one in run.feed(index, record):
                        yield from driver.take(one)
                for unit in run.flush():
                    yield from driver.take(unit)
                yield from driver.rest()
        except GeneratorExit:
            raise  # nobody listens any more; the report file, if there is one, knows what was being sent
        except BaseException:
            yield from driver.left()
            raise
        finals = [*runner.run(run.last_look(), context=run.operations.context), *run.twins()]
        run.ended(finals)
        yield from finals


class Driver(Generic[R]):
    """Units in flight, in the order of their records."""

    def __init__(self, run: Run[R], runner: Runner) -> None:
        self._run, self._runner = run, runner
        self._pool: ThreadPoolExecutor | None = None
        self._flying: deque[tuple[Unit[R], Future[list[RecordOutcome]] | None]] = deque()
        self._since_pause = 0

    def start(self, stack: ExitStack) -> None:
        """Make threads where several units may fly."""
        if self._run.wish.parallel > 1:
            self._pool = stack.enter_context(ThreadPoolExecutor(self._run.wish.parallel, "anyerp-write"))

    def take(self, one: RecordOutcome | Unit[R]) -> Iterator[RecordOutcome]:
        """Hand on an outcome, or write a unit."""
        if isinstance(one, RecordOutcome):
            self._run.ended([one])
            yield from self._run.known([one])
            return
        if self._pool is not None and len(self._flying) >= self._run.wish.parallel:
            yield from self._land()
        if self._run.brake.stopped is not None:
            yield from self._run.skipped(one)
            return
        self._rest_after(len(one))
        if self._pool is not None:
            self._flying.append((one, self._pool.submit(self._write, one)))
            return
        self._flying.append((one, None))
        found = self._write(one)
        self._flying.popleft()
        yield from self._run.known(found)

    def rest(self) -> Iterator[RecordOutcome]:
        """Wait for what is still in flight."""
        while self._flying:
            yield from self._land()

    def left(self) -> Iterator[RecordOutcome]:
        """After an interruption: an outcome for everything in flight."""
        while self._flying:
            unit, future = self._flying.popleft()
            if future is not None and future.done() and not future.cancelled() and future.exception() is None:
                yield from future.result()
            else:
                yield from self._run.interrupted(unit)

    def _land(self) -> Iterator[RecordOutcome]:
        _, future = self._flying[0]
        assert future is not None
        found = future.result()
        self._flying.popleft()
        yield from self._run.known(found)

    def _write(self, unit: Unit[R]) -> list[RecordOutcome]:
        run = self._run
        run.began(unit)
        with alone(run.owner, run.operations.name, run.shared(unit), run.operations.context.share):
            # Each unit's flow has warnings of its own; memory, tokens among it, is the connection's.
            found = self._runner.run(run.flow(unit), context=replace(run.operations.context, warnings=[]))
        run.brake.note(found)
        found = unit.whole(found)
        run.ended(found)
        return found

    def _rest_after(self, count: int) -> None:
        if self._run.wish.pause and self._since_pause >= self._run.batch_size:
            self._runner.sleep(self._run.wish.pause)
            self._since_pause = 0
        self._since_pause += count
