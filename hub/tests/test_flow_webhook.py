"""A signed call starts a flow; no other call does."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from anyerp_hub import Hub
from served import Served
from standardwebhooks import Webhook


@pytest.fixture
def hub(sqlite_url: str, keys):
    with Hub(sqlite_url, keys=keys) as hub:
        yield hub


@pytest.fixture
def client(served: Served, hub: Hub):
    with httpx2.Client(base_url=served.by(hub), timeout=30) as client:
        yield client


@pytest.fixture
def con(hub: Hub, sap, tmp_path: Path) -> str:
    con = hub.connect("sap-s4hana", **sap[1]).id
    ends = {"read": {"connection": con, "resource": "vendors"}, "write": {"directory": str(tmp_path / "out")}}
    hub.flows.put({"name": "called", "webhook": True, **ends})
    hub.flows.put({"name": "uncalled", **ends})
    return con


def signed(secret: str, body: str = "{}", at: datetime | None = None) -> dict:
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", at, body)
    stamp = str(int(at.timestamp()))
    return {
        "content": body,
        "headers": {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature},
    }


def test_a_signed_call_starts_the_flow_once(client, hub: Hub, con, tmp_path):
    assert not hub.flows.run_due()
    call = signed(hub.flows.webhook_secret("called"))
    for _ in range(2):  # callers repeat what they are not sure of
        assert client.post("/v1/flows/called/webhook", **call).status_code == 202
    assert hub.flows.run_due()
    assert not hub.flows.run_due()
    (run,) = hub.flows.runs("called")
    assert (run.trigger, run.state) == ("webhook", "succeeded")
    assert len(list((tmp_path / "out").glob("*.jsonl"))) == 1


def test_a_call_is_not_forgotten_when_its_run_fails_or_it_comes_during_one(sqlite_url, keys, clock, sap, tmp_path):
    with Hub(sqlite_url, keys=keys, clock=clock) as hub:
        con = hub.connect("sap-s4hana", **sap[1]).id
        ends = {"read": {"connection": con, "resource": "vendors"}, "write": {"directory": str(tmp_path)}}
        hub.flows.put({"name": "called", "webhook": True, **ends})
        call = signed(hub.flows.webhook_secret("called"), at=clock())
        hub.pause(con)
        hub.flows.call("called", call["headers"], call["content"].encode())
        hub.flows.put({"name": "called", "webhook": True, **ends})
        assert hub.flows.run_due()
        assert not hub.flows.run_due()
        hub.resume(con)
        clock.advance(minutes=1)
        run = hub.flows.run

        def called_meanwhile(name: str, trigger: str = "call"):
            found = run(name, trigger)
            hub.flows.call("called", call["headers"], call["content"].encode())
            return found

        hub.flows.run = called_meanwhile
        assert hub.flows.run_due()
        hub.flows.run = run
        assert hub.flows.run_due()
        assert not hub.flows.run_due()
        assert [one.state for one in hub.flows.runs("called")] == ["succeeded", "succeeded", "failed"]


def test_no_other_call_starts_it(client, hub: Hub, con):
    secret = hub.flows.webhook_secret("called")
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    old, ahead = (datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-6, 6))
    calls = [
        ("called", {}),
        ("called", signed(other)),
        ("called", signed(secret) | {"content": '{"other": "body"}'}),
        ("called", signed(secret, at=old)),
        ("called", signed(secret, at=ahead)),
        ("uncalled", signed(secret)),
        ("uncalled", signed(hub.flows.webhook_secret("uncalled"))),
        ("unknown", signed(secret)),
        ("called", {"headers": {"webhook-id": "m", "webhook-timestamp": "NaN", "webhook-signature": "v1,"}}),
    ]
    for name, call in calls:
        answer = client.post(f"/v1/flows/{name}/webhook", **call)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert client.post("/v1/flows/called/webhook", **signed(secret, "x" * 300_000)).status_code == 422
    assert not hub.flows.run_due()


def test_a_new_secret_holds_at_once_and_the_one_of_before_for_a_while(client, hub: Hub, con):
    governing = {"Authorization": f"Bearer {hub.tokens.issue().secret}"}

    def rotated(seconds: int) -> str:
        given = {"overlap_seconds": seconds}
        return client.post("/v1/flows/called/rotate-webhook-secret", json=given, headers=governing).json()["secret"]

    def taken(secret: str) -> bool:
        return client.post("/v1/flows/called/webhook", **signed(secret)).status_code == 202

    first = hub.flows.webhook_secret("called")
    second = rotated(3600)
    assert [taken(each) for each in (first, second)] == [True, True]
    third = rotated(3600)
    assert [taken(each) for each in (first, second, third)] == [False, True, True], "one of before, and none older"
    fourth = rotated(0)
    assert [taken(each) for each in (third, fourth)] == [False, True]
    assert hub.flows.webhook_secret("called") == fourth
    assert client.post("/v1/flows/nobody/rotate-webhook-secret", json={}, headers=governing).status_code == 404


def test_the_secret_is_told_to_who_governs_the_hub_and_ends_with_the_flow(client, hub: Hub, con):
    secret = hub.flows.webhook_secret("called")
    address = "/v1/flows/called/webhook-secret"
    governing = {"Authorization": f"Bearer {hub.tokens.issue().secret}"}
    assert client.get(address, headers=governing).json() == {"secret": secret}
    assert client.get(address).status_code == 401
    flow = hub.flows.get("called")
    hub.flows.put(flow.model_copy(update={"batch_size": 5}))
    assert hub.flows.webhook_secret("called") == secret
    hub.flows.remove("called")
    hub.flows.put(flow)
    assert hub.flows.webhook_secret("called") != secret


def test_over_http_no_flow_writes_to_the_files_of_the_machine(client, hub: Hub, con, tmp_path):
    governing = {"Authorization": f"Bearer {hub.tokens.issue().secret}"}
    for target in ({"directory": "/tmp"}, {"database": "sqlite:///x.db"}):
        flow = {"name": "x", "read": {"connection": con, "resource": "vendors"}, "write": target}
        answer = client.put("/v1/flows/x", json=flow, headers=governing)
        assert answer.status_code == 422
        assert "put-flows" in answer.json()["hint"]
    assert client.get("/v1/flows", headers=governing).json()["data"][0]["write"]["format"] == "jsonl"


def test_the_dashboard_shows_where_an_export_goes(client, hub: Hub, con, tmp_path):
    token = hub.tokens.issue().secret
    client.post("/login", data={"token": token})
    page = client.get("/flows")
    assert page.status_code == 200
    assert f"jsonl files in {tmp_path / 'out'}" in page.text
    assert "by a signed call" in page.text
