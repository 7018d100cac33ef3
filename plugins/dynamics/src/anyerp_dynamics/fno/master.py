"""Companies, sites and warehouses, terms of payment: reading (dynamics sheet §1.3); units of all companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.lens import Changes
from anyerp.wire import dump_json

from anyerp_dynamics.fno.codec import SITE
from anyerp_dynamics.fno.lens.master import COMPANY, LOCATION, PAYMENT_TERM, UNIT
from anyerp_dynamics.fno.service import EntitySet, Row, etag_of, text_of

COMPANIES = EntitySet("LegalEntities", "LegalEntity", ("LegalEntityId",), per_company=False)
SITES = EntitySet("OperationalSitesV2", "OperationalSiteV2", ("SiteId",))
WAREHOUSES = EntitySet("Warehouses", "Warehouse", ("WarehouseId",))
TERMS = EntitySet("PaymentTerms", "PaymentTerm", ("Name",))
UNITS = EntitySet("UnitsOfMeasure", "UnitOfMeasure", ("UnitSymbol",), per_company=False)
#: Fields that only warehouses have, or only sites.
_OF_WAREHOUSES = frozenset({"WarehouseId", "WarehouseName", "WarehouseType", "OperationalSiteId"})
_OF_SITES = frozenset({"SiteId", "SiteName"})


def company(ctx: Context, id: str) -> Flow[Row]:
    """One legal entity."""
    return (yield from COMPANIES.one(ctx, id))


def terms(ctx: Context, id: str) -> Flow[Row]:
    """Terms of payment by name."""
    return (yield from TERMS.one(ctx, id))


def unit(ctx: Context, id: str) -> Flow[Row]:
    """One unit by its symbol, in whatever case."""
    return (yield from UNITS.one(ctx, id))


def new_unit(ctx: Context, native: Row) -> Flow[Row]:
    """A unit under its own symbol."""
    made = yield from UNITS.add(ctx, native)
    return (yield from unit(ctx, text_of(made, "UnitSymbol")))


def find_unit(ctx: Context, key: str) -> Flow[Row | None]:
    """The unit of a symbol, which is what a caller knows it by."""
    return (yield from UNITS.look(ctx, key, fields=ctx.fields()))


def change_unit(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """Its description and its decimals."""
    yield from UNITS.change(ctx, (id,), changes.own, etag_of(native))


def delete_unit(ctx: Context, id: str, native: Row) -> Flow[None]:
    """Delete a unit."""
    yield from UNITS.remove(ctx, (id,), etag_of(native))


def _without(fields: Iterable[str], others: frozenset[str]) -> list[str]:
    return [name for name in fields if name not in others]


def location(ctx: Context, id: str) -> Flow[Row]:
    """A warehouse (`11`) or a site (`site~1`)."""
    if id.startswith(SITE):
        return (yield from SITES.one(ctx, id.removeprefix(SITE), fields=_without(ctx.fields(), _OF_WAREHOUSES)))
    return (yield from WAREHOUSES.one(ctx, id, fields=_without(ctx.fields(), _OF_SITES)))


def locations(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """All sites, then all warehouses."""
    second, last = (state or {}).get("warehouses", False), (state or {}).get("after")
    if second:
        rows, following = yield from WAREHOUSES.slice(ctx, query, last, _without(ctx.fields(), _OF_SITES))
    else:
        rows, following = yield from SITES.slice(ctx, query, last, _without(ctx.fields(), _OF_WAREHOUSES))
    again = {"warehouses": second, "after": following} if following else None
    return PageAnswer(dump_json({"value": rows}), next=again if again or second else {"warehouses": True})


NO_KEY = {"find": "never: nobody writes these here, so there is no lost answer to settle"}
SETUP = dict.fromkeys(("create", "update", "delete", "cancel", "close"), "never: it is the ERP's own setup")

RESOURCES: dict[str, Resource[Any]] = {
    "companies": Resource(
        lens=COMPANY, rows="value", page=COMPANIES.page, get=company, because=SETUP | NO_KEY
    ),
    "locations": Resource(lens=LOCATION, rows="value", page=locations, get=location, because=SETUP | NO_KEY),
    "payment_terms": Resource(
        lens=PAYMENT_TERM, rows="value", page=TERMS.page, get=terms, because=SETUP | NO_KEY
    ),
    "units": Resource(
        lens=UNIT, rows="value", page=UNITS.page, get=unit, create=new_unit, find=find_unit, update=change_unit,
        delete=delete_unit, key_field="number",
        because=dict.fromkeys(("cancel", "close"), "never: units cannot be put out of use"),
    ),
}  # fmt: skip
