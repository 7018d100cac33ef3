"""Purchase orders whose answer was lost or cut short: settled by looking, never sent twice (sap sheet §6, §8)."""

from __future__ import annotations

import pytest
from anyerp.errors import OutcomeUnknown, PermissionDenied
from anyerp.testing.sandbox import Call, Once, answer_with, lose_after, lose_before
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox.faults import dump_after_commit, overloaded, session_expiry, throttled


def is_post(call: Call) -> bool:
    return call.method == "POST"


@pytest.mark.parametrize("strike", [lose_after, dump_after_commit])
def test_an_answer_lost_after_the_commit_is_settled_by_looking(system, erp, say, strike):
    before = system.orders()
    system.sandbox.faults = [Once(strike, when=is_post)]
    done = erp.purchase_orders.create(say.order(), key="REQ-8")
    assert (done.settled, done.record.external_reference) == ("look", "REQ-8")
    assert system.orders() == before + 1
    assert len(system.calls("POST")) == 1


@pytest.mark.parametrize("strike", [lose_before, overloaded()])
def test_a_call_lost_on_the_way_stays_unknown_and_the_key_makes_repeating_safe(system, erp, say, strike):
    before = system.orders()
    system.sandbox.faults = [Once(strike, when=is_post)]
    with pytest.raises(OutcomeUnknown) as caught:
        erp.purchase_orders.create(say.order(), key="REQ-9")
    assert caught.value.retry == "check_first"
    assert system.orders() == before
    assert len(system.calls("POST")) == 1
    assert erp.purchase_orders.create(say.order(), key="REQ-9").settled == "answer"
    assert system.orders() == before + 1


def forbidden_after(method: str) -> Once:
    """The first read of a single order behind an accepted write is forbidden."""
    written = []

    def struck(call: Call) -> bool:
        if call.method == method:
            written.append(call)
        return bool(written) and call.method == "GET" and "/A_PurchaseOrder(" in call.target

    return Once(answer_with(Response(403, Headers())), when=struck)


def test_an_order_that_was_taken_but_not_read_back_is_settled_by_looking(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [forbidden_after("POST")]
    done = erp.purchase_orders.create(say.order(), key="REQ-10")
    assert (done.settled, done.record.external_reference) == ("look", "REQ-10")
    assert system.orders() == before + 1


def test_an_order_that_was_taken_but_not_read_back_is_never_called_refused(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [forbidden_after("POST")]
    with pytest.raises(OutcomeUnknown, match="accepted the write, but reading it back failed"):
        erp.purchase_orders.create(say.order())
    assert system.orders() == before + 1


def test_a_change_that_was_taken_but_not_read_back_is_never_called_refused(system, erp, say):
    record = erp.purchase_orders.create(say.order(), key="REQ-11").record
    system.sandbox.faults = [forbidden_after("PATCH")]
    with pytest.raises(OutcomeUnknown, match="accepted the write, but reading it back failed"):
        erp.purchase_orders.update(record.model_copy(update={"incoterms": "FOB"}))
    assert erp.purchase_orders.get(record.id).incoterms == "FOB"


def test_a_lost_answer_without_a_key_is_never_repeated(system, erp, say):
    before = system.orders()
    system.sandbox.faults = [Once(lose_after, when=is_post)]
    with pytest.raises(OutcomeUnknown):
        erp.purchase_orders.create(say.order())
    assert system.orders() == before + 1
    assert len(system.calls("POST")) == 1


def test_a_throttled_write_was_not_begun_and_is_repeated(system, erp, say):
    system.sandbox.faults = [Once(throttled("2"), when=is_post)]
    assert erp.purchase_orders.create(say.order()).settled == "answer"
    assert len(system.calls("POST")) == 2


def test_an_expired_session_costs_one_more_token(system, erp, say):
    erp.purchase_orders.create(say.order())
    system.sandbox.expire_sessions()
    erp.purchase_orders.create(say.order())
    system.sandbox.faults = [Once(session_expiry(system.sandbox), when=is_post)]
    erp.purchase_orders.create(say.order())
    fetched = [c for c in system.sandbox.calls if c.headers.get("x-csrf-token", "").lower() == "fetch"]
    assert len(fetched) == 3
    assert system.orders() == 16
    assert not any("$metadata" in c.target for c in fetched)


def test_a_token_that_is_always_refused_is_fetched_twice_and_no_more(system, erp, say):
    refused = Response(403, Headers({"x-csrf-token": "Required", "content-type": "text/plain"}), b"CSRF")
    system.sandbox.faults = [Once(answer_with(refused), when=is_post, times=99)]
    with pytest.raises(PermissionDenied, match="CSRF token with status 403"):
        erp.purchase_orders.create(say.order())
    assert len(system.calls("POST")) == 2
