"""Companies, sites and warehouses, released products, terms of payment: reading (dynamics sheet §1.3, §1.11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.kits.odata import v4
from anyerp.wire import dump_json

from anyerp_dynamics.fno.codec import SITE
from anyerp_dynamics.fno.lens.master import COMPANY, ITEM, LOCATION, PAYMENT_TERM
from anyerp_dynamics.fno.service import EntitySet, Row, text_of

COMPANIES = EntitySet("LegalEntities", "LegalEntity", ("LegalEntityId",), per_company=False)
SITES = EntitySet("OperationalSitesV2", "OperationalSiteV2", ("SiteId",))
WAREHOUSES = EntitySet("Warehouses", "Warehouse", ("WarehouseId",))
ITEMS = EntitySet(
    "ReleasedProductsV2",
    "ReleasedProductV2",
    ("ItemNumber",),
    also=("ProductNumber",),
    enums={"ProductType": "EcoResProductType"},
)
PRODUCTS = EntitySet("ProductsV2", "ProductV2", ("ProductNumber",), per_company=False)
TERMS = EntitySet("PaymentTerms", "PaymentTerm", ("Name",))
#: Fields that only warehouses have, or only sites.
_OF_WAREHOUSES = frozenset({"WarehouseId", "WarehouseName", "WarehouseType", "OperationalSiteId"})
_OF_SITES = frozenset({"SiteId", "SiteName"})
_NAME, _DESCRIPTION = "@anyerp.name", "@anyerp.description"
#: Products asked for by name in one filter, which has no `in`.
_AT_ONCE = 25


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


def item(ctx: Context, id: str) -> Flow[Row]:
    """One released product, with its product's name."""
    row = yield from ITEMS.one(ctx, id)
    yield from _name(ctx, [row])
    return row


def items(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """Released products, with their products' names."""
    rows, following = yield from ITEMS.slice(ctx, query, (state or {}).get("after"), ctx.fields())
    yield from _name(ctx, rows)
    return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)


def _name(ctx: Context, rows: list[Row]) -> Flow[None]:
    """Put names and descriptions into released products: few products by their numbers, many by their range.

    Products are as a rule numbered like their items, so that a page's products stand close together.
    """
    if not {_NAME, _DESCRIPTION} & set(ctx.fields()):
        return
    missing = sorted({row["ProductNumber"] for row in rows if isinstance(row.get("ProductNumber"), str)})
    fields = ("ProductName", "ProductDescription")
    known: dict[str, Row] = {}
    if len(missing) > _AT_ONCE:
        those = f"ProductNumber ge {v4.literal(missing[0])} and ProductNumber le {v4.literal(missing[-1])}"
        query = Query(4 * len(missing))
        found, _ = yield from PRODUCTS.slice(ctx, query, None, fields, those)
        known = {text_of(row, "ProductNumber"): row for row in found}
        missing = [number for number in missing if number not in known]
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        those = " or ".join(f"ProductNumber eq {v4.literal(number)}" for number in part)
        known |= {text_of(row, "ProductNumber"): row for row in (yield from PRODUCTS.every(ctx, those, fields))}
    for row in rows:
        product = known.get(str(row.get("ProductNumber")), {})
        row[_NAME], row[_DESCRIPTION] = product.get("ProductName"), product.get("ProductDescription")


NO_KEY = {"find": "never: nobody writes these here, so there is no lost answer to settle"}
SETUP = dict.fromkeys(("create", "update", "delete", "cancel", "close"), "never: it is the ERP's own setup")
TO_DO = dict.fromkeys(("create", "update"), "todo: a product for all companies first, then its release to this one")
KEPT = dict.fromkeys(("delete", "cancel", "close"), "never: master data is put out of use, not deleted")

RESOURCES: dict[str, Resource[Any]] = {
    "companies": Resource(
        lens=COMPANY, rows="value", page=COMPANIES.page, get=company, because=SETUP | NO_KEY
    ),
    "locations": Resource(lens=LOCATION, rows="value", page=locations, get=location, because=SETUP | NO_KEY),
    "items": Resource(lens=ITEM, rows="value", page=items, get=item, because=TO_DO | KEPT | NO_KEY),
    "payment_terms": Resource(
        lens=PAYMENT_TERM, rows="value", page=TERMS.page, get=terms, because=SETUP | NO_KEY
    ),
}  # fmt: skip
