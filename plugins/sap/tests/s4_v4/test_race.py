"""Somebody else is quicker: a part that is made twice is a conflict and no bad record, by either service."""

from __future__ import annotations

import pytest
from anyerp import Conflict, InvalidRecord, NotFound, PurchaseOrder, Ref
from anyerp.testing.sandbox import Once

ORDER = "4500000001"


@pytest.fixture(params=["v2", "v4"])
def erp(system, request):
    return system.connect(purchase_orders=request.param)


def meanwhile(system, name, row):
    """A fault: just before a new part arrives, somebody else makes it."""

    def strike(call, proceed):
        system.sandbox.world.store.put(name, row)
        return proceed()

    system.sandbox.faults = [Once(strike, when=lambda call: call.method == "POST")]


def test_a_text_that_somebody_else_has_just_written_is_a_conflict(system, erp):
    key = {"PurchaseOrder": ORDER, "TextObjectType": "F01", "Language": "EN"}
    meanwhile(system, "A_PurchaseOrderNote", {**key, "PlainLongText": "Theirs"})
    with pytest.raises(Conflict) as caught:
        erp.purchase_orders.update(PurchaseOrder(id=ORDER, notes="Ours"))
    assert "already exists" in str(caught.value)
    assert system.row("A_PurchaseOrderNote", ORDER, "F01", "EN")["PlainLongText"] == "Theirs"


def test_an_item_number_that_somebody_else_has_just_taken_is_a_conflict(system, erp, say):
    lines = (*erp.purchase_orders.get(ORDER).lines, say.line(number=20))
    theirs = {**system.row("A_PurchaseOrderItem", ORDER, "10"), "PurchaseOrderItem": "20"}
    meanwhile(system, "A_PurchaseOrderItem", theirs)
    with pytest.raises(Conflict):
        erp.purchase_orders.update(PurchaseOrder(id=ORDER, lines=lines))


def test_a_new_item_that_is_wrong_stays_a_bad_record(erp, say):
    lines = (*erp.purchase_orders.get(ORDER).lines, say.line(number=20, item=Ref(id="NO-SUCH-THING")))
    with pytest.raises(InvalidRecord):
        erp.purchase_orders.update(PurchaseOrder(id=ORDER, lines=lines))


def test_an_order_that_is_not_there_is_named(erp):
    with pytest.raises(NotFound, match="there is no purchase order 4599999999"):
        erp.purchase_orders.get("4599999999")
