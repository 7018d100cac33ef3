"""Stock levels: one record for each product and warehouse, a page of products of one warehouse at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.wire import dump_json

from anyerp_tryton import rpc
from anyerp_tryton.flow.table import number_of
from anyerp_tryton.lens.common import figure
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
    found = yield from _quantities(ctx, place, [*_GOODS, condition], _FIELDS, limit)
    here = ["id", "in", [row["id"] for row in found]]
    asked, free, coming = set(ctx.fields()), {}, {}
    if found and asked & {"_available", "_reserved"}:
        rows = yield from _quantities(ctx, place, [*_GOODS, here], ("quantity",), None, stock_assign=True)
        free = {row["id"]: figure(row["quantity"]) for row in rows}
    if found and "_on_order" in asked:
        coming = yield from _coming(ctx, place, here[2])
    return [
        {
            **row,
            "product": row["id"],
            "product.": {name: row.get(name) for name in ("id", "code", "name")},
            "location": place["id"],
            "location.": place,
            "_available": free.get(row["id"]),
            "_reserved": figure(row["quantity"]) - free[row["id"]] if row["id"] in free else None,
            "_on_order": coming.get(row["id"], 0) if "_on_order" in asked else None,
        }
        for row in found
    ]


def _quantities(
    ctx: Context, place: dict[str, Any], domain: list[Any], fields: tuple[str, ...], limit: int | None, **more: Any
) -> Flow[list[dict[str, Any]]]:
    order, more = [["id", "ASC"]], {"locations": [place["id"]], **more}
    found = yield from rpc.call(ctx, "product.product.search_read", domain, 0, limit, order, list(fields), more=more)
    return list(found)


def _coming(ctx: Context, place: dict[str, Any], products: Any) -> Flow[dict[int, Decimal]]:
    """What vendors and production are still to bring there, in the products' own units: moves yet to be done."""
    domain = [
        ["product", "in", products],
        ["state", "in", ["draft", "assigned"]],
        ["from_location.type", "in", ["supplier", "production"]],
        ["to_location", "child_of", [place["id"]], "parent"],
    ]
    found: dict[int, Decimal] = {}
    for row in (yield from rpc.rows(ctx, "stock.move", domain, ("product", "internal_quantity"))):
        found[row["product"]] = found.get(row["product"], Decimal(0)) + figure(row["internal_quantity"])
    return found


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
