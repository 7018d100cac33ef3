"""Vendors and customers: listed by SuiteQL, one by one through the record service (netsuite sheet §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import ConfigError
from anyerp.lens import Changes, Lens
from anyerp.lens.path import place

from anyerp_netsuite import document, lookup, record
from anyerp_netsuite.flow.bulk import Bulk
from anyerp_netsuite.lens.common import CUSTOM, PAGE
from anyerp_netsuite.lens.party import ADDRESS, CUSTOMER, CUSTOMERS, VENDOR, VENDORS
from anyerp_netsuite.paging import pages
from anyerp_netsuite.suiteql import Table

_BOOK, _PLACE = "addressBook", "addressBookAddress"


def _billing(native: Mapping[str, Any]) -> Mapping[str, Any]:
    """The line of the address book for bills."""
    lines = (native.get(_BOOK) or {}).get("items") or ()
    return next((line for line in lines if isinstance(line, dict) and line.get("defaultBilling") is True), {})


def party(lens: Lens[Any], table: Table, kind: str) -> Resource[Any]:
    """The resource of one of the two."""

    def inward(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        address = _billing(native).get(_PLACE)
        found = {**native, ADDRESS: address} if isinstance(address, dict) else native
        return (yield from document.completed(ctx, found, table.link))

    def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
        native = yield from record.get(ctx, kind, id)
        return (yield from inward(ctx, native))

    def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        native = yield from record.by_external_id(ctx, kind, key)
        return None if native is None else (yield from inward(ctx, native))

    def body_of(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        body = {name: value for name, value in native.items() if name not in (ADDRESS, CUSTOM, PAGE, "currency")}
        code = (native.get("currency") or {}).get("symbol")
        if code is not None:
            body["currency"] = {"id": (yield from lookup.currency_id(ctx, code))}
        if native.get(ADDRESS):
            body[_BOOK] = {"items": [_new(native[ADDRESS])]}
        if "subsidiary" not in body and ctx.settings.subsidiary is not None:
            body["subsidiary"] = {"id": ctx.settings.subsidiary}
        return body

    def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        body = yield from body_of(ctx, native)
        id = yield from record.create(ctx, kind, body, lists=_BOOK)
        return (yield from get(ctx, id))

    def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        body: dict[str, Any] = {}
        address: dict[str, Any] = {}
        for path, value in changes.fields.items():
            if path.startswith(ADDRESS + "/"):
                address = place(address, path.removeprefix(ADDRESS + "/"), value)
            else:
                body = place(body, path, value)
        if address:
            line = _billing(native)
            if line and "internalId" not in line:
                raise ConfigError("the address book's line has no key, so that it cannot be changed")
            known = {"internalId": line.get("internalId"), _PLACE: address} if line else _new(address)
            body[_BOOK] = {"items": [known]}
        yield from record.change(ctx, kind, id, body)

    def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        yield from record.delete(ctx, kind, id)

    return Resource(
        lens=lens,
        rows="items",
        flat=table.flat,
        listed=table.listed,
        page=pages(table, lens),
        get=get,
        find=find,
        create=create,
        update=update,
        delete=delete,
        updated_since="native",
        because=dict.fromkeys(("cancel", "close"), "never: master data is set inactive"),
        **Bulk(kind, body_of, kind, "entityId").operations(),
    )


def _new(address: Mapping[str, Any]) -> dict[str, Any]:
    return {"defaultBilling": True, "defaultShipping": True, _PLACE: dict(address)}


RESOURCES: dict[str, Resource[Any]] = {
    "vendors": party(VENDOR, VENDORS, "vendor"),
    "customers": party(CUSTOMER, CUSTOMERS, "customer"),
}
