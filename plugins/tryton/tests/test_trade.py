"""Customers, goods receipts and stock of a live Tryton."""

from collections import Counter
from collections.abc import Iterator

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import InvalidRecord, NotFound
from anyerp.model import Address, Customer, Ref
from anyerp_tryton.live import Prepared, Server, serve

pytestmark = pytest.mark.live


def connect(server: Server) -> Connection:
    return anyerp.connect(
        "tryton",
        settings={"base_url": server.base_url, "database": server.database},
        credentials={"username": server.admin.login, "password": server.admin.password},
    )


@pytest.fixture(scope="module")
def erp(prepared: Prepared) -> Iterator[Connection]:
    with serve(prepared) as server, connect(server) as connection:
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
