"""Stock levels by warehouse, with the units of their items (dynamics sheet §1.3)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.wire import dump_json

from anyerp_dynamics.fno.document import between
from anyerp_dynamics.fno.item import ITEMS
from anyerp_dynamics.fno.lens.stock_level import KEY, STOCK_LEVEL, parted
from anyerp_dynamics.fno.master import NO_KEY
from anyerp_dynamics.fno.service import EntitySet, Row, text_of

ON_HAND = EntitySet("WarehousesOnHandV2", "WarehouseOnHandV2", KEY)
_ITEM, _UNIT = "ItemNumber", "@anyerp.unit"


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """A page of stock levels."""
    rows, following = yield from ON_HAND.slice(ctx, query, (state or {}).get("after"), ctx.fields())
    yield from _measure(ctx, rows)
    return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One stock level."""
    key = parted(id)
    if len(key) != len(KEY):
        raise NotFound(f"{id[:60]!r} is no id of a stock level: {len(KEY)} parts were expected, {len(key)} are there")
    row = yield from ON_HAND.one(ctx, *key)
    yield from _measure(ctx, [row])
    return row


def _measure(ctx: Context, rows: list[Row]) -> Flow[None]:
    """Put the items' units of stock into levels."""
    numbers = [row[_ITEM] for row in rows if isinstance(row.get(_ITEM), str)]
    if not numbers or _UNIT not in ctx.fields():
        return
    items = yield from ITEMS.every(ctx, between(_ITEM, numbers), ("InventoryUnitSymbol",))
    units = {text_of(item, _ITEM): item.get("InventoryUnitSymbol") for item in items}
    for row in rows:
        row[_UNIT] = units.get(row[_ITEM]) if isinstance(row.get(_ITEM), str) else None


STOCK_LEVELS = Resource(
    lens=STOCK_LEVEL,
    rows="value",
    page=page,
    get=get,
    because=dict.fromkeys(
        ("create", "update", "delete", "cancel", "close"), "never: stock is the sum of what was received and issued"
    )
    | NO_KEY,
)
