"""Secrets never leave: canaries in headers, queries, cookies, bodies and answers, and nobody hears them."""

import json
import logging
import socket
import traceback

import pytest
from anyerp.errors import AnyErpError
from anyerp.transport import Limits
from anyerp.transport.conversation import Attempt
from anyerp.transport.origin import Origin
from anyerp.wire import Request

CANARY = "c4n4ry"
LIMITS = Limits(total=20.0, connect=2.0, max_response=10_000)


@pytest.fixture
def heard(caplog):
    """Everything that is logged at any level by anyone, as text."""
    caplog.set_level(0)
    logging.getLogger().setLevel(logging.DEBUG)
    formatter = logging.Formatter("%(name)s %(message)s")
    return lambda: "\n".join(formatter.format(record) for record in caplog.records)


def told(error):
    """All that a careless host could print of an error: text, facts, traceback, and the same of what led to it."""
    parts = [str(error), repr(error), json.dumps(error.to_dict()), "".join(traceback.format_exception(error))]
    seen = error.__context__ or error.__cause__
    while seen is not None:
        parts += [str(seen), repr(seen), "".join(traceback.format_exception(seen))]
        seen = seen.__context__ or seen.__cause__
    return "\n".join(parts)


def scenes(wire):
    secret_cookie = f"Set-Cookie: SAP_SESSIONID={CANARY}; Path=/"
    return {
        "an answer": [wire.reply(200, CANARY.encode(), secret_cookie, f"X-CSRF-Token: {CANARY}")],
        "a refusal": [wire.reply(401, CANARY.encode(), f"WWW-Authenticate: Basic realm={CANARY}")],
        "a busy ERP": [wire.reply(429, b"", "Retry-After: 1", secret_cookie), wire.reply()],
        "a lost answer": [wire.hang_up],
        "an answer cut off": [wire.raw(f"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{CANARY}".encode())],
        "garbage": [wire.raw(f"{CANARY} {CANARY}\r\n\r\n".encode())],
        "a bad header": [wire.raw(f"HTTP/1.1 200 OK\r\n{CANARY}\x00 {CANARY}\r\n\r\n".encode())],
        "a redirect here": [wire.reply(302, b"", f"Location: /x?token={CANARY}"), wire.reply()],
        "a redirect away": [wire.reply(302, b"", f"Location: http://127.0.0.1:9/?token={CANARY}")],
        "a redirect with a password": [wire.reply(302, b"", f"Location: http://me:{CANARY}@127.0.0.1/")],
        "a redirect that is no URL": [wire.reply(302, b"", f"Location: http://[{CANARY}")],
        "too much": [wire.reply(200, CANARY.encode() * 10_000)],
        "damaged packing": [wire.reply(200, CANARY.encode(), "Content-Encoding: gzip")],
        "foreign packing": [wire.reply(200, CANARY.encode(), f"Content-Encoding: {CANARY}")],
    }


SCENES = list(scenes(type("Names", (), {"reply": print, "raw": print, "hang_up": None})))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("scene", SCENES)
def test_no_canary_is_heard_whatever_happens(caller, wire, clock, heard, scene, method):
    wire.plays(*scenes(wire)[scene])
    events = []
    transport = caller.transport(wire.url, LIMITS, clock=clock, observe=events.append, account=f"of {wire.port}")
    request = Request(
        method, "/x", headers={"X-Api-Key": CANARY}, json={"password": CANARY} if method == "POST" else None
    )
    voices = [repr(request)]
    for _ in range(2):  # the second call carries the session cookie
        try:
            response = caller.send(
                transport, request, f"{wire.url}/x?sap-client=100&access_token={CANARY}", {"Authorization": CANARY}
            )
            voices += [repr(response), repr(response.headers).replace(f"realm={CANARY}", "")]
        except AnyErpError as error:
            voices.append(told(error))
    assert any(call.field("x-api-key") == CANARY for call in wire.calls)
    assert events
    voices += [repr(transport), repr(transport._session), repr(transport._session.cookies), repr(events), heard()]
    assert CANARY not in "\n".join(voices)


def test_nothing_is_heard_where_nothing_listens(caller, clock, heard):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(AnyErpError) as caught:
            caller.get(caller.transport(url, LIMITS, clock=clock), f"{url}/?key={CANARY}", {"Authorization": CANARY})
    assert CANARY not in told(caught.value) + heard()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/x", {"Authorization": f"Bearer {CANARY}\r\n"}),
        ("/x", {"Authorization": f"Bearer {CANARY}☃"}),
        ("/x", {f"{CANARY} ": "1"}),
        (f"/\x00{CANARY}", {}),
        (f"/{'x' * 70_000}{CANARY}", {}),
    ],
)
def test_what_cannot_be_sent_is_not_repeated(caller, wire, heard, path, headers):
    with pytest.raises(AnyErpError) as caught:
        caller.get(caller.transport(wire.url), wire.url + path, headers)
    assert CANARY not in told(caught.value) + heard()
    assert not wire.calls


def test_a_password_in_a_url_is_refused_and_not_repeated(caller, wire, heard):
    transport = caller.transport(wire.url)
    with pytest.raises(AnyErpError) as caught:
        caller.get(transport, wire.url.replace("//", f"//user:{CANARY}@"))
    assert CANARY not in told(caught.value) + heard()


def test_our_own_client_is_silent_too(own_caller, wire, heard):
    wire.plays(wire.reply(200, b"{}", f"Set-Cookie: a={CANARY}"))
    own_caller.get(own_caller.transport(wire.url), f"{wire.url}/?key={CANARY}", {"Authorization": CANARY})
    assert CANARY not in heard()
    assert len(wire.calls) == 1


def test_what_a_host_sends_itself_is_logged_as_ever(host_caller, wire, heard):
    client = host_caller.client()
    host_caller.get(host_caller.transport(wire.url, client=client), f"{wire.url}/?ours={CANARY}")
    host_caller.run(client.get(f"{wire.url}/?theirs=1"))
    assert "theirs=1" in heard()
    assert "receive_response_headers.complete" in heard()
    assert CANARY not in heard()


def test_an_event_is_facts_from_a_fixed_list(any_caller, wire):
    events = []
    wire.plays(wire.reply(201, b"12345"))
    transport = any_caller.transport(wire.url, observe=events.append)
    any_caller.post(transport, wire.url + "/a/b?$filter=x&key=y", json={"n": 1})
    (event,) = events
    assert event.pop("elapsed") > 0
    assert event == {
        "event": "request",
        "method": "POST",
        "scheme": "http",
        "host": "127.0.0.1",
        "port": wire.port,
        "path": "/a/b",
        "params": ("$filter", "key"),
        "attempt": 1,
        "status": 201,
        "error": None,
        "sent": 7,
        "received": 5,
    }


def test_each_attempt_is_an_event_with_what_went_wrong(caller, wire, clock):
    events = []
    wire.plays(wire.hang_up, wire.reply(503), wire.reply())
    caller.get(caller.transport(wire.url, LIMITS, clock=clock, observe=events.append), wire.url)
    assert [(e["attempt"], e["status"], e["error"]) for e in events] == [
        (1, None, "protocol"),
        (2, 503, None),
        (3, 200, None),
    ]


def test_an_observer_that_fails_is_noted_by_name_and_does_no_harm(caller, wire, heard):
    def observer(event):
        raise RuntimeError(CANARY)

    assert caller.get(caller.transport(wire.url, observe=observer), wire.url).status == 200
    assert "an observer failed: RuntimeError" in heard()
    assert CANARY not in heard()


def test_an_attempt_shows_method_and_origin_only():
    attempt = Attempt("GET", CANARY, Origin("https", "erp", 443), CANARY, [(b"a", CANARY.encode())], b"", True, 0.0)
    assert repr(attempt) == "<Attempt GET https://erp:443>"
