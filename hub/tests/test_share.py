"""Processes on one database take turns: one refresh, one record for a key, no more requests than the ERP bears."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from urllib.parse import parse_qs

import httpx2
import pytest
from anyerp.errors import RateLimited, Unavailable
from anyerp.testing.sandbox import serve
from anyerp.wire import Headers, Response
from anyerp_hub import Hub
from anyerp_hub.share import Pace, Shares, places, slot
from anyerp_hub.share.fence import fenced
from anyerp_hub.store import Database
from anyerp_hub.vault.store import SealedTokens
from anyerp_netsuite.sandbox import NetSuiteSandbox
from crew import until
from sample import order

SAP = "sap-s4hana"


class Consented(dict):
    """What a user's consent has given."""

    name = "consent"

    def load(self):
        return self


class Slow:
    """The first few answers take their time, so that whoever does not wait for the others is seen."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._left, self._seconds = calls, seconds

    def __call__(self, call, proceed) -> Response:
        self._left -= 1
        if self._left >= 0:
            time.sleep(self._seconds)
        return proceed()


@pytest.mark.slow
def test_fifty_calls_of_each_of_three_processes_refresh_a_token_that_rotates_once(url, keys, crew, sealer, tmp_path):
    sandbox = NetSuiteSandbox(auth="authorization_code")
    client = sandbox.add_public_client()
    with serve(sandbox) as base_url, Hub(url, keys=keys) as hub:
        consented = Consented({"refresh_token": sandbox.oauth2._issue_refresh(client)})
        given = sandbox.settings(base_url), {"client_id": client.id}
        con = hub._connections.connect("netsuite", *given, check=False, tokens=consented).id
        store = SealedTokens(hub.database, sealer, con)
        sandbox.faults.append(Slow(2, 0.5))
        found = crew.errands(url, con, 50, tmp_path, "read", "async read", "async read")
        assert Counter(type(each) for each in found) == {int: 150}, found
        asked = [parse_qs(call.content.decode()) for call in sandbox.calls if call.target.endswith("/token")]
        assert len([form for form in asked if form["grant_type"] == ["refresh_token"]]) == 1
        assert store.load()["refresh_token"] in sandbox.oauth2._refresh
        assert hub.info(con).health in ("ok", "created")
        assert hub.events(types="connection.reauthorization_required") == []


@pytest.mark.slow
def test_a_hundred_creates_with_one_key_in_two_processes_make_one_record(postgresql_url, keys, crew, sap, tmp_path):
    with Hub(postgresql_url, keys=keys) as hub:
        con = hub.connect(SAP, **sap[1]).id
        sap[0].faults.append(Slow(4, 0.3))
        found = crew.errands(postgresql_url, con, 50, tmp_path, "create", "async create")
        assert len(found) == 100
        assert len({id for id, _ in found}) == 1
        assert Counter(settled for _, settled in found) == {"answer": 1, "before": 99}
        there = [one.external_reference for one in hub.connection(con).purchase_orders.list()]
        assert there.count("ONE-KEY") == 1


@pytest.mark.slow
def test_a_hundred_posts_with_one_idempotency_key_to_two_servers_make_one_record(postgresql_url, keys, crew, sap):
    with Hub(postgresql_url, keys=keys) as hub:
        made = hub.connect(SAP, **sap[1])
        before = len(list(hub.connection(made.id).purchase_orders.list()))
        ports = []
        for _ in range(2):
            with closing(socket.socket()) as free:
                free.bind(("127.0.0.1", 0))
                ports.append(str(free.getsockname()[1]))
            crew.start("serve", "--url", postgresql_url, "--port", ports[-1], "--workers", "1")
        bases = [f"http://127.0.0.1:{port}/v1/purchase_orders" for port in ports]
        headers = {"Authorization": f"Bearer {made.token}", "Idempotency-Key": "once"}
        body = order().model_dump(mode="json", exclude_unset=True)
        with httpx2.Client(timeout=60) as client, ThreadPoolExecutor(20) as pool:
            assert until(lambda: all(answers(client, base) for base in bases), 30)
            sent = [pool.submit(client.post, bases[n % 2], json=body, headers=headers) for n in range(100)]
            done = [each.result() for each in sent]
        assert {each.status_code for each in done} <= {201, 409}
        made_ids = {each.json()["id"] for each in done if each.status_code == 201}
        assert len(made_ids) == 1
        assert len(list(hub.connection(made.id).purchase_orders.list())) == before + 1
    crew.rest()


def answers(client: httpx2.Client, base: str) -> bool:
    try:
        return client.get(base).status_code == 401
    except httpx2.TransportError:
        return False


class Crowd:
    """How many requests are at the ERP at the same time."""

    def __init__(self) -> None:
        self._lock, self.now, self.most = threading.Lock(), 0, 0

    def __call__(self, call, proceed) -> Response:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.03)
        with self._lock:
            self.now -= 1
        return proceed()


@pytest.mark.slow
def test_two_processes_together_have_no_more_requests_in_flight_than_one_may(url, keys, crew, sap, tmp_path):
    with Hub(url, keys=keys) as hub:
        con = hub.connect(SAP, **sap[1]).id
        limit = hub.connection(con).connector.limits.in_flight
        crowd = Crowd()
        sap[0].faults.append(crowd)
        found = crew.errands(url, con, 30, tmp_path, "read", "async read")
        assert Counter(type(each) for each in found) == {int: 60}, found
        assert 2 <= crowd.most <= limit


@pytest.fixture
def two(url) -> tuple[Database, Database]:
    """The databases of two processes."""
    databases = Database(url), Database(url)
    yield databases
    for each in databases:
        each.close()


def test_a_pause_that_the_erp_asked_one_process_for_is_kept_by_all(two):
    one, other = (Pace(each, "sap|https://erp.example") for each in two)
    assert other.claim() == 0
    one.slow_down(30)
    one.slow_down(5)
    assert 29 < one.claim() <= 30
    other._read_at = float("-inf")  # what it knew is old by now
    assert 29 < other.claim() <= 30
    assert Pace(two[1], "sap|https://another.example").claim() == 0


def test_another_process_is_not_called_while_the_account_pauses(small, keys, sap, clock):
    con = small.connect(SAP, **sap[1]).id
    with Hub(str(small.database.url), keys=keys, clock=clock) as other:
        sap[0].faults.append(lambda *_: Response(429, Headers({"Retry-After": "3600"})))
        with pytest.raises(RateLimited):
            small.connection(con).vendors.page()
        sap[0].faults.clear()
        before = len(sap[0].calls)
        places.in_flight("", 1)  # the count of this process knows of the pause as well: only the database shall
        other.connection(con)._transport._inner._session.places._held_until = 0.0
        with pytest.raises(RateLimited, match="was not called"):
            other.connection(con).vendors.page()
        assert len(sap[0].calls) == before


def test_the_slot_of_a_dead_process_comes_free_and_no_other(database: Database, clock):
    dead, living = slot.take(database, "n", 2), slot.take(database, "n", 2)
    assert (dead.full, living.full) == (False, True)
    assert slot.take(database, "n", 2) is None
    assert slot.full(database, "n", 2)
    clock.advance(seconds=slot.LEASE - 0.5)
    assert slot.renew(database, [living.holder]) == set()
    clock.advance(seconds=1)
    heir = slot.take(database, "n", 2)
    assert heir.number == dead.number
    assert slot.take(database, "n", 2) is None
    assert slot.renew(database, [dead.holder, living.holder]) == {dead.holder}
    slot.free(database, [dead.holder])  # what is not its own any more it cannot give back
    assert slot.full(database, "n", 2)
    slot.free(database, [living.holder, heir.holder])
    assert not slot.full(database, "n", 1)


def test_what_was_done_under_a_turn_that_was_lost_is_not_sent(database: Database, clock, monkeypatch):
    shares = Shares(database)
    turn, request = shares.strict("key|x", 1), shares.lenient("account", 4)
    assert turn.acquire(1)
    assert request.acquire(1)
    request.release()
    stopped = places.clock() + 60
    monkeypatch.setattr(places, "clock", lambda: stopped)
    clock.advance(seconds=60)
    assert slot.take(database, slot.digest("key|x"), 1) is not None  # another has it
    with pytest.raises(Unavailable, match="nothing was sent"):
        request.acquire(1)
    turn.release()
    assert request.acquire(1)
    request.release()
    shares.close()


def test_that_we_were_stopped_says_nothing_of_the_erps_health(small: Hub, sap):
    con = small.connect(SAP, **sap[1]).id

    def lost() -> None:
        raise Unavailable("stopped; nothing was sent")

    before = len(sap[0].calls)
    with fenced(lost), pytest.raises(Unavailable, match="stopped"):
        small.connection(con).vendors.page()
    assert len(sap[0].calls) == before
    assert (small.info(con).health, small.info(con).last_error) == ("ok", None)


def test_a_turn_that_nobody_took_meanwhile_is_ours_still(database: Database, clock, monkeypatch):
    shares = Shares(database)
    turn, request = shares.strict("key|x", 1), shares.lenient("account", 4)
    assert turn.acquire(1)
    stopped = places.clock() + 60
    monkeypatch.setattr(places, "clock", lambda: stopped)
    clock.advance(seconds=60)
    assert request.acquire(1)
    request.release()
    turn.release()
    shares.close()


def test_requests_go_on_uncounted_while_the_database_does_not_answer_and_turns_do_not(sqlite_url, monkeypatch):
    monkeypatch.setattr("anyerp_hub.store.database.BUSY", 0.05)
    database = Database(sqlite_url)
    other = Database(sqlite_url)
    shares = Shares(database)
    with other.begin():
        assert shares.lenient("account", 4).acquire(1)
        with pytest.raises(Unavailable, match="locked"):
            shares.strict("key|x", 1).acquire(1)
    assert shares.strict("key|x", 1).acquire(1)
    shares.close()
    for each in (database, other):
        each.close()


def test_a_busy_account_costs_a_transaction_for_many_requests(database: Database, clock):
    shares = Shares(database)
    account = shares.lenient("account", 4)
    counted = []
    with database.begin() as tx:
        until_before = database.now(tx)
    take = slot.take

    def counting(*facts):
        counted.append(facts)
        return take(*facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slot, "take", counting)
        for _ in range(100):
            assert account.acquire(1)
            account.release()
    assert 1 <= len(counted) <= 3
    assert until_before + timedelta(0) == clock.at
    shares.close()
