"""Purchase orders that somebody else changed or holds: nobody is overwritten (sap sheet §6)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp.errors import Conflict
from anyerp.testing.sandbox import Call, Once, answer_with
from anyerp.wire import Headers, Response

ITEMS = "A_PurchaseOrderItem("


def is_patch(call: Call) -> bool:
    return call.method in ("PATCH", "MERGE")


def _changed(record, index=0, **values):
    lines = list(record.lines)
    lines[index] = lines[index].model_copy(update=values)
    return record.model_copy(update={"lines": tuple(lines)})


def test_an_order_that_somebody_changed_is_a_conflict_with_the_order_as_it_is(system, erp):
    record = erp.purchase_orders.get("4500000001")
    system.sandbox.touch(record.id, PaymentTerms="NT60")
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.current.payment_terms.id == "NT60"
    assert not system.calls("PATCH")
    with pytest.raises(Conflict):
        erp.purchase_orders.cancel(record.id, version=record.version)
    assert not system.calls("DELETE")


def test_a_change_between_our_read_and_our_write_is_a_conflict(system, erp):
    def meanwhile(call, proceed):
        system.sandbox.touch("4500000001")
        return proceed()

    record = erp.purchase_orders.get("4500000001")
    system.sandbox.faults = [Once(meanwhile, when=is_patch)]
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.status == 412
    assert system.row("A_PurchaseOrder", "4500000001").get("SupplierQuotationExternalID", "") == ""


def test_an_item_that_somebody_changed_meanwhile_is_a_conflict(system, erp):
    def meanwhile(call, proceed):
        system.sandbox.touch("4500000001", "10")
        return proceed()

    record = erp.purchase_orders.get("4500000001")
    system.sandbox.faults = [Once(meanwhile, when=lambda c: is_patch(c) and ITEMS in c.target)]
    with pytest.raises(Conflict):
        erp.purchase_orders.update(_changed(record, quantity=Decimal(6)))


def test_a_demand_for_an_etag_is_answered_by_reading_it_once(system, erp):
    def without_etags(call, proceed):
        answer = proceed()
        if "$select" not in call.target:
            return answer
        headers = Headers([(k, v) for k, v in answer.headers.items_with_repeats() if k.lower() != "etag"])
        return Response(answer.status, headers, answer.content.replace(b'"etag"', b'"was_etag"'))

    system.sandbox.faults = [without_etags]  # a release that does not show the etag where we read
    record = erp.purchase_orders.get("4500000001")
    assert record.version is None
    done = erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-9"}))
    assert done.record.vendor_reference == "Q-9"
    assert [c.headers.get("if-match") is not None for c in system.calls("PATCH")] == [False, True]


def test_a_demand_that_cannot_be_met_is_a_conflict_and_no_loop(system, erp):
    refused = Response(428, Headers({"content-type": "text/plain"}), b"")
    system.sandbox.faults = [Once(answer_with(refused), when=is_patch, times=99)]
    record = erp.purchase_orders.get("4500000001")
    with pytest.raises(Conflict):
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-9"}))
    assert len(system.calls("PATCH")) <= 2


def test_an_order_that_somebody_has_open_is_for_later(system, erp):
    system.sandbox.lock("4500000001")
    record = erp.purchase_orders.get("4500000001")
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"}))
    assert caught.value.retry == "later"
    assert caught.value.status == 400
    assert "MMUELLER already processing" in str(caught.value)
    assert caught.value.problems[0].native.code == "ME/006"
    system.sandbox.unlock("4500000001")
    assert (
        erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"})).record.vendor_reference == "Q"
    )


def _order_wide_etags(system, **values):
    """A fault: whatever is written to the header moves the item's etag too, as where etags are made of the document."""

    def strike(call, proceed):
        answer = proceed()
        if is_patch(call) and "A_PurchaseOrder(" in call.target:
            system.put("A_PurchaseOrderItem", ("4500000001", "10"), **values)
        return answer

    return strike


def test_an_etag_that_our_own_write_has_moved_is_read_anew(system, erp):
    record = erp.purchase_orders.get("4500000001").model_copy(update={"vendor_reference": "Q-1"})
    system.sandbox.faults = [_order_wide_etags(system, ShippingInstruction="01")]
    now = erp.purchase_orders.update(_changed(record, tax_code="V0")).record
    assert (now.vendor_reference, now.lines[0].tax_code) == ("Q-1", "V0")


def test_an_item_that_is_really_different_stays_a_conflict(system, erp):
    record = erp.purchase_orders.get("4500000001").model_copy(update={"vendor_reference": "Q-1"})
    system.sandbox.faults = [_order_wide_etags(system, PurchaseOrderItemText="Theirs")]
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(_changed(record, tax_code="V0"))
    assert "1 of 2" in caught.value.hint
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["TaxCode"] == "V1"
