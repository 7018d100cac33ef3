"""Receipts, vendor invoices, sales orders and stock (sap sheet §13, Purchasing objects)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from anyerp import Address, GoodsReceipt, GoodsReceiptLine, Ref, SalesOrder, SalesOrderLine, VendorInvoice
from anyerp.errors import InvalidRecord, NotFound, NotRepresentable, NotSupported
from anyerp.model import VendorInvoiceLine
from anyerp.wire import load_json


def bodies(system, part: str) -> list:
    return [load_json(call.content) for call in system.calls("POST", part)]


def came(order: str, line: int, **values) -> GoodsReceiptLine:
    given = {"purchase_order": Ref(id=order), "purchase_order_line": line, "quantity": Decimal(2), **values}
    return GoodsReceiptLine.model_validate(given)


def test_a_receipt_names_the_orders_line_by_docentry_and_linenum(erp):
    receipt = erp.goods_receipts.get("1")
    assert (receipt.status, receipt.vendor.id, receipt.purchase_order) == ("posted", "V10010", Ref(id="2"))
    assert receipt.receipt_date == dt.date(2025, 2, 10)
    (line,) = receipt.lines
    assert (line.purchase_order.id, line.purchase_order_line, line.kind) == ("2", 0, "receipt")
    assert (line.item.id, line.quantity, line.unit, line.location.id) == ("A1001", 4, "C62", "01")


def test_a_receipt_is_copied_from_the_order_and_the_order_waits_for_less(system, erp):
    given = GoodsReceipt(vendor_reference="LS-1", lines=(came("2", 0), came("2", 1, quantity=Decimal(100))))
    done = erp.goods_receipts.create(given, key="GR-1")
    assert (done.record.vendor.id, done.record.external_reference) == ("V10010", "GR-1")
    (body,) = bodies(system, "/PurchaseDeliveryNotes")
    assert body["DocumentLines"][1] == {"BaseType": 22, "BaseEntry": 2, "BaseLine": 1, "Quantity": 100}
    assert [line.quantity_received for line in erp.purchase_orders.get("2").lines] == [6, 100]
    assert erp.goods_receipts.create(given, key="GR-1").settled == "before"


def test_a_receipt_of_a_foreign_order_keeps_its_currency(system, erp):
    done = erp.goods_receipts.create(GoodsReceipt(lines=(came("9", 0, quantity=Decimal("1.5")),)), key="GR-1")
    assert system.row("PurchaseDeliveryNotes", int(done.record.id))["DocCurrency"] == "GBP"


def test_goods_with_batches_come_with_their_lot_counted_in_stock_units(system, erp, say):
    order = erp.purchase_orders.create(
        say.order(say.line(item=Ref(id="A4000"), unit=None, quantity=Decimal(3))), key="REQ-1"
    ).record
    lot = came(order.id, 0, lot_number="LOT-9", expires_on=dt.date(2026, 5, 1))
    receipt = erp.goods_receipts.create(GoodsReceipt(lines=(lot,)), key="GR-1").record
    assert (receipt.lines[0].lot_number, receipt.lines[0].expires_on) == ("LOT-9", dt.date(2026, 5, 1))
    (body,) = bodies(system, "/PurchaseDeliveryNotes")
    assert body["DocumentLines"][0]["BatchNumbers"][0]["Quantity"] == 10  # two cans of five litres


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"purchase_order_line": None}, "one of the two is missing"),
        ({"purchase_order": None}, "one of the two is missing"),
        ({"purchase_order": Ref(id="999")}, "no PurchaseOrders 999"),
    ],
)
def test_half_a_reference_to_an_order_is_refused_before_anything_is_sent(system, erp, values, why):
    with pytest.raises(InvalidRecord, match=why):
        erp.goods_receipts.create(GoodsReceipt(lines=(came("2", 0, **values),)), key="GR-1")
    assert not system.calls("POST", "/PurchaseDeliveryNotes")


def test_an_order_may_be_named_by_the_number_that_people_read_which_is_no_key(system, erp):
    by_number = came("2", 0, purchase_order=Ref(number="7"))  # DocNum 7 is DocEntry 2, and DocEntry 7 another order
    receipt = erp.goods_receipts.create(GoodsReceipt(lines=(by_number, by_number)), key="GR-1").record
    assert receipt.purchase_order == Ref(id="2")
    assert len(system.calls("GET", "DocNum%20eq")) == 1
    for number, why in (("999", "no document bears"), ("x", "no document bears"), ("8", "several documents bear")):
        system.put("PurchaseOrders", 9, DocNum=8)
        with pytest.raises(InvalidRecord, match=why) as caught:
            erp.goods_receipts.create(
                GoodsReceipt(lines=(came("2", 0, purchase_order=Ref(number=number)),)), key="GR-2"
            )
        assert caught.value.problems[0].pointer == "/lines/0/purchase_order"


def test_a_closed_orders_line_takes_no_more(erp):
    with pytest.raises(InvalidRecord, match="already been closed"):
        erp.goods_receipts.create(GoodsReceipt(lines=(came("3", 0),)), key="GR-1")


def test_a_receipt_is_taken_back_by_a_document_of_its_own(system, erp):
    cancelled = erp.goods_receipts.cancel("1")
    assert (cancelled.status, cancelled.lines[0].kind) == ("cancelled", "receipt")
    assert system.calls("POST", "PurchaseDeliveryNotes(1)/CreateCancellationDocument")
    receipts = list(erp.goods_receipts.list())
    (reversal,) = (r for r in receipts if r.id == "6")
    assert (reversal.status, reversal.lines[0].kind, reversal.lines[0].quantity) == ("cancelled", "reversal", 4)
    assert reversal.lines[0].purchase_order is None  # it is based on the receipt, not on the order
    assert erp.purchase_orders.get("2").lines[0].quantity_received == 0


def test_what_came_sums_up_to_nothing_when_it_was_taken_back(erp):
    sign = {"receipt": 1, "reversal": -1}
    lights = [r for r in erp.goods_receipts.list() if r.lines[0].item.id == "A1000"]
    assert sum(sign[line.kind] * line.quantity for r in lights for line in r.lines) == 0
    assert [r.status for r in lights] == ["cancelled", "cancelled"]


def test_a_posted_receipt_keeps_its_lines_and_takes_a_remark(system, erp):
    receipt = erp.goods_receipts.get("1")
    done = erp.goods_receipts.update(receipt.model_copy(update={"notes": "Box damaged"}))
    assert done.record.notes == "Box damaged"
    more = receipt.lines[0].model_copy(update={"quantity": Decimal(9)})
    with pytest.raises(NotRepresentable, match="set at creation"):
        erp.goods_receipts.update(done.record.model_copy(update={"lines": (more,)}))
    assert len(system.calls("PATCH")) == 1


def test_an_invoice_names_the_receipt_that_it_bills(erp):
    invoice = erp.vendor_invoices.get("1")
    assert (invoice.kind, invoice.status, invoice.currency, invoice.vendor.id) == ("invoice", "open", "USD", "V20000")
    assert (invoice.vendor_reference, invoice.total_excl_tax, invoice.amount_paid) == ("INV-2025-118", 4999, 0)
    (line,) = invoice.lines
    assert (line.goods_receipt.id, line.goods_receipt_line, line.purchase_order) == ("2", 0, None)
    assert (line.amount, line.unit_price) == (4999, Decimal("49.99"))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"PaidToDate": Decimal(100), "PaidToDateFC": Decimal("108.7")}, "partially_paid"),
        ({"DocumentStatus": "bost_Close"}, "paid"),
        ({"PaymentBlock": "tYES"}, "blocked"),
        ({"CancelStatus": "csYes", "DocumentStatus": "bost_Close"}, "cancelled"),
    ],
)
def test_an_invoice_tells_how_far_it_is_paid(system, erp, values, status):
    system.put("PurchaseInvoices", 1, **values)
    invoice = erp.vendor_invoices.get("1")
    assert invoice.status == status
    assert invoice.amount_paid == values.get("PaidToDateFC", 0)


def test_an_invoice_is_made_from_a_receipt_or_from_an_order(system, erp):
    of_receipt = VendorInvoiceLine(goods_receipt=Ref(id="1"), goods_receipt_line=0, quantity=Decimal(4))
    first = erp.vendor_invoices.create(VendorInvoice(vendor_reference="B-1", lines=(of_receipt,)), key="I-1").record
    assert (first.vendor.id, first.lines[0].goods_receipt.id, first.lines[0].amount) == ("V10010", "1", 1580)
    of_order = VendorInvoiceLine(purchase_order=Ref(id="1"), purchase_order_line=1, quantity=Decimal(6))
    second = erp.vendor_invoices.create(VendorInvoice(lines=(of_order,)), key="I-2").record
    assert (second.purchase_order.id, second.lines[0].purchase_order_line) == ("1", 1)
    both = of_order.model_copy(update={"goods_receipt": Ref(id="1"), "goods_receipt_line": 0})
    with pytest.raises(InvalidRecord, match="from an order or from a receipt"):
        erp.vendor_invoices.create(VendorInvoice(lines=(both,)), key="I-3")
    assert len(bodies(system, "/PurchaseInvoices")) == 2


def test_an_invoice_is_taken_back_by_one_that_counts_the_other_way(erp):
    assert erp.vendor_invoices.cancel("2").status == "cancelled"
    reversal = erp.vendor_invoices.get("3")
    assert (reversal.kind, reversal.status, reversal.total_incl_tax) == ("credit_memo", "cancelled", Decimal("640.2"))
    with pytest.raises(NotSupported, match="being paid"):
        erp.vendor_invoices.close("1")


def test_a_bill_without_an_order_has_accounts(erp):
    (line,) = erp.vendor_invoices.get("2").lines
    assert (line.kind, line.account.id, line.amount, line.purchase_order) == (
        "service",
        "606100",
        Decimal("640.2"),
        None,
    )


def test_a_sales_order_travels_both_ways(system, erp):
    line = SalesOrderLine(item=Ref(id="P5000"), quantity=Decimal(3), unit_price=Decimal(150), unit="C62")
    given = SalesOrder(
        customer=Ref(id="C20000"),
        customer_reference="PO 55",
        requested_date=dt.date(2025, 4, 1),
        ship_to=Address(city="Hamburg"),
        bill_to=Address(city="Kiel", country="DE"),
        lines=(line,),
    )
    order = erp.sales_orders.create(given, key="S-1").record
    assert (order.id, order.status, order.total_excl_tax, order.customer_reference) == ("3", "open", 450, "PO 55")
    assert (order.ship_to.city, order.bill_to.city, order.requested_date) == ("Hamburg", "Kiel", dt.date(2025, 4, 1))
    changed = order.lines[0].model_copy(update={"quantity": Decimal(5)})
    done = erp.sales_orders.update(order.model_copy(update={"lines": (changed,)}))
    assert (done.record.lines[0].quantity_shipped, done.record.lines[0].amount) == (0, 750)
    assert erp.sales_orders.cancel("3").status == "cancelled"
    assert erp.sales_orders.close("1").status == "closed"
    assert [o.id for o in erp.sales_orders.list()] == ["1", "2", "3"]


def test_a_sales_order_without_a_day_is_refused_with_the_erps_own_field(erp):
    line = SalesOrderLine(item=Ref(id="P5000"), quantity=Decimal(1))
    with pytest.raises(InvalidRecord) as caught:
        erp.sales_orders.create(SalesOrder(customer=Ref(id="C20000"), lines=(line,)), key="S-1")
    assert caught.value.problems[0].native.field == "ORDR.DocDueDate"


def test_stock_is_per_item_and_warehouse(erp):
    level = erp.stock_levels.get("A1000~01")
    assert (level.item.id, level.location.id, level.unit, level.native_unit) == ("A1000", "01", "C62", "PC")
    assert (level.quantity_on_hand, level.quantity_reserved) == (960, 2)
    # 20 boxes and 10 boxes of twelve are on order
    assert (level.quantity_on_order, level.quantity_available) == (360, 1318)
    assert erp.stock_levels.get("O'RING/8~LDZ").quantity_on_hand == 0
    for id in ("A1000~XX", "NONE~01", "A1000", "~01"):
        with pytest.raises(NotFound):
            erp.stock_levels.get(id)


@pytest.mark.parametrize("size", [1, 4, 6, 7, 100])
def test_stock_is_paged_by_records_not_by_items(system, size):
    with system.connect() as erp:
        pages, cursor = [], None
        while True:
            page = erp.stock_levels.page(cursor, page_size=size)
            pages.append([level.id for level in page.records])
            cursor = page.cursor
            if cursor is None:
                break
    counted = Counter(id for page in pages for id in page)
    assert set(counted.values()) == {1}
    assert len(counted) == 54  # nine items that are kept in stock, six warehouses
    assert all(len(page) <= size for page in pages)


def test_stock_has_no_stamp_so_changes_cannot_be_asked_for(erp):
    with pytest.raises(NotSupported, match="no change stamp"):
        list(erp.stock_levels.list(updated_since=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))


@pytest.mark.parametrize(
    ("resource", "entity_set", "record", "status"),
    [
        ("goods_receipts", "PurchaseDeliveryNotes", GoodsReceipt(lines=(came("2", 0),)), "draft"),
        (
            "vendor_invoices",
            "PurchaseInvoices",
            VendorInvoice(
                lines=(VendorInvoiceLine(purchase_order=Ref(id="1"), purchase_order_line=1, quantity=Decimal(1)),)
            ),
            "pending_approval",
        ),
        (
            "sales_orders",
            "Orders",
            SalesOrder(
                customer=Ref(id="C20000"),
                requested_date=dt.date(2025, 4, 1),
                lines=(SalesOrderLine(item=Ref(id="P5000"), quantity=Decimal(1)),),
            ),
            "pending_approval",
        ),
    ],
)
def test_whatever_an_approval_procedure_keeps_is_one_draft_under_its_key(make, resource, entity_set, record, status):
    system = make(approval_above=Decimal(1), approval_of=entity_set)
    before = system.count(entity_set)
    with system.connect() as erp:
        collection = erp.collection(resource)
        for _ in range(2):
            kept = collection.create(record, key="K-1").record
            assert (kept.id, kept.external_reference) == ("draft-1", "K-1")
        assert kept.status == status
        assert collection.get("draft-1") == kept
        with pytest.raises(NotFound):
            erp.purchase_orders.get("draft-1")
        with pytest.raises(NotSupported):
            collection.cancel("draft-1")
    assert (system.count(entity_set), system.count("Drafts")) == (before, 1)
