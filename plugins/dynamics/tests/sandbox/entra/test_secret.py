"""Client credentials with a secret, and what the endpoint refuses."""

from __future__ import annotations

import base64
import json

import pytest
from anyerp_dynamics.sandbox.entra import BadToken, EntraSandbox

RESOURCE = "https://contoso.operations.dynamics.com"


def test_a_secret_gives_a_bearer_for_an_hour(tenant):
    answer = tenant.ask()
    body = answer.json()
    assert answer.status == 200
    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == ("Bearer", 3599, 3599)
    bearer = tenant.entra.read("Bearer " + body["access_token"])
    assert bearer.client_id == tenant.entra.credentials["client_id"]
    assert (bearer.audience, bearer.roles) == (RESOURCE, ("API.ReadWrite.All",))
    tenant.later(hours=1)
    with pytest.raises(BadToken):
        tenant.entra.read("Bearer " + body["access_token"])


def test_the_tenant_has_a_domain_too(tenant):
    assert tenant.ask(tenant="contoso.onmicrosoft.com").status == 200


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"tenant": "nobody.onmicrosoft.com"}, (400, "invalid_request", 90002)),
        ({"method": "GET"}, (400, "invalid_request", 900561)),
        ({"grant_type": None}, (400, "invalid_request", 900144)),
        ({"client_id": ""}, (400, "invalid_request", 900144)),
        ({"scope": None}, (400, "invalid_request", 900144)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, (400, "unauthorized_client", 700016)),
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None}, (401, "invalid_client", 7000218)),
        ({"scope": RESOURCE}, (400, "invalid_scope", 1002012)),
        ({"scope": f"{RESOURCE}/.default openid"}, (400, "invalid_scope", 1002012)),
        ({"scope": f"{RESOURCE}/user_impersonation"}, (400, "invalid_scope", 1002012)),
        ({"scope": "https://elsewhere.example/.default"}, (400, "invalid_resource", 500011)),
    ],
)
def test_a_bad_request_is_told_apart_by_number(tenant, form, refusal):
    assert tenant.refused(**form) == refusal


def test_refusals_repeat_no_secret(tenant):
    assert "hush-hush" not in tenant.ask(client_secret="hush-hush").text()


def test_an_expired_secret_is_not_a_wrong_one(tenant):
    tenant.entra.expire_secret()
    assert tenant.refused() == (401, "invalid_client", 7000222)


def test_a_secret_runs_out_by_itself(tenant):
    tenant.later(days=181)
    assert tenant.refused() == (401, "invalid_client", 7000222)


def test_rotation_ends_the_old_secret_and_not_the_tokens(tenant):
    old = tenant.entra.credentials
    token = tenant.ask().json()["access_token"]
    tenant.entra.rotate_credentials()
    assert tenant.refused(client_secret=old["client_secret"]) == (401, "invalid_client", 7000215)
    assert tenant.ask().status == 200
    assert tenant.entra.read("bearer " + token)


def test_sessions_can_be_ended(tenant):
    token = tenant.ask().json()["access_token"]
    tenant.entra.expire_sessions()
    with pytest.raises(BadToken):
        tenant.entra.read("Bearer " + token)


def test_a_slash_too_many_in_the_scope_stays_in_the_audience(tenant):
    token = tenant.ask(scope=f"{RESOURCE}//.default").json()["access_token"]
    assert tenant.entra.read("Bearer " + token).audience == RESOURCE + "/"


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer ", "Bearer x", "Bearer a.b.c"])
def test_nonsense_is_no_bearer(tenant, header):
    with pytest.raises(BadToken):
        tenant.entra.read(header)


def test_a_token_that_was_tampered_with_is_no_bearer(tenant):
    head, body, signature = tenant.ask().json()["access_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"appid": "somebody else"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    with pytest.raises(BadToken):
        tenant.entra.read(f"Bearer {head}.{forged}.{signature}")


def test_further_applications_have_their_own_credentials(tenant):
    other = tenant.entra.register("someone else")
    assert tenant.ask(**other).status == 200
    assert tenant.refused(client_id=other["client_id"]) == (401, "invalid_client", 7000215)


def test_a_second_tenant_does_not_take_the_tokens_of_the_first(tenant):
    token = tenant.ask().json()["access_token"]
    other = EntraSandbox(tenant="3d1f9c1e-1111-4c1d-9d53-5e3d7cb0f4aa", now=lambda: tenant.moment)
    with pytest.raises(BadToken):
        other.read("Bearer " + token)
