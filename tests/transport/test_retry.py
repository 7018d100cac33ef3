"""What is tried again, when, and what is not: by the clock of the test, against real sockets."""

from email.utils import formatdate

import pytest
from anyerp.errors import OutcomeUnknown, RateLimited, Unavailable
from anyerp.transport import Limits, in_flight
from anyerp.transport.retry import backoff, retry_after
from anyerp.wire import Headers, Request

LIMITS = Limits()
NOW = 1_800_000_000.0


def full() -> float:
    """The longest throw of the dice."""
    return 1.0


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_is_tried_again_with_growing_waits_and_then_the_answer_is_handed_on(caller, wire, clock, status):
    wire.plays(wire.reply(status, b"busy"))
    response = caller.get(caller.transport(wire.url, LIMITS, clock=clock, jitter=full), wire.url)
    assert (response.status, response.content) == (status, b"busy")
    assert len(wire.calls) == 4
    assert clock.slept == [0.5, 1.0, 2.0]


def test_a_storm_of_429_passes_and_the_answer_comes(caller, wire, clock):
    wire.plays(*[wire.reply(429, b"", "Retry-After: 7")] * 3, wire.reply(200, b"[1]"))
    response = caller.get(caller.transport(wire.url, LIMITS, clock=clock, jitter=full), wire.url)
    assert response.content == b"[1]"
    assert clock.slept == [7.5, 7.5, 7.5]


@pytest.mark.parametrize("when", ["drop", "half", "chunk", "garbage", "empty head", "bad length", "huge head"])
def test_a_read_whose_answer_is_lost_is_tried_again(caller, wire, clock, when):
    act = lost(wire, when)
    wire.plays(act, act, wire.reply(200, b"[1]"))
    assert caller.get(caller.transport(wire.url, LIMITS, clock=clock), wire.url).content == b"[1]"
    assert len(wire.calls) == 3
    wire.plays(act)
    with pytest.raises(Unavailable, match=r"\(4 attempts\)") as caught:
        caller.get(caller.transport(wire.url, LIMITS, clock=clock), wire.url)
    assert caught.value.retry == "later"


@pytest.mark.parametrize("when", ["drop", "half", "chunk", "garbage", "empty head", "bad length", "huge head"])
def test_a_write_whose_answer_is_lost_is_never_sent_twice(caller, wire, clock, when):
    wire.plays(lost(wire, when))
    with pytest.raises(OutcomeUnknown) as caught:
        caller.post(caller.transport(wire.url, LIMITS, clock=clock), wire.url)
    assert caught.value.retry == "check_first"
    assert len(wire.calls) == 1
    assert clock.slept == []


def lost(wire, when):
    return {
        "drop": wire.hang_up,
        "half": wire.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        "chunk": wire.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        "garbage": wire.raw(b"\x00\x01\x02 s3cret nonsense\r\n\r\n"),
        "empty head": wire.raw(b"\r\n\r\n"),
        "bad length": wire.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello"),
        "huge head": wire.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n"),
    }[when]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_is_not_repeated_after_a_status_that_leaves_it_open(caller, wire, clock, status):
    wire.plays(wire.reply(status, b"", "Retry-After: 1"))
    assert caller.post(caller.transport(wire.url, LIMITS, clock=clock), wire.url).status == status
    assert (len(wire.calls), clock.slept) == (1, [])


def test_a_write_is_repeated_after_429(caller, wire, clock):
    wire.plays(wire.reply(429, b"", "Retry-After: 3"), wire.reply(201))
    assert caller.post(caller.transport(wire.url, LIMITS, clock=clock, jitter=full), wire.url).status == 201
    assert clock.slept == [3.5]
    assert wire.calls[0].body == wire.calls[1].body == b'{"a":1}'


def test_a_post_that_only_reads_is_tried_again_and_a_get_that_writes_is_not(caller, wire, clock):
    wire.plays(wire.hang_up, wire.reply(), wire.hang_up)
    transport = caller.transport(wire.url, LIMITS, clock=clock)
    assert caller.post(transport, wire.url, writes=False).status == 200
    with pytest.raises(OutcomeUnknown):
        caller.get(transport, wire.url, writes=True)
    assert len(wire.calls) == 3


def test_a_status_that_the_flow_wants_to_see_is_not_waited_for(caller, wire, clock):
    wire.plays(wire.reply(503, b"", "Retry-After: 5"))
    assert caller.get(caller.transport(wire.url, LIMITS, clock=clock), wire.url, accept=(503,)).status == 503
    assert clock.slept == []


def test_a_wait_beyond_the_deadline_is_not_begun(caller, wire, clock):
    wire.plays(wire.reply(429, b"", "Retry-After: 100"))
    transport = caller.transport(wire.url, Limits(total=60), clock=clock)
    assert caller.get(transport, wire.url).status == 429
    assert (len(wire.calls), clock.slept) == (1, [])


def test_all_waits_together_stay_within_the_deadline(caller, wire, clock):
    wire.plays(wire.reply(503, b"", "Retry-After: 25"))
    begun = clock.now
    caller.get(caller.transport(wire.url, Limits(total=60, retries=10), clock=clock, jitter=full), wire.url)
    assert clock.slept == [25.5, 25.5]
    assert clock.now - begun <= 60


def test_an_absurd_wait_is_capped(caller, wire, clock):
    wire.plays(wire.reply(503, b"", "Retry-After: 999999999"), wire.reply())
    limits = Limits(total=600, retry_after_cap=90)
    assert caller.get(caller.transport(wire.url, limits, clock=clock, jitter=full), wire.url).status == 200
    assert clock.slept == [90.5]


def test_a_429_holds_the_whole_account_and_a_call_that_cannot_wait_is_told_so(caller, wire, clock):
    account = f"account of {wire.port}"
    places = in_flight(account, 8)
    wire.plays(wire.reply(429, b"", "Retry-After: 100"), wire.reply())
    hasty = caller.transport(wire.url, Limits(total=60), clock=clock, account=account, jitter=full)
    patient = caller.transport(wire.url, Limits(total=200), clock=clock, account=account)
    stranger = caller.transport(wire.url, Limits(total=60), clock=clock, account="another")
    assert caller.get(hasty, wire.url).status == 429
    assert places.held(clock) == pytest.approx(100.5)
    with pytest.raises(RateLimited, match="was not called") as caught:
        caller.get(hasty, wire.url)
    assert caught.value.retry_after == pytest.approx(100.5)
    assert len(wire.calls) == 1
    assert caller.get(stranger, wire.url).status == 200
    assert clock.slept == []
    assert caller.get(patient, wire.url).status == 200
    assert clock.slept == [pytest.approx(100.5)]


READABLE = {
    "0120": 120,
    "120": 120,
    "1.5": 1.5,
    " 3 ": 3,
    formatdate(NOW + 30, usegmt=True): 30,
    formatdate(NOW + 30): 30,
}
UNREADABLE = [
    "",
    "0",
    "-5",
    "soon",
    "nan",
    "inf",
    "1e9",
    "٣",
    "5 s",
    "1,5",
    "0x10",
    "9" * 50,
    formatdate(NOW - 30),
    "Mon",
]
UNREADABLE += ["Mon, 99 Foo 2026 99:99:99 GMT", "Fri, 31 Dec 999999 23:59:59 GMT", "Fri, 01 Jan 0001 00:00:00 +2359"]


@pytest.mark.parametrize("text", READABLE)
def test_a_wait_that_the_erp_asks_for_is_understood(text):
    assert retry_after(Headers({"Retry-After": text}), NOW) == READABLE[text]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_wait_that_makes_no_sense_is_ignored(text):
    assert retry_after(Headers({"Retry-After": text}), NOW) is None


@pytest.mark.parametrize("skew", [3 * 86400, -90])
def test_a_wait_given_as_a_date_is_counted_by_the_erps_own_clock(skew):
    headers = Headers({"Retry-After": formatdate(NOW + 30, usegmt=True), "Date": formatdate(NOW, usegmt=True)})
    assert retry_after(headers, NOW + skew) == 30


def test_waits_double_to_their_cap_and_are_spread_from_nothing():
    assert [backoff(n, LIMITS, full) for n in (1, 2, 3, 7, 8, 5000)] == [0.5, 1, 2, 30, 30, 30]
    assert backoff(5, LIMITS, lambda: 0.0) == 0
    assert 0 < backoff(5, LIMITS, lambda: 0.3) < backoff(5, LIMITS, full)


def test_no_retries_means_one_attempt(caller, wire, clock):
    wire.plays(wire.hang_up)
    with pytest.raises(Unavailable) as caught:
        caller.send(caller.transport(wire.url, Limits(retries=0), clock=clock), Request("GET", "/"), wire.url)
    assert "attempts" not in str(caught.value)
    assert len(wire.calls) == 1
