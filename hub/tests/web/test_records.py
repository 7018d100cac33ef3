"""Unified routes over real sockets: lists, records, dry runs, changes, and refusals that say who must act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from calling import PROBLEM, Api, body_of


def test_lists_go_page_by_page_to_the_end(api: Api, hub, made):
    seen, cursor = [], None
    while True:
        answer = api.get("/v1/purchase_orders", params={"limit": 5, **({"cursor": cursor} if cursor else {})}).json()
        seen += [one["number"] for one in answer["data"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == [one.number for one in hub.connection(made.id).purchase_orders.list()]


def test_a_record_is_created_read_changed_and_guarded_by_its_version(api: Api):
    created = api.post("/v1/purchase_orders", json=body_of(external_reference="WEB-1"))
    assert created.status_code == 201
    order_ = created.json()
    assert created.headers["location"] == f"/v1/purchase_orders/{order_['id']}"
    assert order_["total_excl_tax"] == "12.50"
    read = api.get(created.headers["location"])
    assert read.json()["external_reference"] == "WEB-1"
    etag = read.headers["etag"]
    changed = api.patch(created.headers["location"], json={"external_reference": "WEB-2"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["external_reference"]) == (200, "WEB-2")
    stale = api.patch(created.headers["location"], json={"external_reference": "WEB-3"}, headers={"If-Match": '"old"'})
    assert (stale.status_code, stale.json()["code"], stale.json()["outcome"]) == (412, "conflict", "not_applied")


def test_a_dry_run_sends_nothing_and_shows_what_would_be_sent(api: Api, sap):
    before = len([call for call in sap[0].calls if call.method == "POST"])
    plan = api.post("/v1/purchase_orders?dry_run=true", json=body_of()).json()
    assert plan["requests"][0]["method"] == "POST"
    assert len([call for call in sap[0].calls if call.method == "POST"]) == before


def test_what_is_wrong_with_a_record_is_pointed_to(api: Api):
    answer = api.post("/v1/purchase_orders", json={**body_of(), "currency": "euros", "dragons": 1})
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    problem = answer.json()
    assert {each["pointer"] for each in problem["errors"]} == {"/currency", "/dragons"}
    assert (problem["outcome"], problem["origin"], problem["retry"]) == ("not_applied", "request", "never")
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (("GET", "/v1/purchase_orders/999"), 404, "not_found"),
        (("GET", "/v1/purchase_orders?cursor=abc"), 400, "invalid_cursor"),
        (("GET", "/v1/purchase_orders?limit=0"), 422, "invalid_request"),
        (("GET", "/v1/purchase_orders?updated_since=2026-01-01T00:00:00"), 422, "invalid_record"),
        (("DELETE", "/v1/companies/1010"), 405, "not_supported"),
        (("GET", "/v1/dragons"), 404, "http_404"),
        (("PUT", "/v1/purchase_orders"), 405, "http_405"),
        (("GET", "/v1/jobs/job_x"), 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem(api: Api, call, status, code):
    answer = api.request(*call)
    assert (answer.status_code, answer.json()["code"], answer.headers["content-type"]) == (status, code, PROBLEM)


def test_the_four_causes_of_a_refusal_are_told_apart_over_http(api: Api, base, sap, hub, made):
    sandbox, _ = sap
    expired = hub.tokens.issue(made.id, valid_for=timedelta(0)).secret
    with Api(base, None) as nobody, Api(base, expired) as late:
        causes = [nobody.get("/v1/vendors"), late.get("/v1/vendors")]
    sandbox.revoke("API_BUSINESS_PARTNER")
    causes.append(api.get("/v1/vendors"))
    sandbox.grant("API_BUSINESS_PARTNER")
    sandbox.rotate_credentials()
    causes += [api.get("/v1/vendors"), api.get("/v1/vendors"), api.get("/v1/vendors")]
    seen = [(a.status_code, a.json()["code"], a.json()["origin"], a.json()["action"]["who"]) for a in causes]
    assert seen == [
        (401, "token_invalid", "request", "developer"),
        (401, "token_expired", "request", "developer"),
        (403, "permission_denied", "erp", "admin"),
        *[(401, "credentials_rejected", "erp", "end_user")] * 3,
    ]
    assert "www-authenticate" in causes[0].headers
    assert "www-authenticate" not in causes[3].headers
    assert causes[3].json()["action"]["url"] == f"/v1/connections/{made.id}/reconnect"
    assert hub.info(made.id).health == "needs_reauth"


def test_a_bug_shows_its_kind_and_nothing_of_its_content(api: Api, monkeypatch, caplog):
    monkeypatch.setattr("anyerp_hub.web.record._many", lambda *_: {}["hunter2"])
    answer = api.get("/v1/vendors")
    assert (answer.status_code, answer.json()["detail"]) == (500, "KeyError")
    assert "hunter2" not in answer.text


def test_a_wrong_method_is_told_the_right_ones(api: Api):
    assert api.put("/v1/purchase_orders").headers["allow"] == "GET, POST"
    assert api.put("/v1/jobs/job_x").headers["allow"] == "GET"


def test_changes_are_told_since_a_state(api: Api):
    first = api.post("/v1/purchase_orders/changes", json={}).json()
    assert first["created"]
    made_ = api.post("/v1/purchase_orders", json=body_of()).json()
    second = api.post("/v1/purchase_orders/changes", json={"state": first["state"]}).json()
    assert [one["id"] for one in second["created"]] == [made_["id"]]
    assert (second["updated"], second["deleted"]) == ([], [])
    wrong = api.post("/v1/purchase_orders/changes", json={"state": "nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_cursor")
