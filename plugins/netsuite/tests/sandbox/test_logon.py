"""OAuth 2.0: signed assertions, authorization code with PKCE, refresh tokens, and one refusal for every reason."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from anyerp_netsuite.sandbox import NetSuiteSandbox
from anyerp_netsuite.sandbox.auth.assertion import Certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from .conftest import HOST, RECORDS, TOKEN, Client, ask_token, assertion, detail, post_form, send

GRANT = {"error": "invalid_grant"}


def test_an_assertion_made_by_pyjwt_buys_a_token_for_an_hour(sandbox, clock):
    answer = ask_token(sandbox, assertion(sandbox, clock()))
    assert answer.status == 200
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (3600, "Bearer")
    bearer = "Bearer " + answer.json()["access_token"]
    assert send(sandbox, "GET", RECORDS + "currency/1", authorization=bearer).status == 200
    clock.advance(seconds=3600)
    expired = send(sandbox, "GET", RECORDS + "currency/1", authorization=bearer)
    assert detail(expired, 401)["o:errorCode"] == "INVALID_LOGIN"
    assert expired.headers["www-authenticate"] == (
        'Bearer realm="1234567_SB1", error="invalid_token", error_description="Invalid login attempt."'
    )


def test_the_audience_may_be_the_address_it_was_sent_to(sandbox, clock):
    token = assertion(sandbox, clock(), aud=f"http://127.0.0.1:8001{TOKEN}")
    assert ask_token(sandbox, token).json() == GRANT
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
    }
    assert post_form(sandbox, form, host="127.0.0.1:8001").status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://9999999.suitetalk.api.netsuite.com" + TOKEN},
        {"aud": f"https://{HOST}"},
        {"iss": "somebody"},
        {"kid": "another"},
        {"typ": "at+jwt"},
        {"scope": None},
        {"scope": ["restlets"]},
        {"scope": ["rest_webservices", "everything"]},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
def test_a_wrong_claim_is_an_invalid_grant(sandbox, clock, changes):
    answer = ask_token(sandbox, assertion(sandbox, clock(), **changes))
    assert (answer.status, answer.json()) == (400, GRANT)
    assert sandbox.oauth2.audit  # the reason stays with the account


def test_an_assertion_expires_and_may_not_live_for_an_hour(sandbox, clock):
    now = int(clock().timestamp())
    assert ask_token(sandbox, assertion(sandbox, clock(), exp=now + 3599)).status == 200
    assert ask_token(sandbox, assertion(sandbox, clock(), exp=now + 3600)).json() == GRANT
    old = assertion(sandbox, clock())
    clock.advance(seconds=300)
    assert ask_token(sandbox, old).json() == GRANT
    ahead = int(clock().timestamp()) + 301
    assert ask_token(sandbox, assertion(sandbox, clock(), iat=ahead, exp=ahead + 60)).json() == GRANT


def test_another_key_or_an_altered_assertion_is_an_invalid_grant(sandbox, clock):
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert ask_token(sandbox, assertion(sandbox, clock(), key=stranger)).json() == GRANT
    head, body, signature = assertion(sandbox, clock()).split(".")
    other = assertion(sandbox, clock(), scope="rest_webservices restlets").split(".")[1]
    assert ask_token(sandbox, f"{head}.{other}.{signature}").json() == GRANT
    for broken in ("", "a.b", f"{head}.{body}.", f"{head}.{body}.{'A' * 86}", f"%.{body}.{signature}"):
        assert ask_token(sandbox, broken).status == 400


@pytest.mark.parametrize(
    ("make", "algorithms"),
    [
        (lambda: rsa.generate_private_key(65537, 2048), ["PS256", "PS384", "PS512"]),
        (lambda: ec.generate_private_key(ec.SECP256R1()), ["ES256"]),
        (lambda: ec.generate_private_key(ec.SECP384R1()), ["ES384"]),
        (lambda: ec.generate_private_key(ec.SECP521R1()), ["ES512"]),
    ],
    ids=["rsa", "p256", "p384", "p521"],
)
def test_each_kind_of_key_signs_with_its_own_algorithms_and_rs256_is_none_of_them(sandbox, clock, make, algorithms):
    key, client = make(), sandbox.credentials["client_id"]
    sandbox.oauth2.certificates["uploaded"] = Certificate("uploaded", client, key.public_key())
    for algorithm in algorithms:
        token = assertion(sandbox, clock(), key=key, alg=algorithm, kid="uploaded")
        assert ask_token(sandbox, token).status == 200
    if "PS256" in algorithms:
        refused = assertion(sandbox, clock(), key=key, alg="RS256", kid="uploaded")
        assert ask_token(sandbox, refused).json() == GRANT


def test_the_algorithm_must_follow_the_curve(sandbox, clock):
    key = ec.generate_private_key(ec.SECP384R1())
    sandbox.oauth2.certificates["p384"] = Certificate("p384", sandbox.credentials["client_id"], key.public_key())
    head, body, _ = assertion(sandbox, clock(), alg="ES256", kid="p384").split(".")  # signed by a P-256 key
    der = key.sign(f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))  # right, but for the algorithm's name
    signature = b"".join(number.to_bytes(48) for number in decode_dss_signature(der))
    token = f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert ask_token(sandbox, token).json() == GRANT
    assert ask_token(sandbox, assertion(sandbox, clock(), key=key, alg="ES384", kid="p384")).status == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
    ],
)
def test_the_token_endpoint_names_what_is_wrong_with_the_form(sandbox, clock, form, error):
    assert ask_token(sandbox, assertion(sandbox, clock()), **form).json() == {"error": error}


def test_the_token_endpoint_takes_forms_only(sandbox):
    answer = post_form(sandbox, {"grant_type": "client_credentials"}, content_type="application/json")
    assert (answer.status, answer.json()) == (400, {"error": "invalid_request"})


def test_a_malformed_bearer_header_is_a_400_and_none_at_all_a_401(sandbox):
    malformed = send(sandbox, "GET", RECORDS + "currency/1", authorization="Bearer ")
    assert 'error="invalid_request"' in malformed.headers["www-authenticate"]
    assert malformed.status == 400
    assert detail(send(sandbox, "GET", RECORDS + "currency/1"), 401)["o:errorCode"] == "INVALID_LOGIN"


@pytest.mark.parametrize("permission", ["REST Web Services", "Log in using OAuth 2.0 Access Tokens"])
def test_a_role_without_the_right_to_log_on_is_refused_like_a_wrong_token(sandbox, client, permission):
    sandbox.revoke(permission)
    assert detail(client.ask("GET", "currency/1"), 401)["o:errorCode"] == "INVALID_LOGIN"
    sandbox.grant(permission)
    client.get("currency/1")


def test_rotated_credentials_and_a_disabled_integration_shut_everyone_out(sandbox, client, clock):
    before = assertion(sandbox, clock())
    sandbox.rotate_credentials()
    assert client.ask("GET", "currency/1").status == 401
    assert ask_token(sandbox, before).json() == GRANT
    client.log_on().get("currency/1")
    sandbox.expire_sessions()
    assert client.ask("GET", "currency/1").status == 401
    client.log_on()
    sandbox.disable_integration()
    assert client.ask("GET", "currency/1").status == 401
    assert ask_token(sandbox, assertion(sandbox, clock())).json() == GRANT


class Consent:
    """The authorization code flow, by hand."""

    def __init__(self, sandbox, client):
        self.sandbox, self.client = sandbox, client
        self.verifier = "v" * 64
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def basic(self, secret=None):
        pair = f"{self.client.id}:{secret or self.client.secret}".encode()
        return {"authorization": "Basic " + base64.b64encode(pair).decode()} if self.client.secret else {}

    def authorize(self, **changes):
        query = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": self.client.redirect_uri,
            "scope": "rest_webservices",
            "state": "s" * 24,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        } | changes
        host = "1234567-sb1.app.netsuite.com"
        answer = send(self.sandbox, "GET", "/app/login/oauth2/authorize.nl?" + urlencode(query), host=host)
        where = urlsplit(answer.headers.get("location", ""))
        return answer.status, dict(parse_qsl(where.query))

    def exchange(self, code, *, secret=None, **changes):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "code_verifier": self.verifier,
            **({} if self.client.secret else {"client_id": self.client.id}),
        } | changes
        return post_form(self.sandbox, form, **self.basic(secret))

    def refresh(self, token):
        form = {"grant_type": "refresh_token", "refresh_token": token}
        if not self.client.secret:
            form["client_id"] = self.client.id
        return post_form(self.sandbox, form, **self.basic())

    def tokens(self):
        status, query = self.authorize()
        assert (status, query["state"]) == (302, "s" * 24)
        return self.exchange(query["code"]).json()


@pytest.fixture
def consent(sandbox):
    return Consent(sandbox, sandbox.client)


def test_a_consent_with_pkce_gives_a_token_whose_lifetime_is_a_string(sandbox, consent):
    tokens = consent.tokens()
    assert (tokens["expires_in"], tokens["token_type"]) == ("3600", "bearer")
    bearer = "Bearer " + tokens["access_token"]
    assert send(sandbox, "GET", RECORDS + "currency/1", authorization=bearer).status == 200


def test_a_code_is_good_for_one_use_with_its_verifier_and_redirect_uri(consent, clock):
    _, query = consent.authorize()
    assert consent.exchange(query["code"]).status == 200
    assert consent.exchange(query["code"]).json() == GRANT
    for changes in ({"code_verifier": "w" * 64}, {"redirect_uri": "http://elsewhere/"}):
        _, query = consent.authorize()
        assert consent.exchange(query["code"], **changes).json() == GRANT
    _, query = consent.authorize()
    wrong = consent.exchange(query["code"], secret="wrong")
    assert (wrong.status, wrong.json()) == (401, {"error": "invalid_client"})
    clock.advance(seconds=601)
    assert consent.exchange(query["code"]).json() == GRANT


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
def test_the_consent_page_sends_errors_back(consent, changes, error):
    status, query = consent.authorize(**changes)
    assert (status, query.get("error"), "code" in query) == (302, error, False)


def test_a_user_who_is_asked_may_deny(sandbox, consent):
    sandbox.oauth2.asks = True
    assert consent.authorize(choice="deny")[1]["error"] == "access_denied"
    assert "code" in consent.authorize(choice="allow")[1]


def test_the_consent_page_sends_nobody_to_a_strange_address(consent):
    assert consent.authorize(redirect_uri="http://evil/")[0] == 400
    assert consent.authorize(client_id="nobody")[0] == 400


def test_a_refresh_token_of_a_confidential_client_lasts_seven_days_and_stays(consent, clock):
    token = consent.tokens()["refresh_token"]
    for _ in range(2):
        answer = consent.refresh(token)
        assert answer.status == 200
        assert "refresh_token" not in answer.json()
    clock.advance(days=7)
    assert consent.refresh(token).json() == GRANT


def test_a_refresh_token_of_a_public_client_is_good_for_one_use_within_two_days(sandbox, clock):
    consent = Consent(sandbox, sandbox.add_public_client())
    first = consent.tokens()["refresh_token"]
    second = consent.refresh(first).json()["refresh_token"]
    assert second != first
    assert consent.refresh(first).json() == GRANT
    clock.advance(days=2)
    assert consent.refresh(second).json() == GRANT


def test_the_credentials_fit_the_chosen_way_in(clock):
    assert NetSuiteSandbox(now=clock).credentials.keys() == {"client_id", "certificate_id", "private_key"}
    tba = NetSuiteSandbox(now=clock, auth="tba").credentials
    assert tba.keys() == {"consumer_key", "consumer_secret", "token_id", "token_secret"}
    code = NetSuiteSandbox(now=clock, auth="authorization_code").credentials
    assert code.keys() == {"client_id", "client_secret"}


def test_no_secret_shows_in_a_repr(sandbox, clock):
    secret = [sandbox.tba.consumer_secret, sandbox.tba.token_secret, sandbox.client.secret]
    secret += [sandbox.credentials["private_key"].splitlines()[1], Client(sandbox, clock).log_on().bearer[7:]]
    shown = " ".join(map(repr, (sandbox, sandbox.oauth1, sandbox.oauth2, sandbox.tba, sandbox.client, sandbox._keys)))
    assert not [one for one in secret if one in shown]
