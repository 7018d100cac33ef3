"""Purchase orders: listed by SuiteQL, one by one through the record service (netsuite sheet §3, §4)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.lens import Changes
from anyerp.model import PurchaseOrder

from anyerp_netsuite import document, lookup, record
from anyerp_netsuite.lens.purchase_order import PURCHASE_ORDER, TABLE
from anyerp_netsuite.paging import pages

KIND = "purchaseOrder"


def _inward(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    found = yield from document.inward(ctx, native, TABLE.link)
    vendor = found.get("entity")
    if isinstance(vendor, dict) and "id" in vendor:
        id = str(vendor["id"])
        number = (yield from lookup.numbers(ctx, "vendor", "entityid", [id])).get(id)
        found["entity"] = {**vendor, **({"entityId": number} if number else {})}
    return found


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order."""
    native = yield from record.get(ctx, KIND, id)
    return (yield from _inward(ctx, native))


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order whose external id is the caller's key."""
    native = yield from record.by_external_id(ctx, KIND, key)
    return None if native is None else (yield from _inward(ctx, native))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """An order with its lines; it is read back as the account completed it."""
    body = yield from document.created(ctx, native)
    id = yield from record.create(ctx, KIND, body, lists="item,expense")
    return (yield from get(ctx, id))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """What changed, lines by their key: a line without one would be added again (netsuite sheet §3)."""
    body, replaced = yield from document.changed(ctx, native, changes)
    yield from record.change(ctx, KIND, id, body, replace=replaced)


def close(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Close every line."""
    yield from record.change(ctx, KIND, id, document.closed(native))


def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Delete the order; NetSuite refuses once something was received or billed."""
    yield from record.delete(ctx, KIND, id)


def resolve(ctx: Context, order: PurchaseOrder) -> Flow[PurchaseOrder]:
    """Ids for a vendor and items that were given by their numbers."""
    changed: dict[str, Any] = {}
    if order.vendor is not None:
        changed["vendor"] = yield from lookup.identified(ctx, "vendor", order.vendor, "vendor", "entityid")
    if order.lines is not None:
        lines = []
        for at, line in enumerate(order.lines):
            if line.item is not None:
                item = yield from lookup.identified(ctx, f"lines.{at}.item", line.item, "item", "itemid")
                lines.append(line if item is line.item else line.model_copy(update={"item": item}))
            else:
                lines.append(line)
        changed["lines"] = tuple(lines)
    return order.model_copy(update=changed) if changed else order


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="items",
    flat=TABLE.flat,
    page=pages(TABLE),
    get=get,
    create=create,
    update=update,
    delete=delete,
    close=close,
    find=find,
    resolve=resolve,
    updated_since="native",
    because={"cancel": "never: an order is closed, or deleted while nothing has come of it"},
)
