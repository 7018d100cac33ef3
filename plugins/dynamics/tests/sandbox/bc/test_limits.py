"""Limits and bad days: rates, queues, timeouts, lost answers (dynamics sheet §2.5)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, lose_after, lose_before
from anyerp_dynamics.sandbox import bc
from anyerp_dynamics.sandbox.bc import Limits


def test_the_rate_is_counted_in_a_sliding_window(connect, clock):
    client = connect(limits=Limits(requests=3))
    for _ in range(3):
        clock.advance(minutes=1)
        client.get("vendors?$top=1")
    answer = client.ask("GET", "vendors?$top=1")
    assert answer.status == 429
    assert "retry-after" not in answer.headers, "none is documented"
    clock.advance(minutes=3)
    client.get("vendors?$top=1")
    assert client.ask("GET", "vendors?$top=1").status == 429


def test_tokens_cost_nothing(connect):
    client = connect(limits=Limits(requests=1))
    for _ in range(5):
        assert client.sign_in().status == 200
    client.get("vendors?$top=1")


def test_a_full_queue_answers_429_and_a_place_in_it_is_enough(connect):
    client = connect(limits=Limits(concurrent=1, queued=1))
    waiting, go = threading.Barrier(3), threading.Event()

    def slow(call, proceed):
        waiting.wait(5)
        go.wait(5)
        return proceed()

    client.sandbox.faults.append(Once(slow, times=2))
    with ThreadPoolExecutor(2) as pool:
        under_way = [pool.submit(client.ask, "GET", "vendors?$top=1") for _ in range(2)]
        waiting.wait(5)
        assert client.ask("GET", "vendors?$top=1").status == 429
        go.set()
        assert [done.result().status for done in under_way] == [200, 200]
    assert client.ask("GET", "vendors?$top=1").status == 200


def test_a_page_too_big_is_refused(connect):
    client = connect(limits=Limits(page_bytes=2000))
    assert client.refused("GET", "vendors")[0] == 413
    client.get("vendors?$top=1&$select=number")


@pytest.mark.parametrize(
    ("strike", "status", "code"),
    [
        (bc.throttled, 429, "Unknown"),
        (bc.unavailable, 503, "Unknown"),
        (bc.tenant_unavailable, 503, "Internal_TenantUnavailable"),
        (bc.timed_out, 408, "Unknown"),
        (bc.gateway_timeout, 504, "Unknown"),
    ],
)
def test_a_bad_day_has_the_bodies_of_the_service_and_does_nothing(client, order, strike, status, code):
    client.sandbox.faults.append(Once(strike))
    assert client.refused("POST", "purchaseOrders", order)[:2] == (status, code)
    assert len(client.list("purchaseOrders")) == 12


@pytest.mark.parametrize(("strike", "status"), [(bc.timed_out_but_done, 408), (bc.gateway_timeout_but_done, 504)])
def test_after_a_timeout_a_write_may_have_committed(client, order, strike, status):
    client.sandbox.faults.append(Once(strike))
    assert client.refused("POST", "purchaseOrders", order)[0] == status
    assert len(client.list("purchaseOrders")) == 13


def test_an_answer_is_lost_on_the_way_there_or_back(client, order):
    for strike, after in ((lose_before, 12), (lose_after, 13)):
        client.sandbox.faults.append(Once(strike))
        with pytest.raises(LostAnswer):
            client.ask("POST", "purchaseOrders", order)
        assert len(client.list("purchaseOrders")) == after


def test_everything_that_was_asked_is_kept(client):
    client.get("vendors?$top=1")
    assert [call.method for call in client.sandbox.calls] == ["POST", "GET"]
    assert client.sandbox.calls[1].target.endswith("/vendors?$top=1")


def test_many_threads_get_each_order_a_number_of_its_own(client, order):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: client.post("purchaseOrders", order)["number"], range(12)))
    assert sorted(made) == [str(number) for number in range(106014, 106026)]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "//", "/v2.0", "/v2.0/Production/api/v2.0", "/v2.0/Production/api/v2.0/companies()/", "vendors()"),
        *("vendors('1')", "vendors(", "vendors)", "purchaseOrders/x/y", "vendors/$value", "$metadata", "%", "%ff"),
        *("vendors?$filter=(((", "vendors?$filter='", "vendors?$orderby=,", "vendors?$expand=currency(", "é"),
        *("vendors?$skiptoken=", "vendors?$skiptoken=x,y", "vendors?$top=99999999999999999999", "vendors/$count/x"),
        *("dimensionSetLines(x)", "companies", "subscriptions", "/v2.0/Production/api/v2.0/subscriptions(1)"),
    ],
)
def test_whatever_is_asked_is_answered(client, path):
    methods = ("GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "HEAD")
    for method, body in product(methods, (None, {}, {"x": [None]})):
        answer = client.ask(method, path, body, If_Match="*")
        assert 200 <= answer.status < 500, answer.text()
        if answer.status >= 400:
            assert set(answer.json()["error"]) == {"code", "message"}
