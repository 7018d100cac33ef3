"""Sales orders, pending invoices, receipts, stock and accounts (dynamics sheet §1.3, §1.7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from anyerp import Conflict, InvalidRecord, NotFound, OutcomeUnknown, Ref
from anyerp.errors import NotSupported, PermissionDenied, Unavailable
from anyerp.model import (
    Address,
    Customer,
    Item,
    SalesOrder,
    SalesOrderLine,
    Vendor,
    VendorInvoice,
    VendorInvoiceLine,
)
from anyerp.testing.sandbox import Once, lose_after, lose_before


def sale(*quantities):
    lines = tuple(
        SalesOrderLine(item=Ref(number="D0001"), quantity=Decimal(q), location=Ref(number="11")) for q in quantities
    )
    return SalesOrder(customer=Ref(number="US-001"), currency="USD", lines=lines)


def bill(*quantities, **values):
    lines = tuple(
        VendorInvoiceLine(item=Ref(number="D0001"), quantity=Decimal(q), unit_price=Decimal(10)) for q in quantities
    )
    return VendorInvoice(vendor=Ref(number="US-101"), vendor_reference="INV-1", lines=lines, **values)


def line_post(call):
    return call.method == "POST" and "SalesOrderLines" in call.target


def test_a_sales_order_has_lines_with_keys_of_the_service(erp):
    done = erp.sales_orders.create(sale(2, 3), key="S-1")
    assert [(line.number, line.quantity, bool(line.id)) for line in done.record.lines] == [(1, 2, True), (2, 3, True)]
    assert done.record.total_excl_tax == 1500
    assert done.record.order_date == dt.date(2026, 4, 1)
    assert erp.sales_orders.create(sale(2, 3), key="S-1").record.id == done.record.id


def test_a_sales_order_names_who_is_responsible(erp):
    order = erp.sales_orders.create(sale(1).model_copy(update={"sales_person": Ref(number="000123")})).record
    assert order.sales_person == Ref(id="000123", number="000123")


def test_a_sales_line_is_changed_by_its_lot(erp, system):
    order = erp.sales_orders.create(sale(2, 3)).record
    changed = (order.lines[0], order.lines[1].model_copy(update={"quantity": Decimal(4)}))
    done = erp.sales_orders.update(order.model_copy(update={"lines": changed}))
    assert [line.quantity for line in done.record.lines] == [2, 4]
    assert order.lines[1].id in system.calls("PATCH", "SalesOrderLines")[0].target


def test_a_sales_line_whose_answer_was_lost_is_found_and_not_sent_twice(erp, system):
    system.sandbox.faults.append(Once(lose_after, line_post))
    assert len(erp.sales_orders.create(sale(2, 3), key="S-1").record.lines) == 2
    assert len(system.calls("POST", "SalesOrderLines")) == 2


def test_a_sales_line_that_may_have_arrived_is_never_sent_again(erp, system):
    system.sandbox.faults.append(Once(lose_before, line_post))
    with pytest.raises(Unavailable, match="is taken back"):
        erp.sales_orders.create(sale(2, 3), key="S-1")
    assert len(system.calls("POST", "SalesOrderLines")) == 1
    assert len(list(erp.sales_orders.list())) == 2  # those of the beginning


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "open"),
        ({"IsSalesProcessingStopped": "Yes"}, "on_hold"),
        ({"SalesOrderProcessingStatus": "PartiallyDelivered"}, "partially_shipped"),
        ({"SalesOrderStatus": "Delivered"}, "shipped"),
        ({"SalesOrderStatus": "Invoiced"}, "closed"),
        ({"SalesOrderStatus": "Canceled"}, "cancelled"),
    ],
)
def test_a_sales_orders_status_is_what_people_see(erp, system, fields, status):
    order = erp.sales_orders.create(sale(1)).record
    row = system.row("sales_order", "usmf", order.number)
    system.sandbox.store.replace("sales_order", row | fields)
    assert erp.sales_orders.get(order.id).status == status


def test_totals_with_tax_are_told_only_where_the_service_counts_them(erp, system):
    order = erp.sales_orders.create(sale(1)).record
    assert (order.total_excl_tax, order.total_incl_tax) == (300, None)
    row = system.row("sales_order", "usmf", order.number)
    counted = {"AreTotalsCalculated": "Yes", "OrderTotalTaxAmount": Decimal(57), "OrderTotalAmount": Decimal(357)}
    system.sandbox.store.replace("sales_order", row | counted)
    order = erp.sales_orders.get(order.id)
    assert (order.total_tax, order.total_incl_tax) == (57, 357)


def test_a_pending_invoice_takes_what_it_bills_from_the_order(erp):
    line = VendorInvoiceLine(purchase_order=Ref(number="00000001"), purchase_order_line=2)
    done = erp.vendor_invoices.create(
        VendorInvoice(vendor=Ref(number="US-101"), vendor_reference="INV-1", lines=(line,)), key="I-1"
    )
    assert (done.record.kind, done.record.status, done.record.vendor_reference) == ("invoice", "draft", "INV-1")
    assert done.record.lines[0].item == Ref(id="D0002", number="D0002")
    assert (done.record.lines[0].quantity, done.record.total_excl_tax) == (4, 182)


def test_a_credit_memo_is_below_zero_there_and_above_it_here(erp, system):
    made = erp.vendor_invoices.create(bill(3, 1, kind="credit_memo"), key="I-1").record
    assert (made.kind, made.total_excl_tax) == ("credit_memo", 40)
    assert [line.quantity for line in made.lines] == [3, 1]
    assert system.row("vendor_invoice_line", "usmf", made.id, 1)["ReceiveNow"] == -3

    changed = (made.lines[0].model_copy(update={"quantity": Decimal(5)}), made.lines[1])
    done = erp.vendor_invoices.update(made.model_copy(update={"lines": changed})).record
    assert [line.quantity for line in done.lines] == [5, 1]
    assert system.row("vendor_invoice_line", "usmf", made.id, 1)["ReceiveNow"] == -5


def test_a_posted_invoice_is_gone_from_the_pending_ones(erp, system):
    made = erp.vendor_invoices.create(bill(3), key="I-1").record
    system.sandbox.post_invoice(made.id)
    with pytest.raises(NotFound):
        erp.vendor_invoices.get(made.id)


def test_an_invoice_that_is_held_is_blocked(erp, system):
    made = erp.vendor_invoices.create(bill(3), key="I-1").record
    row = system.row("vendor_invoice", "usmf", made.id)
    system.sandbox.store.replace("vendor_invoice", row | {"IsOnHold": "Yes"})
    assert erp.vendor_invoices.get(made.id).status == "blocked"


def test_a_half_written_invoice_is_reported(erp, system):
    system.sandbox.faults += [
        Once(lose_before, lambda call: call.method == "POST" and "InvoiceLines" in call.target, times=99),
        Once(lose_before, lambda call: call.method == "DELETE", times=99),
    ]
    with pytest.raises(OutcomeUnknown, match="vendor invoice 000002 is half written"):
        erp.vendor_invoices.create(bill(3), key="I-1")


def test_a_receipt_is_known_by_its_record_id_which_is_beyond_32_bits(erp, system):
    number = system.sandbox.receive("00000001", 1, "2.5")
    (receipt,) = [one for one in erp.goods_receipts.list(page_size=2) if one.number == number]
    assert int(receipt.id) > 2**32
    assert erp.goods_receipts.get(receipt.id) == receipt
    line = receipt.lines[0]
    assert (line.kind, line.quantity, line.purchase_order_line) == ("receipt", Decimal("2.5"), 1)
    assert (line.purchase_order.number, line.item.number, line.location.id) == ("00000001", "D0001", "11")


def test_what_was_taken_back_is_a_reversal(erp, system):
    system.sandbox.receive("00000001", 1, "5")
    number = system.sandbox.receive("00000001", 1, "-2")
    (receipt,) = [one for one in erp.goods_receipts.list() if one.number == number]
    assert (receipt.lines[0].kind, receipt.lines[0].quantity) == ("reversal", 2)
    assert erp.purchase_orders.get("00000001").lines[0].quantity_received == 3


@pytest.mark.parametrize("id", ["x", "-1", "9" * 30, "", "1.5"])
def test_what_is_no_record_id_is_not_found(erp, id):
    with pytest.raises(NotFound):
        erp.goods_receipts.get(id)


def test_receipts_cannot_be_posted_here(erp):
    with pytest.raises(NotSupported, match="upstream: the data entity only reads"):
        erp.goods_receipts.create(erp.goods_receipts.page(page_size=1).records[0])


def test_stock_is_apart_by_place_and_has_the_items_unit(erp):
    levels = {(level.item.number, level.location.id): level for level in erp.stock_levels.list(page_size=4)}
    assert len(levels) == 27
    level = levels["D0003", "12"]
    assert (level.quantity_on_hand, level.quantity_reserved, level.quantity_available) == (203, 10, 193)
    assert (level.unit, level.native_unit) == ("C62", "pcs")
    assert level.id == "D0003~~~~~~1~12"
    assert erp.stock_levels.get(level.id) == level


def test_an_id_of_stock_keeps_what_its_parts_hold(erp, system):
    row = system.row("on_hand", "usmf", "D0001", "", "", "", "", "", "1", "11")
    system.sandbox.store.insert("on_hand", row | {"ProductColorId": "50%~A/B"})
    (level,) = [one for one in erp.stock_levels.list() if "%" in one.id]
    assert erp.stock_levels.get(level.id) == level
    assert level.extra["ProductColorId"] == "50%~A/B"
    with pytest.raises(NotFound, match="8 parts were expected"):
        erp.stock_levels.get("D0001~11")


def test_a_vendor_is_created_once_and_put_on_hold(erp):
    vendor = Vendor(name="New & Sons", group="10", currency="EUR", address=Address(city="Köln", country="DE"))
    made = erp.vendors.create(vendor, key="V-77")
    assert erp.vendors.create(vendor, key="V-77").record.id == made.record.id == "V-000001"
    assert (made.record.status, made.record.address.country) == ("active", "DE")
    done = erp.vendors.update(made.record.model_copy(update={"status": "blocked", "native_status": None}))
    assert (done.record.status, done.record.native_status) == ("blocked", "All")


def test_an_account_held_for_payments_alone_still_takes_orders(erp, system):
    system.sandbox.hold_vendor("US-101", "Payment")
    vendor = erp.vendors.get("US-101")
    assert (vendor.status, vendor.native_status) == ("active", "Payment")


def test_a_customer_without_a_limit_has_none(erp):
    customer = erp.customers.get("US-001")
    assert customer.credit_limit is None
    done = erp.customers.update(customer.model_copy(update={"credit_limit": Decimal(5000)}))
    assert done.record.credit_limit == 5000


def test_a_customer_has_no_room_for_a_key_of_ours(erp):
    with pytest.raises(NotSupported, match="no free text that could carry a key"):
        erp.customers.create(Customer(name="New", group="30"), key="C-1")
    assert erp.customers.create(Customer(name="New", group="30")).record.id == "C-000001"


def test_a_customer_needs_a_group(erp):
    with pytest.raises(InvalidRecord, match="Customer group id"):
        erp.customers.create(Customer(name="New"))


def test_an_item_is_a_product_for_all_companies_released_to_this_one(erp, system):
    made = erp.items.create(
        Item(name="Bracket", description="Steel", kind="goods", unit="KGM", group="Parts"), key="N-1"
    )
    assert (made.record.id, made.record.name, made.record.unit) == ("N-1", "Bracket", "KGM")
    assert system.row("product", "N-1")["ProductDescription"] == "Steel"
    assert erp.items.create(Item(name="Bracket"), key="N-1").settled == "before"
    with system.connect(company="demf") as other:
        assert other.items.create(Item(kind="goods"), key="N-1").record.name == "Bracket"
        other.items.create(Item(name="Bolt"), key="N-2")
    with pytest.raises(InvalidRecord, match="for all companies already, with another ProductName"):
        erp.items.create(Item(name="Nut"), key="N-2")


def test_an_item_that_is_refused_leaves_no_product_behind(erp, system):
    system.sandbox.revoke("ReleasedProductsV2", "Create")
    with pytest.raises(PermissionDenied) as told:
        erp.items.create(Item(name="Bracket"), key="N-1")
    assert "is taken back" in told.value.hint
    assert system.row("product", "N-1") is None
    system.sandbox.revoke("ProductsV2", "Delete")
    with pytest.raises(PermissionDenied) as told:
        erp.items.create(Item(name="Bracket"), key="N-1")
    assert "could not be taken back" in told.value.hint


@pytest.mark.parametrize("part", ["/ProductsV2", "ReleasedProductsV2"])
def test_an_item_whose_answer_was_lost_is_one_whole_item(erp, system, part):
    system.sandbox.faults.append(Once(lose_after, lambda call: call.method == "POST" and part in call.target))
    done = erp.items.create(Item(name="Bracket"), key="N-1")
    assert (done.settled, done.record.name) == ("look", "Bracket")
    assert len(system.calls("POST", "ProductsV2")) == 2  # one of each set


def test_a_name_is_changed_for_every_company_and_moves_the_items_version(erp, system):
    item = erp.items.get("D0001")
    done = erp.items.update(item.model_copy(update={"name": "Speaker, small", "purchase_unit": "C62"})).record
    assert (done.name, done.purchase_unit) == ("Speaker, small", "C62")
    assert done.version != item.version
    with system.connect(company="demf") as other:
        assert other.items.get("D0001").name == "Speaker, small"
    with pytest.raises(Conflict):
        erp.items.update(item.model_copy(update={"name": "Speaker, old"}))
