"""Being let in: tokens, registration, permissions, environments and companies (dynamics sheet §2.1, §2.6)."""

from __future__ import annotations

import pytest
from anyerp_dynamics.sandbox.bc import DOMAIN, TENANT

COMPANIES = "/v2.0/Production/api/v2.0/companies"


def test_nobody_gets_in_without_a_token(client):
    client.token = ""
    answer = client.ask("GET", COMPANIES, Authorization="")
    assert answer.status == 401
    assert answer.json()["error"]["code"] == "Authentication_InvalidCredentials"
    assert client.refused("GET", COMPANIES)[0] == 401


def test_a_token_runs_out(client, clock):
    clock.advance(seconds=3600)
    assert client.refused("GET", COMPANIES)[:2] == (401, "Authentication_InvalidCredentials")
    client.sign_in()
    client.get(COMPANIES)


def test_a_rotated_secret_stops_new_tokens_but_not_old_ones(client):
    old = client.sandbox.credentials
    client.sandbox.rotate_credentials()
    client.get(COMPANIES)
    assert client.sandbox.credentials != old
    client.sandbox.expire_sessions()
    assert client.refused("GET", COMPANIES)[0] == 401
    client.sign_in()
    client.get(COMPANIES)


def test_an_application_that_business_central_does_not_know_is_refused_with_a_good_token(client):
    client.sandbox.gate.registered.clear()
    assert client.sign_in().status == 200
    status, code, text = client.refused("GET", COMPANIES)
    assert (status, code) == (401, "Authentication_InvalidCredentials")
    assert text == "Web service call failed because user could not be authenticated or authorized."


def test_an_application_without_the_permission_is_refused_with_a_good_token(client):
    client.credentials = client.sandbox.gate.entra.register("no permission")
    client.sandbox.gate.registered.add(client.credentials["client_id"])
    assert client.sign_in().status == 200
    assert client.refused("GET", COMPANIES)[:2] == (401, "Authentication_InvalidCredentials")


def test_a_token_for_a_scope_with_a_slash_too_many_is_for_somebody_else(client):
    assert client.sign_in(scope="https://api.businesscentral.dynamics.com//.default").status == 200
    assert client.refused("GET", COMPANIES)[:2] == (401, "Authentication_InvalidCredentials")
    assert client.sign_in(scope="https://erp.example/.default").status == 400


def test_a_path_may_name_the_tenant_by_id_or_domain_or_not_at_all(client):
    for tenant in (f"{TENANT}/", f"{DOMAIN}/", ""):
        assert len(client.list(f"/v2.0/{tenant}Production/api/v2.0/companies")) == 3


def test_an_unknown_environment_or_route_is_not_found(client):
    assert client.refused("GET", "/v2.0/Nowhere/api/v2.0/companies")[:2] == (404, "NoEnvironment")
    assert client.refused("GET", "/v2.0/Production/api/contoso/app/v1.0/companies")[0] == 404
    assert client.refused("GET", "/v1.0/companies")[:2] == (404, "BadRequest_NotFound")


def test_environments_are_listed_at_the_platform(client):
    (found,) = client.list("/environments/v1.2")
    assert (found["name"], found["type"]) == ("Production", "Production")


def test_a_company_is_named_in_the_path_or_in_the_query_by_id_or_by_name(client):
    api = client.api
    one = client.get("vendors?$orderby=number")["value"]
    assert client.get(f"{api}/vendors?$orderby=number&company={client.company}")["value"] == one
    assert client.get(f"{api}/vendors?$orderby=number&company=CRONUS USA%2C Inc.")["value"] == one


@pytest.mark.parametrize(
    "path", ["vendors", "companies(00000000-0000-0000-0000-00000000dead)/vendors", "companies(x)/vendors"]
)
def test_without_a_company_there_is_no_data(client, path):
    status, code, text = client.refused("GET", f"{client.api}/{path}")
    assert (status, code) == (404, "Internal_CompanyNotFound")
    assert "default company cannot be found" in text


def test_companies_are_read_only_and_have_no_etag(client):
    rows = client.list(COMPANIES)
    assert {row["name"] for row in rows} == {"CRONUS USA, Inc.", "CRONUS DE", "My Company"}
    assert not any("@odata.etag" in row for row in rows)
    status, code, text = client.refused("POST", COMPANIES, {"name": "New"})
    assert (status, code) == (405, "BadRequest_MethodNotAllowed")
    assert text.startswith("'POST' requests for 'companies' of EdmType 'Entity' are not allowed")


def test_each_company_has_its_own_data_and_currency(client):
    (setup,) = client.list("generalLedgerSetup")
    assert setup["localCurrencyCode"] == "USD"
    german = next(row["id"] for row in client.list(COMPANIES) if row["name"] == "CRONUS DE")
    other = client.elsewhere(german)
    assert other.one("companyInformation")["currencyCode"] == "EUR"
    assert client.one("companyInformation")["currencyCode"] == "USD"
    assert {row["id"] for row in other.list("vendors")}.isdisjoint(row["id"] for row in client.list("vendors"))
    fresh = next(row["id"] for row in client.list(COMPANIES) if row["name"] == "My Company")
    assert client.elsewhere(fresh).list("vendors") == []


def test_a_missing_right_is_403_under_the_code_of_a_server_error(client, order):
    client.sandbox.revoke("vendors", "Modify")
    vendor = client.list("vendors?$top=1")[0]
    assert client.refused("PATCH", f"vendors({vendor['id']})", {"city": "Oslo"}, If_Match="*") == (
        403,
        "Internal_ServerError",
        "Sorry, the current permissions prevented the action. (TableData 23 Vendor Modify: Base Application)",
    )
    client.sandbox.revoke("purchaseOrders", "Insert")
    assert client.refused("POST", "purchaseOrders", order)[0] == 403


def test_a_page_that_looks_for_itself_refuses_reading_as_a_business_rule(client):
    client.sandbox.revoke("purchaseOrders")
    assert client.refused("GET", "purchaseOrders") == (
        400,
        "Application_DialogException",
        "You do not have permissions to read Purchase Orders.",
    )
    client.sandbox.revoke("items", "Read")
    assert client.refused("GET", "items")[0] == 403


def test_error_texts_come_in_the_callers_language(client):
    english = client.refused("GET", "purchaseOrderLines", Accept_Language="en-US")
    danish = client.refused("GET", "purchaseOrderLines", Accept_Language="da-DK")
    assert english[:2] == danish[:2]
    assert english[2] != danish[2]
    client.sandbox.language = "da-DK"
    assert client.refused("GET", "purchaseOrderLines") == danish
