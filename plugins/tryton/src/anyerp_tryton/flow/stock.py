"""Stock levels: one record for each product and warehouse, a page of products of one warehouse at a time."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.wire import dump_json

from anyerp_tryton import rpc
from anyerp_tryton.flow.table import number_of
from anyerp_tryton.lens.stock_level import STOCK_LEVEL

_FIELDS = ("code", "name", "default_uom.symbol", "quantity", "forecast_quantity")
_GOODS = (["type", "in", ["goods", "assets"]], ["active", "in", [True, False]])


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """Products behind the last one, in the warehouse that the state names; then the next warehouse."""
    at, last = (state or {}).get("warehouse", 0), (state or {}).get("product", 0)
    places = yield from _warehouses(ctx, ["id", ">=", at])
    if not places:
        return PageAnswer(dump_json({"result": []}))
    place, *further = places
    if place["id"] != at:
        last = 0
    found = yield from _levels(ctx, place, ["id", ">", last], query.page_size)
    following: dict[str, int] | None = None
    if len(found) >= query.page_size:
        following = {"warehouse": place["id"], "product": found[-1]["id"]}
    elif further:
        following = {"warehouse": further[0]["id"], "product": 0}
    return PageAnswer(dump_json({"result": found}), next=following)


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """The stock of one product in one warehouse (`1~5`)."""
    product, _, warehouse = id.partition("~")
    places = yield from _warehouses(ctx, ["id", "=", number_of(warehouse)])
    found = (yield from _levels(ctx, places[0], ["id", "=", number_of(product)], 1)) if places else []
    if not found:
        raise NotFound(f"{id[:40]!r} is no product~warehouse that there is")
    return found[0]


def _warehouses(ctx: Context, condition: Any) -> Flow[list[dict[str, Any]]]:
    domain = [["type", "=", "warehouse"], ["active", "in", [True, False]], condition]
    return (yield from rpc.rows(ctx, "stock.location", domain, ["code", "name"]))


def _levels(ctx: Context, place: dict[str, Any], condition: Any, limit: int) -> Flow[list[dict[str, Any]]]:
    """Products with their quantities there. Without locations in the context every quantity is 0 (wire §17)."""
    found = yield from rpc.call(
        ctx,
        "product.product.search_read",
        [*_GOODS, condition],
        0,
        limit,
        [["id", "ASC"]],
        list(_FIELDS),
        more={"locations": [place["id"]]},
    )
    return [
        {
            **row,
            "product": row["id"],
            "product.": {name: row.get(name) for name in ("id", "code", "name")},
            "location": place["id"],
            "location.": place,
        }
        for row in found
    ]


STOCK_LEVELS = Resource(
    lens=STOCK_LEVEL,
    rows="result",
    page=page,
    get=get,
    because={
        **dict.fromkeys(("create", "update", "delete"), "never: stock follows from moves"),
        **dict.fromkeys(("cancel", "close"), "never: these are for documents"),
        "find": "never: nobody writes these, so there is no lost answer to settle",
    },
)
