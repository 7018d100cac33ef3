"""Pages of SuiteQL by key, each record whole: never by offset, which skips and ends at 100,000 rows (sheet §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.connector.declaration import Page
from anyerp.errors import UnexpectedPayload
from anyerp.lens import Lens

from anyerp_netsuite import custom
from anyerp_netsuite.custom import Own
from anyerp_netsuite.filters import conditions
from anyerp_netsuite.suiteql import ROWS, Table, ask_rows, since

#: Rows that are asked for where only few records are: an order has this many lines and its own row, or fewer.
_ROWS_EACH = 10


class _Keys(msgspec.Struct):
    id: Any = None
    line: Any = msgspec.field(name="l_line", default=None)


class _Answer(msgspec.Struct):
    items: list[msgspec.Raw] | None = None


_answer = msgspec.json.Decoder(_Answer).decode
_keys = msgspec.json.Decoder(_Keys).decode
_loose = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def pages(table: Table, lens: Lens[Any]) -> Page:
    """The `page` of a resource: at most so many records, whole, and where the next one begins.

    `lens` says what can be filtered by, also where a host asks for some fields only.
    """

    def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        filtered, values = conditions(ctx, table, lens, query)
        owns = yield from custom.fields(ctx, table)
        begin, lined = table.select(ctx, filtered, [column for own in owns for column in own.columns()])
        after = state["after"] if state else "-1"
        # As a number, not as one of `params`, which come as text: ids are compared without a conversion.
        where = [*table.where, *filtered, f"{table.id} > {int(after)}"]
        if table.lines and not lined:
            where.append(table.own)
        if query.updated_since is not None and table.changed is not None:
            where += since(table.changed, query.updated_since)
        many = bool(table.lines) and lined
        text = begin + " AND ".join(where)
        order = f" ORDER BY {table.id}" + (f", {table.line_id}" if many else "")
        size = min(query.page_size, ROWS)
        limit = min(size * _ROWS_EACH, ROWS) if many else size
        content, rows = _rows((yield from ask_rows(text + order, values, limit)).content)
        if rows is None or (len(rows) < limit and len(rows) <= size):
            return PageAnswer(_written(content, rows, rows, owns, table))
        kept = _first(rows, size, ended=len(rows) < limit or not many)
        if not kept:  # one order has more lines than came
            kept = yield from _whole(table, text, order, values, rows)
        last_id = next((key for row in reversed(kept) if isinstance(key := _keys(row).id, str)), after)
        if last_id == after or not last_id.isdecimal():
            raise UnexpectedPayload("NetSuite sent the same page twice, or rows without ids")
        following = None if len(kept) == len(rows) and len(rows) < limit else {"after": last_id}
        return PageAnswer(_written(content, rows, kept, owns, table), following)

    return page


def _written(
    content: bytes, came: list[msgspec.Raw] | None, kept: list[msgspec.Raw] | None, owns: Sequence[Own], table: Table
) -> bytes:
    """The page of the rows kept, as it came where nothing has to be done to it."""
    if came is None or kept is None or (len(kept) == len(came) and not owns):
        return content
    return msgspec.json.encode({"items": custom.gathered(kept, owns, table.lines) if owns else kept})


def _whole(table: Table, text: str, order: str, values: list[str], rows: list[msgspec.Raw]) -> Flow[list[msgspec.Raw]]:
    """The rows of one order that has more of them than an answer, line by line behind the last."""
    kept = list(rows)
    behind = f" AND {table.id} <= TO_NUMBER(?) AND {table.line_id} > TO_NUMBER(?)"
    while True:
        last = _keys(kept[-1])
        more = yield from ask_rows(text + behind + order, [*values, _text(last.id), _text(last.line or "0")])
        _, found = _rows(more.content)
        if found is None:
            raise UnexpectedPayload("the answer holds no rows", status=more.status)
        kept += found
        if len(found) < ROWS:
            return kept


def _rows(content: bytes) -> tuple[bytes, list[msgspec.Raw] | None]:
    """An answer and its rows, columns in lower case, which is not sure in every release (sheet §4)."""
    try:
        rows = _answer(content).items
        if not rows or all(name == name.lower() for name in _loose(rows[0])):
            return content, rows
        lower = [msgspec.Raw(msgspec.json.encode({k.lower(): v for k, v in _loose(row).items()})) for row in rows]
        return msgspec.json.encode({"items": lower}), lower
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return content, None  # what reads the page says what is wrong with it


def _text(key: Any) -> str:
    if not isinstance(key, str) or not key:
        raise UnexpectedPayload("a row of NetSuite has no key to go on behind")
    return key


def _first(rows: list[msgspec.Raw], size: int, *, ended: bool) -> list[msgspec.Raw]:
    """The rows of the first records, at most `size`; of rows that may go on, without those of the last record."""
    starts = list(_starts(rows, size))
    if len(starts) > size:
        return rows[: starts[size]]
    return rows if ended else rows[: starts[-1]]


def _starts(rows: list[msgspec.Raw], size: int) -> Iterator[int]:
    """Where records begin, up to the one behind the first `size`."""
    if size >= len(rows):  # then only the last one's beginning is of interest
        last = _keys(rows[-1]).id
        at = len(rows) - 1
        while at and _keys(rows[at - 1]).id == last:
            at -= 1
        yield at
        return
    before: Any = object()
    for at, row in enumerate(rows):
        key = _keys(row).id
        if key != before:
            before = key
            yield at
            size -= 1
            if size < 0:
                return
