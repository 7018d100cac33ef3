"""Documents of a header and lines, which this service takes one row at a time (dynamics sheet §1.7).

There is no deep insert: the header is written first and gives the number, then each line. Until the last line is there
the key stands in the header with `MARK` behind it, so that a half-written document is never found for a whole
one, people see it in the ERP, and the same call again goes on where it stopped. An error on the way takes everything
back; where that fails too, the error says what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import uuid4

from anyerp.connector import Context, Flow, Wait
from anyerp.errors import (
    AnyErpError,
    ConfigError,
    Conflict,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    UnexpectedPayload,
)
from anyerp.kits.odata import v4
from anyerp.lens import Map

from anyerp_dynamics.fno import bulk
from anyerp_dynamics.fno.service import EntitySet, Row

MARK = " (incomplete)"
_TRIES = 3
_PAUSE, _LONGEST = 2.0, 60.0


@dataclass(frozen=True, slots=True)
class Document:
    """A header set and its lines' set. `name` is for people, `lines_at` where lines stand in the native record.

    `place` is the line's field that holds its number in the document; `ours` says that it is part of the line's key,
    so that no line can be there twice and a lost one may be sent again.
    """

    name: str
    header: EntitySet
    lines: EntitySet
    lines_at: str
    place: str
    ours: bool = True

    @property
    def number(self) -> str:
        """The field that is the header's key, which the lines repeat."""
        return self.header.key[0]

    def of(self, number: str) -> str:
        """A filter for the lines of one document."""
        return f"{self.number} eq {v4.literal(number)}"

    def numbered(self, lines: list[Row], after: int = 0) -> list[Row]:
        """Lines with a number each: those that have none come behind the others."""
        last = max([after, *(int(line[self.place]) for line in lines if line.get(self.place))])
        free = count(last + 1)
        return [line if line.get(self.place) else {**line, self.place: next(free)} for line in lines]


def key_path(ctx: Context) -> str:
    """The native path of the caller's key: an overlay may have moved it. Raises `ConfigError` where it is nowhere."""
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if isinstance(rule, Map) and rule.field == "external_reference":
            return rule.path
    raise ConfigError("no field carries the key: the overlay maps external_reference away")


def find(ctx: Context, doc: Document, keys: Sequence[str]) -> Flow[dict[str, str]]:
    """The numbers of the whole documents that carry keys. Half-written ones are noted, for `create` to go on with."""
    marked = [carried for key in keys for carried in (key, key + MARK)]
    found = yield from bulk.carrying(ctx, doc.header, key_path(ctx), marked)
    for key in keys:
        if key not in found and key + MARK in found:
            ctx.memory[_begun(doc, key)] = str(found[key + MARK])
    return {key: str(found[key]) for key in keys if key in found}


def _begun(doc: Document, key: str) -> str:
    return f"begun {doc.header.name} {key}"


def create(ctx: Context, doc: Document, native: Row) -> Flow[str]:
    """Write a document; gives its number. Raises with `certain` set once the header was there.

    Without a key of the caller's the mark has one of ours before it, until all is there.
    """
    head = {name: value for name, value in native.items() if name != doc.lines_at}
    lines = doc.numbered(list(native.get(doc.lines_at) or ()))
    if not lines:
        return str((yield from doc.header.add(ctx, head))[doc.number])
    path = key_path(ctx)
    key = head.get(path)
    head[path] = (key or uuid4().hex[:12]) + MARK
    number, begun, lost = yield from _opened(ctx, doc, head, path, key)
    try:
        yield from _filled(ctx, doc, number, head, lines, begun=begun)
        yield from _finished(ctx, doc, number, {path: key or ""})
    except _OtherContent as error:
        error.certain = True  # somebody may have gone on with it by hand: it is not ours to delete any more
        raise
    except AnyErpError as error:
        # What an earlier call began, another process may be writing at this moment: it is left as it is.
        ours = not begun or lost is not None
        gone = ours and (yield from _deleted(ctx, doc, number))
        raise _told(doc, number, error, gone=gone, keyed=bool(key)) from None
    if lost is not None and key:
        raise lost  # all is there now, and looking for it says so
    return number


def _opened(
    ctx: Context, doc: Document, head: Row, path: str, key: str | None
) -> Flow[tuple[str, bool, AnyErpError | None]]:
    """The header's number, whether it was there already (then it is gone on with), the error if its answer was lost."""
    begun = ctx.memory.pop(_begun(doc, key), None) if key else None
    if begun is not None:
        return begun, True, None
    try:
        return str((yield from doc.header.add(ctx, head))[doc.number]), False, None
    except (OutcomeUnknown, UnexpectedPayload) as error:
        rows = yield from doc.header.carrying(ctx, path, head[path])
        if not rows:
            raise
        return str(rows[0][doc.number]), True, error


def _filled(ctx: Context, doc: Document, number: str, head: Row, lines: list[Row], *, begun: bool) -> Flow[None]:
    there: dict[Any, Row] = {}
    if begun:
        header = yield from doc.header.one(ctx, number, fields=head)
        _same(doc, number, "", head, header)
        fields = tuple({name for line in lines for name in line})
        there = {row[doc.place]: row for row in (yield from doc.lines.every(ctx, doc.of(number), fields))}
    for index, line in enumerate(lines):
        if line[doc.place] in there:
            _same(doc, number, f"line {line[doc.place]}: ", line, there[line[doc.place]])
            continue
        try:
            yield from _added(ctx, doc, number, line)
        except AnyErpError as error:
            error.problems = tuple(replace(problem, pointer=f"/lines/{index}") for problem in error.problems)
            raise


class _OtherContent(Conflict):
    """A half-written document is there, and it is not the one that is to be written."""


def _same(doc: Document, number: str, where: str, given: Row, row: Row) -> None:
    """Refuse to go on with a document that was begun with other content."""
    for name, value in given.items():
        if _plain(row.get(name)) != _plain(value):
            raise _OtherContent(
                f"{where}{doc.name} {number} was begun with this key and another {name}: {row.get(name)!r}",
                hint=f"it is half written: delete {doc.name} {number} in the ERP, or finish it there and take the mark "
                f"{MARK.strip()} off",
            )


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _added(ctx: Context, doc: Document, number: str, line: Row) -> Flow[None]:
    """One line. Too many requests are waited for; a lost answer is looked for before anything is sent again."""
    for last in (*(False,) * (_TRIES - 1), True):
        try:
            yield from doc.lines.add(ctx, {**line, doc.number: number})
        except RateLimited as error:
            if last:
                raise
            yield Wait(min(error.retry_after or _PAUSE, _LONGEST))
        except (OutcomeUnknown, UnexpectedPayload):
            if (yield from _is_there(ctx, doc, number, line)):
                return
            if last or not doc.ours:
                raise
        else:
            return


def _is_there(ctx: Context, doc: Document, number: str, line: Row) -> Flow[bool]:
    rows = yield from doc.lines.every(ctx, doc.of(number), (doc.place,))
    return any(row[doc.place] == line[doc.place] for row in rows)


def _finished(ctx: Context, doc: Document, number: str, key: Mapping[str, Any]) -> Flow[None]:
    """Take the mark off the key. Doing it twice does no harm."""
    for last in (*(False,) * (_TRIES - 1), True):
        try:
            yield from doc.header.change(ctx, (number,), dict(key), None)
        except (OutcomeUnknown, RateLimited) as error:
            if last:
                raise
            if isinstance(error, RateLimited):
                yield Wait(min(error.retry_after or _PAUSE, _LONGEST))
        else:
            return


def _told(doc: Document, number: str, error: AnyErpError, *, gone: bool, keyed: bool) -> AnyErpError:
    """The error to raise: the one that came, where everything is taken back, or one that says what is left."""
    if gone and isinstance(error, (OutcomeUnknown, UnexpectedPayload)):
        error = Unavailable(
            f"{error.message}; what was written of {doc.name} {number} is taken back",
            status=error.status,
            request_id=error.request_id,
            problems=error.problems,
        )
    elif gone:
        taken = f"nothing is left of {doc.name} {number}: its header is taken back"
        error.hint = f"{error.hint}; {taken}" if error.hint else taken
    else:
        error = OutcomeUnknown(
            f"{doc.name} {number} is half written: {error.message}",
            hint=("create it again with the same key, which goes on with it, or " if keyed else "")
            + f"delete {doc.name} {number} in the ERP",
            status=error.status,
            request_id=error.request_id,
            problems=error.problems,
        )
    error.certain = True
    return error


def _deleted(ctx: Context, doc: Document, number: str) -> Flow[bool]:
    """Delete the header, with which its lines go; whether it is gone for certain."""
    try:
        yield from doc.header.remove(ctx, (number,))
    except NotFound:
        return True
    except AnyErpError:
        pass
    else:
        return True
    try:
        return (yield from doc.header.look(ctx, number)) is None
    except AnyErpError:
        return False
