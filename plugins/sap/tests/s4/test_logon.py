"""Logging on: one attempt with a wrong password, one token for many calls (sap sheet §2, §3)."""

from __future__ import annotations

import asyncio
import base64
import logging
from concurrent.futures import ThreadPoolExecutor

import anyerp
import pytest
from anyerp.errors import ConfigError, CredentialsRejected, NotFound, PermissionDenied
from anyerp.testing.sandbox import Call, Once, answer_with
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox.auth import TOKEN_PATH

ORDERS = "API_PURCHASEORDER_PROCESS_SRV"


def tokens(system) -> list[Call]:
    return system.calls("POST", TOKEN_PATH)


def test_a_wrong_password_is_tried_once(system):
    wrong = {"username": "ANYERP_COM", "password": "wrong"}
    with system.connect(wrong) as erp, pytest.raises(CredentialsRejected) as caught:
        list(erp.companies.list())
    assert len(system.sandbox.calls) == 1
    assert system.sandbox.access.failures == 1
    assert caught.value.retry == "never"
    assert caught.value.message == "SAP refused the user or its password in client 100 of system S4H (status 401)"
    for cause in ("expired", "initial", "locked", "sap_client", "communication arrangement", "SAP locks the user"):
        assert cause in caught.value.hint


def test_a_refused_logon_names_what_the_connection_logs_on_with(make):
    for auth, wrong, said, remedy in (
        ("apikey", {"api_key": "wrong"}, "API key", "secrets.api_key"),
        ("basic", {}, "no user stands behind", "certificate"),
    ):
        with make(auth=auth).connect(wrong) as erp, pytest.raises(CredentialsRejected, match=said) as caught:
            list(erp.companies.list())
        assert remedy in caught.value.hint
    system = make(auth="oauth")
    with system.connect() as erp:
        list(erp.companies.list())
        system.sandbox.faults = [lambda call, _: Response(401) if TOKEN_PATH not in call.target else None]
        with pytest.raises(CredentialsRejected, match="access token") as caught:
            list(erp.companies.list())
    assert "token_url" in caught.value.hint


def test_a_closed_service_is_named_with_the_arrangement_that_opens_it(system):
    system.sandbox.revoke("API_PRODUCT_SRV")
    with system.connect() as erp, pytest.raises(PermissionDenied, match="API_PRODUCT_SRV") as caught:
        list(erp.items.list())
    assert "SAP_COM_0009" in caught.value.hint
    system.sandbox.faults = [lambda call, _: Response(403)]
    with system.connect() as erp, pytest.raises(PermissionDenied, match="API_COMPANYCODE_SRV is closed"):
        list(erp.companies.list())


def test_a_check_with_a_wrong_password_does_not_lock_the_user(system):
    with system.connect({"username": "ANYERP_COM", "password": "wrong"}) as erp:
        checks = [check for check in erp.check() if check.kind == "resource"]
    assert not any(check.ok for check in checks)
    assert {check.name for check in checks} == set(erp.resources)
    assert system.sandbox.access.failures == 1


def test_a_missing_arrangement_is_denied_at_once_and_only_there(system, say):
    system.sandbox.revoke(ORDERS)
    with system.connect() as erp:
        with pytest.raises(PermissionDenied) as caught:
            list(erp.purchase_orders.list())
        assert len(system.sandbox.calls) == 1
        assert "arrangement" in caught.value.hint
        with pytest.raises(PermissionDenied):
            erp.purchase_orders.create(say.order())
        assert not system.calls("POST")
        assert len(list(erp.companies.list())) == 5
        assert [check.name for check in erp.check() if not check.ok] == ["purchase_orders"]


def test_a_write_that_is_forbidden_is_no_matter_of_tokens(system, say):
    body = b'{"error":{"code":"/IWBEP/CM_MGW_RT/021","message":{"lang":"en","value":"No authorization"}}}'
    denied = Response(403, Headers({"content-type": "application/json"}), body)
    system.sandbox.faults = [Once(answer_with(denied), when=lambda c: c.method == "POST", times=99)]
    with system.connect() as erp, pytest.raises(PermissionDenied, match="No authorization"):
        erp.purchase_orders.create(say.order())
    assert len(system.calls("POST")) == 1


def test_a_service_that_is_not_active_is_not_found(system):
    gone = b'{"error":{"code":"/IWFND/MED/170","message":{"lang":"en","value":"No service found for namespace"}}}'
    answer = Response(404, Headers({"content-type": "application/json"}), gone)
    system.sandbox.faults = [answer_with(answer)]
    with system.connect() as erp, pytest.raises(NotFound, match="No service found") as caught:
        list(erp.companies.list())
    assert caught.value.problems[0].native.code == "/IWFND/MED/170"
    assert "activate API_COMPANYCODE_SRV" in caught.value.hint
    with system.connect() as erp, pytest.raises(NotFound, match="No service found"):
        erp.companies.get("1010")  # nobody may think that it is the company that is missing


def test_one_token_serves_many_calls(make, say):
    system = make(auth="oauth")
    with system.connect() as erp:
        for name in erp.resources:
            list(erp.collection(name).list(page_size=3))
        erp.purchase_orders.create(say.order())
    assert len(tokens(system)) == 1
    assert all(
        c.headers["authorization"].startswith("Bearer ") for c in system.sandbox.calls if TOKEN_PATH not in c.target
    )


def test_threads_that_need_a_token_together_fetch_one(make):
    system = make(auth="oauth")
    with system.connect() as erp, ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: len(list(erp.companies.list())), range(6)))
    assert counts == [5] * 6
    assert len(tokens(system)) == 1


def test_tasks_that_need_a_token_together_fetch_one(make):
    system = make(auth="oauth")

    async def read(erp):
        return [c async for c in erp.companies.list()]

    async def all_at_once():
        async with system.aconnect() as erp:
            return await asyncio.gather(*(read(erp) for _ in range(6)))

    assert [len(found) for found in asyncio.run(all_at_once())] == [5] * 6
    assert len(tokens(system)) == 1


def test_a_token_is_renewed_before_it_ends(make):
    system = make(auth="oauth")
    with system.connect() as erp:
        list(erp.companies.list())
        system.clock.advance(seconds=system.sandbox.access.token_life - 10)
        list(erp.companies.list())
    assert len(tokens(system)) == 2
    assert not [e for e in system.events if getattr(e, "status", None) == 401]


def test_a_token_that_died_early_is_renewed_once_and_the_call_repeated(make):
    system = make(auth="oauth")
    with system.connect() as erp:
        list(erp.companies.list())
        system.sandbox.access._tokens.clear()
        assert len(list(erp.companies.list())) == 5
        assert len(tokens(system)) == 2


def test_a_token_that_never_works_is_renewed_once_only(make):
    system = make(auth="oauth")
    refused = Response(401, Headers({"content-type": "text/html"}), b"<html>no</html>")
    system.sandbox.faults = [Once(answer_with(refused), when=lambda c: TOKEN_PATH not in c.target, times=99)]
    with system.connect() as erp, pytest.raises(CredentialsRejected):
        list(erp.companies.list())
    assert len(tokens(system)) == 2
    assert len(system.calls("GET")) == 2


def test_a_wrong_client_secret_is_rejected_at_the_token_endpoint(make):
    system = make(auth="oauth")
    wrong = {"client_id": "sb-anyerp", "client_secret": "wrong"}
    with system.connect(wrong) as erp, pytest.raises(CredentialsRejected) as caught:
        list(erp.companies.list())
    assert len(system.sandbox.calls) == 1
    assert caught.value.status == 401


def test_a_client_secret_without_a_token_endpoint_is_a_matter_of_configuration(make):
    system = make(auth="oauth")
    with system.connect(token_url=None) as erp, pytest.raises(ConfigError, match="token_url"):
        list(erp.companies.list())
    assert not system.sandbox.calls


def test_an_api_key_reads_and_cannot_write(make, say):
    system = make(auth="apikey")
    with system.connect() as erp:
        assert len(list(erp.vendors.list())) == 9
        with pytest.raises(PermissionDenied):
            erp.purchase_orders.create(say.order())
    assert not any("authorization" in call.headers for call in system.sandbox.calls)


def test_a_certificate_sends_no_credentials(system):
    with system.connect({}) as erp, pytest.raises(CredentialsRejected):  # the sandbox knows no certificates
        list(erp.companies.list())
    assert not {"authorization", "apikey"} & set(system.sandbox.calls[0].headers)


def test_a_changed_password_needs_new_credentials(system):
    with system.connect() as erp:
        list(erp.companies.list())
        system.sandbox.rotate_credentials()
        with pytest.raises(CredentialsRejected):
            list(erp.companies.list())
    with system.connect() as erp:
        assert len(list(erp.companies.list())) == 5


@pytest.mark.parametrize("auth", ["basic", "oauth", "apikey"])
def test_secrets_stay_where_they_belong(make, say, auth, caplog):
    caplog.set_level(logging.DEBUG)
    system = make(auth=auth)
    secrets = {
        "basic": [system.sandbox.access.password],
        "oauth": [system.sandbox.access.client_secret],
        "apikey": [system.sandbox.access.api_key],
    }[auth]
    said = []
    with system.connect() as erp:
        list(erp.companies.list())
        for attempt in (
            lambda: erp.purchase_orders.create(say.order(say.line(tax_code="??"))),
            lambda: erp.purchase_orders.get("4599999999"),
            lambda: system.connect({"nonsense": secrets[0]}),
            lambda: system.connect(nonsense=secrets[0]),
        ):
            with pytest.raises(anyerp.AnyErpError) as caught:
                attempt()
            said += [str(caught.value), repr(caught.value), repr(caught.value.to_dict())]
        said += [repr(erp), repr(erp._context), repr(erp._context.credentials), str(erp.check())]
        secrets += [str(v[0]) for k, v in erp._context.memory.items() if k == "token"]
        secrets += [erp._context.memory.get("csrf", "no token was fetched")]
    system.sandbox.rotate_credentials()
    with system.connect({**system.sandbox.credentials}) as erp:
        said.append(repr(erp))
    secrets += [base64.b64encode(f"ANYERP_COM:{secrets[0]}".encode()).decode()]
    said += [repr(system.events), caplog.text]
    for secret in secrets:
        assert len(secret) > 5
        assert secret not in "\n".join(said)
