"""Quantities received and billed of order lines, from material documents and invoices (sap sheet §10, §12)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import anyerp
import pytest
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.rules import goods_movement, supplier_invoice
from anyerp_sap.sandbox.world import ENTITIES, Work

TODAY = dt.date(2025, 6, 2)
INVOICE = "A_SupplierInvoice"


@pytest.fixture
def made(system, erp, say):
    """Make an order of one line, and give its number."""

    def make(**values):
        return erp.purchase_orders.create(say.order(say.line(**values))).record.id

    return make


@pytest.fixture
def move(system):
    """Post a movement for an order's item 10."""

    def moved(order, kind, quantity, unit=""):
        line = {"GoodsMovementType": kind, "GoodsMovementRefDocType": "B", "PurchaseOrder": order, "EntryUnit": unit,
                "PurchaseOrderItem": "10", "QuantityInEntryUnit": Decimal(quantity)}  # fmt: skip
        head = {"GoodsMovementCode": "01", "PostingDate": TODAY, "DocumentDate": TODAY}
        items = [Draft(ENTITIES["A_MaterialDocumentItem"], line)]
        work = Work(system.sandbox.world, "EN", "WAREHOUSE")
        draft = Draft(ENTITIES["A_MaterialDocumentHeader"], head, {"to_MaterialDocumentItem": items})
        row = goods_movement.GoodsMovementRules().create(work, draft)
        work.settle()
        return row

    return moved


@pytest.fixture
def bill(system):
    """Post an invoice of an order's item 10, at 12.50 apiece."""

    def billed(order, quantity, head=None, **line):
        amount = Decimal(quantity) * Decimal("12.50")
        values = {"CompanyCode": "1010", "DocumentDate": TODAY, "PostingDate": TODAY, "InvoicingParty": "10300001",
                  "DocumentCurrency": "EUR", "InvoiceGrossAmount": amount, **(head or {})}  # fmt: skip
        item = {"PurchaseOrder": order, "PurchaseOrderItem": "10", "SupplierInvoiceItemAmount": amount,
                "QuantityInPurchaseOrderUnit": Decimal(quantity), **line}  # fmt: skip
        items = [Draft(ENTITIES["A_SuplrInvcItemPurOrdRef"], item)]
        work = Work(system.sandbox.world, "EN", "CLERK")
        draft = Draft(ENTITIES[INVOICE], values, {"to_SuplrInvcItemPurOrdRef": items})
        row = supplier_invoice.SupplierInvoiceRules().create(work, draft)
        work.settle()
        return row

    return billed


def line_of(erp, order):
    return erp.purchase_orders.get(order).lines[0]


def test_receipts_less_returns_are_received(erp, made, move):
    order = made(quantity=Decimal(9))
    move(order, "101", "4")
    move(order, "101", "3.5")
    move(order, "122", "1")
    line = line_of(erp, order)
    assert (line.quantity_received, line.quantity_billed) == (Decimal("6.5"), 0)
    assert (line.status, erp.purchase_orders.get(order).status) == ("partially_received", "partially_received")


def test_a_cancelled_receipt_counts_neither_itself_nor_by_its_reversal(system, erp, made, move):
    order = made(quantity=Decimal(9))
    wrong = move(order, "101", "4")
    move(order, "101", "2")
    goods_movement.cancel(Work(system.sandbox.world, "EN", "WAREHOUSE"), wrong)
    assert line_of(erp, order).quantity_received == 2


def test_a_system_that_does_not_mark_cancelled_receipts_still_nets_them(system, erp, made, move):
    order = made(quantity=Decimal(9))
    wrong = move(order, "101", "4")
    goods_movement.cancel(Work(system.sandbox.world, "EN", "WAREHOUSE"), wrong)
    system.put("A_MaterialDocumentItem", ("2025", wrong["MaterialDocument"], "1"), GoodsMovementIsCancelled=False)
    assert line_of(erp, order).quantity_received == 0


def test_a_receipt_in_another_unit_is_counted_in_the_orders(erp, made, move):
    cartons = made(item=anyerp.Ref(id="RM-M8X20"), quantity=Decimal(4), unit="CT")
    move(cartons, "101", "300", "ST")
    assert line_of(erp, cartons).quantity_received == Decimal("1.5")
    pieces = made(item=anyerp.Ref(id="RM-M8X20"), quantity=Decimal(400), unit="C62")
    move(pieces, "101", "1", "KAR")
    assert line_of(erp, pieces).quantity_received == 200


def test_a_unit_that_nothing_converts_leaves_the_quantity_unknown(system, erp, made, move):
    order = made(item=anyerp.Ref(id="RM-M8X20"), quantity=Decimal(4), unit="CT")
    move(order, "101", "300", "ST")
    system.sandbox.world.store.remove("A_ProductUnitsOfMeasure", ("RM-M8X20", "KAR"))
    assert line_of(erp, order).quantity_received is None


def test_invoices_less_credit_memos_are_billed(erp, made, bill):
    order = made(quantity=Decimal(9))
    bill(order, "5")
    bill(order, "1.5", {"SupplierInvoiceIsCreditMemo": "X"})
    assert line_of(erp, order).quantity_billed == Decimal("3.5")


def test_reversed_and_parked_invoices_prices_and_freight_are_not_billed(system, erp, made, bill):
    order = made(quantity=Decimal(9))
    bill(order, "2")
    bill(order, "3", {"SupplierInvoiceStatus": "A"})
    bill(order, "1", IsSubsequentDebitCredit="X")
    bill(order, "2", SuplrInvcDeliveryCostCndnType="FRB1")
    wrong = bill(order, "4")
    supplier_invoice.cancel(
        Work(system.sandbox.world, "EN", "CLERK"), {**wrong, "ReversalReason": "01", "PostingDate": TODAY}
    )
    assert line_of(erp, order).quantity_billed == 2


def test_invoices_of_two_years_are_told_apart(system, erp, made, bill):
    order = made(quantity=Decimal(9))
    bill(order, "2")
    bill(order, "1", {"PostingDate": dt.date(2026, 1, 7), "SupplierInvoiceIsCreditMemo": "X"})
    assert line_of(erp, order).quantity_billed == 1


def test_a_list_says_what_a_single_order_says_with_three_requests_a_page(make):
    system = make(orders=40)
    with system.connect() as erp:
        system.sandbox.receive("4500000020", "10", Decimal(1))
        found = {order.id: order for order in erp.purchase_orders.list(page_size=60)}
        assert len(system.sandbox.calls) == 4
        assert found["4500000020"].lines[0].quantity_received == 1
        assert found["4500000020"] == erp.purchase_orders.get("4500000020")


def test_orders_changed_since_are_asked_for_by_number(system, erp):
    found = list(erp.purchase_orders.list(updated_since=dt.datetime(2025, 2, 15, tzinfo=dt.UTC)))
    assert [order.lines[0].quantity_received for order in found if order.id == "4500000002"] == [16]
    assert "PurchaseOrder%20eq" in system.calls("GET", "A_MaterialDocumentItem")[0].target.replace("+", "%20")


@pytest.mark.parametrize(
    ("service", "received", "billed"),
    [("API_MATERIAL_DOCUMENT_SRV", None, 16), ("API_SUPPLIERINVOICE_PROCESS_SRV", 16, None)],
)
def test_a_user_without_the_other_arrangement_reads_orders_without_that_quantity(
    system, erp, service, received, billed
):
    system.sandbox.revoke(service)
    line = line_of(erp, "4500000002")
    assert (line.quantity_received, line.quantity_billed) == (received, billed)


def test_who_does_not_want_them_asks_for_nothing(system):
    with system.connect(received_and_billed="skip") as erp:
        order = next(o for o in erp.purchase_orders.list() if o.id == "4500000002")
        assert (order.lines[0].quantity_received, order.lines[0].quantity_billed) == (None, None)
        assert erp.purchase_orders.get("4500000002") == order
    assert len(system.sandbox.calls) == 2


def test_many_movements_are_read_to_the_end(make, monkeypatch):
    monkeypatch.setattr("anyerp_sap.s4.service._MANY", 3)
    system = make()
    with system.connect() as erp:
        for _ in range(8):
            system.sandbox.receive("4500000004", "10", Decimal(5))
        assert line_of(erp, "4500000004").quantity_received == 40
        assert len(system.calls("GET", "A_MaterialDocumentItem")) == 3


def test_an_order_is_created_and_updated_without_the_two_quantities(system, erp, say):
    with pytest.raises(anyerp.NotRepresentable):
        erp.purchase_orders.create(say.order(say.line(quantity_received=Decimal(1))))
    order = erp.purchase_orders.get("4500000002")
    erp.purchase_orders.update(order.model_copy(update={"vendor_reference": "Q-7"}))
    assert all(b"_anyerp" not in call.content for call in system.sandbox.calls)


def test_what_nobody_asked_for_is_not_looked_up(system):
    with system.connect() as erp:
        system.sandbox.calls.clear()
        assert list(erp.purchase_orders.list(fields=("number", "vendor", "lines.quantity")))
        assert {service(call) for call in system.sandbox.calls} <= {"API_PURCHASEORDER_PROCESS_SRV"}
        assert list(erp.purchase_orders.list(fields=("lines.quantity_received",)))
        assert "API_MATERIAL_DOCUMENT_SRV" in {service(call) for call in system.sandbox.calls}


def service(call):
    return call.target.partition("/sap/opu/odata/sap/")[2].partition("/")[0]
