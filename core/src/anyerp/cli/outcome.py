"""Many writes, one outcome each: nothing is lost, and one bad record never takes its neighbours down."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TypeVar

from anyerp.cli.output import Format, Row, show
from anyerp.connection import Done, RecordOutcome
from anyerp.errors import (
    AnyErpError,
    AuthError,
    ConfigError,
    NotSupported,
    OutcomeUnknown,
    Unavailable,
    UnexpectedPayload,
)
from anyerp.model.base import Record

T = TypeVar("T")

APPLIED, NOT_APPLIED, UNKNOWN = "applied", "not_applied", "unknown"
REFUSED, PARTLY = 1, 3
COLUMNS = ("outcome", "id", "number", "key", "error")

#: What every further record would meet as well. Wrong credentials sent a thousand times lock an account.
_FOR_ALL = (AuthError, ConfigError, NotSupported, Unavailable)


def run(items: Sequence[T | AnyErpError], act: Callable[[T], Done[Record] | Row], how: Format) -> int:
    """Do something with each item, print each outcome as soon as it is known, and give the exit code.

    `act` gives what was done, or the facts of an outcome; an item that is an error is not applied for that reason.
    0 when everything was applied, 1 when nothing was, 3 when some was or when nobody can say.
    """
    return _printed(({**row, "record": number} for number, row in enumerate(_outcomes(items, act), 1)), len(items), how)


def many(outcomes: Iterable[RecordOutcome], total: int, how: Format) -> int:
    """Print the outcomes of a bulk write as they come, and give the exit code as `run` does."""
    return _printed((_row(**{**one.to_dict(), "record": one.index + 1}) for one in outcomes), total, how)


def _printed(rows: Iterator[Row], total: int, how: Format) -> int:
    seen: set[str] = set()

    def each() -> Iterator[Row]:
        for row in _shown(rows, total):
            seen.add(row["outcome"])
            if total <= 1:
                del row["record"]
            yield {**row, "error": _short(row["error"])} if how == "table" else row

    show(each(), how, columns=COLUMNS, each=True)
    if seen <= {APPLIED}:
        return 0
    return REFUSED if seen == {NOT_APPLIED} else PARTLY


def _outcomes(items: Sequence[T | AnyErpError], act: Callable[[T], Done[Record] | Row]) -> Iterator[Row]:
    stopped: AnyErpError | None = None
    for item in items:
        own = {"id": item if isinstance(item, str) else getattr(item, "id", None)}
        if stopped is not None:
            yield _row(NOT_APPLIED, **own, error=_not_sent(stopped))
        elif isinstance(item, AnyErpError):
            yield _row(NOT_APPLIED, error=item.to_dict())
        else:
            try:
                done = act(item)
            except AnyErpError as error:
                yield _row(_meaning(error), **own, error=error.to_dict())
                stopped = error if isinstance(error, _FOR_ALL) else None
            except BaseException as error:  # Ctrl-C, or a bug: this one may have been done
                code = "interrupted" if isinstance(error, KeyboardInterrupt) else "bug"
                yield _row(UNKNOWN, **own, error={"code": code, "message": "stopped while this one was on its way"})
                raise
            else:
                yield _applied(done) if isinstance(done, Done) else _row(APPLIED, **done)


def _meaning(error: AnyErpError) -> str:
    # An answer that nobody can read came after the ERP had done its work, or had not: it does not say.
    return UNKNOWN if isinstance(error, (OutcomeUnknown, UnexpectedPayload)) else NOT_APPLIED


def _applied(done: Done[Record]) -> Row:
    row = _row(APPLIED, id=done.record.id, number=done.record.number, key=done.key, settled=done.settled)
    return {**row, "lost": [problem.to_dict() for problem in done.lost]} if done.lost else row


def _row(outcome: str, **facts: object) -> Row:
    return {"outcome": outcome, "id": None, "number": None, "key": None, "error": None, **facts}


def _not_sent(error: AnyErpError) -> Row:
    return {"code": "not_sent", "message": f"not sent, because of the record before: {error.message}"}


def _short(error: Row | None) -> str | None:
    if error is None:
        return None
    problems = [p["message"] for p in error.get("problems", ()) if p["message"] != error["message"]]
    hint = [f"hint: {error['hint']}"] if error.get("hint") else []
    return "; ".join([error["message"], *problems, *hint])


def _shown(rows: Iterator[Row], total: int) -> Iterator[Row]:
    """The rows, with a bar on a terminal when there are several."""
    with ExitStack() as stack:
        if total > 1 and sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 - not needed in a pipe
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

            console = Console(stderr=True)
            columns = (TextColumn("writing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            bar = stack.enter_context(Progress(*columns, console=console, transient=sys.stdout.isatty()))
            task = bar.add_task("", total=total)
            for row in rows:
                yield row
                bar.advance(task)
        else:
            yield from rows
