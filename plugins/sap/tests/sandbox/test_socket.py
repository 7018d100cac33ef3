"""The sandbox over a real socket, with nothing but the standard library."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from anyerp.testing.sandbox import Once, lose_after, serve

ROOT = "/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/"


@pytest.fixture
def base(sandbox):
    with serve(sandbox) as url:
        yield url


@pytest.fixture
def wire(base, sandbox):
    with Wire(base, sandbox) as opened:
        yield opened


class Wire:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.connection.close()

    def __init__(self, base, sandbox):
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
        pair = f"{sandbox.access.username}:{sandbox.access.password}".encode()
        self.headers = {"Authorization": "Basic " + base64.b64encode(pair).decode(), "Accept": "application/json"}

    def ask(self, method, path, body=None, **headers):
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def start(self):
        answer, _ = self.ask("HEAD", ROOT, X_CSRF_Token="Fetch")
        cookies = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        self.headers |= {"Cookie": "; ".join(cookies), "X-CSRF-Token": answer.getheader("x-csrf-token")}
        self.headers["Content-Type"] = "application/json"
        return cookies


def test_a_session_starts_with_three_cookies_and_a_token_and_then_writes(wire, base, order_body):
    assert len(wire.start()) == 3
    answer, body = wire.ask("POST", ROOT + "A_PurchaseOrder", order_body)
    assert answer.status == 201
    location = answer.getheader("location")
    assert location == f"{base}{ROOT}A_PurchaseOrder('4500000014')"
    assert json.loads(body)["d"]["__metadata"]["uri"] == location
    answer, body = wire.ask("MERGE", urlsplit(location).path, {"PurchasingGroup": "002"}, If_Match="*")
    assert (answer.status, body) == (204, b"")
    answer, body = wire.ask("GET", urlsplit(location).path + "?$select=PurchasingGroup")
    assert json.loads(body)["d"]["PurchasingGroup"] == "002"


def test_a_next_link_is_absolute_and_leads_on(wire, base, sandbox):
    sandbox.server_page = 5
    _, body = wire.ask("GET", ROOT + "A_PurchaseOrder")
    link = json.loads(body)["d"]["__next"]
    assert link.startswith(base + ROOT)
    _, body = wire.ask("GET", link.removeprefix(base))
    assert json.loads(body)["d"]["results"][0]["PurchaseOrder"] == "4500000006"


def test_a_lost_answer_breaks_the_connection_after_the_work(wire, base, sandbox, order_body):
    wire.start()
    sandbox.faults.append(Once(lose_after))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        wire.ask("POST", ROOT + "A_PurchaseOrder", order_body)
    with Wire(base, sandbox) as another:
        _, count = another.ask("GET", ROOT + "A_PurchaseOrder/$count")
    assert count == b"14"


def test_orders_posted_at_the_same_time_get_numbers_of_their_own(base, sandbox, order_body):
    numbers = []

    def post():
        with Wire(base, sandbox) as wire:
            wire.start()
            for _ in range(5):
                _, body = wire.ask("POST", ROOT + "A_PurchaseOrder", order_body)
                numbers.append(json.loads(body)["d"]["PurchaseOrder"])

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 20
