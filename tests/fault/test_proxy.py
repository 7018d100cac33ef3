"""The fault proxy does to a client what its plan says, the same again for the same seed, and nothing else."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress

import httpx2
import pytest
from anyerp.errors import OutcomeUnknown, Unavailable, UnexpectedPayload
from anyerp.testing.fault import FaultProxy, Plan
from anyerp.testing.sandbox import serve
from anyerp.transport import HttpTransport, Limits
from anyerp.wire import Headers, InvalidJson, Request, Response


class Erp:
    """Lists what was posted, three rows a page."""

    def __init__(self):
        self.rows, self.lock = [{"id": n} for n in range(7)], threading.Lock()

    def handle(self, call):
        with self.lock:
            if call.method == "POST":
                self.rows.append(json.loads(call.content))
                return Response(201, Headers({"content-type": "application/json"}), call.content)
            skip = int(call.target.partition("skip=")[2] or 0)
            body = json.dumps({"value": self.rows[skip : skip + 3]}).encode()
        return Response(200, Headers({"content-type": "application/json"}), body)


@pytest.fixture
def erp():
    return Erp()


@pytest.fixture
def through(erp):
    @contextmanager
    def through(plan=None, **limits):
        with serve(erp) as upstream, FaultProxy(upstream, plan) as proxy, httpx2.Client(trust_env=False) as client:
            yield proxy, HttpTransport(client, Limits(**{"retries": 0, **limits}), trust_origin=proxy.base_url)

    return through


def post(proxy, transport, n=1):
    request = Request("POST", "/rows", json={"id": n})
    return transport.send(request, proxy.base_url + "/rows")


def get(proxy, transport, skip=0):
    return transport.send(Request("GET", "/rows"), f"{proxy.base_url}/rows?skip={skip}")


def test_without_a_plan_everything_gets_through(erp, through):
    with through() as (proxy, transport):
        assert post(proxy, transport, 99).status == 201
        assert [row["id"] for row in get(proxy, transport, 6).json()["value"]] == [6, 99]
    assert proxy.struck == []
    assert [(call.method, call.target) for call in proxy.calls] == [("POST", "/rows"), ("GET", "/rows?skip=6")]


@pytest.mark.parametrize(("kind", "more"), [("drop_before", 0), ("drop_after", 1), ("truncate", 1)])
def test_a_write_whose_answer_is_lost_is_unknown_wherever_it_was_lost(erp, through, kind, more):
    with through(Plan(rates={kind: 1})) as (proxy, transport), pytest.raises(OutcomeUnknown):
        post(proxy, transport)
    assert len(erp.rows) == 7 + more


def test_an_answer_that_is_garbled_is_no_json(through):
    with through(Plan(rates={"garble": 1})) as (proxy, transport):
        answer = get(proxy, transport)
    with pytest.raises(InvalidJson):
        answer.json()


@pytest.mark.parametrize(("kind", "status"), [("too_many", 429), ("overloaded", 503)])
def test_a_busy_erp_is_not_asked(erp, through, kind, status):
    with through(Plan(rates={kind: 1}, retry_after=("7",))) as (proxy, transport):
        answer = post(proxy, transport)
    assert (answer.status, answer.headers["retry-after"], answer.media_type) == (status, "7", "text/html")
    assert len(erp.rows) == 7


def test_a_late_answer_is_late(through):
    with through(Plan(rates={"delay": 1}, delay=0.1)) as (proxy, transport):
        began = time.monotonic()
        assert get(proxy, transport).status == 200
        assert time.monotonic() - began >= 0.1


def test_a_dripping_answer_ends_at_the_deadline_and_not_much_later(through):
    with through(Plan(rates={"drip": 1}, drip=0.05), total=0.5) as (proxy, transport):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            get(proxy, transport)
        assert time.monotonic() - began < 0.5 + 1


def test_a_body_of_any_size_stops_at_the_cap(erp, through):
    erp.rows = [{"id": "x" * 100_000}]
    with through(max_response=10_000) as (proxy, transport), pytest.raises(UnexpectedPayload):
        get(proxy, transport)


def test_pages_come_twice_or_in_another_order_or_change_while_one_reads(erp, through):
    inserted = Plan(rates={"insert": 1}, insert=lambda: erp.rows.insert(0, {"id": -1}))
    with through() as (proxy, transport):
        assert ids(get(proxy, transport)) == [0, 1, 2]
        proxy.plan = Plan(rates={"repeat": 1})
        assert ids(get(proxy, transport, 3)) == [0, 1, 2]
        proxy.plan = Plan(rates={"reorder": 1}, seed=3)
        assert sorted(ids(get(proxy, transport, 3))) == [3, 4, 5] != ids(get(proxy, transport, 3))
        proxy.plan = inserted
        assert ids(get(proxy, transport, 3)) == [2, 3, 4]


def ids(answer):
    return [row["id"] for row in answer.json()["value"]]


def test_sessions_end_just_before_the_request(through):
    ended = []
    with through(Plan(rates={"expire": 1}, expire=lambda: ended.append(1))) as (proxy, transport):
        assert get(proxy, transport).status == 200
    assert ended == [1]


RATES = {"drop_before": 0.1, "drop_after": 0.1, "too_many": 0.1, "overloaded": 0.1, "garble": 0.1}


def run(proxy, transport):
    for n in range(40):
        with suppress(OutcomeUnknown):
            post(proxy, transport, n)
        get(proxy, transport)


def test_the_same_seed_strikes_the_same_requests_and_another_seed_others(through):
    found = []
    for seed in (1, 1, 2):
        with through(Plan(seed=seed, rates=RATES, only=lambda call: call.method == "POST")) as (proxy, transport):
            run(proxy, transport)
        found.append(proxy.struck)
    assert found[0] == found[1] != found[2]
    assert 8 <= len(found[0]) <= 32
    assert {strike.method for strike in found[0]} == {"POST"}


def test_what_was_struck_can_be_struck_again_without_the_seed(erp, through):
    with through(Plan(seed=5, rates=RATES, only=lambda call: call.method == "POST")) as (proxy, transport):
        run(proxy, transport)
    first, written = proxy.struck, len(erp.rows)
    erp.rows = [{"id": n} for n in range(7)]
    with through(Plan.again(first)) as (proxy, transport):
        run(proxy, transport)
    assert proxy.struck == first
    assert len(erp.rows) == written


def test_patience_is_rewarded(through):
    with through(Plan(rates={"too_many": 1}, in_a_row=2)) as (proxy, transport):
        assert [get(proxy, transport).status for _ in range(6)] == [429, 429, 200, 429, 429, 200]


@pytest.mark.parametrize("rates", [{"drip": 1.5}, {"drip": -0.5}, {"drip": 0.6, "delay": 0.6}])
def test_rates_are_shares(rates):
    with pytest.raises(ValueError, match="shares"):
        Plan(rates=rates)


def test_an_erp_that_is_away_is_a_broken_connection(through):
    with FaultProxy("http://127.0.0.1:9") as proxy, httpx2.Client(trust_env=False) as client:
        transport = HttpTransport(client, Limits(retries=0), trust_origin=proxy.base_url)
        with pytest.raises(Unavailable):
            get(proxy, transport)
