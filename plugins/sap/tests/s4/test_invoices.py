"""Vendor invoices: posted with items of orders and of accounts, reversed by a function import (sheet §10-§12)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp import Ref, VendorInvoice, VendorInvoiceLine
from anyerp.errors import InvalidRecord, NotRepresentable, NotSupported
from anyerp.testing.sandbox import Call, Once, lose_after
from anyerp.wire import Headers, Response

ORDERED = VendorInvoiceLine(
    purchase_order=Ref(id="4500000001"),
    purchase_order_line=10,
    quantity=Decimal(2),
    unit="C62",
    amount=Decimal("25.00"),
    tax_code="V1",
)
RENT = VendorInvoiceLine(
    account=Ref(id="63000000"),
    dimensions={"cost_center": "10101101"},
    amount=Decimal("100.00"),
    tax_code="V0",
    description="Rent",
)


def invoice(*lines, **values):
    given = {
        "company": Ref(id="1010"),
        "vendor": Ref(id="10300001"),
        "vendor_reference": "R-77",
        "currency": "EUR",
        "invoice_date": dt.date(2025, 5, 28),
        "total_incl_tax": Decimal("29.75"),
        "lines": lines or (ORDERED,),
    }
    return VendorInvoice.model_validate({**given, **values})


def test_an_invoice_is_posted_and_the_order_says_how_much_was_billed(system, erp):
    made = erp.vendor_invoices.create(invoice(), key="inv-1").record
    assert (made.status, made.kind, made.external_reference, made.vendor_reference) == (
        "open",
        "invoice",
        "inv-1",
        "R-77",
    )
    assert (made.total_excl_tax, made.total_tax, made.total_incl_tax) == (25, Decimal("4.75"), Decimal("29.75"))
    assert made.posting_date == dt.date(2025, 6, 2)
    (line,) = made.lines
    assert (line.purchase_order.id, line.purchase_order_line, line.quantity, line.unit) == ("4500000001", 10, 2, "C62")
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_billed == 2
    sent = json.loads(system.calls("POST")[0].content)
    assert sent["TaxIsCalculatedAutomatically"] is True
    assert "_anyerp" not in json.dumps(sent)
    assert len(system.calls("POST")) == 1


def test_items_of_orders_and_of_accounts_go_each_to_its_own_set_and_come_back_in_one_list(system, erp):
    made = erp.vendor_invoices.create(invoice(ORDERED, RENT, total_incl_tax=Decimal("129.75"))).record
    sent = json.loads(system.calls("POST")[0].content)
    assert [item["PurchaseOrder"] for item in sent["to_SuplrInvcItemPurOrdRef"]["results"]] == ["4500000001"]
    (account,) = sent["to_SupplierInvoiceItemGLAcct"]["results"]
    assert (account["GLAccount"], account["CostCenter"], account["DebitCreditCode"]) == ("63000000", "10101101", "S")
    assert [line.id for line in made.lines] == ["1", "G1"]
    assert (made.lines[1].account.id, made.lines[1].amount, made.lines[1].description) == ("63000000", 100, "Rent")
    assert made.lines[1].dimensions == {"cost_center": "10101101"}
    assert made.lines[1].quantity is None
    assert made.purchase_order is None


def test_an_account_that_is_credited_has_a_negative_amount(system, erp):
    discount = RENT.model_copy(update={"amount": Decimal("-5.00")})
    made = erp.vendor_invoices.create(invoice(ORDERED, discount, total_incl_tax=Decimal("24.75"))).record
    sent = json.loads(system.calls("POST")[0].content)["to_SupplierInvoiceItemGLAcct"]["results"]
    assert [(item["SupplierInvoiceItemAmount"], item["DebitCreditCode"]) for item in sent] == [("5.00", "H")]
    assert made.lines[1].amount == -5


def test_a_credit_memo_takes_from_what_was_billed_and_is_due_at_once(erp):
    erp.vendor_invoices.create(invoice())
    made = erp.vendor_invoices.create(invoice(kind="credit_memo", payment_terms=Ref(id="NT30"))).record
    assert (made.kind, made.native_kind, made.due_date) == ("credit_memo", "X", dt.date(2025, 5, 28))
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_billed == 0


@pytest.mark.parametrize(("terms", "days"), [("0001", 0), ("0002", 30), ("0004", 45), ("NT60", 60)])
def test_an_invoice_is_due_on_the_last_day_of_its_terms(erp, terms, days):
    made = erp.vendor_invoices.create(invoice(payment_terms=Ref(id=terms))).record
    assert made.due_date == dt.date(2025, 5, 28) + dt.timedelta(days=days)


def test_a_balance_that_is_not_zero_is_refused(erp):
    with pytest.raises(InvalidRecord, match="Balance not zero"):
        erp.vendor_invoices.create(invoice(total_incl_tax=Decimal("30.00")))
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_billed == 0


def test_a_lost_answer_is_settled_and_nothing_is_billed_twice(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    assert erp.vendor_invoices.create(invoice(), key="inv-2").settled == "look"
    assert erp.vendor_invoices.create(invoice(), key="inv-2").settled == "before"
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_billed == 2


def test_the_systems_suspicion_of_a_double_entry_comes_as_a_warning(erp):
    erp.vendor_invoices.create(invoice())
    (warning,) = erp.vendor_invoices.create(invoice()).warnings
    assert "already entered" in warning.message


def test_cancelling_reverses_an_invoice_and_both_are_cancelled(system, erp):
    made = erp.vendor_invoices.create(invoice()).record
    before = {one.id for one in erp.vendor_invoices.list()}
    gone = erp.vendor_invoices.cancel(made.id)
    (other,) = {one.id for one in erp.vendor_invoices.list()} - before
    reversal = erp.vendor_invoices.get(other)
    assert (gone.status, reversal.status, reversal.kind) == ("cancelled", "cancelled", "credit_memo")
    assert gone.extra["ReverseDocument"] == reversal.number
    assert erp.purchase_orders.get("4500000001").lines[0].quantity_billed == 0
    target = system.calls("POST", "/Cancel?")[0].target.replace("%27", "'").replace("%3A", ":")
    assert "ReversalReason='01'" in target
    assert "PostingDate=datetime'2025-06-02T00:00:00'" in target


def test_every_status_of_the_seed_is_told(erp):
    found = {one.number: one.status for one in erp.vendor_invoices.list()}
    assert found == {
        "5105600101": "open",
        "5105600102": "blocked",
        "5105600103": "open",
        "5105600104": "open",
        "5105600105": "cancelled",
        "5105600106": "cancelled",
        "5105600107": "draft",
        "5105600108": "open",
    }


def test_an_invoice_is_never_changed(erp):
    with pytest.raises(NotSupported, match="never changed"):
        erp.vendor_invoices.update(erp.vendor_invoices.get("5105600101~2025"))


def test_a_price_has_no_place_and_is_refused_by_name(erp):
    with pytest.raises(NotRepresentable, match="unit_price"):
        erp.vendor_invoices.create(invoice(ORDERED.model_copy(update={"unit_price": Decimal("12.50")})))


def test_an_invoice_for_a_receipt_names_it_by_year_and_number(erp):
    line = ORDERED.model_copy(update={"goods_receipt": Ref(id="2025~5000000001"), "goods_receipt_line": 1})
    (made,) = erp.vendor_invoices.create(invoice(line)).record.lines
    assert (made.goods_receipt.id, made.goods_receipt.number, made.goods_receipt_line) == (
        "2025~5000000001",
        "5000000001",
        1,
    )


def test_changed_since_asks_by_the_text_stamp(system, erp):
    since = dt.datetime(2025, 3, 5, 4, 47, 7, 511204, tzinfo=dt.UTC)
    found = [one.number for one in erp.vendor_invoices.list(updated_since=since)]
    assert found == ["5105600105", "5105600106", "5105600107", "5105600108"]
    assert "20250305044707.5112040" in system.sandbox.calls[-1].target


def test_a_release_without_the_text_stamp_is_asked_by_the_day_of_creation(system, erp):
    def older(call: Call, proceed):
        if "SuplrInvcLstChgDteTmeTxt" in call.target:
            body = b'{"error":{"code":"005056A509B11EE1B9A8FEC11C21D78E","message":{"value":"No property"}}}'
            return Response(400, Headers({"content-type": "application/json"}), body)
        if "$metadata" not in call.target:
            return None
        answer = proceed()
        content = answer.content.replace(b'Name="SuplrInvcLstChgDteTmeTxt"', b'Name="SomethingElse"')
        return Response(answer.status, answer.headers, content)

    system.sandbox.faults = [older]
    since = dt.datetime(2025, 3, 6, 1, 0, tzinfo=dt.UTC)
    found = list(erp.vendor_invoices.list(updated_since=since))
    assert [one.number for one in found] == ["5105600106", "5105600107", "5105600108"]
    assert {one.updated_at for one in found} == {None}
    assert "CreationDate%20ge" in system.sandbox.calls[-1].target.replace("+", "%20")
