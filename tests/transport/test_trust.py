"""Whom a transport trusts: credentials and cookies go to the connection's own origin, and redirects stay within it."""

import pytest
from anyerp.errors import ConfigError, OutcomeUnknown, Unavailable, UnexpectedPayload
from anyerp.transport import HttpTransport, Limits
from anyerp.transport.cookies import Cookies
from anyerp.transport.origin import Origin, redacted, split
from anyerp.wire import Headers, Request

SECRET = {"Authorization": "Bearer canary"}


def test_credentials_never_go_to_another_origin(caller, wire, other_wire):
    transport = caller.transport(wire.url)
    with pytest.raises(UnexpectedPayload, match="trusts only") as caught:
        caller.get(transport, other_wire.url + "/next?token=abc", SECRET)
    assert str(wire.port) in str(caught.value)
    assert str(other_wire.port) in str(caught.value)
    assert "abc" not in str(caught.value)
    assert not other_wire.calls


def test_a_token_endpoint_elsewhere_gets_what_its_flow_wrote_and_nothing_of_the_connection(
    host_caller, wire, other_wire
):
    client = host_caller.client(headers={"Authorization": "Basic host", "X-Tenant": "t"})
    transport = host_caller.transport(wire.url, client=client)
    wire.plays(wire.reply(200, b"{}", "Set-Cookie: session=canary; Path=/"))
    host_caller.get(transport, wire.url)
    request = Request("POST", "/token", headers={"X-Client": "c"}, content=b"grant", authorized=False)
    host_caller.send(transport, request, other_wire.url + "/token", {**SECRET, "X-Extra": "e"})
    (call,) = other_wire.calls
    assert call.field("x-client") == "c"
    assert call.field("x-tenant") == "t"
    for name in ("authorization", "x-extra", "cookie"):
        assert call.field(name) is None


def test_a_cookie_of_an_origin_that_is_not_trusted_is_not_kept(caller, wire, other_wire):
    transport = caller.transport(wire.url)
    other_wire.plays(other_wire.reply(200, b"{}", "Set-Cookie: theirs=1; Path=/"))
    for _ in range(2):
        caller.get(transport, other_wire.url, authorized=False)
    assert [call.field("cookie") for call in other_wire.calls] == [None, None]


def test_a_hosts_auth_goes_to_the_trusted_origin_only(host_caller, wire, other_wire):
    transport = host_caller.transport(wire.url, client=host_caller.client(auth=("user", "canary")))
    host_caller.get(transport, wire.url)
    host_caller.get(transport, other_wire.url, authorized=False)
    assert wire.calls[0].field("authorization").startswith("Basic ")
    assert other_wire.calls[0].field("authorization") is None


def test_several_origins_may_be_trusted(caller, wire, other_wire):
    transport = caller.transport([wire.url + "/base/path", other_wire.url])
    for place in (wire, other_wire):
        caller.get(transport, place.url, SECRET)
        assert place.calls[0].field("authorization") == "Bearer canary"


def test_session_cookies_come_back_and_stay_with_their_origin_and_path(any_caller, wire, other_wire):
    wire.plays(
        wire.reply(
            200, b"{}", "Set-Cookie: SAP_SESSIONID=one; Path=/; HttpOnly; Secure", "Set-Cookie: deep=d; Path=/b1s"
        ),
        wire.reply(200, b"{}", "Set-Cookie: SAP_SESSIONID=two; Path=/"),
        wire.reply(200, b"{}", "Set-Cookie: SAP_SESSIONID=; Path=/; Max-Age=0"),
        wire.reply(),
    )
    transport = any_caller.transport([wire.url, other_wire.url])
    for path in ("/", "/b1s/v2/Orders", "/", "/"):
        any_caller.get(transport, wire.url + path, SECRET)
    any_caller.get(transport, other_wire.url)
    assert [call.field("cookie") for call in wire.calls] == [
        None,
        "deep=d; SAP_SESSIONID=one",
        "SAP_SESSIONID=two",
        None,
    ]
    assert {call.field("authorization") for call in wire.calls} == {"Bearer canary"}
    assert other_wire.calls[0].field("cookie") is None


def test_two_transports_on_one_client_do_not_share_a_session(caller, wire):
    client = caller.client()
    wire.plays(wire.reply(200, b"{}", "Set-Cookie: session=of-user-a; Path=/"), wire.reply())
    caller.get(caller.transport(wire.url, client=client), wire.url)
    caller.get(caller.transport(wire.url, client=client), wire.url)
    assert wire.calls[1].field("cookie") is None


def test_a_flows_own_cookie_wins_over_the_kept_one(caller, wire):
    wire.plays(wire.reply(200, b"{}", "Set-Cookie: a=kept", "Set-Cookie: b=kept"), wire.reply())
    transport = caller.transport(wire.url)
    caller.get(transport, wire.url)
    caller.get(transport, wire.url, {"Cookie": "a=own"})
    assert wire.calls[1].field("cookie") == "a=own; b=kept"


@pytest.mark.parametrize(
    ("line", "target", "asked", "sent"),
    [
        ("a=1", "/x/y?z", "/x/q", "a=1"),
        ("a=1", "/x/y", "/xx", ""),
        ("a=1; path=/x", "/", "/x", "a=1"),
        ("a=1; Path=/x/", "/", "/x/y", "a=1"),
        ("a=1; Path=/x", "/", "/xy", ""),
        ("a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "/", "/", ""),
        ("a=1; Expires=Wed, 21 Oct 2115 07:28:00 GMT", "/", "/", "a=1"),
        ("a=1; Expires=whenever", "/", "/", "a=1"),
        ("a=1; Max-Age=100; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "/", "/", "a=1"),
        ("a=1; Max-Age=-1", "/", "/", ""),
        ('a="quoted; Path=/', "/", "/", 'a="quoted'),
        ("a=b=c==", "/", "/", "a=b=c=="),
        ("nonsense", "/", "/", ""),
        ("=1", "/", "/", ""),
        ("", "/", "/", ""),
    ],
)
def test_a_cookie_is_kept_for_its_path_and_time(line, target, asked, sent):
    cookies, origin = Cookies(), Origin("https", "erp", 443)
    cookies.keep(origin, target, Headers([("Set-Cookie", line)]))
    assert cookies.header(origin, asked) == sent
    assert cookies.header(Origin("http", "erp", 443), asked) == ""
    assert "1" not in repr(cookies)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_read_follows_a_redirect_within_its_origin(caller, wire, status):
    wire.plays(wire.reply(status, b"", "Location: ../b?x=1#frag"), wire.reply(200, b"[1]"))
    assert caller.get(caller.transport(wire.url), wire.url + "/a/c", SECRET).content == b"[1]"
    assert wire.calls[1].target == "/b?x=1"
    assert wire.calls[1].field("authorization") == "Bearer canary"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_read_does_not_follow_a_redirect_to_another_origin(caller, wire, other_wire, status):
    wire.plays(wire.reply(status, b"", f"Location: {other_wire.url}/login?relay=canary"))
    with pytest.raises(ConfigError, match="redirects to") as caught:
        caller.get(caller.transport([wire.url, other_wire.url]), wire.url + "/a?q=canary", SECRET)
    assert f"http://127.0.0.1:{wire.port}" in str(caught.value)
    assert f"http://127.0.0.1:{other_wire.port}" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert not other_wire.calls


ODD = ["file:///etc/passwd", "http://user:pw@127.0.0.1/", "//evil.invalid/", "http://[", "https:\\\\e", "http://e:x/"]


@pytest.mark.parametrize("where", ODD)
def test_a_redirect_to_something_odd_is_not_followed(caller, wire, where):
    wire.plays(wire.reply(302, b"", f"Location: {where}"))
    transport = caller.transport(wire.url, Limits(retries=0))
    with pytest.raises((ConfigError, Unavailable), match=r"redirect|does not speak"):
        caller.get(transport, wire.url, SECRET)
    with pytest.raises(OutcomeUnknown):
        caller.post(transport, wire.url, SECRET)
    assert len(wire.calls) == 2


def test_a_circle_of_redirects_ends(caller, wire):
    wire.plays(wire.reply(302, b"", "Location: /again"))
    with pytest.raises(ConfigError, match="more than 5"):
        caller.get(caller.transport(wire.url), wire.url)
    assert len(wire.calls) == 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_is_never_sent_on(caller, wire, status):
    wire.plays(wire.reply(status, b"", "Location: /elsewhere"))
    expected = OutcomeUnknown if status in (302, 303) else ConfigError
    with pytest.raises(expected) as caught:
        caller.post(caller.transport(wire.url), wire.url)
    assert caught.value.status == status
    assert len(wire.calls) == 1


def test_a_query_by_post_is_sent_on_only_where_its_body_goes_along(caller, wire):
    wire.plays(wire.reply(308, b"", "Location: /v2"), wire.reply(200, b"[]"), wire.reply(302, b"", "Location: /v2"))
    transport = caller.transport(wire.url)
    assert caller.post(transport, wire.url, writes=False).content == b"[]"
    assert (wire.calls[1].method, wire.calls[1].body) == ("POST", b'{"a":1}')
    with pytest.raises(ConfigError, match="lose its body"):
        caller.post(transport, wire.url, writes=False)


def test_a_redirect_that_the_flow_wants_to_see_is_an_answer(caller, wire):
    wire.plays(wire.reply(302, b"", "Location: /result/7"))
    response = caller.post(caller.transport(wire.url), wire.url, accept=(302,))
    assert response.headers["location"] == "/result/7"


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://ERP.Example.com/a?b#c", Origin("https", "erp.example.com", 443), "/a?b"),
        ("HTTP://erp", Origin("http", "erp", 80), "/"),
        ("https://erp:8443?x=1", Origin("https", "erp", 8443), "?x=1"),
        ("https://[::1]:50000/x", Origin("https", "[::1]", 50000), "/x"),
    ],
)
def test_a_url_is_split_into_origin_and_target(url, origin, target):
    assert split(url) == (origin, target)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:canary@erp/",
        "https://user@erp/",
        "https://erp\\@evil/",
        "https://erp:99999999/",
        "https://erp:x/",
        "https://e rp/",
        "https://erp\n/",
        "https://érp/",
        "https://e%72p/",
        "https:///path",
        "ftp://erp/",
        "//erp/",
        "/relative",
        "",
        "https://erp:443@evil/",
        " https://erp/",
    ],
)
def test_a_url_that_readers_could_take_differently_is_refused_without_repeating_it(url):
    with pytest.raises(ConfigError) as caught:
        split(url)
    assert "canary" not in str(caught.value)
    with pytest.raises(ConfigError):
        HttpTransport(trust_origin=url)


def test_what_is_told_of_a_query_is_its_names():
    assert redacted("/a/b?$filter=x%20eq%201&token=canary&canary&=canary") == ("/a/b", ("$filter", "token", ""))
    assert redacted("/a") == ("/a", ())
