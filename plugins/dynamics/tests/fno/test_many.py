"""Many records at once: one batch with a change set for each, or documents one by one (dynamics sheet §1.8)."""

from __future__ import annotations

from anyerp import Ref
from anyerp.model import Vendor
from anyerp.testing.sandbox import Once, lose_after, lose_before


def vendors(*groups):
    return [
        Vendor(name=f"Vendor {place}", group=group, external_reference=f"M-{place}")
        for place, group in enumerate(groups)
    ]


def test_many_vendors_travel_in_one_batch_and_a_refused_one_takes_no_other_down(erp, system):
    report = erp.vendors.create_many(vendors("10", "99", "20"))
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied"]
    assert "VendorGroups" in report[1].error.message or "group" in report[1].error.message
    assert len(system.calls("POST", "/data/$batch")) == 1
    assert not system.calls("POST", "/data/VendorsV3")


def test_a_batch_whose_answer_was_lost_is_settled_by_looking_for_its_keys_together(erp, system):
    system.sandbox.faults.append(Once(lose_after, lambda call: "$batch" in call.target))
    report = erp.vendors.create_many(vendors("10", "20", "10"))
    assert [(one.outcome, one.settled) for one in report] == [("applied", "look")] * 3
    made = [vendor for vendor in erp.vendors.list() if (vendor.external_reference or "").startswith("M-")]
    assert len(made) == 3


def test_of_many_orders_each_is_whole_or_nothing_or_said_to_be_half(erp, system, say):
    system.sandbox.block_item("D0002")
    orders = [
        say.order(external_reference="M-0"),
        say.order(say.line(), say.line(item=Ref(number="D0002")), external_reference="M-1"),
        say.order(external_reference="M-2"),
    ]
    report = erp.purchase_orders.create_many(orders)
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied"]
    assert report[1].error.problems[0].pointer == "/lines/1"
    assert len(system.orders()) == 2

    system.sandbox.faults.append(Once(lose_before, lambda call: call.method == "DELETE", times=99))
    (half,) = erp.purchase_orders.create_many([orders[1].model_copy(update={"external_reference": "M-3"})])
    assert half.outcome == "unknown"
    assert "is half written" in half.error.message
