"""Items: their code is chosen by who creates them, and so it is their key (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.kits.odata import v4
from anyerp.lens import Changes

from anyerp_sap.b1.lens.item import ITEM
from anyerp_sap.b1.partner import KEPT
from anyerp_sap.b1.record import Shape, clean
from anyerp_sap.b1.service import EntitySet, etag_of, write
from anyerp_sap.b1.stamp import given

ITEMS = EntitySet(
    "Items",
    "ItemCode",
    Shape(
        "Item",
        units=(("InventoryUoMEntry", "InventoryUOM"), ("DefaultPurchasingUoMEntry", "PurchaseUnit")),
        money=True,
    ),
    created="CreateDate",
    always=("InventoryUoMEntry", "DefaultPurchasingUoMEntry", "PurchaseUnit"),
)


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One item."""
    return (yield from ITEMS.one(ctx, id))


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The item of that code, which is the caller's key."""
    return (yield from ITEMS.first(ctx, f"ItemCode eq {v4.literal(key)}"))


def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
    """The items of these codes."""
    return (yield from ITEMS.several(ctx, "ItemCode", keys))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """A new item."""
    response = yield from write("POST", ITEMS.name, clean(native))
    return (yield from ITEMS.given(ctx, response))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """One PATCH of what changed."""
    yield from write("PATCH", ITEMS.at(id), changes.own, etag=etag_of(native))


ITEM_RESOURCE = Resource(
    lens=ITEM,
    rows="value",
    page=ITEMS.page,
    get=get,
    create=create,
    update=update,
    find=find,
    find_many=find_many,
    given=given,
    key_field="number",
    updated_since="native",
    because=KEPT,
)
