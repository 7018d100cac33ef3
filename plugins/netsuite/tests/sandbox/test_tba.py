"""Token-based authentication, with oauthlib as the foreign signer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_netsuite.sandbox import NetSuiteSandbox
from anyerp_netsuite.sandbox.auth.oauth1 import Tba, base_string, signature
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256
from oauthlib.oauth1 import Client as Signer

from .conftest import HOST, RECORDS, detail

ORDERS = RECORDS + 'purchaseOrder?limit=5&offset=5&q=memo CONTAIN "a b&c"'.replace(" ", "%20").replace(
    '"', "%22"
).replace("&c", "%26c")


class Signing:
    """Signs calls with oauthlib and sends them."""

    def __init__(self, sandbox, clock):
        self.sandbox, self.clock = sandbox, clock

    def header(
        self, target=ORDERS, method="GET", *, realm="1234567_SB1", kind=SIGNATURE_HMAC_SHA256, nonce=None, **keys
    ):
        known = {
            "client_key": self.sandbox.tba.consumer_key,
            "client_secret": self.sandbox.tba.consumer_secret,
            "resource_owner_key": self.sandbox.tba.token_id,
            "resource_owner_secret": self.sandbox.tba.token_secret,
        } | keys
        stamp = str(int(self.clock().timestamp()))
        signer = Signer(**known, signature_method=kind, realm=realm, timestamp=stamp, nonce=nonce)
        _, headers, _ = signer.sign(f"https://{HOST}{target}", http_method=method)
        return headers["Authorization"]

    def send(self, header, target=ORDERS, method="GET", content=b""):
        sent = Headers({"host": HOST, "authorization": header, "content-type": "application/json"})
        return self.sandbox.handle(Call(method, target, sent, content))


@pytest.fixture
def signing(sandbox, clock):
    return Signing(sandbox, clock)


def test_a_call_signed_by_oauthlib_is_let_in_with_its_query(signing):
    assert signing.send(signing.header()).status == 200


def test_json_bodies_are_not_signed(signing):
    target = RECORDS + "department"
    body = json.dumps({"name": "Quality"}).encode()
    assert signing.send(signing.header(target, "POST"), target, "POST", body).status == 204


def test_an_altered_call_is_refused(signing):
    assert refused(signing.send(signing.header(), ORDERS.replace("offset=5", "offset=0")))
    assert refused(signing.send(signing.header(), method="DELETE"))
    assert refused(signing.send(signing.header().replace('oauth_nonce="', 'oauth_nonce="0')))
    assert refused(signing.send(signing.header() + ', oauth_extra="1"'))
    assert refused(signing.send(signing.header(), RECORDS + "vendor"))


@pytest.mark.parametrize(
    "keys",
    [
        {"client_secret": "wrong"},
        {"resource_owner_secret": "wrong"},
        {"client_key": "unknown"},
        {"resource_owner_key": "unknown"},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_wrong_or_unknown_keys_are_refused_in_the_same_words(signing, keys):
    assert refused(signing.send(signing.header(**keys)))


def test_the_realm_is_spelt_like_the_account_and_not_like_the_host(signing):
    assert refused(signing.send(signing.header(realm="1234567-sb1")))
    assert refused(signing.send(signing.header(realm="1234567_sb1")))
    assert signing.send(signing.header(realm="1234567_SB1")).status == 200


def test_sha1_has_ended(signing):
    assert refused(signing.send(signing.header(kind=SIGNATURE_HMAC_SHA1)))


def test_a_repeated_nonce_is_a_replay_and_a_fresh_one_is_not(signing):
    header = signing.header(nonce="onceonly")
    assert signing.send(header).status == 200
    assert refused(signing.send(header))
    assert "nonce" in signing.sandbox.oauth1.audit[-1]
    assert signing.send(signing.header()).status == 200


def test_a_nonce_of_a_refused_call_is_not_used_up(signing):
    assert refused(signing.send(signing.header(nonce="mine", client_secret="wrong")))
    assert signing.send(signing.header(nonce="mine")).status == 200


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_clock_some_minutes_off_fails(signing, clock, minutes):
    header = signing.header()
    clock.advance(minutes=minutes)
    assert refused(signing.send(header))


def test_a_malformed_header_is_refused_too(signing):
    for header in ("OAuth", "OAuth realm=1234567_SB1", signing.header() + ', realm="1234567_SB1"'):
        assert refused(signing.send(header))


def test_the_token_of_the_role_needs_its_own_permission(signing):
    signing.sandbox.revoke("Log in using Access Tokens")
    assert refused(signing.send(signing.header()))


def test_rotated_tokens_are_refused(signing):
    header = signing.header()
    signing.sandbox.rotate_credentials()
    assert refused(signing.send(header))
    assert signing.send(signing.header()).status == 200


def test_the_printed_example_of_oracle_is_accepted_as_signed(shared):
    vector = json.loads((shared / "samples" / "tba_signature_vector.json").read_text())
    signed = {name: value for name, value in vector.items() if name.startswith("oauth_")}
    base = base_string(vector["method"], vector["url"], signed.items())
    assert base == vector["base_string"]
    assert signature(base, vector["consumer_secret"], vector["token_secret"]) == vector["signature"]

    moment = datetime.fromtimestamp(int(vector["oauth_timestamp"]), UTC)
    sandbox = NetSuiteSandbox(account=vector["realm"], now=lambda: moment)
    keys = (vector["oauth_consumer_key"], vector["oauth_token"])
    sandbox.oauth1.tokens[keys] = Tba(keys[0], vector["consumer_secret"], keys[1], vector["token_secret"])
    values = {
        **signed,
        "oauth_signature": vector["signature"].replace("+", "%2B").replace("=", "%3D").replace("/", "%2F"),
    }
    header = f'OAuth realm="{vector["realm"]}", ' + ", ".join(f'{name}="{value}"' for name, value in values.items())
    host, _, path = vector["url"].removeprefix("https://").partition("/")
    sent = Headers({"host": host, "authorization": header})
    assert sandbox.handle(Call("GET", "/" + path, sent)).status == 404  # let in; there is no employee 40
    altered = Headers({"host": host, "authorization": header.replace(path[-2:], "41")})
    assert sandbox.handle(Call("GET", "/" + path.replace("40", "41"), altered)).status == 401


def refused(answer):
    challenge = 'OAuth realm="1234567_SB1", error="token_rejected", error_description="Invalid login attempt."'
    assert answer.headers["www-authenticate"] == challenge
    return detail(answer, 401)["o:errorCode"] == "INVALID_LOGIN"
