"""Three ways to log on (netsuite sheet §2): assertions, signed calls, consent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from anyerp.connection.consent import begin, redeem
from anyerp.connector import ConsentRequest, Response
from anyerp.errors import ConfigError, CredentialsRejected, NotSupported, ReauthorizationRequired, Unavailable
from anyerp.testing.sandbox import Call, Once, lose_after, lose_before
from anyerp.wire import Headers
from anyerp_netsuite.auth.assertion import assertion
from anyerp_netsuite.auth.oauth1 import authorization, base_string, signature
from anyerp_netsuite.settings import Consent, Settings, Tba
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

URL = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
KEYS = {
    "PS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
}


def pem(key: Any) -> str:
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none).decode()


@pytest.mark.parametrize("algorithm", KEYS)
def test_an_assertion_is_one_that_a_foreign_library_verifies(algorithm: str) -> None:
    key = KEYS[algorithm]()
    token = assertion("client", "certificate", pem(key), URL, NOW)
    assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": algorithm, "kid": "certificate"}
    found = jwt.decode(token, key.public_key(), [algorithm], audience=URL, options={"verify_exp": False})
    issued = int(NOW.timestamp())
    assert found == {
        "iss": "client",
        "scope": ["rest_webservices"],
        "aud": URL,
        "iat": issued,
        "exp": issued + 300,
    }


def test_a_key_whose_line_ends_are_spelt_out_is_taken() -> None:
    key = pem(KEYS["ES256"]())
    assert assertion("client", "certificate", key.replace("\n", "\\n"), URL, NOW)


@pytest.mark.parametrize("key", ["nonsense", "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ConfigError, match="no PEM private key") as caught:
        assertion("client", "certificate", key, URL, NOW)
    assert "abc" not in str(caught.value)


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match="of a kind"):
        assertion("client", "certificate", pem(ed25519.Ed25519PrivateKey.generate()), URL, NOW)


def test_an_access_token_is_used_until_it_ends_and_then_signed_for_anew(place, erp, clock):
    list(erp.units.list())
    list(erp.units.list())
    assert len(place.calls("POST", "/token")) == 1
    clock.advance(minutes=61)
    list(erp.units.list())
    assert len(place.calls("POST", "/token")) == 2


def test_a_refused_assertion_is_a_matter_of_set_up_and_not_repeated(place):
    credentials = {**place.sandbox.credentials, "certificate_id": "gone"}
    with place.connect(place.context(credentials)) as erp, pytest.raises(CredentialsRejected) as caught:
        erp.units.page()
    assert "certificate" in str(caught.value.hint)
    assert len(place.sandbox.calls) == 1


def test_the_signature_is_the_one_that_oracle_prints(shared):
    known = json.loads((shared / "samples" / "tba_signature_vector.json").read_text())
    names = ("consumer_key", "token", "nonce", "timestamp", "signature_method", "version")
    fields = [(f"oauth_{name}", known[f"oauth_{name}"]) for name in names]
    base = base_string(known["method"], known["url"], fields)
    assert base == known["base_string"]
    assert signature(base, known["consumer_secret"], known["token_secret"]) == known["signature"]


@pytest.mark.parametrize("query", ["", "?limit=5&q=externalId%20IS%20%22a%20b%26c%22", "?a=2&a=1&b="])
def test_a_signed_call_is_the_one_that_oauthlib_signs(query: str) -> None:
    tba = Tba(consumer_key="c" * 64, consumer_secret="s&cret/+", token_id="t" * 64, token_secret="tok=n")
    url = f"https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1/purchaseOrder{query}"
    ours = authorization(tba, "1234567", "GET", url, NOW, nonce="abcdef0123")
    stamp = str(int(NOW.timestamp()))
    signer = Client("c" * 64, "s&cret/+", "t" * 64, "tok=n", signature_method=SIGNATURE_HMAC_SHA256,
                    realm="1234567", nonce="abcdef0123", timestamp=stamp)  # fmt: skip
    theirs = signer.sign(url)[1]["Authorization"]
    assert sorted(ours.removeprefix("OAuth ").split(", ")) == sorted(theirs.removeprefix("OAuth ").split(", "))


def test_signed_calls_are_let_in(place):
    place.open(auth="tba")
    with place.connect() as erp:
        assert [unit.name for unit in erp.units.list()][:1] == ["Each"]
        assert erp.purchase_orders.get("2173").number == "PO45723"
    assert not place.calls("POST", "/token")


def test_each_attempt_is_signed_anew_since_a_repetition_is_a_replay(place):
    place.open(auth="tba")
    place.sandbox.faults.append(Once(lose_before))
    place.sandbox.faults.append(Once(_busy))
    with place.connect() as erp:
        assert list(erp.units.list())
    sent = [call.headers["authorization"] for call in place.sandbox.calls]
    assert len(sent) == 3
    assert len({part for value in sent for part in value.split(", ") if part.startswith("oauth_nonce")}) == 3


def _busy(call: Call, proceed: Any) -> Response:
    return Response(503, Headers({"content-type": "text/html"}), b"<h1>busy</h1>")


def test_a_refused_signature_is_tried_once(place):
    place.open(auth="tba")
    credentials = {**place.sandbox.credentials, "token_secret": "wrong" * 8}
    with place.connect(place.context(credentials)) as erp, pytest.raises(CredentialsRejected) as caught:
        erp.units.page()
    assert len(place.sandbox.calls) == 1
    assert "Login Audit Trail" in str(caught.value.hint)
    assert "wrong" not in str(caught.value.to_dict())


class Store(dict):
    """A token store of one connection."""

    name = "netsuite-of-the-test"

    def load(self):
        return dict(self)

    def save(self, facts):
        self.clear()
        self.update(facts)


def consented(place, *, public: bool = False):
    """Walk the consent page; gives a context whose store holds a refresh token."""
    client = place.sandbox.add_public_client() if public else place.sandbox.client
    credentials = {"client_id": client.id}
    if not public:
        credentials["client_secret"] = client.secret
    context = place.context(credentials)
    context.tokens = Store()
    with place.connect(context) as erp:
        begun = begin(erp, client.redirect_uri)
        parts = urlsplit(begun.url)
        answer = place.sandbox.handle(Call("GET", f"{parts.path}?{parts.query}", Headers({"host": parts.netloc})))
        back = parse_qs(urlsplit(answer.headers["location"]).query)
        assert back["state"] == [begun.asked.state]
        redeem(erp, begun.asked, back["code"][0])
    return context


def test_users_sign_in_where_netsuite_has_its_pages(place):
    client = place.sandbox.client
    credentials = {"client_id": client.id, "client_secret": client.secret}
    with place.connect(place.context(credentials, app_url=None)) as erp:
        url = urlsplit(begin(erp, client.redirect_uri).url)
    assert url.netloc == "1234567-sb1.app.netsuite.com"
    assert parse_qs(url.query)["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize("public", [False, True], ids=["with a secret", "public"])
def test_a_consent_is_redeemed_and_its_refresh_token_used(place, clock, public):
    context = consented(place, public=public)
    first = context.tokens["refresh_token"]
    with place.connect(context) as erp:
        assert list(erp.units.list())
        clock.advance(hours=2)
        assert list(erp.units.list())
    ends = datetime.fromisoformat(context.tokens["refresh_ends_at"])
    begun = clock() - timedelta(hours=2)
    assert ends == (clock() + timedelta(days=2) if public else begun + timedelta(days=7))
    # A public client's refresh token is good for one use: the next one was kept.
    assert (context.tokens["refresh_token"] == first) is not public


def test_a_withdrawn_consent_asks_for_a_new_one(place):
    context = consented(place)
    place.sandbox.oauth2.revoke_consent()
    with place.connect(context) as erp, pytest.raises(ReauthorizationRequired):
        erp.units.page()


def test_a_code_of_another_request_is_refused_and_the_tokens_of_before_stay(place):
    context = consented(place)
    before = dict(context.tokens)
    with place.connect(context) as erp, pytest.raises(ReauthorizationRequired, match="authorization code"):
        redeem(erp, begin(erp, place.sandbox.client.redirect_uri).asked, "code")
    assert dict(context.tokens) == before


def test_a_code_whose_answer_is_lost_is_not_sent_again(place):
    context = consented(place)
    place.sandbox.calls.clear()
    place.sandbox.faults.append(Once(lose_after))
    with place.connect(context) as erp, pytest.raises(Unavailable, match="no tokens"):
        redeem(erp, begin(erp, place.sandbox.client.redirect_uri).asked, "code")
    assert len(place.sandbox.calls) == 1


def test_another_way_to_log_on_has_no_page(place):
    with place.connect() as erp, pytest.raises(NotSupported, match="consents"):
        begin(erp, "https://host.example/callback")


@pytest.mark.parametrize("account", ["1234567_SB1", "1234567-sb1", "1234567_sb1"])
def test_an_account_may_be_spelt_either_way(account: str) -> None:
    settings = Settings(account=account)
    assert settings.origin == "https://1234567-sb1.suitetalk.api.netsuite.com"
    assert settings.realm == "1234567_SB1"


@pytest.mark.parametrize("account", ["", "a/b", "evil.example", "x@y", "1_2_3"])
def test_what_cannot_be_part_of_a_host_name_is_no_account(account: str) -> None:
    with pytest.raises(ValueError, match="account"):
        Settings(account=account)


def test_no_secret_shows_in_credentials() -> None:
    asked = ConsentRequest.new("http://127.0.0.1/")
    shown = repr(Consent(client_id="c", client_secret="s3cret")) + repr(asked)
    assert "s3cret" not in shown
    assert asked.verifier not in shown
