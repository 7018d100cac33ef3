"""One record written by itself: the flow for units of one, and the last resort of a refused batch."""

from __future__ import annotations

from typing import TypeVar

from anyerp.connection.bulk.item import Item, Operation
from anyerp.connection.bulk.outcome import RecordOutcome, failed
from anyerp.connection.bulk.patience import Brake, patient
from anyerp.connection.operation import OnLoss, Operations
from anyerp.connection.progress import Progress
from anyerp.connection.result import Done
from anyerp.connector import Flow
from anyerp.errors import AnyErpError
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)


def write(
    operations: Operations[R], operation: Operation, item: Item[R], on_loss: OnLoss, brake: Brake
) -> Flow[RecordOutcome]:
    """Create or update one record and say what became of it. Raises nothing."""
    progress = Progress()

    def attempt() -> Flow[Done[R]]:
        record = item.record(operations)
        if operation == "create":
            return operations.create(record, key=item.key, on_loss=on_loss, look=item.doubtful)
        return operations.update(record, on_loss=on_loss, again=item.doubtful)

    def unless_begun() -> Flow[Done[R]]:
        try:
            return (yield from progress.watch(attempt()))
        except AnyErpError as error:
            if progress.lost(error):  # half a change: another try would meet its own traces
                error.retry = "check_first"
            raise

    try:
        done = yield from patient(unless_begun, brake)
    except AnyErpError as error:
        sent = progress.sent or item.sent_before
        written = progress.written and not error.certain  # what was taken back is not there
        return failed(item.index, item.key, error, written=written, sent=sent, id=item.id)
    record = done.record
    return RecordOutcome(
        item.index, "applied", item.key, record.id, record.number, done.settled, lost=done.lost, warnings=done.warnings
    )
