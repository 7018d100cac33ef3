"""One host's whole day, the same code and the same expectations for every ERP: nothing here knows which one it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from anyerp import Connection, PurchaseOrder, PurchaseOrderLine, Ref, connect
from anyerp.connector.registry import registry
from anyerp.model import GoodsReceipt, GoodsReceiptLine, SalesOrder, SalesOrderLine
from anyerp.testing.inprocess import BASE_URL, Traffic, open_connection, prepared

KEY = "day-2026-1"

#: Connectors that speak more than one protocol, each with the settings of another one than it would choose.
ALSO = [pytest.param(("sap-s4hana", {"purchase_orders": "v2"}), id="sap-s4hana by OData V2")]

#: The fields that a host's program looks at.
HEADER = ("id", "number", "vendor", "currency", "order_date", "status", "external_reference", "total_excl_tax")
LINE = ("number", "item", "description", "quantity", "unit", "unit_price", "amount", "quantity_received", "status")


def served() -> list[str]:
    """The connectors whose sandbox answers in process."""
    makers = {name: registry().connector(name).sandbox for name in registry().connectors}
    return sorted(name for name, make in makers.items() if make is not None and hasattr(make(), "handle"))


#: The connectors whose sandbox is the ERP itself, on loopback.
LIVE = [pytest.param("tryton", marks=(pytest.mark.live, pytest.mark.timeout(120, func_only=True)))]


@pytest.fixture(params=[*served(), *ALSO, *LIVE])
def erp(request: pytest.FixtureRequest) -> Iterator[Connection]:
    name, also = request.param if isinstance(request.param, tuple) else (request.param, {})
    connector = registry().connector(name)
    box = connector.sandbox()  # type: ignore[misc]
    if not hasattr(box, "handle"):
        with (
            box.serve() as base_url,
            connect(name, settings=box.settings(base_url), credentials=box.credentials) as opened,
        ):
            yield opened
        return
    context = prepared(connector, {**box.settings(BASE_URL), **also}, box.credentials)
    with open_connection(connector, context, Traffic(), box) as opened:
        yield opened


def like_an_open_one(orders: list[PurchaseOrder]) -> PurchaseOrder:
    like, line = next((it, it.lines[0]) for it in orders if it.status == "open" and it.lines and it.lines[0].item)
    names = ("company", "vendor", "currency", "buyer", "order_date")
    given = {name: getattr(like, name) for name in names if getattr(like, name)}
    return PurchaseOrder(
        **given,
        lines=(
            PurchaseOrderLine(
                item=line.item, quantity=Decimal(3), unit=line.unit, unit_price=line.unit_price, location=line.location
            ),
        ),
    )


def said(record: Any, *fields: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in fields}


def seen(order: PurchaseOrder) -> list[dict[str, Any]]:
    """An order as the host's program sees it. Of a reference it wants the key: a name comes along or does not."""
    rows = [said(order, *HEADER), *(said(line, *LINE) for line in order.lines or ())]
    return [{name: getattr(v, "id", v) for name, v in row.items()} for row in rows]


def test_the_day(erp: Connection) -> None:
    orders = erp.purchase_orders

    # In the morning: everything there is.
    found, _, _, state = orders.changes()
    assert len(found) > 5
    assert all(order.id and order.vendor and order.status and order.currency for order in found)
    assert all(order.number for order in found if order.status == "open")  # a draft may have none yet
    assert {order.status for order in found} >= {"open"}

    # An order is made, once, however often it is asked for.
    wanted = like_an_open_one(found)
    made = orders.create(wanted, key=KEY).record
    assert orders.create(wanted, key=KEY).record.id == made.id
    back = orders.get(str(made.id))
    (line,), (asked,) = back.lines or (), wanted.lines or ()
    assert said(back, "external_reference", "currency") == {"external_reference": KEY, "currency": wanted.currency}
    assert back.vendor is not None
    assert wanted.vendor is not None
    assert back.vendor.id == wanted.vendor.id
    assert back.order_date == wanted.order_date
    assert said(line, "quantity", "unit", "unit_price") == said(asked, "quantity", "unit", "unit_price")
    assert line.item is not None
    assert asked.item is not None
    assert line.item.id == asked.item.id
    assert line.amount is not None
    assert line.number is not None
    assert line.quantity_received in (None, Decimal(0))

    # A colleague sees it in what changed, as the same record.
    created, updated, deleted, state = orders.changes(state)
    assert [seen(order) for order in created] == [seen(back)]
    assert (updated, deleted) == ([], [])

    # A line is changed, and nothing beside it.
    more = back.model_copy(update={"lines": (line.model_copy(update={"quantity": Decimal(5)}),)})
    orders.update(
        PurchaseOrder(
            **{n: getattr(more, n) for n in ("id", "version")},
            lines=(PurchaseOrderLine(number=line.number, id=line.id, quantity=Decimal(5)),),
        )
    )
    again = orders.get(str(made.id))
    assert [it.quantity for it in again.lines or ()] == [Decimal(5)]
    same = {"version", "updated_at", "lines", "total_excl_tax", "total_incl_tax", "total_tax", "raw"}
    assert again.model_dump(exclude=same) == back.model_dump(exclude=same)
    created, updated, deleted, state = orders.changes(state)
    assert ([*created], [it.id for it in updated], deleted) == ([], [made.id], [])

    # It is withdrawn in the way that this ERP has.
    ways = [way for way in ("cancel", "delete") if orders.operations[way] is None]
    gone = getattr(orders, ways[0])(str(made.id))
    assert gone is None or gone.status == "cancelled"
    after = orders.changes(state, deletions=True)
    assert after.created == []
    assert after.deleted == [made.id] or [it.status for it in after.updated] == ["cancelled"]


def test_what_was_received_stands_on_the_order_and_on_its_receipts(erp: Connection) -> None:
    orders = list(erp.purchase_orders.list())
    numbers = {order.id: order.number for order in orders}
    received: dict[str, Decimal] = defaultdict(Decimal)
    for ordered in orders:
        for line in ordered.lines or ():
            received[str(ordered.number)] += line.quantity_received or 0
    received = {number: quantity for number, quantity in received.items() if quantity}

    # A receipt that was reversed as a whole says so; what reversed it counts as little as it does.
    came: dict[str, Decimal] = defaultdict(Decimal)
    signs = {"return": -1, "reversal": 0}
    for receipt in erp.goods_receipts.list():
        for arrived in receipt.lines or () if receipt.status != "cancelled" else ():
            order = arrived.purchase_order or receipt.purchase_order
            if order is not None and arrived.quantity is not None:
                number = order.number or numbers.get(order.id)
                came[str(number)] += arrived.quantity * signs.get(str(arrived.kind), 1)
    assert received
    assert {
        number: quantity for number, quantity in came.items() if quantity and number in numbers.values()
    } == received


def test_stock_says_how_much_of_what_is_where(erp: Connection) -> None:
    levels = list(erp.stock_levels.list())
    assert levels
    known = {item.id for item in erp.items.list(fields=("id",))}
    for level in levels:
        assert level.item is not None
        assert level.item.id in known
        assert level.quantity_on_hand is not None


def test_the_days_sale(erp: Connection) -> None:
    sales = erp.sales_orders
    like, line = next(
        (it, it.lines[0])
        for it in sales.list()
        if it.status not in ("cancelled", "closed")
        if it.lines and it.lines[0].item
    )
    fields = ("company", "customer", "currency", "requested_date")
    given = {name: value for name in fields if (value := getattr(like, name))}
    names = ("item", "unit", "unit_price", "location")
    asked = {name: value for name in names if (value := getattr(line, name)) is not None}
    wanted = SalesOrder(**given, lines=(SalesOrderLine(**asked, quantity=Decimal(2)),))
    made = sales.create(wanted, key=KEY).record
    assert sales.create(wanted, key=KEY).record.id == made.id
    back = sales.get(str(made.id))
    (there,) = back.lines or ()
    assert said(back, "external_reference", "currency") == {"external_reference": KEY, "currency": like.currency}
    assert [getattr(it, "id", None) for it in (back.customer, there.item)] == [
        getattr(it, "id", None) for it in (like.customer, line.item)
    ]
    assert said(there, "quantity", "unit", "unit_price") == {**said(line, "unit", "unit_price"), "quantity": 2}
    assert there.quantity_shipped in (None, Decimal(0))
    assert there.amount is not None


def test_what_comes_in_the_day_stands_on_its_order(erp: Connection) -> None:
    """Where this ERP takes receipts from outside: one piece more of what an order waits for."""
    if why := erp.goods_receipts.operations["create"]:
        pytest.skip(why)
    orders = [it for it in erp.purchase_orders.list() if it.status in ("open", "partially_received")]
    order, line = next(
        (order, line)
        for order in orders
        for line in order.lines or ()
        if line.item and line.quantity and line.quantity - (line.quantity_received or 0) >= 1
    )
    came = GoodsReceiptLine(
        purchase_order=Ref(id=order.id),
        purchase_order_line=line.number,
        item=Ref(id=line.item.id) if line.item else None,
        quantity=Decimal(1),
        unit=line.unit,
        location=Ref(id=line.location.id) if line.location else None,
    )
    done = erp.goods_receipts.create(GoodsReceipt(lines=(came,)), key="day-gr-1")
    assert done.record.status == "posted"
    assert [said(it, "quantity", "kind") for it in done.record.lines or ()] == [{"quantity": 1, "kind": "receipt"}]
    assert erp.goods_receipts.create(GoodsReceipt(lines=(came,)), key="day-gr-1").record.id == done.record.id
    after = next(it for it in erp.purchase_orders.get(str(order.id)).lines or () if it.number == line.number)
    assert after.quantity_received == (line.quantity_received or 0) + 1


def test_an_invoice_says_who_bills_what(erp: Connection) -> None:
    vendors = {vendor.id for vendor in erp.vendors.list(fields=("id",))}
    found = list(erp.vendor_invoices.list())
    assert found
    for invoice in found:
        assert invoice.status
        assert invoice.currency
        assert invoice.kind in ("invoice", "credit_memo")
        assert invoice.vendor is not None
        assert invoice.vendor.id in vendors
        assert (invoice.total_incl_tax or 0) >= 0
    billed = [line for invoice in found for line in invoice.lines or () if line.purchase_order]
    assert all(line.purchase_order and (line.purchase_order.id or line.purchase_order.number) for line in billed)
    assert all(line.quantity is None or line.quantity >= 0 for line in billed)
