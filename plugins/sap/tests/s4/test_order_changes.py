"""Purchase orders changed and ended: each part by its own request, and what nobody mentioned stays (sap sheet §4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import InvalidRecord, NotFound
from anyerp.testing.sandbox import Call


def is_post(call: Call) -> bool:
    return call.method == "POST"


def is_patch(call: Call) -> bool:
    return call.method in ("PATCH", "MERGE")


def test_header_fields_are_changed_by_one_patch_with_only_what_changed(system, erp):
    record = erp.purchase_orders.get("4500000001")
    done = erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q-77", "incoterms": "FCA"}))
    assert (done.record.vendor_reference, done.record.incoterms) == ("Q-77", "FCA")
    (patch,) = system.calls("PATCH")
    assert b"Item" not in patch.content
    assert patch.headers["if-match"] == record.version  # byte for byte, colons percent-encoded
    assert "%3A" in record.version
    assert done.record.version != record.version


def test_nothing_changed_sends_nothing(system, erp):
    record = erp.purchase_orders.get("4500000001")
    assert erp.purchase_orders.update(record).record == record
    assert not system.calls("PATCH")
    assert not system.calls("POST")


def _changed(record, index=0, **values):
    lines = list(record.lines)
    lines[index] = lines[index].model_copy(update=values)
    return record.model_copy(update={"lines": tuple(lines)})


def test_a_line_its_date_and_its_assignment_are_changed_each_by_its_own_request(system, erp):
    record = erp.purchase_orders.get("4500000012")
    line = record.lines[0]
    wanted = _changed(
        record,
        quantity=Decimal(3),
        unit_price=Decimal("99.90"),
        requested_date=dt.date(2025, 9, 1),
        dimensions={**line.dimensions, "cost_center": "10101202"},
    )
    now = erp.purchase_orders.update(wanted).record.lines[0]
    assert (now.quantity, now.unit_price, now.requested_date) == (3, Decimal("99.90"), dt.date(2025, 9, 1))
    assert now.dimensions["cost_center"] == "10101202"
    assert now.amount == Decimal("299.70")
    patched = [call.target.rpartition("/")[2].partition("(")[0] for call in system.calls("PATCH")]
    assert sorted(patched) == ["A_PurOrdAccountAssignment", "A_PurchaseOrderItem", "A_PurchaseOrderScheduleLine"]
    assert all(b"results" not in call.content for call in system.calls("PATCH"))
    assert erp.purchase_orders.get(record.id).lines[1] == record.lines[1]


def test_what_the_model_does_not_know_survives_an_update(system, erp):
    system.put("A_PurchaseOrderItem", ("4500000001", "10"), RequisitionerName="KEEPME")
    system.put("A_PurchaseOrder", ("4500000001",), CorrespncInternalReference="MINE")
    record = erp.purchase_orders.get("4500000001")
    erp.purchase_orders.update(_changed(record, quantity=Decimal(6)).model_copy(update={"incoterms": "FCA"}))
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["RequisitionerName"] == "KEEPME"
    assert system.row("A_PurchaseOrder", "4500000001")["CorrespncInternalReference"] == "MINE"


def test_lines_are_added_and_taken_away(system, erp, say):
    record = erp.purchase_orders.get("4500000001")
    more = record.model_copy(update={"lines": (*record.lines, say.line(number=20, quantity=Decimal(2)))})
    record = erp.purchase_orders.update(more).record
    assert [(x.number, x.status) for x in record.lines] == [(10, "open"), (20, "open")]
    assert record.total_excl_tax == Decimal("87.50")
    record = erp.purchase_orders.update(record.model_copy(update={"lines": record.lines[:1]})).record
    assert [(x.number, x.status, x.native_status) for x in record.lines] == [
        (10, "open", None),
        (20, "cancelled", "L"),
    ]
    assert record.total_excl_tax == Decimal("62.50")  # deleted items do not count
    # An item once deleted stays in the list; leaving it out again deletes nothing twice.
    erp.purchase_orders.update(record.model_copy(update={"lines": record.lines[:1]}))
    assert len(system.calls("DELETE")) == 1


def test_an_assignment_is_made_where_a_line_has_none(system, erp):
    record = erp.purchase_orders.get("4500000001")
    wanted = _changed(record, account=Ref(id="61008000"), dimensions={"cost_center": "10101101"})
    line = erp.purchase_orders.update(wanted).record.lines[0]
    assert (line.account.id, line.dimensions) == ("61008000", {"cost_center": "10101101"})
    assert system.row("A_PurchaseOrderItem", "4500000001", "10")["AccountAssignmentCategory"] == "K"


def test_an_update_that_stops_halfway_says_what_was_done(system, erp):
    record = erp.purchase_orders.get("4500000002")
    wanted = _changed(record.model_copy(update={"vendor_reference": "Q-3"}), 1, tax_code="??")
    with pytest.raises(InvalidRecord) as caught:
        erp.purchase_orders.update(wanted)
    assert "1 of 2" in caught.value.hint
    assert erp.purchase_orders.get(record.id).vendor_reference == "Q-3"


def test_an_order_is_cancelled_by_deletion_codes_and_stays(system, erp):
    gone = erp.purchase_orders.cancel("4500000012")
    assert (gone.status, {line.status for line in gone.lines}) == ("cancelled", {"cancelled"})
    assert system.row("A_PurchaseOrder", "4500000012").get("PurchasingDocumentDeletionCode", "") == ""
    assert "4500000012" in [o.id for o in erp.purchase_orders.list()]


def test_cancelling_is_refused_once_something_was_received(system, erp):
    system.sandbox.receive("4500000001", "10", Decimal(1))
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.cancel("4500000001")
    assert erp.purchase_orders.get("4500000001").status == "partially_received"


def test_cancelling_twice_is_no_error(erp):
    assert erp.purchase_orders.cancel("4500000001").status == "cancelled"
    assert erp.purchase_orders.cancel("4500000001").status == "cancelled"


def test_closing_expects_nothing_more_of_any_line(system, erp):
    closed = erp.purchase_orders.close("4500000002")
    assert closed.status == "closed"
    assert {line.status for line in closed.lines} == {"closed"}
    before = len(system.calls("PATCH"))
    assert erp.purchase_orders.close("4500000002").status == "closed"
    assert len(system.calls("PATCH")) == before


def test_orders_cannot_be_deleted_and_the_reason_is_said(erp):
    with pytest.raises(Exception, match="never: an order is cancelled"):
        erp.purchase_orders.delete("4500000001")
    with pytest.raises(NotFound):
        erp.purchase_orders.cancel("4599999999")


def test_warnings_of_a_success_are_handed_on(erp, say):
    done = erp.purchase_orders.create(say.order(say.line(requested_date=dt.date(2020, 1, 1))))
    (warning,) = done.warnings
    assert warning.native.code == "06/040"
    assert warning.message == "Can delivery date be met?"
    record = done.record
    assert erp.purchase_orders.update(record.model_copy(update={"vendor_reference": "Q"})).warnings == ()
    late = _changed(record, requested_date=dt.date(2020, 2, 1))
    late = late.model_copy(update={"version": None})
    assert [w.native.code for w in erp.purchase_orders.update(late).warnings] == ["06/040"]
    assert erp.purchase_orders.create(say.order()).warnings == ()


def test_the_header_text_is_written_changed_and_emptied(system, erp, say):
    text = "Please ring the bell.\nTwice."
    record = erp.purchase_orders.create(say.order(notes=text)).record
    assert record.notes == text
    assert system.row("A_PurchaseOrderNote", record.id, "F01", "EN")["PlainLongText"] == text
    record = erp.purchase_orders.update(record.model_copy(update={"notes": "Ring."})).record
    assert record.notes == "Ring."
    record = erp.purchase_orders.update(record.model_copy(update={"notes": None})).record
    assert record.notes is None
    record = erp.purchase_orders.get("4500000001")
    assert erp.purchase_orders.update(record.model_copy(update={"notes": "New."})).record.notes == "New."


def test_a_text_of_another_kind_or_language_stays_what_it_is(system, erp):
    key = {"PurchaseOrder": "4500000001"}
    put = system.sandbox.world.store.put
    put("A_PurchaseOrderNote", {**key, "TextObjectType": "F02", "Language": "EN", "PlainLongText": "Terms"})
    put("A_PurchaseOrderNote", {**key, "TextObjectType": "F01", "Language": "DE", "PlainLongText": "Bitte klingeln"})
    record = erp.purchase_orders.get("4500000001")
    assert record.notes == "Bitte klingeln"
    assert erp.purchase_orders.update(record.model_copy(update={"notes": "Klingeln"})).record.notes == "Klingeln"
    assert system.row("A_PurchaseOrderNote", "4500000001", "F02", "EN")["PlainLongText"] == "Terms"
    assert system.row("A_PurchaseOrderNote", "4500000001", "F01", "DE")["PlainLongText"] == "Klingeln"
