"""Purchase orders: written whole by one request, changed by one PATCH, ended by actions (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotSupported
from anyerp.kits.odata import v4

from anyerp_sap.b1 import draft
from anyerp_sap.b1.document import ACTION_ONLY, DOCUMENT, composed, key_field
from anyerp_sap.b1.flow import acting, updating
from anyerp_sap.b1.lens.purchase_order import PURCHASE_ORDER
from anyerp_sap.b1.progress import counted
from anyerp_sap.b1.service import EntitySet

ORDERS = EntitySet("PurchaseOrders", "DocEntry", replace(DOCUMENT, also=counted), numeric=True, created="CreationDate")
_CANCEL, _CLOSE = acting(ORDERS, "Cancel"), acting(ORDERS, "Close")


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order, or one that is kept as a draft (`draft-12`): approved, it is the order that was made of it."""
    if not draft.is_one(id):
        return (yield from ORDERS.one(ctx, id))
    found = yield from draft.get(ctx, id)
    if draft.is_done(found):
        field = yield from key_field(ctx, ORDERS)
        if found.get(field):
            made = yield from ORDERS.first(ctx, f"{field} eq {v4.literal(found[field])}")
            return made or found
    return found


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order that bears the caller's key, also one that still waits for approval among the drafts."""
    field = yield from key_field(ctx, ORDERS)
    condition = f"{field} eq {v4.literal(key)}"
    found = yield from ORDERS.first(ctx, condition)
    return found if found is not None else (yield from draft.find(ctx, condition))


def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
    """The orders that bear one of these keys, and the drafts for those that none bears."""
    field = yield from key_field(ctx, ORDERS)
    found = yield from ORDERS.several(ctx, field, keys)
    rest = [key for key in keys if key not in found]
    return found if not rest else {**found, **(yield from draft.several(ctx, field, rest))}


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Send the whole order. Where an approval procedure keeps it as a draft instead, that is what was made."""
    body = yield from composed(ctx, ORDERS, native)
    return (yield from draft.create_or_keep(ctx, ORDERS, body))


def cancel(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """As if it had never been; the ERP refuses it once something was copied from the order."""
    _no_draft(id)
    yield from _CANCEL(ctx, id, native)


def close(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """No more is awaited."""
    _no_draft(id)
    yield from _CLOSE(ctx, id, native)


def _at(id: str) -> str:
    return draft.at(id) if draft.is_one(id) else ORDERS.at(id)


def _no_draft(id: str) -> None:
    if draft.is_one(id):
        raise NotSupported(
            f"{id}: an order that waits for approval is withdrawn by its author in Business One",
            hint="it becomes an order of its own once it is approved",
        )


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=ORDERS.page,
    get=get,
    create=create,
    update=updating(ORDERS, _at),
    cancel=cancel,
    close=close,
    find=find,
    find_many=find_many,
    updated_since="native",
    because=ACTION_ONLY,
)
