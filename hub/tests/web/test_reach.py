"""Tokens reach what they name, and no answer holds a secret."""

from __future__ import annotations

from anyerp.model import RESOURCES
from calling import SAP, Api
from sample import order


def test_scopes_hold_over_http(base, hub, made):
    with Api(base, hub.tokens.issue(made.id, scopes=["vendors:read"]).secret) as narrow:
        assert narrow.get("/v1/vendors").status_code == 200
        refused = [
            narrow.get("/v1/purchase_orders"),
            narrow.post("/v1/vendors", json={"name": "x"}),
            narrow.post("/v1/jobs", json={"resource": "purchase_orders", "records": [{}]}),
            narrow.get("/v1/connections"),
        ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert {answer.json()["code"] for answer in refused} == {"scope_missing"}


def test_no_token_reaches_another_connection_by_any_route(base, hub, sap, made, admin):
    other = hub.connect(SAP, **sap[1], name="Other")
    job = hub.jobs.submit(made.id, "purchase_orders", [order()])
    endpoint = hub.webhooks.add("http://127.0.0.1:9/x", connection_id=made.id).endpoint
    token = hub.tokens.list(made.id)[0]
    session = hub.sessions.create(connection_id=made.id).session
    watch = hub.watches.add(made.id, "vendors")
    sap[0].revoke("API_PRODUCT_SRV")
    hub.check(made.id)
    sap[0].grant("API_PRODUCT_SRV")
    (issue,) = hub.issues.list(made.id)
    ends = {end: {"connection": made.id, "resource": "purchase_orders"} for end in ("read", "write")}
    hub.flows.put({"name": "copy", "webhook": True, **ends})
    known = {
        "/v1/connections/{id}": made.id, "/v1/jobs/{id}": job.id, "/v1/webhook-endpoints/{id}": endpoint.id,
        "/v1/tokens/{id}": token.id, "/v1/connect-sessions/{id}": session.id, "/v1/watches/{id}": watch.id,
        "/v1/issues/{id}": issue.id, "/v1/flows/{name}": "copy",
    }  # fmt: skip
    own = tuple(f"/v1/{name}/" for name in ("connectors", *RESOURCES))  # what a token reaches in its own connection
    tried = 0
    with Api(base, other.token) as alien:
        for path, methods in admin.get("/openapi.json").json()["paths"].items():
            prefix = next((each for each in known if path.startswith(each)), None)
            assert prefix or "{" not in path or path.startswith(own), f"{path} is not tried"
            if prefix is None:
                continue
            for method in methods:
                url = path.replace("{id}", known[prefix]).replace("{name}", known[prefix])
                answer = alien.request(method.upper(), url, json={})
                refused = (401,) if path.endswith("/webhook") else (403, 404, 422)
                assert answer.status_code in refused, f"{method} {path}: {answer.status_code}"
                assert made.id not in answer.text.replace(url, "").replace(made.id, "", 1) or answer.status_code != 200
                tried += 1
        assert alien.get("/v1/jobs").json()["data"] == []
        assert alien.get("/v1/watches").json()["data"] == []
        assert alien.get("/v1/issues").json()["data"] == []
        assert {one["data"]["connection_id"] for one in alien.get("/v1/events").json()["data"]} == {other.id}
    assert tried > 20
    assert hub.info(made.id).lifecycle == "active"
    assert hub.jobs.get(job.id).state == "queued"
    assert hub.tokens.list(made.id)[0].revoked_at is None


def test_no_secret_is_in_any_answer(admin: Api, sap, made):
    password = sap[1]["credentials"]["password"]
    for path in (f"/v1/connections/{made.id}", "/v1/connections", "/v1/events", f"/v1/connections/{made.id}/audit"):
        text = admin.get(path).text
        assert password not in text
        assert made.token not in text
    wrong = admin.post("/v1/connections", json={"connector": SAP, "credentials": {"password": "hunter2", "x": 1}})
    assert wrong.status_code == 422
    assert "hunter2" not in wrong.text


def test_who_gives_a_wrong_password_is_not_told_of_a_stored_one(admin: Api, sap):
    wrong = {**sap[1]["credentials"], "password": "wrong"}
    told = admin.post("/v1/connections", json={"connector": SAP, **sap[1], "credentials": wrong})
    assert (told.status_code, told.json()["code"]) == (401, "credentials_rejected")
    assert "that were given" in told.json()["title"]
    assert "that were given" in told.json()["action"]["text"]
    assert "stored" not in told.text
