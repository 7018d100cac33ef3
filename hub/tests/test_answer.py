"""What management calls answer is what OpenAPI says of it, and nothing of it is dropped on the way."""

from __future__ import annotations

from datetime import timedelta

import jsonschema
import pytest
from anyerp_hub import Hub
from anyerp_hub.web import create_app
from anyerp_hub.webhook.guard import Guard
from fastapi.testclient import TestClient
from sample import order

SAP, PO = "sap-s4hana", "purchase_orders"
#: Answers without a described shape: the text of metrics, and definitions of flows.
FREE = {"metrics", "list_flows", "get_flow", "put_flow"}


def is_any(schema: dict | None) -> bool:
    return schema is not None and schema.get("type") == "object" and "properties" not in schema


@pytest.fixture
def hub(sqlite_url, keys):
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
        yield hub


@pytest.fixture
def api(hub):
    return TestClient(create_app(hub), headers={"Authorization": f"Bearer {hub.tokens.issue().secret}"})


def test_every_answer_of_a_management_call_has_a_described_shape(api):
    missing = []
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] in FREE:
                continue
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema")
                if (schema is not None and not {"$ref", "type"} & set(schema)) or is_any(schema):
                    missing.append((method, path, status))
    assert missing == []


def test_what_is_answered_fits_its_description_and_is_all_there(api, hub, sap):
    described = api.get("/openapi.json").json()

    def asked(method: str, path: str, route: str, status: int = 200, **more):
        answer = api.request(method, path, **more)
        assert answer.status_code == status, answer.text
        operation = described["paths"][route][method.lower()]
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": described["components"]})
        return answer.json()

    given = {"settings": dict(sap[1]["settings"]), "credentials": dict(sap[1]["credentials"])}
    made = asked("POST", "/v1/connections", "/v1/connections", 201, json={"connector": SAP, **given})
    con = f"/v1/connections/{made['id']}"
    assert made["token"].startswith("any_")
    assert asked("GET", con, "/v1/connections/{id}") == hub.info(made["id"]).to_dict()
    sap[0].revoke("API_BUSINESS_PARTNER")
    asked("POST", f"{con}/check", "/v1/connections/{id}/check")
    assert asked("GET", con, "/v1/connections/{id}") == hub.info(made["id"]).to_dict()
    assert hub.info(made["id"]).issues
    asked("GET", "/v1/connections", "/v1/connections")
    token = asked("POST", f"{con}/tokens", "/v1/connections/{id}/tokens", 201, json={"name": "t"})
    assert token["token"].startswith("any_")
    asked("GET", f"{con}/tokens", "/v1/connections/{id}/tokens")
    asked("GET", f"{con}/audit", "/v1/connections/{id}/audit")
    session = asked("POST", "/v1/connect-sessions", "/v1/connect-sessions", 201, json={"connector": SAP})
    assert "/connect/" in session["url"]
    asked("GET", f"/v1/connect-sessions/{session['id']}", "/v1/connect-sessions/{id}")
    job = hub.jobs.submit(made["id"], PO, [order()])
    hub.worker().work()
    assert asked("GET", f"/v1/jobs/{job.id}", "/v1/jobs/{id}") == hub.jobs.get(job.id).to_dict()
    found = asked("GET", f"/v1/jobs/{job.id}/records", "/v1/jobs/{id}/records")["data"]
    assert found == [one.to_dict() for one in hub.jobs.records(job.id)]
    watch = asked("POST", "/v1/watches", "/v1/watches", 201, json={"resource": PO, "connection_id": made["id"]})
    assert watch == hub.watches.get(watch["id"]).to_dict()
    asked("POST", f"/v1/watches/{watch['id']}/run", "/v1/watches/{id}/run", 202)
    asked("GET", "/v1/watches", "/v1/watches")
    asked("GET", "/v1/jobs", "/v1/jobs")
    events = asked("GET", "/v1/events", "/v1/events")["data"]
    assert events == [{"seq": one.seq, **one.to_dict()} for one in hub.events()]
    types = asked("GET", "/v1/event-types", "/v1/event-types")["data"]
    assert all("properties" in one["schema"] for one in types)
    hook = asked("POST", "/v1/webhook-endpoints", "/v1/webhook-endpoints", 201, json={"url": "http://127.0.0.1:9/x"})
    at, route = f"/v1/webhook-endpoints/{hook['id']}", "/v1/webhook-endpoints/{id}"
    assert hook["secret"].startswith("whsec_")
    asked("GET", at, route)
    asked("POST", f"{at}/test", f"{route}/test", 202)
    asked("POST", f"{at}/rotate-secret", f"{route}/rotate-secret", json={})
    asked("GET", f"{at}/deliveries", f"{route}/deliveries")
    asked("POST", f"{at}/replay", f"{route}/replay", 202, json={"since": str(hub.database.wall() - timedelta(days=1))})
    asked("GET", "/v1/connectors", "/v1/connectors")
    asked("GET", f"/v1/connectors/{SAP}", "/v1/connectors/{name}")
    coverage = asked("GET", f"/v1/connectors/{SAP}/{PO}", "/v1/connectors/{name}/{resource}")
    assert coverage["fields"]
