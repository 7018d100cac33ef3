"""The service over real sockets: unified routes, errors that say who must act, tokens that reach what they name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest
import sqlalchemy as sa
from anyerp.connection.collection import Collection
from anyerp.connector.registry import registry
from anyerp.model import RESOURCES
from anyerp_hub import Hub
from anyerp_hub.store import table
from anyerp_hub.web import create_app, idempotency
from anyerp_hub.webhook.guard import Guard
from fastapi import FastAPI
from receiver import receiving
from sample import order
from served import Served, serving

SAP = "sap-s4hana"
PROBLEM = "application/problem+json"


@pytest.fixture
def hub(sqlite_url, keys) -> Iterator[Hub]:
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub:
        yield hub


@pytest.fixture
def base(served: Served, hub: Hub) -> str:
    return served.by(hub)


class Api(httpx2.Client):
    """A client with a token."""

    def __init__(self, base: str, token: str | None) -> None:
        super().__init__(base_url=base, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=30)


@pytest.fixture
def made(hub: Hub, sap):
    return hub.connect(SAP, **sap[1], name="Plant 1010")


@pytest.fixture
def api(base, made) -> Iterator[Api]:
    with Api(base, made.token) as api:
        yield api


@pytest.fixture
def admin(base, hub) -> Iterator[Api]:
    with Api(base, hub.tokens.issue().secret) as admin:
        yield admin


def body_of(number: int = 1, **more) -> dict:
    return {**order(number).model_dump(mode="json", exclude_unset=True), **more}


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


def test_reconnecting_over_http_keeps_id_and_token(api: Api, admin: Api, sap, made):
    sap[0].rotate_credentials()
    for _ in range(2):
        assert api.get("/v1/vendors").status_code == 401
    assert [one["id"] for one in admin.get("/v1/connections?health=needs_reauth").json()["data"]] == [made.id]
    back = admin.post(f"/v1/connections/{made.id}/reconnect", json={"credentials": dict(sap[0].credentials)})
    assert (back.status_code, back.json()["health"]) == (200, "ok")
    assert api.get("/v1/vendors").status_code == 200


def test_the_same_key_is_done_once_however_many_send_it(api: Api, hub, made):
    headers = {"Idempotency-Key": "k1"}
    barrier = threading.Barrier(8)

    def go(_: int) -> tuple[int, str]:
        barrier.wait()
        answer = api.post("/v1/purchase_orders", json=body_of(), headers=headers)
        return answer.status_code, answer.json().get("number", "")

    before = len(list(hub.connection(made.id).purchase_orders.list()))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(go, range(8)))
    assert {status for status, _ in answers} <= {201, 409}
    created = {number for status, number in answers if status == 201}
    assert len(created) == 1
    assert len(list(hub.connection(made.id).purchase_orders.list())) == before + 1
    again = api.post("/v1/purchase_orders", json=body_of(), headers=headers)
    assert (again.status_code, again.json()["number"]) == (201, created.pop())
    assert again.headers["idempotency-replayed"] == "true"
    other = api.post("/v1/purchase_orders", json=body_of(2), headers=headers)
    assert other.status_code == 422


@pytest.mark.parametrize(("more", "status"), [({"external_reference": "DIED-1"}, 201), ({}, 502)])
def test_a_key_whose_process_died_is_taken_over_after_its_lease_and_nothing_is_doubled(api, hub, made, more, status):
    body, headers = body_of(**more), {"Idempotency-Key": "died"}
    first = api.post("/v1/purchase_orders", json=body, headers=headers)
    count = len(list(hub.connection(made.id).purchase_orders.list()))
    with hub.database.begin() as tx:  # as it stands when the process dies between the ERP's answer and ours
        tx.execute(table.idempotency.update().values(status=None, headers=None, body=None))
    assert api.post("/v1/purchase_orders", json=body, headers=headers).status_code == 409, "its lease still holds"
    with hub.database.begin() as tx:
        past = hub.database.now(tx) - timedelta(seconds=1)
        tx.execute(table.idempotency.update().values(lease_until=past))
    again = api.post("/v1/purchase_orders", json=body, headers=headers)
    assert again.status_code == status
    if status == 201:
        assert again.json()["number"] == first.json()["number"]
    else:
        assert (again.json()["code"], again.json()["outcome"]) == ("outcome_unknown", "unknown")
        assert api.post("/v1/purchase_orders", json=body, headers=headers).status_code == 502, "it stays so"
    assert len(list(hub.connection(made.id).purchase_orders.list())) == count


def test_a_write_that_takes_longer_than_its_lease_keeps_its_key(api, hub, made, monkeypatch):
    monkeypatch.setattr(idempotency, "LEASE", 0.3)
    entered, go_on = threading.Event(), threading.Event()
    real = Collection.create

    def slow(*args, **options):
        entered.set()
        assert go_on.wait(20)
        return real(*args, **options)

    monkeypatch.setattr(Collection, "create", slow)
    headers, renewed = {"Idempotency-Key": "slow"}, []

    def lease():
        with hub.database.read() as tx:
            return tx.execute(sa.select(table.idempotency.c.lease_until)).scalar_one()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(api.post, "/v1/purchase_orders", json=body_of(external_reference="S-1"), headers=headers)
        assert entered.wait(20)
        begun = lease()
        for _ in range(200):
            if lease() > begun + timedelta(seconds=0.4):  # by then the first lease is over
                renewed.append(True)
                break
            threading.Event().wait(0.02)
        go_on.set()
        assert first.result().status_code == 201
    assert renewed


def test_a_key_is_forgotten_after_a_day(api: Api, hub):
    headers = {"Idempotency-Key": "yesterday"}
    assert api.post("/v1/purchase_orders", json=body_of(), headers=headers).status_code == 201

    def age(hours: float) -> None:
        with hub.database.begin() as tx:
            tx.execute(table.idempotency.update().values(begun_at=hub.database.now(tx) - timedelta(hours=hours)))

    age(23.9)
    assert api.post("/v1/purchase_orders", json=body_of(2), headers=headers).status_code == 422
    age(24.1)
    assert api.post("/v1/purchase_orders", json=body_of(2), headers=headers).status_code == 201


def test_a_refused_write_does_not_use_up_its_key(api: Api):
    headers, nobody = {"Idempotency-Key": "k2"}, body_of(vendor={"number": "99999999"})
    assert api.post("/v1/purchase_orders", json=nobody, headers=headers).status_code == 422
    assert api.post("/v1/purchase_orders", json=body_of(), headers=headers).status_code == 201


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


@pytest.mark.parametrize(("given", "status"), [(60, 201), (60.0, 201), (60.5, 422), ("60", 422), (0, 422), (True, 422)])
def test_a_whole_number_may_be_written_with_a_point_and_nothing_else_is_one(admin: Api, made, given, status):
    answer = admin.post(f"/v1/connections/{made.id}/tokens", json={"valid_for_seconds": given})
    assert answer.status_code == status


def test_a_bug_shows_its_kind_and_nothing_of_its_content(api: Api, monkeypatch, caplog):
    monkeypatch.setattr("anyerp_hub.web.record._many", lambda *_: {}["hunter2"])
    answer = api.get("/v1/vendors")
    assert (answer.status_code, answer.json()["detail"]) == (500, "KeyError")
    assert "hunter2" not in answer.text


def test_a_wrong_method_is_told_the_right_ones(api: Api):
    assert api.put("/v1/purchase_orders").headers["allow"] == "GET, POST"
    assert api.put("/v1/jobs/job_x").headers["allow"] == "GET"


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


def test_changes_are_told_since_a_state(api: Api):
    first = api.post("/v1/purchase_orders/changes", json={}).json()
    assert first["created"]
    made_ = api.post("/v1/purchase_orders", json=body_of()).json()
    second = api.post("/v1/purchase_orders/changes", json={"state": first["state"]}).json()
    assert [one["id"] for one in second["created"]] == [made_["id"]]
    assert (second["updated"], second["deleted"]) == ([], [])
    wrong = api.post("/v1/purchase_orders/changes", json={"state": "nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_cursor")


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
