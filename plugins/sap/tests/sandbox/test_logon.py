"""Logon, sessions, CSRF tokens, arrangements."""

from __future__ import annotations

import base64

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers
from anyerp_sap.sandbox import S4Sandbox

TOKEN = "/sap/bc/sec/oauth2/token"
ORDERS = "/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder?$top=1"


def ask(sandbox, method="GET", target=ORDERS, content=b"", **headers):
    sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return sandbox.handle(Call(method, target, sent, content))


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_without_credentials_the_logon_page_is_html_and_names_the_realm(sandbox):
    answer = ask(sandbox)
    assert (answer.status, answer.media_type) == (401, "text/html")
    assert answer.headers["www-authenticate"] == 'Basic realm="SAP NetWeaver Application Server [S4H/100]"'


def test_five_wrong_passwords_lock_the_user_and_then_the_right_one_fails_too(sandbox):
    name, password = sandbox.credentials["username"], sandbox.credentials["password"]
    for _ in range(2):
        for _ in range(4):
            assert ask(sandbox, authorization=basic(name, "wrong")).status == 401
        assert ask(sandbox, authorization=basic(name, password)).status == 200  # counts from zero again
    for _ in range(5):
        assert ask(sandbox, authorization=basic(name, "wrong")).status == 401
    assert ask(sandbox, authorization=basic(name, password)).status == 401
    assert sandbox.access.locked


def test_an_unreadable_authorization_is_a_401_and_locks_nobody(sandbox):
    for _ in range(6):
        assert ask(sandbox, authorization="Basic %%%").status == 401
    assert not sandbox.access.locked


def test_client_credentials_buy_a_token_that_expires(clock):
    sandbox = S4Sandbox(auth="oauth", now=clock)
    client = basic(sandbox.credentials["client_id"], sandbox.credentials["client_secret"])
    answer = ask(sandbox, "POST", TOKEN, b"grant_type=client_credentials", authorization=client)
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 3600
    bearer = "Bearer " + answer.json()["access_token"]
    assert ask(sandbox, authorization=bearer).status == 200
    clock.advance(seconds=3600)
    expired = ask(sandbox, authorization=bearer)
    assert expired.status == 401
    assert "invalid_token" in expired.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("secret", "body", "status", "code"),
    [
        ("wrong", b"grant_type=client_credentials", 401, "invalid_client"),
        (None, b"grant_type=password", 400, "unsupported_grant_type"),
    ],
)
def test_the_token_endpoint_refuses(sandbox, secret, body, status, code):
    pair = basic(sandbox.access.client_id, secret or sandbox.access.client_secret)
    answer = ask(sandbox, "POST", TOKEN, body, authorization=pair)
    assert (answer.status, answer.json()) == (status, {"error": code})


def test_an_api_key_reads_and_does_not_write(sandbox):
    assert ask(sandbox, apikey=sandbox.access.api_key).status == 200
    assert ask(sandbox, apikey="another").status == 401
    assert ask(sandbox, "POST", apikey=sandbox.access.api_key).status == 403


def test_rotated_credentials_end_the_old_ones_and_the_tokens(sandbox, client):
    assert client.get("A_PurchaseOrder?$top=1").status == 200
    old = basic(sandbox.access.username, sandbox.access.password)
    sandbox.rotate_credentials()
    assert ask(sandbox, authorization=old).status == 401
    assert client.get("A_PurchaseOrder?$top=1").status == 200


def test_a_missing_arrangement_is_a_403_on_that_service_only_and_no_csrf_refusal(sandbox, client):
    sandbox.revoke("API_PRODUCT_SRV")
    client.service = "API_PRODUCT_SRV/"
    answer = client.get("A_Product")
    assert answer.status == 403
    assert "x-csrf-token" not in answer.headers
    client.service = "API_PLANT_SRV/"
    assert client.get("A_Plant").status == 200
    sandbox.grant("API_PRODUCT_SRV")
    client.service = "API_PRODUCT_SRV/"
    assert client.get("A_Product").status == 200


def test_a_write_without_a_token_is_a_403_that_asks_for_one(client, order_body):
    client.token = "wrong"
    answer = client.post("A_PurchaseOrder", order_body)
    assert answer.status == 403
    assert answer.headers["x-csrf-token"] == "Required"
    assert (answer.media_type, answer.content) == ("text/plain", b"CSRF token validation failed")


@pytest.mark.parametrize("lost", ["SAP_SESSIONID_S4H_100", "sap-XSRF_S4H_100"])
def test_a_token_without_one_of_its_cookies_is_refused(client, order_body, lost):
    client.fetch_token()
    del client.cookies[lost]
    assert client.post("A_PurchaseOrder", order_body).headers["x-csrf-token"] == "Required"


def test_a_token_is_only_handed_out_when_it_is_fetched_and_stays_the_same_in_a_session(client):
    assert "x-csrf-token" not in client.get("A_PurchaseOrder?$top=1").headers
    first = client.fetch_token()
    assert client.get("A_PurchaseOrder?$top=1", x_csrf_token="fetch").headers["x-csrf-token"] == first
    assert client.ask("HEAD", "", x_csrf_token="Fetch").headers["x-csrf-token"] == first


def test_one_token_serves_all_services(client):
    client.fetch_token()
    client.service = "API_BUSINESS_PARTNER/"
    body = {"BusinessPartnerCategory": "2", "OrganizationBPName1": "X"}
    assert client.post("A_BusinessPartner", body).status == 201


def test_a_token_dies_with_its_session(client, clock, sandbox, order_body):
    client.fetch_token()
    clock.advance(minutes=31)
    assert client.post("A_PurchaseOrder", order_body).headers["x-csrf-token"] == "Required"
    client.fetch_token()
    sandbox.expire_sessions()
    assert client.post("A_PurchaseOrder", order_body).status == 403
    client.fetch_token()
    assert client.post("A_PurchaseOrder", order_body).status == 201


def test_each_call_without_cookies_opens_a_session_until_there_are_too_many(connect, clock):
    sandbox = S4Sandbox(sessions=3, now=clock)
    client = connect(sandbox)
    for _ in range(3):
        client.cookies.clear()
        assert client.get("A_PurchaseOrder?$top=1").status == 200
    assert client.get("A_PurchaseOrder?$top=1").status == 200  # with cookies it goes on
    client.cookies.clear()
    assert client.get("A_PurchaseOrder?$top=1").status == 503
    clock.advance(minutes=31)
    assert client.get("A_PurchaseOrder?$top=1").status == 200


def test_secrets_do_not_show_in_a_repr(sandbox):
    shown = repr(sandbox.access) + repr(sandbox.sessions)
    assert sandbox.access.password not in shown
    assert sandbox.access.client_secret not in shown
    assert sandbox.access.api_key not in shown
