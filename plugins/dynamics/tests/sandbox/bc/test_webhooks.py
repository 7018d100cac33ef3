"""Webhooks: handshakes, renewals and notifications (dynamics sheet §2.7)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from anyerp.testing.sandbox import serve
from anyerp.wire import Response, load_json


class Listener:
    """A subscriber in process: proves itself, keeps what it is told, and answers as a test wants."""

    def __init__(self):
        self.told = []
        self.handshakes = 0
        self.status = 200
        self.proves = True

    def __call__(self, url, body):
        token = parse_qs(urlsplit(url).query).get("validationToken")
        if token:
            self.handshakes += 1
            return 200, token[0] if self.proves else "nonsense"
        self.told.append(load_json(body)["value"])
        return self.status, ""


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def client(connect, listener):
    return connect(deliver=listener)


@pytest.fixture
def path(client):
    return f"{client.api}/subscriptions"


def resource(client, name="vendors"):
    return f"/api/v2.0/companies({client.company})/{name}"


@pytest.fixture
def subscription(client, path):
    body = {"notificationUrl": "https://host.example/hook?x=1", "resource": resource(client), "clientState": "s3"}
    return client.post(path, body)


def vendor(client, number="10000"):
    return client.one(f"vendors?$filter=number eq '{number}'")


def test_a_subscription_is_made_after_a_handshake_and_lives_three_days(client, path, subscription, listener):
    assert listener.handshakes == 1
    assert len(subscription["subscriptionId"]) == 32
    assert subscription["expirationDateTime"] == "2026-04-04T09:00:00.123Z"
    assert subscription["clientState"] == "s3"
    assert client.list(path)[0]["subscriptionId"] == subscription["subscriptionId"]


def test_who_does_not_return_the_bare_token_gets_no_subscription(client, path, listener):
    listener.proves = False
    body = {"notificationUrl": "https://host.example/hook", "resource": resource(client)}
    assert client.refused("POST", path, body)[0] == 400
    assert client.list(path) == []


@pytest.mark.parametrize("name", ["purchaseOrders", "purchaseReceipts", "purchaseOrderLines", "nonsense"])
def test_purchase_orders_and_receipts_cannot_be_subscribed_to(client, path, name, listener):
    body = {"notificationUrl": "https://host.example/hook", "resource": resource(client, name)}
    assert client.refused("POST", path, body)[0] == 400
    assert listener.handshakes == 0


def test_supported_resources_are_listed(client):
    runtime = f"/v2.0/Production/api/microsoft/runtime/beta/companies({client.company})/webhookSupportedResources"
    found = {row["resource"] for row in client.list(runtime)}
    assert "v2.0/vendors" in found
    assert "v2.0/purchaseOrders" not in found


def test_a_renewal_shakes_hands_again_and_needs_a_token(client, path, subscription, listener, clock):
    here = f"{path}('{subscription['subscriptionId']}')"
    clock.advance(days=2)
    client.sign_in()
    assert client.refused("PATCH", here, {})[:2] == (400, "BadRequest_InvalidToken")
    renewed = client.patch(here, {}, subscription["@odata.etag"])
    assert listener.handshakes == 2
    assert renewed["expirationDateTime"] == "2026-04-06T09:00:00.123Z"
    listener.proves = False
    assert client.refused("PATCH", here, {}, If_Match="*")[0] == 400


def test_a_subscription_can_be_removed(client, path, subscription):
    assert client.ask("DELETE", f"{path}('{subscription['subscriptionId']}')").status == 204
    assert client.list(path) == []


def test_a_change_is_told_once_with_the_last_word(client, subscription, listener, clock):
    row = vendor(client)
    for city in ("One", "Two"):
        client.patch(f"vendors({row['id']})", {"city": city})
    client.patch(f"locations({client.list('locations')[0]['id']})", {"city": "elsewhere"})
    assert client.sandbox.notify() == 1
    ((told,),) = listener.told
    assert (told["changeType"], told["clientState"]) == ("updated", "s3")
    assert told["resource"] == f"api/v2.0/companies({client.company})/vendors({row['id']})"
    assert told["subscriptionId"] == subscription["subscriptionId"]
    assert told["lastModifiedDateTime"] == "2026-04-01T09:00:00.123Z"
    assert client.sandbox.notify() == 0


def test_making_and_deleting_are_told_and_what_failed_is_not(client, subscription, listener):
    made = client.post("vendors", {"displayName": "New"})
    client.refused("POST", "vendors", {"number": made["number"]})
    client.sandbox.notify()
    client.ask("DELETE", f"vendors({made['id']})")
    client.sandbox.notify()
    assert [[item["changeType"] for item in told] for told in listener.told] == [["created"], ["deleted"]]


def test_a_change_of_a_line_notifies_its_header(client, path, listener):
    body = {"notificationUrl": "https://host.example/hook", "resource": resource(client, "salesOrders").lstrip("/")}
    client.post(path, body)
    order = client.one("salesOrders?$filter=externalDocumentNumber eq 'PO-0001'&$expand=salesOrderLines")
    client.patch(f"salesOrderLines({order['salesOrderLines'][0]['id']})", {"description": "x"})
    client.sandbox.notify()
    assert [item["resource"] for item in listener.told[0]] == [
        f"api/v2.0/companies({client.company})/salesOrders({order['id']})"
    ]


def test_more_than_a_thousand_changes_come_as_one(client, subscription, listener):
    company = client.sandbox.company()
    for index in range(1001):
        company.put("vendors", company.new("vendors", number=f"N{index}"))
    client.sandbox.notify()
    ((told,),) = listener.told
    assert told["changeType"] == "collection"
    assert "$filter=lastDateTimeModified%20gt%20" in told["resource"]


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_subscriber_in_trouble_is_told_again(client, path, subscription, listener, status):
    listener.status = status
    client.patch(f"vendors({vendor(client)['id']})", {"city": "One"})
    client.sandbox.notify()
    listener.status = 200
    assert client.sandbox.notify() == 1
    assert listener.told[0] == listener.told[1]
    assert len(client.list(path)) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_any_other_refusal_deletes_the_subscription(client, path, subscription, listener, status):
    listener.status = status
    client.patch(f"vendors({vendor(client)['id']})", {"city": "One"})
    client.sandbox.notify()
    assert client.list(path) == []


def test_a_subscription_that_is_not_renewed_ends(client, path, subscription, listener, clock):
    clock.advance(days=3)
    client.sign_in()
    client.patch(f"vendors({vendor(client)['id']})", {"city": "One"})
    assert client.sandbox.notify() == 0
    assert listener.told == []
    assert client.list(path) == []


def test_a_client_state_has_its_length(client, path):
    body = {"notificationUrl": "https://host.example/hook", "resource": resource(client), "clientState": "x" * 2049}
    assert client.refused("POST", path, body)[0] == 400


class Hook:
    """A subscriber on loopback."""

    def __init__(self):
        self.credentials, self.faults, self.calls = {}, [], []

    def settings(self, base_url):
        return {}

    def handle(self, call):
        self.calls.append(call)
        token = parse_qs(urlsplit(call.target).query).get("validationToken", [""])[0]
        return Response(200, content=token.encode())


def test_notifications_travel_over_loopback_and_no_further(connect):
    client, hook = connect(), Hook()
    path = f"{client.api}/subscriptions"
    with serve(hook) as url:
        client.post(path, {"notificationUrl": f"{url}/hook", "resource": resource(client)})
        client.patch(f"vendors({vendor(client)['id']})", {"city": "One"})
        assert client.sandbox.notify() == 1
    assert [item["changeType"] for item in load_json(hook.calls[-1].content)["value"]] == ["updated"]
    far = {"notificationUrl": "http://host.example/hook", "resource": resource(client)}
    assert client.refused("POST", path, far)[0] == 400
