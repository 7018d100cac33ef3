"""Traps of the Service Layer that no other test holds (sap sheet §13)."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from anyerp.connector import Request
from anyerp.errors import Conflict
from anyerp.testing.sandbox import Once
from anyerp.wire import Headers, Response
from anyerp_sap.b1.refusal import code_of, explain


def test_a_late_refusal_does_not_end_the_session_that_another_reader_has_renewed(system, erp):
    erp.purchase_orders.get("1")
    system.sandbox.expire_sessions()

    def late(call, proceed):
        refused = proceed()
        other = threading.Thread(target=erp.purchase_orders.get, args=("2",))
        other.start()
        other.join(10)
        return refused

    system.sandbox.faults = [Once(late, when=lambda call: "PurchaseOrders(1)" in call.target)]
    assert erp.purchase_orders.get("1").id == "1"
    assert len(system.calls("POST", "/Login")) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":{"code":-2039,"message":{"lang":"en-us","value":"Another user modified it"}}}',
        b'{"error":{"code":"-2039","message":"Another user modified it"}}',
        b'{"error":{"code":"-2039","message":{"lang":"en-us","value":"Another user modified it"}}}',
    ],
)
def test_a_code_may_be_a_number_or_a_text_and_a_message_plain_or_with_its_language(system, body):
    answer = Response(412, Headers({"Content-Type": "application/json"}), body)
    error = explain(system.context(), Request("PATCH", "PurchaseOrders(1)"), answer)
    assert code_of(answer) == "-2039"
    assert (type(error), error.message) == (Conflict, "Another user modified it")
    assert error.problems[0].native.code == "-2039"


@pytest.mark.parametrize("zone", ["-10:00", "+14:00"])
def test_days_are_no_moments_wherever_company_and_host_are(system, say, zone, monkeypatch):
    with monkeypatch.context() as here:
        here.setenv("TZ", "America/Los_Angeles")
        time.tzset()
        with system.connect(time_zone=zone) as erp:
            assert erp.purchase_orders.get("1").order_date == system.row("PurchaseOrders", 1)["DocDate"]
            made = erp.purchase_orders.create(say.order(order_date=dt.date(2025, 3, 30)), key="REQ-1").record
            assert made.order_date == system.row("PurchaseOrders", int(made.id))["DocDate"] == dt.date(2025, 3, 30)
    time.tzset()


def test_many_keys_and_documents_are_named_in_several_short_addresses(make, say):
    system = make(orders=60)
    with system.connect() as erp:
        for order in range(13, 73):
            system.sandbox.receive(order, 0, "1")
        list(erp.purchase_orders.list(page_size=200))
        wanted = [say.order(external_reference=f"REQUEST-{number:012}") for number in range(100)]
        assert erp.purchase_orders.create_many(wanted, batch_size=100).ok
    named = [call.target for call in system.calls("GET") if "%20or%20" in call.target.replace("+", "%20")]
    assert len(named) > 4
    assert max(map(len, named)) < 4096  # Apache takes lines of 8190


def test_the_same_etag_on_two_orders_guards_each_by_itself(system, erp):
    first, fourth = erp.purchase_orders.get("1"), erp.purchase_orders.get("4")
    assert (first.id, fourth.id, first.version) == ("1", "4", fourth.version)
    system.sandbox.touch(4)
    assert erp.purchase_orders.update(first.model_copy(update={"notes": "Mine"})).record.notes == "Mine"
    with pytest.raises(Conflict):
        erp.purchase_orders.update(fourth.model_copy(update={"notes": "Mine"}))
