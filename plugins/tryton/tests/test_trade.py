"""Customers, sales, goods receipts and stock of a live Tryton."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import InvalidRecord, NotFound
from anyerp.model import Address, Customer, Ref, SalesOrder, SalesOrderLine
from anyerp_tryton.live import Prepared, RpcError, Server, serve

pytestmark = pytest.mark.live


def connect(server: Server) -> Connection:
    return anyerp.connect(
        "tryton",
        settings={"base_url": server.base_url, "database": server.database},
        credentials={"username": server.admin.login, "password": server.admin.password},
    )


@pytest.fixture(scope="module")
def server(prepared: Prepared) -> Iterator[Server]:
    with serve(prepared) as running:
        yield running


@pytest.fixture(scope="module")
def erp(server: Server) -> Iterator[Connection]:
    with connect(server) as connection:
        yield connection


def test_a_receipt_names_the_order_and_the_line_that_it_came_for(erp: Connection) -> None:
    receipts = list(erp.goods_receipts.list(on_problem="raise"))
    assert Counter(receipt.status for receipt in receipts) == {"posted": len(receipts)}
    assert len(receipts) > 10
    lines = {line.id: order for order in erp.purchase_orders.list() for line in order.lines}
    for line in (line for receipt in receipts for line in receipt.lines):
        assert lines[line.purchase_order_line_id].id == line.purchase_order.id
        assert (line.kind, line.quantity > 0) == ("receipt", True)
    assert receipts[0].vendor_reference.startswith("DN-")
    assert erp.goods_receipts.get(receipts[0].id) == receipts[0]
    since = max(receipt.updated_at for receipt in receipts)
    assert since in {receipt.updated_at for receipt in erp.goods_receipts.list(updated_since=since)}


def test_stock_is_what_came_to_each_warehouse_however_large_the_pages(erp: Connection) -> None:
    levels = list(erp.stock_levels.list(on_problem="raise"))
    assert list(erp.stock_levels.list(page_size=3)) == levels
    assert len({level.id for level in levels}) == len(levels)
    assert {level.location.number for level in levels} == {"WH", "QUAY"}
    came: Counter[tuple[str, str]] = Counter()
    for receipt in erp.goods_receipts.list():
        for line in receipt.lines:
            came[receipt.location.number, line.item.number] += line.quantity
    for order in erp.sales_orders.list():
        for line in order.lines:
            if line.quantity_shipped:
                came[line.location.number, line.item.number] -= line.quantity_shipped
    there = {(it.location.number, it.item.number): it.quantity_on_hand for it in levels}
    assert {place: amount for place, amount in there.items() if amount} == dict(came)
    assert erp.stock_levels.get(levels[0].id) == levels[0]
    for wrong in ("1~999", "999999~5", "1", "~"):
        with pytest.raises(NotFound):
            erp.stock_levels.get(wrong)


def test_a_customer_is_made_once_and_changed(erp: Connection) -> None:
    wanted = Customer(name="Kieler Werft", payment_terms=Ref(number="Net 60"), address=Address(city="Kiel"))
    made = erp.customers.create(wanted, key="C-1").record
    assert (made.number, made.payment_terms.name, made.address.city) == ("C-1", "Net 60", "Kiel")
    assert erp.customers.create(wanted, key="C-1").settled == "before"
    assert erp.vendors.get(made.id).payment_terms is None
    changed = erp.customers.update(made.model_copy(update={"name": "Werft", "payment_terms": None})).record
    assert (changed.name, changed.payment_terms) == ("Werft", None)
    with pytest.raises(InvalidRecord, match="payment_terms"):
        erp.customers.create(Customer(name="Never", payment_terms=Ref(id="99999")))


def test_a_sales_order_says_what_went_out_and_what_was_billed(erp: Connection, server: Server) -> None:
    meaning = {
        "draft": "draft",
        "quotation": "pending_approval",
        "cancelled": "cancelled",
        "processing": "open",
        "partly_shipped": "partially_shipped",
        "shipped": "shipped",
        "billed": "shipped",
        "done": "closed",
    }
    found = {order.id: order for order in erp.sales_orders.list(on_problem="raise")}
    stages = {str(id): stage for stage, ids in server.seeds.sales.items() for id in ids}
    assert {id: order.status for id, order in found.items()} == {id: meaning[stage] for id, stage in stages.items()}
    for id, stage in stages.items():
        for line in (line for line in found[id].lines if line.item):
            share = {"partly_shipped": Decimal("0.5"), "shipped": 1, "billed": 1, "done": 1}.get(stage, 0)
            assert line.quantity_shipped == line.quantity * share
            assert line.quantity_billed == (line.quantity if stage in ("billed", "done") else 0)
    assert {order.customer.number for order in found.values()} == set(server.seeds.customers)


def test_a_sales_order_is_made_changed_and_withdrawn(erp: Connection) -> None:
    line = SalesOrderLine(item=Ref(number="BOLT-M8"), quantity=Decimal(6), unit_price=Decimal("0.25"))
    wanted = SalesOrder(customer=Ref(number="C-2001"), currency="EUR", customer_reference="PO-9", lines=(line,))
    made = erp.sales_orders.create(wanted, key="S-1").record
    assert (made.status, made.ship_to.city, made.bill_to.city) == ("draft", "Kiel", "Kiel")
    assert (made.lines[0].unit, made.lines[0].number, made.total_excl_tax) == ("C62", 10, Decimal("1.50"))
    assert erp.sales_orders.create(wanted, key="S-1").settled == "before"
    more = SalesOrder(id=made.id, version=made.version, lines=(SalesOrderLine(number=10, quantity=Decimal(8)),))
    assert erp.sales_orders.update(more).record.total_excl_tax == Decimal("2.00")
    assert erp.sales_orders.cancel(made.id).status == "cancelled"
    erp.sales_orders.delete(made.id)
    with pytest.raises(NotFound):
        erp.sales_orders.get(made.id)


def test_stock_that_is_assigned_is_reserved_and_not_available(erp: Connection, server: Server) -> None:
    rpc = server.rpc()
    (sale, *_) = server.seeds.sales["processing"]
    id = f"{server.seeds.products['HOSE-19']}~{rpc.read('sale.sale', [sale], 'warehouse')[0]['warehouse']}"
    before = erp.stock_levels.get(id)
    assert (before.quantity_reserved, before.quantity_available) == (0, before.quantity_on_hand)
    coming = sum(
        line.quantity - line.quantity_received
        for order in erp.purchase_orders.list()
        for line in order.lines
        if order.status in ("open", "partially_received") and line.item
        if f"{line.item.id}~{line.location.id}" == id
    )
    assert before.quantity_on_order == coming > 0
    rpc.click("stock.shipment.out", "assign_force", rpc.read("sale.sale", [sale], "shipments")[0]["shipments"])
    after = erp.stock_levels.get(id)
    assert after.quantity_reserved == 4
    assert after.quantity_available == after.quantity_on_hand - 4
    assert after.quantity_on_hand == before.quantity_on_hand
    assert {it.id: it for it in erp.stock_levels.list()}[id] == after


def test_a_connection_ends_its_session_when_it_is_closed(server: Server) -> None:
    rpc = server.rpc()
    with connect(server) as opened:
        opened.companies.page()
        rpc._authorization = opened._context.memory["session"]
        assert rpc.ids("company.company", [])
    with pytest.raises(RpcError, match="401"):
        rpc.ids("company.company", [])
