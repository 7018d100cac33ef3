"""Our own synchronous client reads from sockets itself: what may go wrong on a connection that is used again."""

from __future__ import annotations

import socket
import threading

import httpx2
import pytest
from anyerp.errors import OutcomeUnknown, Unavailable
from anyerp.transport import HttpTransport, Limits
from anyerp.transport.lines import target_of
from anyerp.transport.message import Attempt
from anyerp.transport.origin import split
from anyerp.wire import Request
from hypothesis import given
from hypothesis import strategies as st

LIMITS = Limits(connect=2.0, read=2.0, total=5.0, retries=0)
GET, POST = Request("GET", "/"), Request("POST", "/", content=b"x" * 3_000_000)


@pytest.fixture
def transport(wire):
    with HttpTransport(None, LIMITS, trust_origin=wire.url) as transport:
        yield transport


def after_the_answer(act, *pieces):
    """Answer properly, then say more that nobody asked for."""

    def both(line):
        kept = act(line)
        line.say(*pieces)
        return kept

    return both


def body(transport, wire, request=GET):
    return transport.send(request, wire.url).content


SPECIAL = "/./../?#%2F%zz%C3%a9 '\"<>{}|\\^`~!$&()*+,;=:@[]-_aZ09\x00\x7fé€"
TARGETS = st.text(st.sampled_from(SPECIAL) | st.characters(codec="utf-8"), max_size=20) | st.lists(
    st.sampled_from(["/", ".", "..", "?", "%41", "a", "'", "$select=a,b/c", "%", "+", "//"]), max_size=8
).map("".join)


@given(TARGETS.map(lambda text: f"http://erp.example:8080/{text}"))
def test_a_target_is_written_as_the_libraries_write_it(url):
    origin, target = split(url)
    attempt = Attempt("GET", url, origin, target, [], None, True, 0.0)
    try:
        expected = httpx2.URL(url).raw_path
    except httpx2.InvalidURL:
        with pytest.raises(ValueError, match="no URL"):
            target_of(attempt)
    else:
        assert target_of(attempt) == expected


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
def test_an_interim_answer_is_passed_over(transport, wire, interim):
    wire.plays(wire.raw(interim * 2 + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"))
    assert body(transport, wire) == b"[]"


def test_an_answer_of_several_parts_is_read_as_bytes_like_any_other(transport, wire):
    parts = b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 201 Created\r\n\r\n--b--\r\n"
    head = b"HTTP/1.1 202 Accepted\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Length: %d\r\n\r\n"
    wire.plays(wire.raw(head % len(parts) + parts))
    assert body(transport, wire) == parts


@pytest.mark.parametrize(
    "framed",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\nTrailer: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1,2]",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n[1,2]",
    ],
)
def test_a_body_ends_by_its_chunks_by_hanging_up_or_by_its_length(transport, wire, framed):
    wire.plays(wire.raw(framed))
    assert body(transport, wire) == b"[1,2]"


@pytest.mark.parametrize(
    "first",
    [
        ["Connection: close"],
        ["Content-Encoding: gzip", "Connection: Close"],
    ],
)
def test_a_connection_that_the_server_closes_is_not_used_again(transport, wire, first):
    wire.plays(wire.reply(200, b"", *first), wire.reply(200, b"[2]"))
    assert body(transport, wire) == b""
    assert body(transport, wire) == b"[2]"
    assert wire.connections == 2


def test_a_connection_that_was_hung_up_while_idle_is_replaced(transport, wire):
    wire.plays(after_the_answer(wire.reply(200, b"[1]"), b""), wire.reply(200, b"[2]"))
    assert body(transport, wire) == b"[1]"
    for connection in wire._open:
        connection.shutdown(socket.SHUT_RDWR)
    assert body(transport, wire, Request("POST", "/")) == b"[2]"


def test_what_nobody_asked_for_is_no_answer_to_the_next_request(transport, wire):
    forged, said = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n[666666]", threading.Event()
    answer = after_the_answer(wire.reply(200, b"[1]"), forged)
    wire.plays(lambda line: (answer(line), said.set())[0], wire.reply(200, b"[2]"))
    assert body(transport, wire) == b"[1]"
    assert said.wait(10)  # what is not there yet nobody can see
    assert body(transport, wire) == b"[2]"


@pytest.mark.parametrize(
    "damaged",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon here\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n",
    ],
)
def test_a_damaged_answer_is_none_and_a_write_stays_unknown(transport, wire, damaged):
    wire.plays(wire.raw(damaged))
    with pytest.raises(Unavailable):
        body(transport, wire)
    with pytest.raises(OutcomeUnknown):
        body(transport, wire, POST)


def test_an_upload_that_is_cut_off_has_an_unknown_outcome():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def cut():
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.close()  # with bytes unread: the caller's next write fails

        thread = threading.Thread(target=cut)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with HttpTransport(None, LIMITS, trust_origin=url) as transport, pytest.raises(OutcomeUnknown):
            transport.send(POST, url)
        thread.join(5)


def test_an_unread_answer_takes_its_connection_with_it(wire):
    with HttpTransport(None, Limits(total=5.0, retries=0, max_response=10), trust_origin=wire.url) as transport:
        wire.plays(wire.reply(200, b"x" * 11), wire.reply(200, b"[2]"))
        with pytest.raises(Exception, match="larger than 10 bytes"):
            body(transport, wire)
        assert body(transport, wire) == b"[2]"
    assert wire.connections == 2
