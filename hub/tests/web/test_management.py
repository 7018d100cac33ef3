"""Managing over HTTP: connections, jobs, webhooks, flows, forms, metrics, and what OpenAPI says of it."""

from __future__ import annotations

import httpx2
import pytest
from anyerp.connector.registry import registry
from anyerp_hub import Hub
from anyerp_hub.web import create_app
from calling import SAP, Api, body_of
from fastapi import FastAPI
from receiver import receiving
from sample import order
from served import serving


def test_reconnecting_over_http_keeps_id_and_token(api: Api, admin: Api, sap, made):
    sap[0].rotate_credentials()
    for _ in range(2):
        assert api.get("/v1/vendors").status_code == 401
    assert [one["id"] for one in admin.get("/v1/connections?health=needs_reauth").json()["data"]] == [made.id]
    back = admin.post(f"/v1/connections/{made.id}/reconnect", json={"credentials": dict(sap[0].credentials)})
    assert (back.status_code, back.json()["health"]) == (200, "ok")
    assert api.get("/v1/vendors").status_code == 200


def test_a_job_is_submitted_watched_and_ends(api: Api, hub):
    sent = api.post("/v1/jobs", json={"resource": "purchase_orders", "records": [body_of(), {"currency": "x"}]})
    assert sent.status_code == 202
    hub.worker().work()
    job = api.get(sent.headers["location"]).json()
    assert (job["state"], job["counts"]) == ("partial", {"applied": 1, "not_applied": 1})
    failed = api.get(sent.headers["location"] + "/records?state=not_applied").json()["data"]
    assert failed[0]["error"]["problems"][0]["pointer"] == "/currency"
    assert api.post(sent.headers["location"] + "/pause").status_code == 409


def test_webhooks_are_managed_and_arrive(admin: Api, hub, made):
    with receiving() as receiver:
        assert admin.post("/v1/webhook-endpoints", json={"url": "ftp://x/"}).status_code == 422
        endpoint = admin.post("/v1/webhook-endpoints", json={"url": receiver.url, "events": ["webhook.*"]}).json()
        assert endpoint["secret"].startswith("whsec_")
        admin.post(f"/v1/webhook-endpoints/{endpoint['id']}/test")
        hub.sender.send_due()
        assert len(receiver.got) == 1
        log = admin.get(f"/v1/webhook-endpoints/{endpoint['id']}/deliveries").json()["data"]
        assert (log[0]["state"], log[0]["attempts"][0]["status"]) == ("delivered", 204)
        assert "secret" not in admin.get(f"/v1/webhook-endpoints/{endpoint['id']}").json()


def test_connectors_tell_their_forms_coverage_and_write_schemas(api: Api):
    assert SAP in [one["name"] for one in api.get("/v1/connectors").json()["data"]]
    found = api.get(f"/v1/connectors/{SAP}").json()
    assert found["resources"]["purchase_orders"]["create"] is None
    assert found["resources"]["companies"]["create"].startswith(("never:", "upstream:", "todo:"))
    card = api.get(f"/v1/connectors/{SAP}/purchase_orders").json()
    assert {"rw", "read"} <= {each["mode"] for each in card["fields"]}
    assert card["write_schema"]["title"] == "PurchaseOrder"


def test_every_operation_declares_its_errors(api: Api):
    spec = api.get("/openapi.json").json()
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            missing = {"401", "403", "404", "422", "500", "503"} - set(operation["responses"])
            assert not missing, f"{method} {path} lacks {missing}"
    assert "PurchaseOrder" in spec["components"]["schemas"]


@pytest.mark.parametrize(("given", "status"), [(60, 201), (60.0, 201), (60.5, 422), ("60", 422), (0, 422), (True, 422)])
def test_a_whole_number_may_be_written_with_a_point_and_nothing_else_is_one(admin: Api, made, given, status):
    answer = admin.post(f"/v1/connections/{made.id}/tokens", json={"valid_for_seconds": given})
    assert answer.status_code == status


def test_every_connector_and_every_way_to_sign_in_has_its_form(base, hub):
    for name in registry().connectors:
        connector = registry().connector(name)
        link = hub.sessions.create(connector=name).link
        for way, model in enumerate(connector.credentials):
            answer = httpx2.get(f"{base}/connect/{link}?way={way}")
            assert answer.status_code == 200
            wanted = {f"settings.{field}" for field in connector.settings.model_fields}
            wanted |= {f"credentials.{field}" for field in model.model_fields}
            assert {field for field in wanted if f'name="{field}"' not in answer.text} == set(), (name, way)
        empty = httpx2.post(f"{base}/connect/{link}", data={"connector": name})
        assert (empty.status_code, "Nothing was stored" in empty.text) == (422, True)


def test_a_flow_is_put_run_and_looked_at(admin: Api, hub, sap, made):
    ends = {end: {"connection": made.id, "resource": "purchase_orders"} for end in ("read", "write")}
    flow = {"name": "copy", **ends, "transform": {"only": {"external_reference": "NOBODY"}}}
    made = admin.put("/v1/flows/copy", json=flow).json()
    assert (made["version"], made["due_at"], made["read"]) == (1, None, flow["read"])
    assert admin.get("/v1/flows/copy").json() == made
    assert admin.put("/v1/flows/other", json=flow).status_code == 422
    assert admin.post("/v1/flows/copy/run").json()["state"] == "succeeded"
    assert len(admin.get("/v1/flows/copy/runs").json()["data"]) == 1
    assert [one["name"] for one in admin.get("/v1/flows").json()["data"]] == ["copy"]
    assert admin.delete("/v1/flows/copy").status_code == 204
    assert admin.get("/v1/flows/copy").status_code == 404


def test_metrics_count_what_stands_where(admin: Api, hub, made):
    hub.jobs.submit(made.id, "purchase_orders", [order()])
    text = admin.get("/metrics").text
    assert 'anyerp_hub_connections{connector="sap-s4hana",health="ok"} 1' in text
    assert 'anyerp_hub_jobs{resource="purchase_orders",state="queued"} 1' in text


def test_it_can_be_mounted_in_a_hosts_own_app(hub: Hub, made):
    mine = FastAPI()
    mine.mount("/erp", create_app(hub))
    with serving(mine) as base, Api(base, made.token) as api:
        assert api.get("/erp/v1/vendors").status_code == 200
        assert api.get("/erp/", follow_redirects=False).headers["location"] == "/erp/login"
