"""Many documents at once: one JSON batch, each part committed by itself (dynamics sheet §2.5)."""

from __future__ import annotations

from decimal import Decimal

from anyerp import Ref
from anyerp.errors import Conflict, InvalidRecord
from anyerp.testing.sandbox import Once, lose_after


def batches(place):
    return place.calls("POST", "$batch")


def test_many_orders_go_in_one_batch_and_a_bad_one_harms_no_neighbour(place, erp, say):
    bad = say.order(vendor=Ref(number="90000"))  # blocked: only the ERP knows
    lost = say.order(say.line(item=Ref(number="NOPE")))  # refused before anything is sent
    orders = [say.order(), bad, say.order(say.line(quantity=Decimal(2))), lost, say.order()]
    report = erp.purchase_orders.create_many(orders, keys=lambda order: f"k{id(order)}")
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied", "not_applied", "applied"]
    assert len(batches(place)) == 1
    assert isinstance(report[1].error, InvalidRecord)
    assert "is blocked with type All" in str(report[1].error)
    assert "no record has 'NOPE'" in str(report[3].error)
    assert erp.purchase_orders.get(report[2].id).lines[0].quantity == 2


def test_bodies_within_a_batch_keep_their_order(place, erp, say):
    erp.purchase_orders.create_many([say.order(say.line(native_unit="BOX"))] * 2, keys=lambda _: None, make_keys=True)
    (body,) = place.bodies("POST", "$batch")
    first = body["requests"][0]
    assert first["url"].startswith("companies(")
    assert list(first["body"]["purchaseOrderLines"][0]) == [
        "itemId",
        "unitOfMeasureCode",
        "quantity",
        "directUnitCost",
        "expectedReceiptDate",
    ]


def test_items_of_many_orders_are_looked_up_once(place, erp, say):
    erp.purchase_orders.create_many([say.order()] * 5, make_keys=True)
    assert len(place.calls("GET", "/items")) == 1
    place.clock.advance(minutes=2)
    erp.purchase_orders.create_many([say.order()] * 2, make_keys=True)
    assert len(place.calls("GET", "/items")) == 2


def test_the_lost_answer_to_a_batch_is_settled_by_the_keys(place, erp, say):
    place.sandbox.faults.append(Once(lose_after, when=lambda call: "$batch" in call.target))
    keys = iter(("a", "b", "c"))
    report = erp.purchase_orders.create_many([say.order()] * 3, keys=lambda _: next(keys))
    assert [one.outcome for one in report] == ["applied"] * 3
    assert len(batches(place)) == 1
    found = [order.external_reference for order in erp.purchase_orders.list()]
    assert sorted(key for key in found if key) == ["a", "b", "c"]


def test_a_key_whose_order_was_invoiced_in_full_is_not_ordered_again_in_a_batch(place, erp, say):
    old = erp.purchase_orders.create(say.order(), key="old").record
    place.sandbox.receive(old.number, {10000: Decimal(5)})
    invoice = place.sandbox.invoice(old.number)
    keys = iter(("new", "old"))
    new, again = erp.purchase_orders.create_many([say.order()] * 2, keys=lambda _: next(keys))
    assert (new.outcome, again.outcome) == ("applied", "not_applied")
    assert isinstance(again.error, Conflict)
    assert invoice in str(again.error)


def test_the_same_keys_again_order_nothing(place, erp, say):
    for _ in range(2):
        keys = iter(("a", "b"))
        report = erp.purchase_orders.create_many([say.order()] * 2, keys=lambda _, keys=keys: next(keys))
        assert report.ok
    assert len(batches(place)) == 1


def test_no_batch_holds_more_than_a_hundred_orders(place, erp, say):
    report = erp.purchase_orders.create_many([say.order()] * 120, make_keys=True, batch_size=120)
    assert len(report.applied) == 120
    assert [len(body["requests"]) for body in place.bodies("POST", "$batch")] == [100, 20]
