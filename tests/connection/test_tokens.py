"""Tokens that rotate: one refresh for all who wait, saved before first use, and no false alarm."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from anyerp.errors import ConfigError, CredentialsRejected, ReauthorizationRequired, Unavailable
from anyerp.kits import refresh
from httpx2 import ReadError
from tiny import BASE, CONNECTOR, Tiny, aconnect, connect

EXPIRED = "2020-01-01T00:00:00+00:00"
HELD_BEFORE_USE = "a refresh token that was not saved was used"


def _authorize(ctx):
    return {"Authorization": (yield from refresh.bearer(ctx, f"{BASE}/oauth", {"X-Client": "c"}))}


ROTATING = replace(CONNECTOR, authorize=_authorize, renew=refresh.forget)


@dataclass
class Store:
    """A store in memory; `saved` is everything that it was told, in order."""

    tokens: Mapping[str, str] | None = None
    name: str = "row 7"
    saved: list[Mapping[str, str]] = field(default_factory=list)

    def load(self):
        return self.tokens

    def save(self, tokens):
        self.tokens = tokens
        self.saved.append(tokens)


class Rotating(Tiny):
    """A Tiny whose tokens are got by a refresh token that may be used once; using one twice ends the consent."""

    def __init__(self):
        super().__init__()
        self.refreshes, self.serial, self.dead, self.lose_token, self.current = [], 0, False, False, "r0"
        self._token = threading.Lock()
        self.watch = lambda: None

    def handle(self, method, target, headers, content):
        if not target.startswith("/oauth"):
            self.watch()
            return super().handle(method, target, headers, content)
        time.sleep(0.05)
        with self._token:
            given = parse_qs(content.decode())["refresh_token"][0]
            self.refreshes.append(given)
            if headers.get("x-client") != "c":
                return 401, {"error": "invalid_client"}
            if self.dead or given != self.current:
                self.dead = True
                return 400, {"error": "invalid_grant"}
            self.serial += 1
            self.current, self.valid = f"r{self.serial}", {f"Bearer a{self.serial}"}
            if self.lose_token:
                raise ReadError("lost")
            return 200, {"access_token": f"a{self.serial}", "refresh_token": self.current, "expires_in": 3600}


@pytest.fixture
def erp():
    return Rotating()


@pytest.fixture
def store():
    return Store({"access_token": "a0", "refresh_token": "r0", "ends_at": EXPIRED})


def everybody(erp, store, tasks=50, threads=3):
    """So many tasks of one connection and threads of another, which share a store, ask at once."""
    gate, wrong = threading.Barrier(threads + 1), []

    def read(sync):
        gate.wait()
        try:
            sync.vendors.page()
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    async def go():
        async with aconnect(erp, ROTATING, tokens=store) as connection:
            await asyncio.to_thread(gate.wait)
            return await asyncio.gather(*(connection.vendors.page() for _ in range(tasks)), return_exceptions=True)

    with connect(erp, ROTATING, tokens=store) as sync:
        running = [threading.Thread(target=read, args=(sync,)) for _ in range(threads)]
        for thread in running:
            thread.start()
        found = asyncio.run(go())
        for thread in running:
            thread.join()
    return [*wrong, *(one for one in found if isinstance(one, BaseException))]


def test_fifty_tasks_and_three_threads_with_an_expired_token_refresh_it_once(erp, store):
    assert everybody(erp, store) == []
    assert erp.refreshes == ["r0"]
    assert store.tokens["refresh_token"] == "r1"


def test_a_token_that_the_erp_no_longer_knows_is_refreshed_once_for_all(erp, store):
    store.tokens = {"access_token": "a0", "refresh_token": "r0", "ends_at": "2099-01-01T00:00:00+00:00"}
    assert everybody(erp, store) == []
    assert erp.refreshes == ["r0"]


def test_a_refresh_token_is_saved_before_the_access_token_is_used(erp, store):
    erp.watch = lambda: erp.refreshes and (store.tokens["refresh_token"] == erp.current or pytest.fail(HELD_BEFORE_USE))
    with connect(erp, ROTATING, tokens=store) as connection:
        assert connection.vendors.page().records
    assert [tokens["refresh_token"] for tokens in store.saved] == ["r1"]
    assert "a1" not in repr(connection)


def test_a_token_that_another_process_refreshed_is_taken_from_the_store(erp, store):
    with connect(erp, ROTATING, tokens=store) as connection:
        connection.vendors.page()
        erp.valid, erp.current = {"Bearer other"}, "r-other"
        store.tokens = {"access_token": "other", "refresh_token": "r-other", "ends_at": "2099-01-01T00:00:00+00:00"}
        assert connection.vendors.page().records
    assert erp.refreshes == ["r0"]


def test_a_refused_refresh_token_counts_only_if_the_store_still_holds_it(erp, store):
    """Another process has refreshed between our look into the store and our request."""
    looks = iter([dict(store.tokens)])
    store.load = lambda: next(
        looks, {"access_token": "other", "refresh_token": "r9", "ends_at": "2099-01-01T00:00+00:00"}
    )
    erp.current, erp.valid = "r9", {"Bearer other"}
    with connect(erp, ROTATING, tokens=store) as connection:
        # The first look is the one of the flow that is then begun anew in its turn.
        looks = iter([dict(store.tokens), dict(store.tokens)])
        assert connection.vendors.page().records
    assert erp.refreshes == ["r0"]


def test_a_dead_refresh_token_says_that_somebody_must_authorize_again(erp, store):
    erp.dead = True
    with connect(erp, ROTATING, tokens=store) as connection, pytest.raises(ReauthorizationRequired) as caught:
        connection.vendors.page()
    assert erp.refreshes == ["r0"]
    assert "r0" not in json.dumps(caught.value.to_dict())


def test_a_client_that_is_refused_is_no_ended_consent(erp, store):
    stranger = replace(ROTATING, authorize=lambda ctx: refresh.bearer(ctx, f"{BASE}/oauth", {}))
    with connect(erp, stranger, tokens=store) as connection, pytest.raises(CredentialsRejected):
        connection.vendors.page()


def test_a_lost_answer_of_the_token_endpoint_is_not_asked_for_twice(erp, store):
    erp.lose_token = True
    with connect(erp, ROTATING, tokens=store) as connection, pytest.raises(Unavailable):
        connection.vendors.page()
    assert erp.refreshes == ["r0"]


def test_without_a_store_or_a_token_in_it_one_is_told(erp):
    with connect(erp, ROTATING) as connection, pytest.raises(ConfigError):
        connection.vendors.page()
    with connect(erp, ROTATING, tokens=Store()) as connection, pytest.raises(ReauthorizationRequired):
        connection.vendors.page()


@pytest.mark.parametrize("leap", [{"days": 3}, {"seconds": -90}, {"days": -3}])
def test_a_clock_that_leaps_costs_at_most_one_refresh_and_no_consent(erp, store, leap):
    with connect(erp, ROTATING, tokens=store) as connection:
        connection.vendors.page()
        real = connection._context.now
        for operations in (connection._context, connection.vendors._operations.context):
            operations.now = lambda: real() + timedelta(**leap)
        for _ in range(3):
            assert connection.vendors.page().records
    assert len(erp.refreshes) <= 2
    assert not erp.dead
