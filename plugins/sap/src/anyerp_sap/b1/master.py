"""Companies, locations, units and payment terms: reading (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.lens import Lens

from anyerp_sap.b1.lens.master import COMPANY, LOCATION, PAYMENT_TERM, UNIT
from anyerp_sap.b1.record import Shape
from anyerp_sap.b1.service import EntitySet

BRANCHES = EntitySet("BusinessPlaces", "BPLID", Shape("BusinessPlace", money=True), numeric=True)
UNITS = EntitySet("UnitOfMeasurements", "AbsEntry", Shape("UnitOfMeasurement"), numeric=True)
TERMS = EntitySet("PaymentTermsTypes", "GroupNumber", Shape("PaymentTermsType"), numeric=True)
WAREHOUSES = EntitySet(
    "Warehouses",
    "WarehouseCode",
    Shape("Warehouse"),
    lacks=frozenset({"AbsEntry", "BinCode", "Description", "Warehouse"}),
)
BINS = EntitySet(
    "BinLocations",
    "AbsEntry",
    Shape("BinLocation"),
    numeric=True,
    lacks=frozenset("WarehouseCode WarehouseName BusinessPlaceID Street StreetNo City ZipCode State Country".split()),
)
_BIN = "bin-"


def location(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """A warehouse (`01`), or a bin of one (`bin-3`)."""
    if id.startswith(_BIN):
        return (yield from BINS.one(ctx, id.removeprefix(_BIN)))
    return (yield from WAREHOUSES.one(ctx, id))


def locations(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """All warehouses, then all bins, each set page by page."""
    within, below = (state or {}).get("bins", False), (state or {}).get("state")
    answer = yield from (BINS if within else WAREHOUSES).page(ctx, query, below)
    if answer.next is not None:
        return PageAnswer(answer.content, next={"bins": within, "state": answer.next})
    return PageAnswer(answer.content, next=None if within else {"bins": True, "state": None})


def _read(lens: Lens[Any], entity_set: EntitySet, **own: Any) -> Resource[Any]:
    def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record."""
        return (yield from entity_set.one(ctx, id))

    because = dict.fromkeys(("create", "update", "delete"), "todo: the company's setup, which we only read so far")
    because |= dict.fromkeys(("cancel", "close"), "never: these are for documents")
    because["find"] = "never: nobody writes these here, so there is no lost answer to settle"
    return Resource(
        lens=lens, rows="value", **{"page": entity_set.page, "get": get, **own}, updated_since="none", because=because
    )


RESOURCES: Mapping[str, Resource[Any]] = {
    "companies": _read(COMPANY, BRANCHES),
    "locations": _read(LOCATION, WAREHOUSES, page=locations, get=location),
    "units": _read(UNIT, UNITS),
    "payment_terms": _read(PAYMENT_TERM, TERMS),
}
