"""Receipts, vendor invoices, stock, customers and sales orders (dynamics sheet §2.3, §2.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from anyerp import Customer, Ref, SalesOrder, SalesOrderLine, VendorInvoice, VendorInvoiceLine
from anyerp.errors import InvalidRecord, NotFound, NotRepresentable, NotSupported


def received(place, erp, say, *quantities):
    """An order of which so many came of its one line, each time a receipt."""
    made = erp.purchase_orders.create(say.order(), key="req-42").record
    return made, [place.sandbox.receive(made.number, {10000: Decimal(quantity)}) for quantity in quantities]


def test_a_receipt_names_order_vendor_and_items_by_their_numbers(place, erp, say):
    order, (first, second) = received(place, erp, say, 2, 3)
    found = {receipt.number: receipt for receipt in erp.goods_receipts.list()}
    receipt = found[first]
    assert (receipt.purchase_order.number, receipt.vendor.number, receipt.status) == (order.number, "10000", "posted")
    assert (receipt.external_reference, receipt.receipt_date) == ("req-42", date(2026, 4, 1))
    (line,) = receipt.lines
    assert (line.item.number, line.quantity, line.kind, line.unit, line.native_unit) == (
        "1900-S",
        2,
        "receipt",
        "EA",
        "PCS",
    )
    assert found[second].lines[0].quantity == 3
    assert erp.goods_receipts.get(receipt.id) == receipt


def test_the_units_of_receipts_are_looked_up_once_and_only_if_wanted(place, erp, say):
    received(place, erp, say, 2)
    assert list(erp.goods_receipts.list(fields=["number"]))
    assert not place.calls("GET", "unitsOfMeasure")
    found = list(erp.goods_receipts.list(page_size=1))
    assert {line.unit for receipt in found for line in receipt.lines} >= {"EA", "MTR", "KGM"}
    assert len(place.calls("GET", "unitsOfMeasure")) == 1


def test_a_text_on_a_receipt_that_looks_like_a_unit_stays_a_text(place, erp, say):
    text = 'x","unitOfMeasureCode":"PCS"'
    made = erp.purchase_orders.create(say.order(say.line(description=text)), key="k").record
    number = place.sandbox.receive(made.number, {10000: Decimal(1)})
    (found,) = [receipt for receipt in erp.goods_receipts.list() if receipt.number == number]
    assert found.lines[0].description == text
    assert found.lines[0].unit == "EA"


def test_a_receipt_that_was_undone_is_a_reversal_of_a_positive_quantity(place, erp, say):
    _, (number,) = received(place, erp, say, 2)
    company = place.sandbox.company()
    receipt = company.find("purchaseReceipts", number=number)
    (row,) = company.of("purchaseReceiptLines", receipt["id"])
    undone = company.new("purchaseReceiptLines", **{k: v for k, v in row.items() if k not in ("id", "$version")})
    company.put("purchaseReceiptLines", undone | {"sequence": 15000, "quantity": -row["quantity"]})
    lines = erp.goods_receipts.get(receipt["id"]).lines
    assert [(line.kind, line.quantity) for line in lines] == [("receipt", 2), ("reversal", 2)]


def test_receipts_are_posted_inside_and_not_from_here(erp):
    with pytest.raises(NotSupported, match="posted together with their invoice"):
        erp.goods_receipts.delete("x")


def test_receipts_since_a_moment_are_read_by_their_stamp(place, erp, say):
    place.clock.advance(hours=1)
    moment = place.clock()
    place.clock.advance(minutes=1)
    _, (number,) = received(place, erp, say, 1)
    assert [receipt.number for receipt in erp.goods_receipts.list(updated_since=moment)] == [number]


def test_a_posted_invoice_names_its_order_while_there_is_one(place, erp, say):
    order, _ = received(place, erp, say, 2)
    number = place.sandbox.invoice(order.number)
    invoice = next(one for one in erp.vendor_invoices.list() if one.number == number)
    assert (invoice.status, invoice.purchase_order.id, invoice.purchase_order.number) == (
        "open",
        order.id,
        order.number,
    )
    assert erp.purchase_orders.get(invoice.purchase_order.id).number == order.number
    assert (invoice.kind, invoice.total_excl_tax, invoice.amount_paid) == ("invoice", Decimal(191), None)
    place.sandbox.receive(order.number, {10000: Decimal(3)})
    last = place.sandbox.invoice(order.number)
    invoice = next(one for one in erp.vendor_invoices.list() if one.number == last)
    assert (invoice.purchase_order.id, invoice.purchase_order.number) == (None, order.number)


def bill(**values):
    line = VendorInvoiceLine(item=Ref(number="2000"), quantity=Decimal(10), unit_price=Decimal("4.10"))
    given = {
        "vendor": Ref(number="10000"),
        "vendor_reference": "fab-1",
        "invoice_date": date(2026, 4, 1),
        "lines": (line,),
    }
    return VendorInvoice.model_validate({**given, **values})


def test_a_draft_invoice_is_made_changed_and_deleted(place, erp):
    made = erp.vendor_invoices.create(bill(), key="inv-1").record
    assert (made.status, made.vendor_reference, made.total_excl_tax, made.due_date) == (
        "draft",
        "FAB-1",
        Decimal("41.00"),
        date(2026, 5, 1),
    )
    assert erp.vendor_invoices.create(bill(), key="inv-1").settled == "before"
    line = made.lines[0].model_copy(update={"quantity": Decimal(20)})
    after = erp.vendor_invoices.update(VendorInvoice(id=made.id, version=made.version, lines=(line,))).record
    assert (after.total_excl_tax, after.lines[0].unit_price) == (Decimal("82.00"), Decimal("4.10"))
    erp.vendor_invoices.delete(made.id)
    assert made.id not in {invoice.id for invoice in erp.vendor_invoices.list()}


def test_the_states_of_an_invoice_and_what_is_paid_of_it(erp):
    found = {(invoice.status, invoice.native_status, invoice.amount_paid) for invoice in erp.vendor_invoices.list()}
    assert ("draft", "Draft", Decimal(0)) in found
    assert any(status == "paid" and paid for status, _, paid in found)
    assert ("cancelled", "Canceled", None) in found


def test_a_posted_invoice_says_no_in_the_erps_words(place, erp, say):
    order, _ = received(place, erp, say, 2)
    number = place.sandbox.invoice(order.number)
    invoice = next(one for one in erp.vendor_invoices.list() if one.number == number)
    with pytest.raises(InvalidRecord):
        erp.vendor_invoices.update(VendorInvoice(id=invoice.id, due_date=date(2026, 9, 1)))


def test_stock_is_that_of_items_that_have_any(place, erp):
    levels = {level.number: level for level in erp.stock_levels.list()}
    assert (levels["2010"].quantity_on_hand, levels["2010"].native_unit, levels["2010"].unit) == (
        Decimal("1250.5"),
        "L",
        "LTR",
    )
    assert "3000" not in levels  # a service
    assert "type eq 'Inventory'" in unquote(place.calls("GET", "/items")[0].target)
    item = erp.items.get(levels["2010"].item.id)
    assert (item.number, item.name) == (levels["2010"].item.number, levels["2010"].item.name)


def test_a_service_has_no_stock_rather_than_none_left(erp):
    service, chair = (next(item for item in erp.items.list() if item.number == number) for number in ("3000", "1900-S"))
    assert erp.stock_levels.get(chair.id).quantity_on_hand == 115  # 112, and what orders and sales have moved
    with pytest.raises(NotFound):
        erp.stock_levels.get(service.id)


def test_stock_is_moved_by_posting_and_not_written(erp):
    with pytest.raises(NotSupported, match="posted as an adjustment"):
        erp.stock_levels.delete("x")


def test_stock_keeps_no_stamp(place, erp):
    with pytest.raises(NotSupported, match="no change stamp"):
        list(erp.stock_levels.list(updated_since=place.clock()))


def test_a_customer_with_a_shipping_block_may_still_order(erp):
    customers = {customer.number: customer for customer in erp.customers.list()}
    assert (customers["50000"].status, customers["50000"].native_status) == ("active", "Ship")
    assert (customers["10000"].status, customers["10000"].native_status) == ("active", None)


def test_a_credit_limit_is_told_in_the_local_currency_only(place, erp):
    made = {
        currency: erp.customers.create(
            Customer(name=currency, currency=currency, extra={"credit_limit_in_local_currency": Decimal(5000)}),
            key=currency,
        ).record
        for currency in ("USD", "EUR")
    }
    assert (made["USD"].credit_limit, made["EUR"].credit_limit) == (5000, None)
    assert made["EUR"].extra["credit_limit_in_local_currency"] == 5000
    with pytest.raises(NotRepresentable, match="is computed here"):
        erp.customers.update(Customer(id=made["EUR"].id, credit_limit=Decimal(1)))


def test_a_customer_takes_incoterms_and_terms_by_code(erp):
    made = erp.customers.create(
        Customer(name="Blue Yonder", incoterms="EXW", payment_terms=Ref(number="30 DAYS")), key="by"
    ).record
    assert (made.number, made.incoterms, made.payment_terms.number) == ("BY", "EXW", "30 DAYS")


def sale(**values):
    line = SalesOrderLine(
        item=Ref(number="1900-S"), quantity=Decimal(4), unit_price=Decimal(120), location=Ref(number="EAST")
    )
    given = {"customer": Ref(number="10000"), "customer_reference": "po-77", "lines": (line,)}
    return SalesOrder.model_validate({**given, **values})


def test_a_sales_order_is_made_with_its_fields_in_order(place, erp):
    made = erp.sales_orders.create(sale(requested_date=date(2026, 5, 4)), key="web-1").record
    (body,) = place.bodies("POST", "salesOrders")
    assert next(iter(body)) == "customerNumber"
    assert list(body["salesOrderLines"][0]) == ["itemId", "locationId", "quantity", "unitPrice"]
    assert (made.customer_reference, made.external_reference, made.status) == ("PO-77", "web-1", "draft")
    assert (made.lines[0].unit_price, made.total_excl_tax, made.bill_to.city) == (120, 480, "Atlanta")
    assert erp.sales_orders.create(sale(), key="web-1").settled == "before"


def test_a_sales_order_follows_what_was_shipped(erp):
    orders = {order.customer_reference: order for order in erp.sales_orders.list()}
    shipped = orders["PO-0002"]
    assert (shipped.status, shipped.native_status) == ("partially_shipped", "Open")
    assert [(line.quantity, line.quantity_shipped, line.status) for line in shipped.lines] == [
        (12, 5, "partially_shipped")
    ]


def test_another_customer_leaves_what_was_not_given_as_it_was(erp):
    made = erp.sales_orders.create(sale(ship_to={"name": "Site 9", "city": "Reno"}), key="web-2").record
    after = erp.sales_orders.update(SalesOrder(id=made.id, customer=Ref(number="20000"))).record
    assert after.customer.number == "20000"
    assert (after.ship_to.name, after.ship_to.city, after.external_reference) == ("Site 9", "Reno", "web-2")
    assert after.payment_terms == made.payment_terms


def test_a_sales_line_is_changed_removed_and_added(place, erp):
    made = erp.sales_orders.create(sale(), key="web-3").record
    new = SalesOrderLine(item=Ref(number="2040"), quantity=Decimal("1.5"), confirmed_date=date(2026, 5, 1))
    after = erp.sales_orders.update(SalesOrder(id=made.id, version=made.version, lines=(new,))).record
    assert [(line.item.number, line.quantity, line.confirmed_date) for line in after.lines] == [
        ("2040", Decimal("1.5"), date(2026, 5, 1))
    ]
    assert len(place.calls("DELETE", "salesOrderLines")) == 1
