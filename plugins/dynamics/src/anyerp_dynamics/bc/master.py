"""Master data: made, changed and deleted by one request each, found by its number (dynamics sheet §2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Resource, ask
from anyerp.errors import ConfigError
from anyerp.kits.odata import v4
from anyerp.lens import Changes
from anyerp.model import Customer, Location, Vendor
from anyerp.wire import dump_json

from anyerp_dynamics.bc.body import sent
from anyerp_dynamics.bc.codec import canonical
from anyerp_dynamics.bc.company import PATH, client
from anyerp_dynamics.bc.lens.common import CLIENT
from anyerp_dynamics.bc.lens.item import ITEM
from anyerp_dynamics.bc.lens.item import UNIT as ITEM_UNIT
from anyerp_dynamics.bc.lens.master import COMPANY, INFORMATION, LOCATION, PAYMENT_TERM, UNIT
from anyerp_dynamics.bc.lens.vendor import VENDOR
from anyerp_dynamics.bc.lookup import Problems, References
from anyerp_dynamics.bc.service import EntitySet, etag_of, known_id, record, rows
from anyerp_dynamics.bc.values import Values, at_home, flat, units

P = TypeVar("P", Customer, Vendor)
Finish = Callable[[Context, Values, Problems], Flow[None]]


def _nothing(ctx: Context, part: Values, problems: Problems) -> Flow[None]:
    """Nothing to add."""
    return
    yield


@dataclass(frozen=True, slots=True)
class Master:
    """One set of master data; `key` is the field with its number, `finish` makes values ready to send."""

    set: EntitySet
    key: str = "number"
    finish: Finish = _nothing

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record."""
        return self.set.one(ctx, id)

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The record with this number, which is kept in capitals."""
        return self.set.first(ctx, f"{self.key} eq {v4.literal(key.upper().strip())}")

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """Make it, and read it as it became."""
        values = yield from self._ready(ctx, flat(native))
        made = yield from self.set.add(ctx, {name: values[name] for name in sorted(values, key=self.key.__ne__)})
        return (yield from self.set.one(ctx, str(made["id"])))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """Send what changed and nothing else, unless somebody was faster."""
        values = yield from self._ready(ctx, dict(changes.fields))
        yield from self.set.write(ctx, "PATCH", (f"({known_id(id)})",), values, etag_of(native))

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Delete it; Business Central says no where documents or entries use it."""
        yield from self.set.write(ctx, "DELETE", (f"({known_id(id)})",), etag=etag_of(native))

    def _ready(self, ctx: Context, values: dict[str, Any]) -> Flow[dict[str, Any]]:
        part, problems = Values("", values), Problems()
        yield from at_home(ctx, part, problems)
        yield from self.finish(ctx, part, problems)
        problems.demand()
        return sent(part.values)

    def resource(self, lens: Any, **more: Any) -> Resource[Any]:
        """All of it as a resource."""
        return Resource(
            lens=lens, rows="value", page=self.set.page, get=self.get, create=self.create, update=self.update,
            delete=self.delete, find=self.find, key_field="number", updated_since="native",
            because=dict.fromkeys(("cancel", "close"), "never: these are for documents"), **more,
        )  # fmt: skip


def _item(ctx: Context, part: Values, problems: Problems) -> Flow[None]:
    yield from units(ctx, [part], problems, ITEM_UNIT, "baseUnitOfMeasureCode")
    if part.values.get("blocked", True) is None:
        part.values["blocked"] = False


def by_terms(ctx: Context, party: P) -> Flow[P]:
    """A vendor or customer with the id of its payment terms, which may be given by code."""
    wanted = References()
    wanted.want("/payment_terms", "payment_terms", "paymentTerms", "code", party.payment_terms)
    found = yield from wanted.found(ctx)
    return party.model_copy(update={"payment_terms": found["/payment_terms"]}) if found else party


def _by_company(ctx: Context, location: Location) -> Flow[Location]:
    """The location with the id of its company, which may be given by name."""
    wanted = References()
    wanted.company(location.company)
    found = yield from wanted.found(ctx)
    return location.model_copy(update={"company": found["/company"]}) if found else location


_FACTS = {"$select": "id,name,displayName,systemCreatedAt,systemModifiedAt"}
_HIDDEN = (401, 403, 404)


def companies(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of companies, each with its own information: they are few."""
    if query.filters:
        raise ConfigError("companies are few and cannot be filtered here", hint="list them all")
    prefer = {"Prefer": f"odata.maxpagesize={query.page_size}"}
    asked = (
        Request("GET", PATH, _FACTS, headers=prefer) if state is None else Request("GET", state["link"], headers=prefer)
    )
    response = yield from ask(asked)
    every = rows(response)
    for row in every:
        yield from _informed(ctx, row)
    link = v4.next_link(response.content)
    return PageAnswer(dump_json({"value": every}), next=None if link is None else {"link": link})


def company(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One company with its information."""
    found = record((yield from ask(Request("GET", f"{PATH}({known_id(id)})", _FACTS))))
    yield from _informed(ctx, found)
    return found


def _informed(ctx: Context, row: dict[str, Any]) -> Flow[None]:
    """Add what the company says of itself; one that the application may not look into has its name only."""
    row[CLIENT] = client(ctx, str(row.get("name")))
    id = canonical(str(row.get("id")))
    if id is None or not any(path.startswith(INFORMATION) for path in ctx.fields()):
        return
    response = yield from ask(Request("GET", f"{PATH}({id})/{INFORMATION}", accept=_HIDDEN))
    if response.status < 400:
        row[INFORMATION] = next(iter(rows(response)), None)


_READ = dict.fromkeys(("create", "update", "delete"), "upstream: companies are made in Business Central's own pages")
_DOCUMENTS = dict.fromkeys(("cancel", "close"), "never: these are for documents")

RESOURCES: dict[str, Resource[Any]] = {
    "companies": Resource(
        lens=COMPANY, rows="value", page=companies, get=company,
        because={**_READ, **_DOCUMENTS, "find": "never: nothing is written here, and no lost answer to settle"},
    ),
    "locations": Master(EntitySet("locations"), "code").resource(LOCATION, resolve=_by_company),
    "items": Master(EntitySet("items"), finish=_item).resource(ITEM),
    "units": Master(EntitySet("unitsOfMeasure"), "code").resource(UNIT),
    "payment_terms": Master(EntitySet("paymentTerms"), "code").resource(PAYMENT_TERM),
    "vendors": Master(EntitySet("vendors")).resource(VENDOR, resolve=by_terms),
}  # fmt: skip
