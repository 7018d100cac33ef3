"""Many orders through `$batch`: one change set an order, every order with its outcome (sap sheet §9)."""

from __future__ import annotations

import asyncio

import anyerp
import pytest
from anyerp.testing.sandbox import Call, Once, answer_with, lose_after, lose_before
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox import faults


def is_batch(call: Call) -> bool:
    return call.method == "POST" and call.target.endswith("/$batch")


def keys_in(system):
    rows = system.sandbox.world.store.rows("A_PurchaseOrder")
    return [row["CorrespncExternalReference"] for row in rows if row.get("CorrespncExternalReference")]


@pytest.fixture
def orders(say):
    return [say.order(vendor_reference=f"V{n}") for n in range(12)]


def test_orders_go_in_batches_and_each_is_found_by_its_key(system, erp, orders):
    before = system.orders()
    report = erp.purchase_orders.create_many(orders, batch_size=5)
    assert report.ok
    assert len(system.calls("POST", "/$batch")) == 3
    assert not system.calls("POST", "/A_PurchaseOrder")
    assert system.orders() == before + 12
    for given, one in zip(orders, report, strict=True):
        found = erp.purchase_orders.get(one.id)
        assert (found.external_reference, found.number) == (one.key, one.number)
        assert found.vendor_reference == given.vendor_reference
        assert found.lines[0].quantity == 5


def test_a_made_up_key_fits_the_field_of_twelve_characters(erp, orders):
    assert {len(one.key) for one in erp.purchase_orders.create_many(orders)} == {12}


def test_one_bad_order_says_why_in_saps_words_and_the_others_are_there(system, erp, orders, say):
    before = system.orders()
    orders[3] = say.order(vendor=anyerp.Ref(id="99999999"))
    orders[7] = say.order(bill_to=anyerp.Address(city="Berlin"))
    report = erp.purchase_orders.create_many(orders)
    assert [one.index for one in report.not_applied] == [3, 7]
    assert "99999999" in report[3].error.problems[0].native.message
    assert report[7].error.problems[0].pointer == "/bill_to"
    assert len(report.applied) == 10
    assert system.orders() == before + 10


@pytest.mark.parametrize("strike", [lose_after, lose_before, faults.dump_after_commit])
def test_a_lost_answer_to_a_batch_is_settled_by_looking_for_all_its_keys_at_once(system, erp, orders, strike):
    before = system.orders()
    system.sandbox.faults.append(Once(strike, is_batch))
    report = erp.purchase_orders.create_many(orders)
    assert len(system.calls("POST", "/$batch")) == 1
    done = 0 if strike is lose_before else 12
    assert (len(report.applied), len(report.unknown)) == (done, 12 - done)
    assert {one.settled for one in report.applied} <= {"look"}
    assert system.orders() == before + done
    assert len(system.calls("GET", "CorrespncExternalReference")) <= 3 if done == 0 else 1


def test_what_is_unknown_goes_on_from_the_report(system, erp, orders, tmp_path):
    before = system.orders()
    system.sandbox.faults.append(Once(lose_before, is_batch))
    first = erp.purchase_orders.create_many(orders, batch_size=4, report=tmp_path / "r.jsonl")
    assert (len(first.applied), len(first.unknown)) == (8, 4)
    again = erp.purchase_orders.create_many(orders, batch_size=4, report=tmp_path / "r.jsonl")
    assert again.ok
    assert system.orders() == before + 12
    assert sorted(keys_in(system)[-12:]) == sorted(one.key for one in again)


@pytest.mark.parametrize("strike", [faults.throttled("3"), faults.throttled(None), faults.throttled("junk")])
def test_too_many_calls_never_become_a_lost_order(system, erp, orders, strike):
    before = system.orders()
    system.sandbox.faults.append(Once(strike, is_batch, times=6))
    assert erp.purchase_orders.create_many(orders, batch_size=6).ok
    assert system.orders() == before + 12
    assert max(system.waits) <= 34


@pytest.mark.parametrize("status", [400, 413])
def test_a_batch_refused_as_a_whole_is_halved_down_to_the_guilty_order(system, erp, orders, status):
    before = system.orders()

    def spoiled(call: Call) -> bool:
        return is_batch(call) and b'"V7"' in call.content  # a made key may hold V7 too

    refusal = Response(status, Headers({"content-type": "text/html"}), b"<html>no</html>")
    system.sandbox.faults.append(Once(answer_with(refusal), spoiled, times=99))
    report = erp.purchase_orders.create_many(orders)
    assert report.ok  # sent by itself, the order is lawful
    assert len(system.calls("POST", "/A_PurchaseOrder")) == 1
    assert system.orders() == before + 12


def test_an_answer_that_is_cut_off_or_garbled_is_settled_by_looking(system, erp, orders):
    def cut(call, proceed):
        answer = proceed()
        return Response(answer.status, answer.headers, answer.content[: len(answer.content) // 2])

    def garbled(call, proceed):
        answer = proceed()
        return Response(answer.status, answer.headers, answer.content.replace(b'"PurchaseOrder"', b'"Purch#seOrder"'))

    before = system.orders()
    for strike in (cut, garbled):
        system.sandbox.faults.append(Once(strike, is_batch))
        report = erp.purchase_orders.create_many(orders)
        assert {one.settled for one in report} == {"look"}
    assert system.orders() == before + 24


def test_a_setting_that_one_order_lacks_refuses_that_order_only(system, say):
    orders = [say.order(extra={"PurchasingOrganization": "1010"}), say.order()]
    with system.connect(purchasing_organization=None) as erp:
        report = erp.purchase_orders.create_many(orders)
    assert [one.outcome for one in report] == ["applied", "not_applied"]
    assert report[1].error.code == "config"


def test_given_keys_are_looked_for_before_they_are_sent_in_one_call_a_batch(system, erp, orders):
    keys = iter(range(99))
    named = [order.model_copy(update={"external_reference": f"REQ-{next(keys)}"}) for order in orders]
    first = erp.purchase_orders.create_many(named[:6])
    system.sandbox.calls.clear()
    second = erp.purchase_orders.create_many(named)
    assert [one.settled for one in second] == ["before"] * 6 + ["answer"] * 6
    assert [one.id for one in second[:6]] == [one.id for one in first]
    assert len(system.calls("GET", "CorrespncExternalReference")) == 1


def test_an_asynchronous_host_writes_several_batches_at_once(system, orders):
    before = system.orders()

    async def go():
        async with system.aconnect() as erp:
            return await erp.purchase_orders.create_many(orders, batch_size=3, parallel=4)

    assert asyncio.run(go()).ok
    assert system.orders() == before + 12


def test_a_session_that_ends_in_the_middle_costs_nothing(system, erp, orders):
    before = system.orders()
    system.sandbox.faults.append(Once(faults.session_expiry(system.sandbox), is_batch))
    assert erp.purchase_orders.create_many(orders, batch_size=4).ok
    assert system.orders() == before + 12
