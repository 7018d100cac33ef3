"""Orders that are gone: Business Central deletes an order with its last invoice (dynamics sheet §2.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from anyerp import PurchaseOrder, Ref, SalesOrder, SalesOrderLine, VendorInvoice, VendorInvoiceLine
from anyerp.errors import Conflict, NotFound
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Response
from anyerp_dynamics.sandbox.bc import posting


def bill(place, number):
    place.sandbox.receive(number, {line["sequence"]: line["quantity"] for line in place.lines(number)})
    return place.sandbox.invoice(number)


def test_an_order_invoiced_in_full_is_explained_by_its_invoice_and_receipt(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    invoice = bill(place, made.number)
    with pytest.raises(
        NotFound, match=rf"{made.number} is gone: it was invoiced in full \(invoiced by {invoice}"
    ) as caught:
        erp.purchase_orders.get(made.id)
    invoiced, received = caught.value.problems
    assert (invoiced.code, invoiced.native.code, invoiced.native.message) == ("invoiced", "purchaseInvoices", invoice)
    assert (received.code, received.native.code) == ("received", "purchaseReceipts")


def test_an_update_of_it_is_explained_as_well(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    bill(place, made.number)
    with pytest.raises(NotFound, match="invoiced in full"):
        erp.purchase_orders.update(PurchaseOrder(id=made.id, order_date=date(2026, 5, 1)))


def test_the_id_alone_is_enough_for_that_in_another_process(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    bill(place, made.number)
    with place.connect() as other, pytest.raises(NotFound, match="invoiced in full"):
        other.purchase_orders.get(made.id)


def test_an_order_invoiced_in_part_is_still_there(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    place.sandbox.receive(made.number, {10000: Decimal(2)})
    place.sandbox.invoice(made.number)
    (line,) = erp.purchase_orders.get(made.id).lines
    assert (line.quantity_received, line.quantity_billed, line.status) == (2, 2, "partially_received")


def test_a_deleted_order_is_said_to_be_deleted(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    place.sandbox.vanish(made.number)
    with pytest.raises(NotFound, match=f"{made.number} was deleted, and never invoiced"):
        erp.purchase_orders.get(made.id)


def test_a_bare_guid_is_taken_too(erp, numbered):
    order = numbered("106001")
    guid, _, number = order.id.partition("~")
    assert number == "106001"
    assert erp.purchase_orders.get(guid) == order


def test_without_the_right_to_see_invoices_it_is_simply_not_found(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    bill(place, made.number)
    place.sandbox.revoke("purchaseInvoices", "Read")
    with pytest.raises(NotFound, match="does not exist"):
        erp.purchase_orders.get(made.id)


def test_an_id_that_is_none_asks_nothing(place, erp):
    with pytest.raises(NotFound, match="GUIDs"):
        erp.purchase_orders.get("4500000001")
    assert not place.calls("GET", "purchaseOrders")


def test_the_key_of_an_order_that_was_invoiced_in_full_orders_nothing_again(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="req-42").record
    invoice = bill(place, made.number)
    with pytest.raises(Conflict, match=f"'req-42' was {made.number}, which is gone.*{invoice}"):
        erp.purchase_orders.create(say.order(), key="req-42")
    assert len(place.calls("POST", "purchaseOrders")) == 1


def test_an_outage_while_explaining_leaves_the_plain_answer(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="k").record
    bill(place, made.number)
    down = Once(answer_with(Response(503)), when=lambda call: "purchaseInvoices" in call.target, times=99)
    place.sandbox.faults.append(down)
    with pytest.raises(NotFound, match="does not exist"):
        erp.purchase_orders.get(made.id)


def ship(place, order):
    """Someone posts all of a sales order, as the action of the API does."""
    company = place.sandbox.company()
    posting.ship_and_invoice(company, company.find("salesOrders", number=order.number))
    company.journal.commit()


def sale():
    return SalesOrder(
        customer=Ref(number="10000"), lines=(SalesOrderLine(item=Ref(number="1900-S"), quantity=Decimal(4)),)
    )


def test_a_sales_order_invoiced_in_full_is_explained_by_its_shipment(place, erp):
    made = erp.sales_orders.create(sale(), key="web-1").record
    ship(place, made)
    with pytest.raises(
        NotFound, match=rf"sales order {made.number} is gone: it was invoiced in full \(shipped by 102"
    ) as told:
        erp.sales_orders.get(made.id)
    assert [problem.code for problem in told.value.problems] == ["shipped"]
    with pytest.raises(Conflict, match="'web-1' was"):
        erp.sales_orders.create(sale(), key="web-1")


def test_the_key_of_an_order_may_be_that_of_an_invoice_too(place, erp, say):
    made = erp.purchase_orders.create(say.order(), key="req-42").record
    bill(place, made.number)
    invoice = VendorInvoice(
        vendor=Ref(number="10000"), lines=(VendorInvoiceLine(item=Ref(number="2000"), quantity=Decimal(1)),)
    )
    done = erp.vendor_invoices.create(invoice, key="req-42")
    assert (done.settled, done.record.status) == ("answer", "draft")
    assert erp.vendor_invoices.create(invoice, key="req-42").record.id == done.record.id
