"""Documents of a header and lines: deep insert, then each part changed by its own request (dynamics sheet §2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from anyerp.connector import BatchAnswer, Context, Flow, Resource, ask, done
from anyerp.errors import InvalidRecord, NotSupported
from anyerp.kits.odata import json_batch, v4
from anyerp.kits.odata.batch import Part, created
from anyerp.lens import Changes, ListChanges, Map
from anyerp.model import Record, Ref

from anyerp_dynamics.bc.body import HEADER, LINE, kept, ordered
from anyerp_dynamics.bc.company import company
from anyerp_dynamics.bc.error import explain
from anyerp_dynamics.bc.lens.document import DIMENSIONS
from anyerp_dynamics.bc.lookup import References
from anyerp_dynamics.bc.service import EntitySet, etag_of, record
from anyerp_dynamics.bc.step import Step, in_turn
from anyerp_dynamics.bc.values import INCOTERMS, Values, finished, flat

R = TypeVar("R", bound=Record)
#: Says which of some new documents were made and ended before; those are not sent again.
Ended = Callable[[Context, Sequence[dict[str, Any]]], Flow[dict[int, BatchAnswer]]]

#: Keys in one filter, as an address has an end.
_KEYS = 25
#: Operations that one batch may hold (dynamics sheet §2.5).
_PARTS = 100

_DIMENSION = ("id", "code", "valueCode")
#: Worked out anew whenever a line changes.
_COMPUTED = frozenset({"netAmount", "netTaxAmount"})
#: What a changed header may change on its lines.
_REPRICED = frozenset({"directUnitCost", "unitCost", "unitPrice", "discountPercent", "taxCode", "locationId"})
#: Where a line's references given by number are looked up.
_OF_LINES = (("item", "items", "number"), ("account", "accounts", "number"), ("location", "locations", "code"))


def beside(lines: str) -> dict[str, str]:
    """The paths that changes need beside what is mapped: of dimensions, on a document and on its lines, and terms."""
    lists = (DIMENSIONS, f"{lines}/*/{DIMENSIONS}")
    return {
        **{f"{path}/*/{name}": path for path in lists for name in _DIMENSION},
        "shipmentMethodId": INCOTERMS,
    }


def _none_ended(ctx: Context, natives: Sequence[dict[str, Any]]) -> Flow[dict[int, BatchAnswer]]:
    return done({})


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document: its set, and the set of its lines, which is its navigation to them as well.

    A caller's key is looked for `among` some of them only.
    """

    set: EntitySet
    lines: str
    called: str = "order"
    among: str = ""

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One document with its lines."""
        return self.set.one(ctx, id)

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The document that carries the caller's key."""
        return self.set.first(ctx, v4.both(f"{key_path(ctx)} eq {v4.literal(key)}", self.among))

    def resolve(self, ctx: Context, record: R) -> Flow[R]:
        """The document with ids in the place of numbers; its party may stay a number, which the service takes."""
        wanted = References()
        wanted.company(getattr(record, "company", None))
        wanted.want("/payment_terms", "payment_terms", "paymentTerms", "code", getattr(record, "payment_terms", None))
        lines = getattr(record, "lines", None)
        for index, line in enumerate(lines or ()):
            for field, entity_set, by in _OF_LINES:
                wanted.want(f"/lines/{index}/{field}", field, entity_set, by, getattr(line, field, None))
        found = yield from wanted.found(ctx)
        if not found:
            return record
        given: dict[str, Any] = {
            name: found[f"/{name}"] for name in ("company", "payment_terms") if f"/{name}" in found
        }
        if lines is not None:
            given["lines"] = tuple(
                line.model_copy(update=_of_line(found, f"/lines/{index}")) for index, line in enumerate(lines)
            )
        return record.model_copy(update=given)

    def body(self, ctx: Context, native: Mapping[str, Any]) -> Flow[dict[str, Any]]:
        """A new document as it is sent: codes looked up, every field in its place."""
        header = Values("", flat(native, self.lines))
        lines = [Values(f"/lines/{index}", flat(line)) for index, line in enumerate(native.get(self.lines) or ())]
        yield from finished(ctx, header, lines)
        if lines:
            header.values[self.lines] = [ordered(part.values, LINE) for part in lines]
        return ordered(header.values, HEADER)

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """Send the whole document at once, its fields in order; then read it as it became."""
        made = yield from self.set.add(ctx, (yield from self.body(ctx, native)))
        return (yield from self.set.one(ctx, str(made["id"])))

    def create_batch(
        self, ctx: Context, natives: Sequence[dict[str, Any]], ended: Ended = _none_ended
    ) -> Flow[list[BatchAnswer]]:
        """Many documents in one batch, each committed by itself; what leads nowhere or is over is not sent."""
        answers = yield from ended(ctx, natives)
        bodies: dict[int, dict[str, Any]] = {}
        for place, native in enumerate(natives):
            try:
                if place not in answers:
                    bodies[place] = yield from self.body(ctx, native)
            except InvalidRecord as error:
                answers[place] = BatchAnswer(error=error)
        if bodies:
            at = yield from company(ctx)
            root, inside, target = self.set.path(ctx, at).partition("companies(")
            every = [(place, Part("POST", inside + target, body)) for place, body in bodies.items()]
            for start in range(0, len(every), _PARTS):
                places, parts = zip(*every[start : start + _PARTS], strict=True)
                response = yield from ask(json_batch.request(f"{root}$batch", parts))
                said = created(ctx, json_batch.answers_of(response, len(parts)), record, explain)
                answers |= zip(places, said, strict=True)
        return [answers[place] for place in range(len(natives))]

    def find_many(self, ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
        """The documents that carry these keys, some keys a call."""
        path = key_path(ctx)
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(keys), _KEYS):
            for row in (yield from self.set.named(ctx, path, keys[start : start + _KEYS], self.among)):
                found.setdefault(str(row.get(path)), row)
        return found

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:  # noqa: ARG002 - an order's id holds more than the key
        """The header by one PATCH, then each line and dimension by its own: nesting is refused."""
        header = Values("", dict(changes.fields))
        lists = changes.lists.get(self.lines, ListChanges())
        added = [Values(f"/lines/{index}", flat(line)) for index, line in enumerate(lists.added)]
        changed = [Values("/lines", dict(what.fields)) for _, what in lists.changed]
        yield from finished(ctx, header, [*added, *changed])
        pairs = list(zip((before for before, _ in lists.changed), changed, strict=True))
        yield from in_turn(ctx, self.set, self.called, self._steps(native, header, added, pairs, lists.removed))

    def _steps(
        self,
        native: dict[str, Any],
        header: Values,
        added: list[Values],
        changed: list[tuple[dict[str, Any], Values]],
        removed: list[dict[str, Any]],
    ) -> Iterator[Step]:
        at = f"({native['id']})"
        wanted = header.values.pop(DIMENSIONS, None)
        ours = _COMPUTED
        if header.values:
            yield Step("PATCH", (at,), ordered(kept(header.values, native), HEADER), native)
            ours |= _REPRICED
        if wanted is not None:
            yield from _dimensions((at,), native, wanted)
        for gone in removed:
            yield Step("DELETE", (at, f"{self.lines}({gone['id']})"), seen=gone, ours=ours)
        for before, part in changed:
            line = (at, f"{self.lines}({before['id']})")
            chosen = part.values.pop(DIMENSIONS, None)
            if part.values:
                yield Step("PATCH", line, ordered(kept(part.values, before), LINE), before, ours)
            if chosen is not None:
                yield from _dimensions(line, before, chosen)
        for part in added:
            yield Step("POST", (at, self.lines), ordered(part.values, LINE))

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:  # noqa: ARG002 - as above
        """Delete a draft of which nothing has come or gone; Business Central says no to any other."""
        yield from self.set.write(ctx, "DELETE", (f"({native['id']})",), etag=etag_of(native))


def key_path(ctx: Context) -> str:
    """Where the caller's key is: an overlay may have put it into a field of a customer's own."""
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if isinstance(rule, Map) and rule.field == "external_reference":
            return rule.path
    raise NotSupported("find: the overlay maps external_reference to no single field")


def _of_line(found: Mapping[str, Ref], pointer: str) -> dict[str, Ref]:
    return {name: found[f"{pointer}/{name}"] for name, _, _ in _OF_LINES if f"{pointer}/{name}" in found}


def _dimensions(parent: tuple[str, ...], native: Mapping[str, Any], wanted: list[dict[str, Any]]) -> Iterator[Step]:
    """Each dimension is a row of its own below the document or line; its id is the dimension's (sheet §2.2)."""
    there = {str(row["code"]): row for row in native.get(DIMENSIONS) or ()}
    chosen = {str(row["code"]): row for row in wanted}
    for code, row in there.items():
        at = (*parent, f"{DIMENSIONS}({row['id']})")
        if code not in chosen:
            yield Step("DELETE", at, seen=row)
        elif chosen[code]["valueCode"] != row["valueCode"]:
            yield Step("PATCH", at, {"valueCode": chosen[code]["valueCode"]}, row)
    for code, row in chosen.items():
        if code not in there:
            yield Step("POST", (*parent, DIMENSIONS), row)


def resource(lens: Any, document: Document, because: Mapping[str, str], flows: Any = None) -> Resource[Any]:
    """A kind of document as a resource; `flows` may read and look for it in a way of their own."""
    own = flows or document
    return Resource(
        lens=lens,
        rows="value",
        page=document.set.page,
        get=own.get,
        create=document.create,
        update=document.update,
        delete=document.delete,
        find=own.find,
        resolve=document.resolve,
        create_batch=own.create_batch,
        find_many=document.find_many,
        updated_since="native",
        because=because,
    )
