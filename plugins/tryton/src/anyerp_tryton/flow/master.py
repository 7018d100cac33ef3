"""What a company is set up with: locations, units and payment terms, written; companies, read only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord
from anyerp.lens import Changes, Lens
from anyerp.model import Location

from anyerp_tryton.flow.lookup import Problems, References
from anyerp_tryton.flow.table import Table
from anyerp_tryton.flow.values import Flat, Part, by_code, flat, there
from anyerp_tryton.flow.write import guarded, made
from anyerp_tryton.lens.master import COMPANY, LOCATION, PAYMENT_TERM, TERM_ALSO, UNIT

_NO_DOCUMENT = dict.fromkeys(("cancel", "close"), "never: these are for documents")
_LINES, _DELTAS = "lines.", "relativedeltas."
_RATE_PLACES = 12

Complete = Callable[[Context, Flat, dict[str, Any]], Flow[None]]


@dataclass(frozen=True, slots=True)
class Setup:
    """One kind of setup: its table, our name of the field that bears the caller's key, and Tryton's.

    `complete` makes the values ready to send, given the record as it is (empty for a new one). `lists` are the lists
    that are written with it, name to model.
    """

    table: Table
    said: str
    key: str
    complete: Complete
    lists: Mapping[str, str]

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The oldest that bears the key: nothing keeps these unique."""
        return (yield from self.table.find(ctx, [self.key, "=", key.strip()]))

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """Make one in one call."""
        values = flat(native)
        yield from self.complete(ctx, values, {})
        return (yield from made(ctx, self.table, values))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """Write what changed in one call."""
        values = dict(changes.fields)
        yield from self.complete(ctx, values, native)
        if values:
            yield from guarded(ctx, self.table, id, native, "write", values, lists=self.lists)

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Delete it; Tryton refuses what is used."""
        yield from guarded(ctx, self.table, id, native, "delete")

    def resource(self, lens: Lens[Any], **own: Any) -> Resource[Any]:
        """All of it as a resource."""
        made: dict[str, Any] = {"delete": self.delete, "because": _NO_DOCUMENT, **own}
        return Resource(
            lens=lens, rows="result", page=self.table.page, get=self.table.get, create=self.create, update=self.update,
            find=self.find, key_field=self.said, updated_since="native", **made,
        )  # fmt: skip


def _location(ctx: Context, values: Flat, native: dict[str, Any]) -> Flow[None]:
    """A place within another. Tryton makes no warehouse in one call: its zones must be there first (wire §20)."""
    if not native and values.get("type") == "warehouse":
        raise InvalidRecord(
            "kind <-> type: a warehouse needs zones for input, output and storage, which must be there before it",
            hint="make the warehouse in Tryton; storage locations in it can be made from here",
        )
    problems = Problems()
    yield from there(ctx, [Part("", values)], "parent", "stock.location", "parent", problems)
    problems.demand()


def _within(ctx: Context, record: Location) -> Flow[Location]:
    wanted = References()
    wanted.want("/parent", "parent", "stock.location", "code", record.parent)
    found = yield from wanted.found(ctx)
    return record.model_copy(update={"parent": found["/parent"]}) if found else record


def _unit(ctx: Context, values: Flat, native: dict[str, Any]) -> Flow[None]:
    """A unit's dimension by its name, and its rate, which must be what the factor says."""
    problems = Problems()
    yield from by_code(ctx, [Part("", values)], "category./name", "product.uom.category", "dimension", problems)
    problems.demand()
    if (factor := values.get("factor")) is not None:
        if factor <= 0:
            raise InvalidRecord("factor <-> factor: a unit holds more than nothing of its dimension's base unit")
        values["rate"] = Decimal(repr(round(1 / float(factor), _RATE_PLACES)))


def _term(ctx: Context, values: Flat, native: dict[str, Any]) -> Flow[None]:
    """Days as the one line of a term, in place of all that it has."""
    if _LINES not in values:
        return
    given = [{**line, "relativedeltas": [["create", line[_DELTAS]]]} for line in values.pop(_LINES) or ()]
    for line in given:
        del line[_DELTAS]
    if not given:
        raise InvalidRecord("net_days <-> lines: a term says when all is due", hint="give another number of days")
    before = [line["id"] for line in native.get(_LINES) or ()]
    values["lines"] = [*([["delete", before]] if before else []), ["create", given]]
    yield from ()


_PLACES = Table("stock.location", only=(["type", "in", ["warehouse", "storage"]],), archives=True)
_TERMS = Table("account.invoice.payment_term", TERM_ALSO, archives=True)
_COMPANIES = Table("company.company", stamps=("last_modified_at", "party.last_modified_at"))
RESOURCES: Mapping[str, Resource[Any]] = {
    "companies": Resource(
        lens=COMPANY,
        rows="result",
        page=_COMPANIES.page,
        get=_COMPANIES.get,
        updated_since="native",
        because={
            "create": "upstream: a company comes with accounts and fiscal years, which Tryton makes by wizards",
            "update": "never: what a company is called stands on its party, which is one of `vendors`",
            "delete": "upstream: Tryton keeps a company that has books",
            "find": "never: it settles creations, of which there are none here",
            **_NO_DOCUMENT,
        },
    ),
    "locations": Setup(_PLACES, "number", "code", _location, {}).resource(
        LOCATION,
        resolve=_within,
        delete=None,
        because={"delete": "never: Tryton deletes with a location all that is in it; set active to false"}
        | _NO_DOCUMENT,
    ),
    "units": Setup(Table("product.uom", archives=True), "number", "symbol", _unit, {}).resource(UNIT),
    "payment_terms": Setup(_TERMS, "name", "name", _term, {"lines": "account.invoice.payment_term.line"}).resource(
        PAYMENT_TERM
    ),
}
