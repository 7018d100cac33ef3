"""Companies, locations, units and payment terms: a company's setup, read and written (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import InvalidRecord, Problem
from anyerp.kits.odata import v4
from anyerp.lens import Changes, Lens

from anyerp_sap.b1.lens.master import COMPANY, LOCATION, PAYMENT_TERM, UNIT
from anyerp_sap.b1.record import Shape, clean
from anyerp_sap.b1.service import EntitySet, etag_of, write
from anyerp_sap.b1.unit import forget, meant

BRANCHES = EntitySet("BusinessPlaces", "BPLID", Shape("BusinessPlace", money=True), numeric=True)
UNITS = EntitySet("UnitOfMeasurements", "AbsEntry", Shape("UnitOfMeasurement", also=meant), numeric=True)
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
_BIN, _NAME = "bin-", "WarehouseName"


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


def _body(entity_set: EntitySet, native: dict[str, Any]) -> dict[str, Any]:
    """What of a record its own set has."""
    return {name: value for name, value in clean(native).items() if name not in entity_set.lacks}


def _bin_body(native: dict[str, Any]) -> dict[str, Any]:
    """A change of a bin, whose name stands in another field. Raises `InvalidRecord` for what a bin has not."""
    wrong = [name for name, value in native.items() if name in BINS.lacks - {_NAME} and value is not None]
    if wrong:
        message = f"a bin has no {', '.join(wrong)}: these are its warehouse's"
        raise InvalidRecord(message, problems=[Problem(message, "", "not_representable")])
    named = {_NAME, "Description"} & native.keys()
    name = {"Description": native.get(_NAME, native.get("Description"))} if named else {}
    return {**({"Inactive": native["Inactive"]} if "Inactive" in native else {}), **name}


@dataclass(frozen=True, slots=True)
class Setup:
    """One set of the company's setup; `key` is the field that holds the caller's key, `said` ours."""

    set: EntitySet
    key: str
    said: str

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record."""
        return self.set.one(ctx, id)

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The record that bears the caller's key."""
        return self.set.first(ctx, f"{self.key} eq {v4.literal(key)}")

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A new record."""
        response = yield from write("POST", self.set.name, _body(self.set, native))
        forget(ctx)
        return (yield from self.set.given(ctx, response))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """One PATCH of what changed."""
        body = _bin_body(changes.own) if id.startswith(_BIN) else _body(self.set, changes.own)
        yield from write("PATCH", _at(self.set, id), body, etag=etag_of(native))
        forget(ctx)

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Remove it; the ERP refuses what is used."""
        yield from write("DELETE", _at(self.set, id), etag=etag_of(native))
        forget(ctx)

    def resource(self, lens: Lens[Any], **own: Any) -> Resource[Any]:
        """All of it as a resource."""
        made: dict[str, Any] = {"page": self.set.page, "get": self.get, "delete": self.delete, **own}
        because = dict.fromkeys(("cancel", "close"), "never: these are for documents") | made.pop("because", {})
        return Resource(
            lens=lens, rows="value", create=self.create, update=self.update, find=self.find, key_field=self.said,
            because=because, **made,
        )  # fmt: skip


def _at(entity_set: EntitySet, id: str) -> str:
    return BINS.at(id.removeprefix(_BIN)) if id.startswith(_BIN) else entity_set.at(id)


RESOURCES: Mapping[str, Resource[Any]] = {
    "companies": Setup(BRANCHES, "BPLName", "name").resource(
        COMPANY, delete=None, because={"delete": "never: a branch with postings is disabled, not deleted"}
    ),
    "locations": Setup(WAREHOUSES, "WarehouseCode", "number").resource(LOCATION, page=locations, get=location),
    "units": Setup(UNITS, "Code", "number").resource(UNIT),
    "payment_terms": Setup(TERMS, "PaymentTermsGroupName", "name").resource(PAYMENT_TERM),
}
