"""Vendors and customers: their code is chosen by who creates them, and so it is their key (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.kits.odata import v4
from anyerp.lens import Changes, Lens

from anyerp_sap.b1.lens.partner import ADDRESS, CUSTOMER, VENDOR
from anyerp_sap.b1.record import Shape, clean
from anyerp_sap.b1.service import EntitySet, etag_of, write
from anyerp_sap.b1.stamp import given

_ADDRESSES = "BPAddresses"
_BILL_TO = "bo_BillTo"
#: The name of an address, which must have one.
_NAME = "Bill to"
SHAPE = Shape("BusinessPartner")
KEPT = dict.fromkeys(("delete", "cancel", "close"), "never: master data with postings is frozen, not deleted")


def _set(kind: str) -> EntitySet:
    return EntitySet(
        "BusinessPartners",
        "CardCode",
        SHAPE,
        only=f"CardType eq '{kind}'",
        created="CreateDate",
        always=("CardType", _ADDRESSES),
    )


def _get(partners: EntitySet, kind: str) -> Callable[[Context, str], Flow[dict[str, Any]]]:
    def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One partner; a code of the other kind is none of these."""
        found = yield from partners.one(ctx, id)
        if found.get("CardType") != kind:
            raise NotFound(f"{id} is no partner of the type {kind}")
        return found

    return get


def _find(partners: EntitySet) -> Callable[[Context, str], Flow[dict[str, Any] | None]]:
    def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The partner of that code, which is the caller's key."""
        return (yield from partners.first(ctx, f"CardCode eq {v4.literal(key)}"))

    return find


def _find_many(partners: EntitySet) -> Callable[[Context, Sequence[str]], Flow[dict[str, dict[str, Any]]]]:
    def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
        """The partners of these codes."""
        return (yield from partners.several(ctx, "CardCode", keys))

    return find_many


def _create(partners: EntitySet, kind: str) -> Callable[[Context, dict[str, Any]], Flow[dict[str, Any]]]:
    def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A new partner with its address."""
        body = {"CardType": kind, **clean(native)}
        for address in body.get(_ADDRESSES, ()):
            address.setdefault("AddressName", _NAME)
        response = yield from write("POST", partners.name, body)
        return (yield from partners.given(ctx, response))

    return create


def _update(partners: EntitySet) -> Callable[[Context, str, dict[str, Any], Changes], Flow[None]]:
    def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """One PATCH; the address is named by its row, and a partner without one gets it."""
        body = dict(changes.own)
        address = changes.under(ADDRESS)
        if address:
            rows = native.get(_ADDRESSES) or []
            there = next((row for row in rows if row.get("AddressType") == _BILL_TO), None)
            body[_ADDRESSES] = [{**_named(there), **address}]
        yield from write("PATCH", partners.at(id), body, etag=etag_of(native))

    return update


def _named(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {"AddressType": _BILL_TO, "AddressName": _NAME}
    if "RowNum" not in row:
        raise UnexpectedPayload("an address without a row number")
    return {name: row[name] for name in ("RowNum", "AddressType", "AddressName") if name in row}


def _resource(lens: Lens[Any], kind: str) -> Resource[Any]:
    partners = _set(kind)
    return Resource(
        lens=lens,
        rows="value",
        page=partners.page,
        get=_get(partners, kind),
        create=_create(partners, kind),
        update=_update(partners),
        find=_find(partners),
        find_many=_find_many(partners),
        given=given,
        key_field="number",
        updated_since="native",
        because=KEPT,
    )


VENDORS = _resource(VENDOR, "cSupplier")
CUSTOMERS = _resource(CUSTOMER, "cCustomer")
