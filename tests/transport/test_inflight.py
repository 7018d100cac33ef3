"""Requests in flight: never more than the account permits, whoever sends them, and nobody is forgotten in the line."""

import asyncio
import gc
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from anyerp.errors import Unavailable
from anyerp.transport import AsyncHttpTransport, HttpTransport, InFlight, Limits, in_flight
from anyerp.wire import Request


class Gauge:
    """An answer that takes its time and notes how many are being given at once."""

    def __init__(self, wire, seconds=0.02):
        self.now = self.most = 0
        self.seconds = seconds
        self._lock = threading.Lock()
        self._reply = wire.reply()

    def __call__(self, line):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        return self._reply(line)


def test_threads_of_one_transport_keep_to_the_limit(wire):
    gauge = Gauge(wire)
    wire.plays(gauge)
    with (
        HttpTransport(None, Limits(max_in_flight=3), trust_origin=wire.url) as transport,
        ThreadPoolExecutor(12) as pool,
    ):
        answers = list(pool.map(lambda _: transport.send(Request("GET", "/"), wire.url).status, range(24)))
    assert answers == [200] * 24
    assert gauge.most == 3


def test_tasks_of_one_transport_keep_to_the_limit(wire):
    gauge = Gauge(wire)
    wire.plays(gauge)

    async def work():
        async with AsyncHttpTransport(None, Limits(max_in_flight=3), trust_origin=wire.url) as transport:
            return await asyncio.gather(*(transport.send(Request("GET", "/"), wire.url) for _ in range(24)))

    assert [answer.status for answer in asyncio.run(work())] == [200] * 24
    assert gauge.most == 3


def test_threads_and_event_loops_of_one_account_share_the_limit(wire):
    gauge = Gauge(wire)
    wire.plays(gauge)
    account, limits = f"account of {wire.port}", Limits(max_in_flight=2)

    async def tasks():
        async with AsyncHttpTransport(None, limits, trust_origin=wire.url, account=account) as transport:
            await asyncio.gather(*(transport.send(Request("GET", "/"), wire.url) for _ in range(8)))

    def thread():
        with HttpTransport(None, limits, trust_origin=wire.url, account=account) as transport:
            for _ in range(4):
                transport.send(Request("GET", "/"), wire.url)

    held = in_flight(account, 2)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(asyncio.run, tasks()), pool.submit(asyncio.run, tasks()), pool.submit(thread)]:
            done.result(20)
    assert len(wire.calls) == 20
    assert gauge.most == 2
    assert held._taken == 0


def test_a_call_that_gets_no_place_before_its_deadline_is_told_that_nothing_was_sent(caller, wire):
    account = f"account of {wire.port}"
    places = in_flight(account, 1)
    assert places.acquire(0)
    transport = caller.transport(wire.url, Limits(total=0.1, max_in_flight=1), account=account)
    with pytest.raises(Unavailable, match="was not called: all places"):
        caller.post(transport, wire.url)
    assert not wire.calls
    places.release()
    assert caller.post(transport, wire.url).status == 200


def test_a_place_is_free_again_after_every_kind_of_end(caller, wire, clock):
    account = f"account of {wire.port}"
    places = in_flight(account, 1)
    transport = caller.transport(wire.url, Limits(max_in_flight=1, max_response=10), clock=clock, account=account)
    for act in (wire.hang_up, wire.reply(200, b"x" * 99), wire.reply(503), wire.reply(302, b"", "Location: ftp://x")):
        wire.plays(act)
        try:
            caller.post(transport, wire.url)
        except Exception:  # noqa: BLE001
            assert act is not None
        assert places._taken == 0


def test_a_cancelled_call_gives_its_place_back(wire):
    wire.plays(wire.stay_silent)

    async def work():
        async with AsyncHttpTransport(None, Limits(max_in_flight=1), trust_origin=wire.url) as transport:
            places = transport._session.places
            sending, waiting = (asyncio.create_task(transport.send(Request("GET", "/"), wire.url)) for _ in range(2))
            await asyncio.to_thread(wire.wait_for_a_call)
            assert len(places._waiting) == 1
            for task in (waiting, sending):
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert (places._taken, len(places._waiting)) == (0, 0)

    asyncio.run(work())


def test_an_interrupt_while_waiting_leaves_no_one_in_the_line():
    def interrupt(*_):
        raise KeyboardInterrupt

    places = InFlight(1)
    assert places.acquire(0)
    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            places.acquire(5)
    finally:
        signal.signal(signal.SIGUSR1, before)
    places.release()
    assert (places._taken, len(places._waiting)) == (0, 0)


def test_places_are_given_in_the_order_of_asking_and_a_closed_loop_is_passed_over():
    places = InFlight(1)
    assert places.acquire(0)
    got = []

    def wait(number):
        assert places.acquire(5)
        got.append(number)
        places.release()

    threads = []
    for number in range(3):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(places._waiting) <= number:
            time.sleep(0.001)

    def of_a_closed_loop():
        raise RuntimeError("Event loop is closed")

    places._waiting.appendleft(type(places._waiting[0])(of_a_closed_loop))
    places.release()
    for thread in threads:
        thread.join(5)
    assert got == [0, 1, 2]
    assert places._taken == 0


def test_an_account_is_shared_while_somebody_holds_it_and_the_smaller_limit_counts():
    first = in_flight("test-shared", 5)
    assert in_flight("test-shared", 3) is first
    assert in_flight("test-shared", 9).limit == 3
    assert in_flight(None, 3) is not in_flight(None, 3)
    del first
    gc.collect()
    assert in_flight("test-shared", 9).limit == 9


class Pace:
    """A gate that lets one start every ten seconds."""

    def __init__(self):
        self.claims = 0
        self.slowed = []

    def claim(self):
        self.claims += 1
        return 10.0 * (self.claims - 1)

    def slow_down(self, seconds):
        self.slowed.append(seconds)


class AsyncPace(Pace):
    async def claim(self):
        return super().claim()

    async def slow_down(self, seconds):
        super().slow_down(seconds)


@pytest.mark.parametrize("kind", [Pace, AsyncPace])
def test_a_gate_keeps_the_pace_and_hears_of_waits(caller, wire, clock, kind):
    if kind is AsyncPace and not caller.asynchronous:
        kind = Pace
    gate = kind()
    wire.plays(wire.reply(), wire.reply(429, b"", "Retry-After: 3"), wire.reply())
    transport = caller.transport(wire.url, Limits(), clock=clock, gate=gate, jitter=lambda: 0.0)
    for _ in range(2):
        assert caller.get(transport, wire.url).status == 200
    assert gate.claims == 3
    assert gate.slowed == [3.0]
    assert clock.slept == [10.0, 3.0, 20.0]
