"""Pace: requests in flight counted together, waits that an ERP asks for, and how it is doing."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from anyerp.connection.circuit import Breaker
from anyerp.connector import Limits, Request, Response
from anyerp.connector.explain import LONGEST, by_status
from anyerp.errors import RateLimited, Unavailable
from anyerp.transport import Limits as TransportLimits
from anyerp.wire import Headers
from tiny import CONNECTOR, Tiny, aconnect, connect


@pytest.fixture
def tiny():
    return Tiny()


def watched(tiny):
    """Counts how many calls the ERP has at once."""
    handle, lock, here, most = tiny.handle, threading.Lock(), [0], [0]

    def handling(*call):
        with lock:
            here[0] += 1
            most[0] = max(most[0], here[0])
        time.sleep(0.01)
        try:
            return handle(*call)
        finally:
            with lock:
                here[0] -= 1

    tiny.handle = handling
    return most


def test_all_connections_of_a_process_together_send_no_more_than_the_erp_bears(tiny):
    narrow = replace(CONNECTOR, limits=Limits(page_size=3, in_flight=2))
    most = watched(tiny)
    with connect(tiny, narrow) as one, connect(tiny, narrow) as other:
        one.vendors.page()
        first = tiny.valid  # this ERP knows one session, unless it is told otherwise
        other.vendors.page()
        tiny.valid |= first
        threads = [threading.Thread(target=list, args=(erp.vendors.list(),)) for erp in (one, other) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [2]


def test_a_host_may_say_how_many_are_in_flight(tiny):
    most = watched(tiny)
    with connect(tiny, limits=TransportLimits(max_in_flight=1)) as erp:
        threads = [threading.Thread(target=list, args=(erp.vendors.list(),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1]


def test_a_gate_of_the_hosts_own_is_asked_before_each_call(tiny):
    class Gate:
        claims, slowed = 0, 0

        def claim(self):
            self.claims += 1
            return 0.0

        def slow_down(self, seconds):
            self.slowed += 1

    gate = Gate()
    with connect(tiny, gate=gate) as erp:
        erp.vendors.get("001")
    assert gate.claims == len(tiny.calls) == 2

    async def go():
        async with aconnect(tiny, gate=gate) as erp:
            await erp.vendors.get("001")

    asyncio.run(go())
    assert gate.claims == 4


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Wed, 01 Jan 2025 00:01:00 GMT", "date": "Wed, 01 Jan 2025 00:00:00 GMT"}, 60.0),
        ({"retry-after": "99999999"}, LONGEST),
        ({"retry-after": "Fri, 01 Jan 2106 00:00:00 GMT"}, LONGEST),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_a_wait_in_seconds_or_as_a_date_is_repeated_and_an_absurd_one_is_not(headers, seconds):
    error = by_status(Request("POST", "/x"), Response(429, Headers(headers)))
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_five_calls_in_a_row_that_do_not_get_through_open_the_circuit():
    moment = [0.0]
    breaker = Breaker(lambda: moment[0])
    for _ in range(4):
        breaker.heard(Response(503))
    assert breaker.now.state == "closed"
    breaker.failed(Unavailable("down"))
    assert (breaker.now.state, breaker.now.failures, breaker.now.error) == ("open", 5, "unavailable")
    assert breaker.now.retry_in == 5.0
    moment[0] = 6.0
    assert (breaker.now.state, breaker.now.retry_in) == ("half_open", 0.0)
    breaker.heard(Response(429, Headers({"retry-after": "60"})))
    assert breaker.now.retry_in == 60.0
    for _ in range(50):
        breaker.heard(Response(503, Headers({"retry-after": "999999"})))
    assert breaker.now.retry_in == 300.0
    breaker.heard(Response(404))
    assert (breaker.now.state, breaker.now.failures) == ("closed", 0)


def test_a_connection_tells_how_its_erp_is_doing_and_still_lets_calls_through(tiny):
    with connect(tiny, limits=TransportLimits(retries=0)) as erp:
        assert erp.circuit.state == "closed"
        handle, tiny.handle = tiny.handle, lambda *call: (503, {})
        for _ in range(5):
            with pytest.raises(Unavailable):
                erp.vendors.page()
        assert erp.circuit.state == "open"
        tiny.handle = handle
        assert erp.vendors.page().records
        assert erp.circuit.state == "closed"
