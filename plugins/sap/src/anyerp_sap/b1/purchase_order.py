"""Purchase orders: written whole by one request, changed by one PATCH, ended by actions (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotSupported
from anyerp.kits.odata import v4
from anyerp.lens import Changes

from anyerp_sap.b1 import draft
from anyerp_sap.b1.document import ACTION_ONLY, DOCUMENT, LINES, composed, key_field, patched
from anyerp_sap.b1.lens.purchase_order import PURCHASE_ORDER
from anyerp_sap.b1.service import EntitySet, etag_of, write

ORDERS = EntitySet("PurchaseOrders", "DocEntry", DOCUMENT, numeric=True, created="CreationDate")


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order, or one that is kept as a draft (`draft-12`)."""
    if draft.is_one(id):
        return (yield from draft.get(ctx, id))
    return (yield from ORDERS.one(ctx, id))


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order that bears the caller's key, also one that still waits for approval among the drafts."""
    field = yield from key_field(ctx, ORDERS)
    condition = f"{field} eq {v4.literal(key)}"
    found = yield from ORDERS.first(ctx, condition)
    return found if found is not None else (yield from draft.find(ctx, condition))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Send the whole order. Where an approval procedure keeps it as a draft instead, that is what was made."""
    body = yield from composed(ctx, ORDERS, native)
    return (yield from draft.create_or_keep(ctx, ORDERS, body))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Header and lines by one PATCH. Lines left out stay, so that removing one means naming all the others."""
    body = yield from patched(ctx, native, changes)
    lists = changes.lists.get(LINES)
    headers = {"B1S_ReplaceCollectionsOnPatch": "true"} if lists is not None and lists.removed else {}
    path = draft.at(id) if draft.is_one(id) else ORDERS.at(id)
    yield from write("PATCH", path, body, etag=etag_of(native), **headers)


def cancel(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """As if it had never been; the ERP refuses it once something was copied from the order."""
    yield from _act(ctx, id, native, "Cancel")


def close(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """No more is awaited."""
    yield from _act(ctx, id, native, "Close")


def _act(ctx: Context, id: str, native: Mapping[str, Any], action: str) -> Flow[None]:
    if draft.is_one(id):
        raise NotSupported(
            f"{id}: an order that waits for approval is withdrawn by its author in Business One",
            hint="it becomes an order of its own once it is approved",
        )
    yield from write("POST", f"{ORDERS.at(id)}/{action}", etag=etag_of(native))


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=ORDERS.page,
    get=get,
    create=create,
    update=update,
    cancel=cancel,
    close=close,
    find=find,
    updated_since="native",
    because=ACTION_ONLY,
)
