"""Purchase orders that are kept for approval are drafts, and found again (sap sheet §13)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp.errors import NotSupported, OutcomeUnknown
from anyerp_sap.b1.sandbox.rules import document


@pytest.mark.parametrize("answer_404", [False, True])
def test_an_order_kept_for_approval_is_a_draft_and_found_again(make, say, answer_404):
    system = make(approval_above=Decimal(1000), approval_answers_not_found=answer_404)
    with system.connect() as erp:
        done = erp.purchase_orders.create(say.order(), key="REQ-1")
        assert (done.record.id, done.record.status) == ("draft-1", "pending_approval")
        assert erp.purchase_orders.create(say.order(), key="REQ-1").record.id == "draft-1"
        assert (system.count(), system.count("Drafts")) == (12, 1)
        assert erp.purchase_orders.get("draft-1").lines[0].item.id == "A1001"
        changed = erp.purchase_orders.update(done.record.model_copy(update={"notes": "Please"}))
        assert changed.record.notes == "Please"
        with pytest.raises(NotSupported, match="withdrawn"):
            erp.purchase_orders.cancel("draft-1")


def test_an_order_kept_for_approval_without_a_key_is_said_to_be_unknown(make, say):
    system = make(approval_above=Decimal(1000))
    with system.connect() as erp, pytest.raises(OutcomeUnknown, match="approval") as caught:
        erp.purchase_orders.create(say.order())
    assert "key=" in caught.value.hint


def test_a_draft_that_was_approved_is_the_order_that_was_made_of_it(make, say):
    system = make(approval_above=Decimal(1000))
    with system.connect() as erp:
        waiting = erp.purchase_orders.create(say.order(), key="REQ-1").record
        system.sandbox.world.approval_above = None
        body = {"CardCode": "V10000", "U_ExternalRef": "REQ-1", "DocumentLines": [{"ItemCode": "A1001", "Quantity": 4}]}
        with system.sandbox.world.store.together():
            document.create(system.sandbox.world, "PurchaseOrders", body)
        system.put("Drafts", 1, AuthorizationStatus="dasGenerated", DocumentStatus="bost_Close")
        order = erp.purchase_orders.get(waiting.id)
        assert (order.id, order.status) == ("13", "open")
        assert erp.purchase_orders.create(say.order(), key="REQ-1").record.id == "13"


def test_many_orders_kept_for_approval_are_found_among_the_drafts(make, say):
    system = make(approval_above=Decimal(1000))
    orders = [say.order(vendor_reference=f"Q-{n}") for n in range(3)]
    with system.connect() as erp:
        for _ in range(2):
            report = erp.purchase_orders.create_many(orders, keys=lambda one: f"K-{one.vendor_reference}")
            assert [one.id for one in report] == ["draft-1", "draft-2", "draft-3"]
    assert system.count("Drafts") == 3
