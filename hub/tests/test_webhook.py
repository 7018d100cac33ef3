"""Webhooks arrive, signed so that a foreign library agrees, at least once and with the same id, or say why not."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
import sqlalchemy as sa
from anyerp.errors import ConfigError, CredentialsRejected
from anyerp_hub import Hub
from anyerp_hub.error import NoSuchThing, UnsafeAddress
from anyerp_hub.event.catalogue import EVENTS, schema_of
from anyerp_hub.store import table
from anyerp_hub.webhook import sender as sending
from anyerp_hub.webhook.endpoint import NewEndpoint
from anyerp_hub.webhook.guard import Guard
from anyerp_hub.webhook.sender import SCHEDULE
from receiver import Receiver, receiving
from standardwebhooks import Webhook, WebhookVerificationError

SAP = "sap-s4hana"
HERE = Guard(allow=("127.0.0.0/8",), plain=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hub(url, keys, clock, sap) -> Iterator[Hub]:
    clock.at = datetime.now(UTC)  # the foreign library compares with the real one
    with Hub(url, keys=keys, clock=clock, guard=HERE) as hub:
        yield hub


@pytest.fixture
def con(hub: Hub, sap) -> str:
    return hub.connect(SAP, **sap[1]).id


@pytest.fixture
def endpoint(hub: Hub, con, receiver: Receiver) -> NewEndpoint:
    return hub.webhooks.add(receiver.url)


def bodies(receiver: Receiver) -> list[dict]:
    return [json.loads(got.body) for got in receiver.got]


def test_a_foreign_library_verifies_what_arrives(hub: Hub, con, endpoint, receiver):
    hub.pause(con)
    assert hub.sender.send_due() == 1
    got = receiver.got[0]
    event = Webhook(endpoint.secret).verify(got.body, got.headers)
    assert (event["type"], event["data"]["connection_id"]) == ("connection.paused", con)
    assert got.headers["webhook-id"] == event["id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(got.body.replace(b"paused", b"active"), got.headers)


def test_losing_access_arrives_once_signed_and_says_who_must_act(hub: Hub, con, endpoint, receiver, sap):
    sap[0].rotate_credentials()
    for _ in range(4):
        with pytest.raises(CredentialsRejected):
            hub.connection(con).vendors.page()
    hub.sender.send_due()
    seen = [body["type"] for body in bodies(receiver)]
    assert seen == ["connection.needs_reauth", "connection.reauthorization_required"]
    assert bodies(receiver)[1]["data"]["reason"] == "credentials_rejected"


def test_an_endpoint_hears_what_it_asked_for_of_whom_it_asked_for(hub: Hub, con, sap, receiver):
    other = hub.connect(SAP, **sap[1]).id
    mine = hub.webhooks.add(receiver.url, events=["connection.paused", "job.*"], connection_id=con).endpoint
    for id in (con, other):
        hub.pause(id)
        hub.resume(id)
    hub.sender.send_due()
    assert [(body["type"], body["data"]["connection_id"]) for body in bodies(receiver)] == [("connection.paused", con)]
    assert [one.endpoint_id for one in hub.webhooks.deliveries()] == [mine.id]


def test_while_a_rotation_overlaps_both_secrets_verify_and_afterwards_only_the_new_one(
    hub: Hub, con, endpoint, receiver, clock
):
    fresh = hub.webhooks.rotate_secret(endpoint.endpoint.id, overlap=timedelta(minutes=2))
    hub.pause(con)
    hub.sender.send_due()
    clock.advance(minutes=3)
    hub.resume(con)
    hub.sender.send_due()
    first, second = receiver.got
    for secret in (endpoint.secret, fresh.secret):
        Webhook(secret).verify(first.body, first.headers)
    Webhook(fresh.secret).verify(second.body, second.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(second.body, second.headers)
    assert len(base64.b64decode(fresh.secret.removeprefix("whsec_"))) == 32


def test_a_receiver_that_is_down_gets_the_same_id_again_on_the_schedule(hub: Hub, con, endpoint, receiver, clock):
    receiver.says(500, 503, 204)
    hub.pause(con)
    assert hub.sender.send_due() == 1
    assert hub.sender.send_due() == 0  # not before its time
    clock.advance(seconds=4.9)
    assert hub.sender.send_due() == 0
    clock.advance(seconds=1.2)
    assert hub.sender.send_due() == 1
    clock.advance(minutes=6)
    assert hub.sender.send_due() == 1
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 3
    (delivery,) = hub.webhooks.deliveries()
    assert delivery.state == "delivered"
    assert [attempt["status"] for attempt in delivery.attempts] == [500, 503, 204]
    assert hub.webhooks.get(endpoint.endpoint.id).failing_since is None


def test_after_the_whole_schedule_a_delivery_has_failed_and_stays_in_the_log(hub: Hub, con, endpoint, receiver, clock):
    receiver.says(500)
    hub.pause(con)
    begun = clock.at
    for wait in (timedelta(0), *SCHEDULE):
        clock.at += wait * 1.2
        hub.sender.send_due()
    (delivery,) = hub.webhooks.deliveries()
    assert (delivery.state, len(delivery.attempts)) == ("failed", 10)
    assert timedelta(hours=74) < clock.at - begun < timedelta(hours=92)


def test_retry_after_is_obeyed_and_capped(hub: Hub, con, endpoint, receiver, clock):
    receiver.says((429, {"Retry-After": "60"}), (503, {"Retry-After": "999999"}), 204)
    hub.pause(con)
    hub.sender.send_due()
    due = hub.webhooks.deliveries()[0].due_at
    assert due is not None
    assert timedelta(seconds=60) <= due - clock.at < timedelta(seconds=61)
    clock.advance(seconds=61)
    hub.sender.send_due()
    due = hub.webhooks.deliveries()[0].due_at
    assert due is not None
    assert due - clock.at == timedelta(days=1)


def test_gone_disables_an_endpoint_at_once_and_is_told_to_the_others(hub: Hub, con, endpoint, receiver):
    with receiving() as other:
        hub.webhooks.add(other.url, events=["webhook.*"])
        receiver.says(410)
        hub.pause(con)
        hub.resume(con)
        hub.sender.send_due()
        disabled = hub.webhooks.get(endpoint.endpoint.id)
        assert disabled.disabled_because == "it answered 410 Gone"
        assert [body["type"] for body in bodies(other)] == ["webhook.endpoint_disabled"]
    assert len(receiver.got) == 1
    assert {one.state for one in hub.webhooks.deliveries(disabled.id)} == {"failed", "cancelled"}


def test_an_endpoint_that_takes_nothing_for_days_is_disabled_and_can_catch_up(hub: Hub, con, endpoint, receiver, clock):
    clock.advance(seconds=1)
    id, begun = endpoint.endpoint.id, clock.at
    receiver.says(500)
    for _ in range(7):
        hub.pause(con)
        hub.sender.send_due()
        hub.resume(con)
        hub.sender.send_due()
        clock.advance(days=1)
    assert "took nothing since" in str(hub.webhooks.get(id).disabled_because)
    count = len(receiver.got)
    hub.sender.send_due()
    assert len(receiver.got) == count
    receiver.says(204)
    hub.webhooks.enable(id)
    assert hub.webhooks.replay(id, since=begun, only_failed=True) == 15  # 14 moves, and that it was disabled
    receiver.got.clear()
    hub.sender.send_due()
    assert len(receiver.got) == 15
    assert hub.webhooks.replay(id, since=begun, only_failed=True) == 0


def test_replay_by_id_sends_the_same_id_again(hub: Hub, con, endpoint, receiver):
    hub.pause(con)
    hub.sender.send_due()
    event = bodies(receiver)[0]["id"]
    assert hub.webhooks.replay(endpoint.endpoint.id, event_id=event) == 1
    hub.sender.send_due()
    assert [got.headers["webhook-id"] for got in receiver.got] == [event, event]
    with pytest.raises(ConfigError, match="which events"):
        hub.webhooks.replay(endpoint.endpoint.id)


def test_a_test_event_goes_to_this_endpoint_only(hub: Hub, endpoint, receiver):
    with receiving() as other:
        hub.webhooks.add(other.url)
        hub.webhooks.test(endpoint.endpoint.id)
        hub.sender.send_due()
        assert [body["type"] for body in bodies(receiver)] == ["webhook.test"]
        assert other.got == []


def test_a_sender_that_died_with_a_delivery_in_its_hands_is_followed_by_another(
    hub: Hub, con, endpoint, receiver, clock, monkeypatch
):
    def die(*_):
        raise KeyboardInterrupt

    hub.pause(con)
    monkeypatch.setattr(sending, "post", die)
    with pytest.raises(KeyboardInterrupt):
        hub.sender.send_one()
    monkeypatch.undo()
    assert hub.sender.send_due() == 0  # it may still be at work
    clock.advance(seconds=31)
    assert hub.sender.send_due() == 1
    assert hub.webhooks.deliveries()[0].state == "delivered"


def test_senders_side_by_side_send_each_delivery_once(hub: Hub, con, endpoint, receiver):
    for _ in range(10):
        hub.pause(con)
        hub.resume(con)
    threads = [threading.Thread(target=hub.sender.send_due) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [got.headers["webhook-id"] for got in receiver.got]
    assert len(ids) == len(set(ids)) == 20


def test_no_delivery_without_its_change_and_no_change_without_its_delivery(hub: Hub, con, endpoint, monkeypatch):
    monkeypatch.setattr("anyerp_hub.event.outbox.send", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hub.pause(con)
    assert hub.info(con).lifecycle == "active"
    assert hub.webhooks.deliveries() == []


def test_every_event_fits_its_published_schema(hub: Hub, con, endpoint, receiver, sap):
    for data in EVENTS.values():
        jsonschema.Draft202012Validator.check_schema(data[1])
    sap[0].revoke("API_BUSINESS_PARTNER")
    hub.check(con)
    hub.pause(con)
    hub.resume(con)
    hub.disconnect(con)
    hub.reconnect(con, **sap[1])
    hub.webhooks.test(endpoint.endpoint.id)
    receiver.says(410)
    hub.sender.send_due()
    events = hub.events()
    assert {"connection.degraded", "webhook.test", "webhook.endpoint_disabled"} <= {event.type for event in events}
    for event in events:
        jsonschema.validate(event.data, schema_of(event.type))


def test_an_endpoint_that_cannot_be_is_refused_when_it_is_added(hub: Hub, url, keys):
    with pytest.raises(ConfigError, match=r"payment\.made is no event"):
        hub.webhooks.add("https://hooks.example/", events=["payment.made"])
    with Hub(url, keys=keys) as strict, pytest.raises(UnsafeAddress):
        strict.webhooks.add("https://127.0.0.1/")
    with pytest.raises(ConfigError, match="cannot be found"):
        hub.webhooks.add("https://nowhere.invalid/")
    with pytest.raises(NoSuchThing):
        hub.webhooks.get("whe_x")
    assert hub.webhooks.list() == []


def test_a_removed_endpoint_takes_its_log_along(hub: Hub, con, endpoint):
    hub.pause(con)
    hub.webhooks.remove(endpoint.endpoint.id)
    assert hub.sender.send_due() == 0
    assert hub.webhooks.deliveries() == []
    assert hub.events()


def test_secrets_of_endpoints_are_sealed(hub: Hub, endpoint):
    with hub._database.read() as tx:
        row = str(tx.execute(sa.select(table.endpoint)).mappings().one())
    assert endpoint.secret.removeprefix("whsec_") not in row
    assert endpoint.secret not in repr(endpoint)
