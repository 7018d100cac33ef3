"""Time and size: an answer that drips, stays away or swells ends when and where the limits say."""

import functools
import gzip
import resource
import time
import tracemalloc
import zlib

import httpx2
import pytest
from anyerp.errors import OutcomeUnknown, Unavailable, UnexpectedPayload
from anyerp.transport import HttpTransport, Limits
from anyerp.wire import Request

SHORT = Limits(total=0.2, read=30.0, retries=3, backoff_base=0.01)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"


def drips(wire):
    return {
        "the body": wire.raw(HEAD + b"\r\n", *[b"x"] * 1000, every=0.02),
        "the head": wire.raw(*[HEAD[i : i + 1] for i in range(len(HEAD))], *[b"X: 1\r\n"] * 500, every=0.02),
        "chunks": wire.raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 500, every=0.02
        ),
        "interim answers": wire.raw(*[b"HTTP/1.1 102 Processing\r\n\r\n"] * 500, every=0.02),
        "nothing": wire.stay_silent,
    }


@pytest.mark.parametrize("what", ["the body", "the head", "chunks", "interim answers", "nothing"])
def test_an_answer_that_drips_ends_within_a_second_of_the_deadline(caller, wire, what):
    wire.plays(drips(wire)[what])
    transport = caller.transport(wire.url, SHORT)
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="deadline"):
        caller.get(transport, wire.url)
    took = time.monotonic() - begun
    assert SHORT.total * 0.9 <= took <= SHORT.total + 1
    assert len(wire.calls) == 1


class Leisure(httpx2.BaseTransport):
    """A host's own transport that knows no timeouts."""

    def handle_request(self, request):
        def pieces():
            for _ in range(100):
                time.sleep(0.02)
                yield b"x"

        return httpx2.Response(200, content=pieces())


def test_an_answer_drips_no_longer_than_that_from_a_transport_that_knows_no_timeouts():
    with httpx2.Client(transport=Leisure()) as client:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="deadline"):
            HttpTransport(client, SHORT, trust_origin="http://erp").send(Request("GET", "/"), "http://erp")
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize("what", ["the body", "the head"])
def test_a_write_whose_answer_drips_has_an_unknown_outcome(caller, wire, what):
    wire.plays(drips(wire)[what])
    with pytest.raises(OutcomeUnknown, match="may or may not"):
        caller.post(caller.transport(wire.url, SHORT), wire.url)
    assert len(wire.calls) == 1


def test_silence_is_borne_as_long_as_the_read_limit_and_then_tried_again(caller, wire):
    wire.plays(wire.stay_silent, wire.reply(200, b"[]"))
    begun = time.monotonic()
    response = caller.get(caller.transport(wire.url, Limits(read=0.3, total=10.0, backoff_base=0.01)), wire.url)
    assert response.content == b"[]"
    assert 0.3 <= time.monotonic() - begun <= 2  # the synchronous transport waits in whole seconds


def test_limits_may_be_whole_numbers(caller, wire):
    assert caller.get(caller.transport(wire.url, Limits(total=9, read=5, connect=1)), wire.url).status == 200


def test_a_slow_answer_within_the_deadline_arrives(caller, wire):
    body = [b"x" * 100] * 10
    wire.plays(wire.raw(HEAD + b"\r\n", *body, every=0.03))
    assert caller.get(caller.transport(wire.url, Limits(total=5.0, read=1.0)), wire.url).content == b"x" * 1000


CAP = Limits().max_response
MILLION = b"\0" * 1_000_000


@functools.cache
def bomb():
    """150 MB in one stream of less than a megabyte."""
    packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    return b"".join([*(packer.compress(MILLION) for _ in range(150)), packer.flush()])


@pytest.mark.parametrize("packed", [True, False], ids=["a gzip bomb", "a flood"])
def test_a_huge_answer_stops_at_the_cap_soon_and_cheaply(caller, wire, packed):
    flood = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"F4240\r\n" + MILLION + b"\r\n"] * 300]
    wire.plays(wire.reply(200, bomb(), "Content-Encoding: gzip") if packed else wire.raw(*flood))
    transport = caller.transport(wire.url, Limits(max_response=CAP))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    with pytest.raises(UnexpectedPayload, match="33,554,432 bytes"):
        caller.get(transport, wire.url)
    assert time.monotonic() - begun < 2
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 2 * CAP
    assert len(wire.calls) == 1


def test_a_bomb_costs_no_more_memory_than_the_cap(caller, wire):
    wire.plays(wire.reply(200, bomb(), "Content-Encoding: gzip"))
    transport = caller.transport(wire.url, Limits(max_response=8 * 1024 * 1024))
    tracemalloc.start()
    try:
        with pytest.raises(UnexpectedPayload):
            caller.get(transport, wire.url)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_an_announced_length_beyond_the_cap_is_refused_unread(caller, wire):
    wire.plays(wire.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nx"))
    with pytest.raises(UnexpectedPayload, match="larger than"):
        caller.get(caller.transport(wire.url, Limits(max_response=1000)), wire.url)


def test_an_answer_of_exactly_the_cap_is_taken(caller, wire):
    wire.plays(wire.reply(200, b"x" * 1000), wire.reply(200, gzip.compress(b"x" * 1000), "Content-Encoding: gzip"))
    transport = caller.transport(wire.url, Limits(max_response=1000))
    assert caller.get(transport, wire.url).content == caller.get(transport, wire.url).content == b"x" * 1000


def test_a_write_answered_beyond_the_cap_has_an_unknown_outcome(caller, wire):
    wire.plays(wire.reply(201, b"x" * 2000))
    with pytest.raises(OutcomeUnknown):
        caller.post(caller.transport(wire.url, Limits(max_response=1000)), wire.url)
