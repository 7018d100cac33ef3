"""Who is let in: Entra with a secret or a certificate, and the user that the ERP knows (dynamics sheet §1.1)."""

from __future__ import annotations

import pytest
from anyerp import ConfigError, CredentialsRejected
from anyerp.errors import PermissionDenied, ReauthorizationRequired


def test_a_secret_and_a_certificate_let_in(system):
    for credentials in (system.sandbox.credentials, system.sandbox.entra.certificate_credentials()):
        with system.connect(credentials) as erp:
            assert erp.companies.get("usmf").name == "Contoso Entertainment System USA"


def test_the_scope_has_one_slash_and_no_more(system):
    with system.connect(base_url="https://env.example/") as erp:
        erp.companies.get("usmf")
    (call,) = system.calls("POST", "/oauth2/")
    assert b"scope=https://env.example/.default" in call.content.replace(b"%3A", b":").replace(b"%2F", b"/")


def test_one_token_serves_until_shortly_before_its_end(system, erp):
    erp.companies.get("usmf")
    system.clock.advance(minutes=58)
    erp.companies.get("usmf")
    assert len(system.calls("POST", "/oauth2/")) == 1
    system.clock.advance(minutes=2)
    erp.companies.get("usmf")
    assert len(system.calls("POST", "/oauth2/")) == 2


def test_a_wrong_secret_is_told_in_entras_words_without_the_trailer_of_ids(system):
    wrong = {**system.sandbox.credentials, "client_secret": "not the secret"}
    with system.connect(wrong) as erp, pytest.raises(CredentialsRejected, match="AADSTS7000215") as told:
        erp.companies.get("usmf")
    assert "Trace ID" not in str(told.value)
    assert "not the secret" not in str(told.value)
    assert told.value.request_id
    assert len(system.calls("POST", "/oauth2/")) == 1


def test_a_secret_that_has_ended_asks_for_a_new_one(system):
    system.sandbox.entra.expire_secret()
    with system.connect() as erp, pytest.raises(ReauthorizationRequired, match="expired") as told:
        erp.companies.get("usmf")
    assert "new client secret" in told.value.hint


def test_a_tenant_that_is_none_is_a_matter_of_settings(system):
    with system.connect(tenant="nobody.example") as erp, pytest.raises(ConfigError, match="AADSTS90002") as told:
        erp.companies.get("usmf")
    assert "settings.tenant" in told.value.hint


@pytest.mark.parametrize(("field", "value"), [("certificate", "-----BEGIN CERTIFICATE-----\nx"), ("private_key", "x")])
def test_a_certificate_that_cannot_be_read_is_named_without_its_text(system, field, value):
    broken = {**system.sandbox.entra.certificate_credentials(), field: value}
    with system.connect(broken) as erp, pytest.raises(ConfigError, match="certificate and private_key"):
        erp.companies.get("usmf")


def test_a_good_token_of_nobody_says_where_to_register_it(system, erp):
    system.sandbox.unmap()
    with pytest.raises(CredentialsRejected) as told:
        erp.companies.get("usmf")
    assert "Microsoft Entra ID applications" in told.value.hint


def test_a_missing_role_names_the_entity(system, erp):
    system.sandbox.revoke("VendorsV3", "Read")
    with pytest.raises(PermissionDenied, match="VendVendorV3Entity"):
        list(erp.vendors.list())


def test_every_request_has_an_id_of_its_own_for_support(system, erp):
    list(erp.purchase_orders.list())
    ids = [call.headers["x-ms-client-request-id"] for call in system.calls("GET", "/data/")]
    assert len(set(ids)) == len(ids) > 2
