"""Companies, sites and warehouses, terms of payment: reading (dynamics sheet §1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.wire import dump_json

from anyerp_dynamics.fno.codec import SITE
from anyerp_dynamics.fno.lens.master import COMPANY, LOCATION, PAYMENT_TERM
from anyerp_dynamics.fno.service import EntitySet, Row

COMPANIES = EntitySet("LegalEntities", "LegalEntity", ("LegalEntityId",), per_company=False)
SITES = EntitySet("OperationalSitesV2", "OperationalSiteV2", ("SiteId",))
WAREHOUSES = EntitySet("Warehouses", "Warehouse", ("WarehouseId",))
TERMS = EntitySet("PaymentTerms", "PaymentTerm", ("Name",))
#: Fields that only warehouses have, or only sites.
_OF_WAREHOUSES = frozenset({"WarehouseId", "WarehouseName", "WarehouseType", "OperationalSiteId"})
_OF_SITES = frozenset({"SiteId", "SiteName"})


def company(ctx: Context, id: str) -> Flow[Row]:
    """One legal entity."""
    return (yield from COMPANIES.one(ctx, id))


def terms(ctx: Context, id: str) -> Flow[Row]:
    """Terms of payment by name."""
    return (yield from TERMS.one(ctx, id))


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
}  # fmt: skip
