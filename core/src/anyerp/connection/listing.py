"""Listing: pages in flight, one ahead of the reader; bad records set aside, good ones handed on."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import msgspec
from pydantic import ValidationError

from anyerp.connection.operation import Operations
from anyerp.connector import Flow, PageAnswer, Query
from anyerp.errors import UnexpectedPayload
from anyerp.lens import BadPage, Rejected
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)
OnProblem = Literal["collect", "raise", "skip"]

#: What a bad record raises; the careful way says then which one it is, and why.
_DOUBTS = (ValidationError, ValueError, ArithmeticError, TypeError, KeyError)

log = logging.getLogger("anyerp")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host asked to list."""

    query: Query
    raw: bool = False
    on_problem: OnProblem = "collect"

    def bound_to(self, name: str) -> str:
        """What a cursor is bound to: the resource and everything that changes which records come."""
        facts = [name, str(self.query.updated_since), sorted(self.query.filters.items()), self.query.page_size]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class Reader(Generic[R]):
    """Turns answers into records.

    `begin` finds the next state before the page is mapped; `finish` maps it as a whole, `each` record by record, where
    `rejected` grows by those that could not be read.
    """

    def __init__(self, operations: Operations[R], asked: Asked) -> None:
        self.operations, self.asked = operations, asked
        self.compiled = operations.reader
        self.rejected: list[Rejected] = []
        self._last: Any = None

    def ask(self, state: Any) -> Flow[PageAnswer]:
        """The flow for one page."""
        page: Flow[PageAnswer] = self.operations.supported("page")(self.operations.context, self.asked.query, state)
        return page

    def begin(self, answer: PageAnswer) -> tuple[Any, Sequence[Any] | None]:
        """The next page's state (None: this was the last), and the rows where they were decoded on the way."""
        if answer.next is not None:
            return answer.next, None
        if answer.full is None:
            return None, None
        rows = self._rows(answer.content)
        natives = rows if rows is not None else self._loose(answer.content)
        if len(natives) < answer.full or not natives:
            return None, rows
        last = {path: self._key(natives[-1], path) for path in answer.key}
        if None in last.values() or last == self._last:
            raise UnexpectedPayload(
                f"{self.operations.name}: the ERP sent the same page twice, or rows without {', '.join(answer.key)}"
            )
        self._last = last
        return {"after": last}, rows

    def _key(self, row: Any, path: str) -> Any:
        return row.get(path) if isinstance(row, dict) else self.compiled.native_value(row, path)

    def _rows(self, content: bytes) -> list[Any] | None:
        try:
            return self.compiled.rows(content)
        except msgspec.ValidationError:
            return None  # a bad record: the careful way finds it
        except (BadPage, msgspec.DecodeError, RecursionError) as error:
            raise UnexpectedPayload(f"{self.operations.name}: {error}") from None

    def _typed(self, answer: PageAnswer, rows: Sequence[Any] | None) -> Sequence[Any] | None:
        """The page's native structs, decoded once; None where the careful way is to take the page."""
        if self.asked.raw:
            return None
        return self._rows(answer.content) if rows is None else rows

    def _loose(self, content: bytes) -> list[Any]:
        try:
            return list(self.compiled.loose(content))
        except (BadPage, msgspec.MsgspecError, RecursionError) as error:
            raise UnexpectedPayload(f"{self.operations.name}: {error}") from None

    def finish(self, answer: PageAnswer, rows: Sequence[Any] | None) -> tuple[list[R], list[Rejected]]:
        """The page's records, and those that could not be read."""
        rows = self._typed(answer, rows)
        if rows is not None:
            try:
                return self.compiled.records(rows), []
            except _DOUBTS:
                pass
        return self._carefully(answer)

    def each(self, answer: PageAnswer, rows: Sequence[Any] | None) -> Iterator[R]:
        """The page's records, each made when it is asked for."""
        rows = self._typed(answer, rows)
        given = 0
        if rows is not None:
            try:
                for record in self.compiled.each(rows):
                    yield record
                    given += 1
            except _DOUBTS:
                pass
            else:
                return
        good, bad = self._carefully(answer)
        self.rejected += bad
        yield from good[given:]

    def _carefully(self, answer: PageAnswer) -> tuple[list[R], list[Rejected]]:
        try:
            good, bad = self.compiled.careful(answer.content, raw=self.asked.raw)
        except (BadPage, msgspec.MsgspecError, RecursionError) as error:
            raise UnexpectedPayload(f"{self.operations.name}: {error}") from None
        self._complain(bad)
        return good, bad

    def _complain(self, bad: list[Rejected]) -> None:
        if not bad:
            return
        if self.asked.on_problem == "raise":
            raise UnexpectedPayload(f"{self.operations.name}: a record cannot be read", problems=bad[0].reasons)
        log.warning("%s: %d record(s) could not be read and were set aside", self.operations.name, len(bad))
