"""Sales orders: deep insert, then each part changed by its own request (sap sheet §4, §12)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import ConfigError
from anyerp.kits.odata import v2
from anyerp.lens import Changes, ListChanges

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.sales_order import CONDITION, PRICE, SALES_ORDER, SHIPPED, TEXT
from anyerp_sap.s4.service import EntitySet, etag_of, new_key, rewritten, total
from anyerp_sap.s4.step import Step, in_turn

SERVICE = "API_SALES_ORDER_SRV"
_ITEMS, _TEXTS, _LINES, _PRICES = "to_Item", "to_Text", "to_ScheduleLine", "to_PricingElement"
_STEP = ("PricingProcedureStep", "PricingProcedureCounter")
ORDERS = EntitySet(
    SERVICE,
    "A_SalesOrder",
    ("SalesOrder",),
    called="sales order",
    changed="LastChangeDateTime",
    also=(
        f"{_ITEMS}/results/*/{_LINES}/results/*/ScheduleLine",
        *(f"{_ITEMS}/results/*/{_PRICES}/results/*/{name}" for name in _STEP),
        f"{_TEXTS}/results/*/Language",
    ),
    beside=(f"{_ITEMS}/results/*/{_LINES}/results/*/DeliveredQtyInOrderQtyUnit",),
    lacks=frozenset({f"{_ITEMS}/results/*/{SHIPPED}"}),
)
ITEMS = EntitySet(SERVICE, "A_SalesOrderItem", ("SalesOrder", "SalesOrderItem"))
SCHEDULES = EntitySet(SERVICE, "A_SalesOrderScheduleLine", (*ITEMS.key, "ScheduleLine"))
PRICES = EntitySet(SERVICE, "A_SalesOrderItemPrElement", (*ITEMS.key, *_STEP))
TEXTS = EntitySet(SERVICE, "A_SalesOrderText", ("SalesOrder", "Language", "LongTextID"))
Row = dict[str, Any]


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of orders with their items."""
    answer = yield from ORDERS.page(ctx, query, state)
    return rewritten(answer, ORDERS, _whole, state)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One order with its items, schedule lines, prices and texts."""
    return _whole((yield from ORDERS.one(ctx, SalesOrder=id)))


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The order that carries the caller's key as the reference of the party that is delivered to."""
    found = yield from ORDERS.first(ctx, f"PurchaseOrderByShipToParty eq {v2.literal(key)}")
    return None if found is None else _whole(found)


def _parts(native: Row, navigation: str) -> list[Row]:
    return (native.get(navigation) or {}).get("results") or []


def _whole(order: Row) -> Row:
    """An order with what its schedule lines say was delivered; older releases do not say it."""
    for item in _parts(order, _ITEMS):
        said = [line.get("DeliveredQtyInOrderQtyUnit") for line in _parts(item, _LINES)]
        if said and None not in said:
            item["_anyerp"] = {"shipped": total(said)}
    return order


def create(ctx: Context, native: Row) -> Flow[Row]:
    """Send the whole order at once; the system gives the number, and the order is read back as it became."""
    response = yield from ORDERS.add(ctx, complete(ctx, native))
    (number,) = new_key(response, "SalesOrder")
    return (yield from get(ctx, number))


def complete(ctx: Context, native: Row) -> Row:
    """A new order with what the settings say of every order."""
    settings = ctx.settings
    defaults = {
        "SalesOrderType": settings.sales_order_type,
        "SalesOrganization": settings.sales_organization,
        "DistributionChannel": settings.distribution_channel,
        "OrganizationDivision": settings.division,
    }
    order = {**defaults, **copy.deepcopy(native)}
    if order["SalesOrganization"] is None:
        raise ConfigError(
            "a sales organization is missing", hint="set settings.sales_organization, or company of the order"
        )
    for item in _parts(order, _ITEMS):
        _complete_item(item, order.get("TransactionCurrency"))
    for note in _parts(order, _TEXTS):
        note.setdefault("Language", settings.language)
    return order


def _complete_item(item: Row, currency: Any) -> None:
    for price in _parts(item, _PRICES):
        if currency:
            price.setdefault("ConditionCurrency", currency)
        if item.get("RequestedQuantityUnit"):
            price.setdefault("ConditionQuantityUnit", item["RequestedQuantityUnit"])


def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """The header by one PATCH, then each item, schedule line, price and text by its own: nesting is refused."""
    yield from in_turn(ctx, "order", _steps(ctx, id, native, changes))


def _steps(ctx: Context, id: str, native: Row, changes: Changes) -> Iterator[Step]:
    # The parts have no etag of their own: repeating the key changes nothing, but is refused if somebody was faster.
    yield Step(ORDERS, "PATCH", ORDERS.at(SalesOrder=id), changes.own or {"SalesOrder": id}, native)
    text = changes.under(f"{_TEXTS}/results/LongTextID={TEXT}")
    if text:
        yield _text_step(ctx, id, native, text)
    lists = changes.lists.get(f"{_ITEMS}/results", ListChanges())
    for before, what in lists.changed:
        yield from _item_steps(id, native, before, what)
    for new in lists.added:
        item = copy.deepcopy(new)
        _complete_item(item, native.get("TransactionCurrency"))
        yield _through(ORDERS.at(SalesOrder=id), _ITEMS, item)
    for gone in lists.removed:
        yield Step(ITEMS, "DELETE", ITEMS.at(SalesOrder=id, SalesOrderItem=str(gone["SalesOrderItem"])), seen=gone)


def _through(owner: str, navigation: str, body: Row) -> Step:
    """A new part, sent through the navigation from its owner: the metadata lets nobody name the owner in the part."""
    return Step(ITEMS, "POST", f"{owner}/{navigation}", body)


def _item_steps(id: str, native: Row, before: Row, what: Changes) -> Iterator[Step]:
    key = {"SalesOrder": id, "SalesOrderItem": str(before["SalesOrderItem"])}
    if what.own:
        yield Step(ITEMS, "PATCH", ITEMS.at(**key), what.own, before)
    date, price = what.under(f"{_LINES}/results/0"), what.under(PRICE)
    lines = _parts(before, _LINES)
    if date and lines:
        path = SCHEDULES.at(**key, ScheduleLine=str(lines[0]["ScheduleLine"]))
        yield Step(SCHEDULES, "PATCH", path, date, lines[0])
    elif date:
        yield _through(ITEMS.at(**key), _LINES, date)
    prices = [row for row in _parts(before, _PRICES) if row.get("ConditionType") == CONDITION]
    if price and prices:
        path = PRICES.at(**key, **{name: str(prices[0][name]) for name in _STEP})
        yield Step(PRICES, "PATCH", path, price, prices[0])
    elif price:
        currency = {"ConditionCurrency": native["TransactionCurrency"]} if native.get("TransactionCurrency") else {}
        yield _through(ITEMS.at(**key), _PRICES, {"ConditionType": CONDITION, **currency, **price})


def _text_step(ctx: Context, id: str, native: Row, text: Row) -> Step:
    """The header text, changed in the language that it has, else made in the connection's."""
    for note in _parts(native, _TEXTS):
        if note.get("LongTextID") == TEXT:
            path = TEXTS.at(SalesOrder=id, Language=str(note["Language"]), LongTextID=TEXT)
            return Step(TEXTS, "PATCH", path, text, note)
    made = {"LongTextID": TEXT, "Language": ctx.settings.language, **text}
    return _through(ORDERS.at(SalesOrder=id), _TEXTS, made)


def cancel(ctx: Context, id: str, native: Row) -> Flow[None]:
    """Reject every item that stands, for the reason of the settings: customizing decides which reasons there are."""
    reason = ctx.settings.rejection_reason
    if reason is None:
        raise ConfigError("a reason for rejection is missing", hint="set settings.rejection_reason")
    steps = [Step(ORDERS, "PATCH", ORDERS.at(SalesOrder=id), {"SalesOrder": id}, native)]
    for item in _parts(native, _ITEMS):
        if not item.get("SalesDocumentRjcnReason"):
            path = ITEMS.at(SalesOrder=id, SalesOrderItem=str(item["SalesOrderItem"]))
            steps.append(Step(ITEMS, "PATCH", path, {"SalesDocumentRjcnReason": reason}, item))
    yield from in_turn(ctx, "order", steps)


def delete(ctx: Context, id: str, native: Row) -> Flow[None]:
    """Remove the order; SAP refuses it once something was delivered."""
    yield from ORDERS.write(ctx, "DELETE", ORDERS.at(SalesOrder=id), etag=etag_of(native))


SALES_ORDERS = Resource(
    lens=SALES_ORDER,
    given=header.given,
    rows="d/results",
    page=page,
    get=get,
    create=create,
    update=update,
    delete=delete,
    cancel=cancel,
    find=find,
    updated_since="native",
    because={"close": "never: an order is complete once all of it is delivered and billed, or rejected"},
)
