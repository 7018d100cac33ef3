"""Watches: what changes in an ERP becomes events, each with its schema, none lost, none told twice."""

from __future__ import annotations

import threading

import jsonschema
import pytest
from anyerp.errors import CredentialsRejected, NotSupported
from anyerp_hub import Hub
from anyerp_hub.error import NoSuchThing, WrongState
from anyerp_hub.event.catalogue import EVENTS, schema_of
from anyerp_hub.event.outbox import emit
from anyerp_hub.job.lease import hold
from anyerp_hub.web import create_app
from anyerp_hub.webhook.guard import Guard
from fastapi.testclient import TestClient
from receiver import receiving
from sample import order
from standardwebhooks import Webhook

SAP, PO = "sap-s4hana", "purchase_orders"


@pytest.fixture
def con(hub: Hub, sap) -> str:
    return hub.connect(SAP, **sap[1]).id


@pytest.fixture
def one(small: Hub, sap) -> str:
    return small.connect(SAP, **sap[1]).id


def told(hub: Hub) -> list[tuple[str, str]]:
    found = hub.events(types=f"{PO}.*", limit=500)
    for event in found:
        jsonschema.validate(event.data, schema_of(event.type))
    return [(event.type.partition(".")[2], event.data["id"]) for event in found]


def test_what_is_created_and_changed_is_told_once_with_its_record(hub: Hub, con):
    watch = hub.watches.add(con, PO)
    assert hub.watches.run(watch.id).counts["created"] == 0, "what was there is the beginning"
    orders = hub.connection(con).purchase_orders
    made = orders.create(order(2)).record
    assert hub.watches.run(watch.id).counts["created"] == 1
    orders.update(made.model_copy(update={"external_reference": "NEW"}))
    hub.watches.run(watch.id)
    hub.watches.run(watch.id)
    assert told(hub) == [("created", made.id), ("updated", made.id)]
    created, updated = hub.events(types=f"{PO}.*")
    assert created.data["record"]["lines"][0]["quantity"] in ("2", "2.000")
    assert updated.data["record"]["external_reference"] == "NEW"
    assert created.connection_id == con


def test_what_is_gone_is_told_where_that_is_asked_for(small: Hub, one, sap):
    watch = small.watches.add(one, PO, deletions=True)
    made = small.connection(one).purchase_orders.create(order()).record
    small.watches.run(watch.id)
    sap[0].world.store.remove("A_PurchaseOrder", (made.id,))
    small.watches.run(watch.id)
    assert told(small) == [("deleted", made.id)]


def test_the_first_look_tells_of_everything_where_that_is_asked_for(small: Hub, one):
    watch = small.watches.add(one, PO, initial=True)
    count = len(list(small.connection(one).purchase_orders.list()))
    assert small.watches.run(watch.id).counts == {"read": count, "created": count, "updated": 0, "deleted": 0}
    assert len(told(small)) == count > 0


def test_a_look_that_dies_before_its_end_is_repeated_and_told_once(small: Hub, one, monkeypatch):
    watch = small.watches.add(one, PO)
    small.watches.run(watch.id)
    orders = small.connection(one).purchase_orders
    made = [orders.create(order(n)).record.id for n in (1, 2)]

    class Died(BaseException):
        pass

    calls = []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise Died
        return emit(*args)

    with monkeypatch.context() as dying:
        dying.setattr("anyerp_hub.sync.look.emit", dies)
        with pytest.raises(Died):
            small.watches.run(watch.id)
    assert told(small) == []
    small.watches.run(watch.id)
    assert sorted(told(small)) == sorted(("created", id) for id in made)


def test_of_looks_at_once_each_change_is_told_by_one(hub: Hub, con):
    watch = hub.watches.add(con, PO)
    hub.watches.run(watch.id)
    made = hub.connection(con).purchase_orders.create(order()).record
    threads = [threading.Thread(target=hub.watches.run, args=(watch.id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(hub) == [("created", made.id)]


def test_a_scheduled_watch_looks_at_its_time_and_sooner_again_after_a_failure(small: Hub, one, clock):
    watch = small.watches.add(one, PO, every=3600)
    assert small.watches.run_due()
    assert not small.watches.run_due()
    made = small.connection(one).purchase_orders.create(order()).record
    clock.advance(hours=1)
    small.pause(one)
    assert small.watches.run_due()
    failed = small.watches.get(watch.id)
    assert (failed.failures, failed.error["code"]) == (1, WrongState.code)
    assert told(small) == []
    small.resume(one)
    clock.advance(minutes=1)
    assert small.watches.run_due()
    assert told(small) == [("created", made.id)]
    assert (small.watches.get(watch.id).failures, small.watches.get(watch.id).error) == (0, None)


def test_a_look_as_a_job_shows_how_far_it_is_and_what_it_found(hub: Hub, con, monkeypatch):
    monkeypatch.setattr("anyerp.connection.changed.STEP", 2)
    watch = hub.watches.add(con, PO, initial=True)
    job = hub.watches.submit(watch.id)
    assert hub.watches.submit(watch.id).id == job.id, "one look at a time"
    seen = []
    monkeypatch.setattr("anyerp_hub.job.worker.hold", lambda *args: seen.append(1) or hold(*args))
    hub.worker().work()
    done = hub.jobs.get(job.id)
    count = len(list(hub.connection(con).purchase_orders.list()))
    assert (done.state, done.kind, done.total) == ("succeeded", "sync", count)
    assert done.counts == {"read": count, "created": count, "updated": 0, "deleted": 0}
    assert len(seen) >= count // 2
    last = hub.events(types="job.succeeded")[0]
    jsonschema.validate(last.data, schema_of(last.type))
    assert last.data["counts"] == done.counts


def test_a_sync_job_waits_while_its_credentials_are_rejected_and_goes_on_after(small: Hub, one, sap, clock):
    watch = small.watches.add(one, PO)
    small.watches.run(watch.id)
    made = small.connection(one).purchase_orders.create(order()).record
    sap[0].rotate_credentials()
    job = small.watches.submit(watch.id)
    small.worker().work()
    assert (small.jobs.get(job.id).state, small.jobs.get(job.id).reason) == ("waiting", CredentialsRejected.code)
    assert told(small) == []
    small.reconnect(one, credentials=sap[0].credentials)
    small.worker().work()
    assert small.jobs.get(job.id).state == "succeeded"
    assert told(small) == [("created", made.id)]


def test_a_sync_job_can_be_paused_on_its_way_cancelled_and_tried_again(small: Hub, one, monkeypatch):
    monkeypatch.setattr("anyerp.connection.changed.STEP", 1)
    watch = small.watches.add(one, PO, initial=True)
    job = small.watches.submit(watch.id)
    real = small.connection

    def paused(id):
        small.jobs.pause(job.id)
        return real(id)

    worker = small.worker()
    monkeypatch.setattr(worker, "_connection", paused)
    assert worker.work_one()
    assert small.jobs.get(job.id).state == "paused"
    assert told(small) == []
    small.jobs.cancel(job.id)
    assert small.jobs.retry(job.id).state == "queued"
    small.worker().work()
    assert small.jobs.get(job.id).state == "succeeded"


def test_what_cannot_be_watched_is_refused(small: Hub, one):
    with pytest.raises(NotSupported):
        small.watches.add(one, "dragons")
    watch = small.watches.add(one, PO)
    with pytest.raises(WrongState):
        small.watches.add(one, PO)
    small.watches.remove(watch.id)
    with pytest.raises(NoSuchThing):
        small.watches.run(watch.id)


def test_every_change_of_every_resource_has_a_sound_schema():
    for type in (name for name in EVENTS if name.endswith((".created", ".updated", ".deleted"))):
        jsonschema.Draft202012Validator.check_schema(schema_of(type))
    assert "vendors.deleted" in EVENTS
    assert "record" not in schema_of("vendors.deleted")["properties"]


def test_over_http_a_token_watches_what_it_may_read_and_sees_no_other_records(small: Hub, one):
    client = TestClient(create_app(small, pages=False))
    small.watches.run(small.watches.add(one, PO, initial=True).id)

    def bearer(*scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {small.tokens.issue(one, scopes=list(scopes)).secret}"}

    narrow, wide = bearer("vendors:read"), bearer("*:read")
    assert client.post("/v1/watches", json={"resource": PO}, headers=narrow).status_code == 403
    made = client.post("/v1/watches", json={"resource": "vendors", "every": 60}, headers=narrow)
    assert (made.status_code, made.json()["every"]) == (201, 60)
    assert [each["resource"] for each in client.get("/v1/watches", headers=narrow).json()["data"]] == ["vendors"]
    assert len(client.get("/v1/watches", headers=wide).json()["data"]) == 2

    def seen(headers: dict[str, str]) -> set[str]:
        data = client.get("/v1/events?limit=500", headers=headers).json()["data"]
        return {each["type"] for each in data}

    assert f"{PO}.created" in seen(wide)
    assert f"{PO}.created" not in seen(narrow)
    ran = client.post(made.headers["location"] + "/run", headers=narrow)
    assert (ran.status_code, ran.json()["kind"]) == (202, "sync")
    small.worker().work()
    job = client.get(ran.headers["location"], headers=narrow).json()
    assert (job["state"], job["counts"]["created"]) == ("succeeded", 0)
    assert client.delete(made.headers["location"], headers=narrow).status_code == 204
    assert client.get(made.headers["location"], headers=narrow).status_code == 404


def test_changes_reach_a_webhook_that_asked_for_them(sqlite_url, keys, sap):
    with Hub(sqlite_url, keys=keys, guard=Guard(allow=("127.0.0.0/8",), plain=True)) as hub, receiving() as receiver:
        con = hub.connect(SAP, **sap[1]).id
        secret = hub.webhooks.add(receiver.url, events=[f"{PO}.*"]).secret
        watch = hub.watches.add(con, PO)
        hub.watches.run(watch.id)
        made = hub.connection(con).purchase_orders.create(order()).record
        hub.watches.run(watch.id)
        assert hub.sender.send_due() == 1
        (got,) = receiver.got
        event = Webhook(secret).verify(got.body, got.headers)
        assert (event["type"], event["data"]["id"]) == (f"{PO}.created", made.id)
