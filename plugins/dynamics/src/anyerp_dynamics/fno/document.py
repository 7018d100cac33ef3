"""The operations of documents of a header and lines: orders and invoices (dynamics sheet §1.5, §1.7).

Lines are read by themselves, as `$expand` pages badly: a page of headers, then the lines of just these, by their range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.errors import InvalidRecord
from anyerp.kits.odata import v4
from anyerp.lens import Changes, ListChanges
from anyerp.wire import dump_json

from anyerp_dynamics.fno import saga
from anyerp_dynamics.fno.change import Step, in_turn
from anyerp_dynamics.fno.saga import Document
from anyerp_dynamics.fno.service import AREA, Row, etag_of, listed, number_of, text_of

#: What was received for a line, and when documents were made and changed: none of it is in their own sets.
RECEIVED = "@anyerp.received"
STAMPS = ("@anyerp.created", "@anyerp.modified")
#: Documents asked for one by one; there is no `in`, and an address has no room for many.
_FEW = 20


def nothing_more(ctx: Context, headers: list[Row], condition: str) -> Flow[None]:
    """Documents that are whole with their lines."""
    return
    yield


def as_it_is(row: Row) -> Row:
    """A row that is sent as the lens made it."""
    return row


@dataclass(frozen=True, slots=True)
class Documents:
    """One kind of document and its operations.

    `complete(ctx, headers, condition)` puts in what stands in further sets; the condition holds for these documents.
    `header` and `line` make ready what is sent.
    """

    doc: Document
    complete: Callable[[Context, list[Row], str], Flow[None]] = nothing_more
    header: Callable[[Row], Row] = as_it_is
    line: Callable[[Row], Row] = as_it_is

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """A page of documents with their lines."""
        if ctx.settings.paging == "server":
            return (yield from self._linked(ctx, query, (state or {}).get("link")))
        after = (state or {}).get("after")
        rows, following = yield from self.doc.header.slice(ctx, query, after, header_fields(ctx))
        for part in parts(rows, query):
            yield from self.gather(ctx, part)
        return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)

    def _linked(self, ctx: Context, query: Query, link: str | None) -> Flow[PageAnswer]:
        """A page as the service cuts it, lines in it. The bytes go on as they came unless something is to be added."""
        doc = self.doc
        response = yield from doc.header.linked(ctx, query, link, header_fields(ctx), doc.lines_at)
        following = v4.next_link(response.content)
        state = {"link": following} if following else None
        content = response.content
        if self._adds(ctx):
            rows = listed(response)
            for part in parts(rows, query):
                yield from self._dress(
                    ctx, part, {str(row.get(doc.number)): row.get(doc.lines_at) or [] for row in part}
                )
            content = dump_json({"value": rows})
        return PageAnswer(content, next=state)

    def _adds(self, ctx: Context) -> bool:
        """Whether the lens reads something of further sets, or under other names than the service's."""
        own = {name for name in STAMPS if name not in ctx.settings.stamps}
        if ctx.settings.received == "skip":
            own.add(f"{self.doc.lines_at}/*/{RECEIVED}")
        return any("@anyerp." in path and path not in own for path in ctx.fields())

    def get(self, ctx: Context, id: str) -> Flow[Row]:
        """One document with its lines."""
        row = yield from self.doc.header.one(ctx, id, fields=header_fields(ctx))
        yield from self.gather(ctx, [row])
        return row

    def gather(self, ctx: Context, headers: list[Row]) -> Flow[None]:
        """Put lines into headers, and what else belongs to them."""
        doc = self.doc
        numbers = [row[doc.number] for row in headers if isinstance(row.get(doc.number), str)]
        if not numbers:
            return
        those = between(doc.number, numbers)
        belonging = defaultdict(list)
        for line in (yield from doc.lines.every(ctx, those, line_fields(ctx, doc.lines_at))):
            belonging[text_of(line, doc.number)].append(line)
        yield from self._dress(ctx, headers, belonging)

    def _dress(self, ctx: Context, headers: list[Row], belonging: Mapping[str, list[Row]]) -> Flow[None]:
        doc = self.doc
        numbers = [row[doc.number] for row in headers if isinstance(row.get(doc.number), str)]
        if not numbers:
            return
        for row in headers:
            row[doc.lines_at] = sorted(belonging[str(row.get(doc.number))], key=lambda line: number_of(line, doc.place))
            row.update({name: row[path] for name, path in ctx.settings.stamps.items() if path in row})
        yield from self.complete(ctx, headers, between(doc.number, numbers))

    def find(self, ctx: Context, key: str) -> Flow[Row | None]:
        """The whole document that carries a key; one that is only begun is not found, and `create` goes on with it."""
        return (yield from self.find_many(ctx, (key,))).get(key)

    def find_many(self, ctx: Context, keys: Sequence[str]) -> Flow[dict[str, Row]]:
        """The same for several keys."""
        found: dict[str, Row] = {}
        for key, number in (yield from saga.find(ctx, self.doc, keys)).items():
            found[key] = yield from self.get(ctx, number)
        return found

    def create(self, ctx: Context, native: Row) -> Flow[Row]:
        """The header, which gives the number, then each line; everything, or nothing and an error that says so."""
        own = self.header({name: value for name, value in native.items() if name != AREA})
        company = native.get(AREA)
        if company is not None and company != ctx.settings.data_area:
            raise InvalidRecord(
                f"the record is of company {company}, this connection of {ctx.settings.data_area}",
                hint="make a connection for each company: they differ in settings.company only",
            )
        own[self.doc.lines_at] = [self.line(line) for line in own.get(self.doc.lines_at) or ()]
        number = yield from saga.create(ctx, self.doc, own)
        return (yield from self.get(ctx, number))

    def update(self, ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
        """The header by one PATCH, then each line by its own request."""
        yield from in_turn(ctx, f"{self.doc.name} {id}", list(self._steps(id, native, changes)))

    def _steps(self, id: str, native: Row, changes: Changes) -> Iterator[Step]:
        doc = self.doc
        if changes.own:
            yield Step(doc.header, "PATCH", (id,), self.header(changes.own), native)
        lists = changes.lists.get(doc.lines_at, ListChanges())
        for before, what in lists.changed:
            yield Step(doc.lines, "PATCH", self._at(before), what.own, before)
        for gone in lists.removed:
            yield Step(doc.lines, "DELETE", self._at(gone), seen=gone)
        last = max((int(number_of(line, doc.place)) for line in native.get(doc.lines_at) or ()), default=0)
        for added in doc.numbered(lists.added, last):
            yield Step(doc.lines, "POST", values={**self.line(added), doc.number: id})

    def _at(self, line: Row) -> tuple[Any, ...]:
        return tuple(line[name] for name in self.doc.lines.key)

    def delete(self, ctx: Context, id: str, native: Row) -> Flow[None]:
        """The document goes with its lines, unless something followed from it."""
        yield from self.doc.header.remove(ctx, (id,), etag_of(native))


def parts(headers: list[Row], query: Query) -> list[list[Row]]:
    """The headers of a page as they are gathered: all together, or few at a time where a filter left gaps."""
    size = _FEW if query.filters else max(len(headers), 1)
    return [headers[start : start + size] for start in range(0, len(headers), size)]


def between(name: str, values: list[Any]) -> str:
    """A filter for the rows of a page's headers, whose keys stand in order: few by name, many by their range."""
    if len(values) <= _FEW:
        return " or ".join(f"{name} eq {v4.literal(value)}" for value in dict.fromkeys(values))
    first, last = values[0], values[-1]
    return f"{name} ge {v4.literal(first)} and {name} le {v4.literal(last)}"


def header_fields(ctx: Context) -> list[str]:
    """The fields that the lens reads of headers, and those of the settings' extensions."""
    return [*ctx.fields(), *(path for name, path in ctx.settings.stamps.items() if name in ctx.fields())]


def line_fields(ctx: Context, lines_at: str) -> list[str]:
    """The fields that the lens reads of lines."""
    return [path.rpartition("/")[2] for path in ctx.fields() if path.startswith(f"{lines_at}/*/")]
