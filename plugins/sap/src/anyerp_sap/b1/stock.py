"""Stock levels: one record for each item and warehouse, out of the items' own collections (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyerp.connector import Context, Exemption, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.kits.odata import v4
from anyerp.wire import dump_json

from anyerp_sap.b1.lens.stock_level import STOCK_LEVEL
from anyerp_sap.b1.record import Shape, told
from anyerp_sap.b1.service import EntitySet, rows

_PLACES = "ItemWarehouseInfoCollection"
_FIELDS = "ItemCode,InventoryUoMEntry,InventoryUOM," + _PLACES
ITEMS = EntitySet(
    "Items",
    "ItemCode",
    Shape("Item", units=(("InventoryUoMEntry", "InventoryUOM"),)),
    only="InventoryItem eq 'tYES'",
)
#: How many warehouses an item is likely to have, until one was seen.
_WAREHOUSES = "warehouses"


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """The records behind the last one. Items are asked for, as many as make a page; each brings all its warehouses.

    The state names the last item that was given whole, and how many warehouses of the next one were given too.
    """
    last, begun = (state or {}).get("after"), (state or {}).get("begun", 0)
    size = -(-query.page_size // ctx.memory.get(_WAREHOUSES, 1)) + bool(begun)
    condition = v4.both(ITEMS.only, v4.after({"ItemCode": last}) if last else "")
    params = {"$select": _FIELDS, "$orderby": "ItemCode", "$filter": condition}
    response = yield from ITEMS.sent(ITEMS.name, params, size=size)
    natives = yield from told(ctx, ITEMS.shape, rows(response))
    more = len(natives) >= size or v4.next_link(response.content) is not None
    found: list[dict[str, Any]] = []
    following: dict[str, Any] | None = None
    for native in natives:
        places = list(levels(native))
        ctx.memory[_WAREHOUSES] = max(len(places), 1)
        room = query.page_size - len(found)
        given = places[begun : begun + room]
        found += given
        if begun + len(given) < len(places):
            following = {"after": last, "begun": begun + len(given)}
            break
        last, begun = native.get("ItemCode") if isinstance(native, dict) else None, 0
    else:
        following = {"after": last} if natives and more else None
    if following is not None and not isinstance(following["after"], str | None):
        raise UnexpectedPayload("items without a code: there is no going on behind them")
    return PageAnswer(dump_json({"value": found}), next=following)


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """The stock of one item in one warehouse (`A1000~01`)."""
    item, _, warehouse = id.rpartition("~")
    if not item or not warehouse:
        raise NotFound(f"{id!r} is not item~warehouse")
    response = yield from ITEMS.sent(ITEMS.at(item), {"$select": _FIELDS})
    try:
        native = response.json()
    except ValueError:
        native = None
    if not isinstance(native, dict):
        raise UnexpectedPayload("one item was expected", status=response.status)
    (native,) = yield from told(ctx, ITEMS.shape, [native])
    found = next((level for level in levels(native) if level.get("WarehouseCode") == warehouse), None)
    if found is None:
        raise NotFound(f"item {item} is kept in no warehouse {warehouse}")
    return found


def levels(native: Any) -> Iterator[dict[str, Any]]:
    """The records in an item. What is not of the expected form is left for the lens to refuse, one by one."""
    item = native if isinstance(native, dict) else {}
    places = item.get(_PLACES)
    own = {name: value for name, value in item.items() if name != _PLACES}
    for place in places if isinstance(places, list) else ():
        yield {**(place if isinstance(place, dict) else {}), **own}


STOCK_LEVELS = Resource(
    lens=STOCK_LEVEL,
    rows="value",
    page=page,
    get=get,
    because={
        **dict.fromkeys(("create", "update", "delete"), "never: stock follows from documents"),
        **dict.fromkeys(("cancel", "close"), "never: these are for documents"),
        "find": "never: nobody writes these, so there is no lost answer to settle",
    },
)


def _one_item_is_several_records() -> None:
    """A damaged item costs every record in it: the witness of the exemption below."""
    damaged = {"ItemCode": {"spoilt": True}, _PLACES: [{"WarehouseCode": "01"}, {"WarehouseCode": "02"}]}
    spoilt = len(list(levels(damaged)))
    assert spoilt == 1, f"one damaged item spoils {spoilt} records"


EXEMPTIONS = (
    Exemption(
        "errors.quarantine",
        "stock_levels",
        "never: an item brings its stock in every warehouse, so that a damaged item is as many damaged records",
        _one_item_is_several_records,
    ),
)
