"""What a transport carries there and brings back, by every client that a host may have."""

import gzip
import subprocess
import sys
import zlib

import httpx
import httpx2
import pytest
from anyerp.errors import ConfigError, UnexpectedPayload
from anyerp.transport import AsyncHttpTransport, HttpTransport, Limits
from anyerp.transport.body import Body
from anyerp.transport.lines import Lines
from anyerp.wire import Request


def test_a_request_goes_out_whole_and_its_answer_comes_back_whole(any_caller, wire):
    wire.plays(wire.reply(201, b'{"id": 7}', "X-Request-Id: r-1", "Set-Cookie: a=1", "Set-Cookie: b=2"))
    transport = any_caller.transport(wire.url)
    response = any_caller.post(
        transport, wire.url + "/orders?$select=a,b", {"Authorization": "Bearer t"}, json={"n": 1}
    )
    assert (response.status, response.json(), response.headers["x-request-id"]) == (201, {"id": 7}, "r-1")
    assert response.headers.all("set-cookie") == ["a=1", "b=2"]
    (call,) = wire.calls
    assert (call.method, call.target, call.body) == ("POST", "/orders?$select=a,b", b'{"n":1}')
    assert call.field("authorization") == "Bearer t"
    assert call.field("content-type") == "application/json"
    assert call.field("content-length") == "7"


def test_later_headers_win_whatever_their_case(caller, wire):
    request = Request("GET", "/", headers={"accept": "application/json", "X-A": "request"})
    caller.send(caller.transport(wire.url), request, wire.url, {"x-a": "extra"})
    assert wire.calls[0].field("accept") == "application/json"
    assert wire.calls[0].field("x-a") == "extra"


def test_a_hosts_own_default_headers_go_along_and_its_cookies_and_base_url_do_not(host_caller, wire):
    client = host_caller.client(headers={"X-Tenant": "t"}, cookies={"theirs": "1"}, base_url="http://127.0.0.1:9/x/")
    host_caller.get(host_caller.transport(wire.url, client=client), wire.url + "/y")
    assert (wire.calls[0].field("x-tenant"), wire.calls[0].field("cookie")) == ("t", None)
    assert wire.calls[0].target == "/y"


def test_connections_are_kept_alive(any_caller, wire):
    transport = any_caller.transport(wire.url)
    for _ in range(3):
        any_caller.get(transport, wire.url)
    assert (wire.connections, len(wire.calls)) == (1, 3)


@pytest.mark.parametrize("members", [1, 3])
def test_a_packed_answer_is_unpacked(caller, wire, members):
    text = b'{"value": [' + b"1.10, " * 50_000 + b"2]}"
    cut = len(text) // members + 1
    packed = b"".join(gzip.compress(text[i : i + cut]) for i in range(0, len(text), cut))
    wire.plays(wire.reply(200, packed, "Content-Encoding: gzip"))
    response = caller.get(caller.transport(wire.url), wire.url)
    assert response.content == text
    assert "content-encoding" not in response.headers
    assert "content-length" not in response.headers
    assert wire.calls[0].field("accept-encoding") == "gzip"


def test_padding_after_a_packed_answer_is_skipped(caller, wire):
    wire.plays(wire.reply(200, gzip.compress(b"[1]") + b"\0" * 512, "Content-Encoding: gzip"))
    assert caller.get(caller.transport(wire.url), wire.url).content == b"[1]"


@pytest.mark.parametrize("size", [1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024 + 258])
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_every_byte_of_a_long_run_comes_out_of_its_packing(size, step):
    packed, body = gzip.compress(b"a" * size), Body(64 * 1024 * 1024, "gzip")
    for begin in range(0, len(packed), step):
        body.feed(packed[begin : begin + step])
    assert body.whole() == b"a" * size


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"x" * 1000, mtime=0)[:-9]),
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"x" * 1000, mtime=0)[:12]),
        ("br", b"\x0b\x02\x80{}\x03"),
        ("deflate", zlib.compress(b"{}")),
    ],
)
def test_an_answer_that_cannot_be_unpacked_is_an_unexpected_payload(caller, wire, coding, body):
    wire.plays(wire.reply(200, body, f"Content-Encoding: {coding}"))
    with pytest.raises(UnexpectedPayload, match="cannot be taken"):
        caller.get(caller.transport(wire.url), wire.url)
    assert len(wire.calls) == 1


def test_an_answer_without_a_body_is_taken_even_if_it_names_a_packing(caller, wire):
    wire.plays(wire.reply(204, b"", "Content-Encoding: gzip"), wire.reply(200, b"x" * 10))
    transport = caller.transport(wire.url, Limits(max_response=5))
    assert caller.get(transport, wire.url).content == b""
    head = caller.send(transport, Request("HEAD", "/"), wire.url)
    assert (head.status, head.content) == (200, b"")


@pytest.mark.parametrize("status", [200, 304, 400, 401, 403, 404, 409, 412, 422, 500, 501])
def test_a_status_is_an_answer_and_comes_back_at_once(caller, wire, status):
    wire.plays(wire.reply(status, b""))
    assert caller.get(caller.transport(wire.url), wire.url).status == status
    assert caller.post(caller.transport(wire.url), wire.url).status == status
    assert len(wire.calls) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "line\r\nX-B: two"), ("X-A", "naïve ☃"), ("X A", "1"), ("", "1"), ("X-A", "nul\0"), ("X-A", "two\n")],
)
def test_a_header_that_http_cannot_carry_is_refused_without_its_value(caller, wire, name, value):
    with pytest.raises(ConfigError) as caught:
        caller.get(caller.transport(wire.url), wire.url, {name: value})
    assert not set(value) & set("\r\0☃") & set(str(caught.value))
    assert "two" not in str(caught.value)
    assert not wire.calls


def test_latin_1_in_a_header_is_carried(caller, wire):
    caller.get(caller.transport(wire.url), wire.url, {"X-Name": "Müller"})
    assert wire.calls[0].field("x-name") == "Müller"


def test_a_method_that_http_cannot_carry_is_refused(caller, wire):
    with pytest.raises(ConfigError):
        caller.send(caller.transport(wire.url), Request("GET / HTTP/1.1\r\n", "/"), wire.url)


def test_a_hosts_client_stays_open_and_ours_is_closed(host_caller, wire):
    client = host_caller.client()
    transport = host_caller.transport(wire.url, client=client)
    host_caller.get(transport, wire.url)
    host_caller.close_transport(transport)
    assert not client.is_closed
    with pytest.raises(ConfigError, match="closed"):
        host_caller.get(transport, wire.url)


def test_a_client_that_its_host_has_closed_is_a_clear_error(host_caller, wire):
    client = host_caller.client()
    host_caller.run(client.aclose() if host_caller.asynchronous else client.close())
    with pytest.raises(ConfigError, match="closed"):
        host_caller.get(host_caller.transport(wire.url, client=client), wire.url)


def test_our_own_client_is_made_at_the_first_request_and_closed_with_us(own_caller, wire):
    transport = own_caller.transport(wire.url)
    assert transport._client is None
    own_caller.get(transport, wire.url)
    assert isinstance(transport._client, (Lines, httpx2.AsyncClient))
    own_caller.close_transport(transport)
    assert transport._client.is_closed


class Session:
    """Not an HTTP client that we know."""


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_a_client_of_the_wrong_kind_is_refused_with_the_remedy(module):
    with pytest.raises(ConfigError, match="AsyncClient was given where a Client is needed") as caught:
        HttpTransport(module.AsyncClient(verify=False), trust_origin="http://erp")
    assert "anyerp.aconnect" in str(caught.value)
    with module.Client(verify=False) as client, pytest.raises(ConfigError, match=r"\.Client was given where"):
        AsyncHttpTransport(client, trust_origin="http://erp")
    with pytest.raises(ConfigError, match="Session cannot carry requests") as caught:
        HttpTransport(Session(), trust_origin="http://erp")
    assert "httpx2.Client" in str(caught.value)


def test_a_subclass_of_a_hosts_client_is_known(wire):
    class Ours(httpx2.Client):
        pass

    with Ours(verify=False) as client:
        assert HttpTransport(client, trust_origin=wire.url).send(Request("GET", "/"), wire.url).status == 200


def test_limits_that_make_no_sense_are_refused():
    for bad in ({"total": 0}, {"max_in_flight": 0}, {"retries": -1}, {"connect": float("nan")}):
        with pytest.raises(ValueError, match=f"Limits.{next(iter(bad))}"):
            Limits(**bad)


def test_importing_the_transport_loads_neither_an_http_library_nor_asyncio():
    code = "import sys, anyerp.transport; print(*{'httpx', 'httpx2', 'asyncio', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == []
