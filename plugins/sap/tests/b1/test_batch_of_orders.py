"""Many orders by the Service Layer's `$batch`, which ends at the first that fails (sap sheet §13, Wire)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.testing.sandbox import Once, answer_with, lose_after
from anyerp.wire import Headers, Response


def batches(system):
    return system.calls("POST", "/$batch")


def is_batch(call):
    return call.target.endswith("/$batch")


def test_many_orders_are_one_request_with_a_change_set_each(system, erp, say):
    report = erp.purchase_orders.create_many([say.order() for _ in range(7)])
    assert [(one.outcome, one.settled) for one in report] == [("applied", "answer")] * 7
    assert len(batches(system)) == 1
    assert batches(system)[0].content.count(b"POST /b1s/v2/PurchaseOrders HTTP/1.1") == 7
    assert not system.calls("POST", "/PurchaseOrders")
    assert [erp.purchase_orders.get(one.id).number for one in report] == [one.number for one in report]


def test_what_stands_behind_a_bad_order_is_sent_again(system, erp, say):
    before = system.count()
    bad = say.order(say.line(item=Ref(id="NO-SUCH-THING")))
    orders = [say.order(), bad, say.order(), bad, say.order()]
    report = erp.purchase_orders.create_many(orders)
    assert [one.outcome for one in report] == ["applied", "not_applied", "applied", "not_applied", "applied"]
    assert ["item, warehouse" in one.error.hint for one in report if one.error] == [True, True]
    assert len(batches(system)) == 3
    assert system.count() == before + 3


@pytest.mark.parametrize("answer_404", [False, True])
def test_orders_kept_for_approval_are_drafts_in_a_batch_too(make, say, answer_404):
    system = make(approval_above=Decimal(1000), approval_answers_not_found=answer_404)
    with system.connect() as erp:
        orders = [say.order(), say.order(say.line(quantity=Decimal(1))), say.order()]
        report = erp.purchase_orders.create_many(orders)
        assert [one.outcome for one in report] == ["applied"] * 3
        assert [one.id.startswith("draft-") for one in report] == [True, False, True]
    assert system.count("Drafts") == 2


def test_a_batch_whose_answer_is_lost_is_looked_for_and_not_sent_again(system, erp, say):
    before = system.count()
    system.sandbox.faults = [Once(lose_after, when=is_batch)]
    report = erp.purchase_orders.create_many([say.order() for _ in range(3)])
    assert [(one.outcome, one.settled) for one in report] == [("applied", "look")] * 3
    assert system.count() == before + 3


def test_answers_that_are_too_few_without_a_failure_settle_nothing(system, erp, say):
    part = b"--x\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{}\r\n--x--"
    answer = Response(200, Headers({"Content-Type": "multipart/mixed; boundary=x"}), part)
    system.sandbox.faults = [Once(answer_with(answer), when=is_batch)]
    report = erp.purchase_orders.create_many([say.order(), say.order()])
    assert {one.outcome for one in report} == {"unknown"}
