"""Batches and limits (dynamics sheet §1.8)."""

from __future__ import annotations

import json
import threading

import pytest
from anyerp_dynamics.sandbox.fno import UserLimits

ORDERS, LINES = "PurchaseOrderHeadersV2", "PurchaseOrderLinesV2"
GROUPS = "CustomerGroups"


def request(method, url, body=None, content_id="1"):
    head = f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {content_id}\r\n\r\n"
    said = "" if body is None else json.dumps(body)
    return f"{head}{method} {url} HTTP/1.1\r\nContent-Type: application/json;odata.metadata=minimal\r\n\r\n{said}\r\n"


def wrapped(mark, parts):
    return "".join(f"--{mark}\r\n{part}\r\n" for part in parts) + f"--{mark}--\r\n"


def change_set(*parts):
    return "Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n" + wrapped("changeset_1", parts)


def batch(erp, *parts, **headers):
    content = wrapped("batch_1", parts).encode()
    return erp.ask("POST", "$batch", content, Content_Type="multipart/mixed; boundary=batch_1", **headers)


def group(name):
    return request("POST", f"https://env.example/data/{GROUPS}", {"CustomerGroupId": name, "Description": name})


def test_a_change_set_is_all_or_nothing(erp):
    answer = batch(erp, change_set(group("B1"), group("B2")))
    assert answer.status == 200
    assert answer.text().count("HTTP/1.1 201 Created") == 2
    assert answer.headers["content-type"].startswith("multipart/mixed; boundary=batchresponse_")
    answer = batch(erp, change_set(group("B3"), group("B1"), group("B4")))
    assert len(erp.rows(GROUPS)) == 3
    assert answer.status == 200


def test_a_failed_change_set_answers_once_and_with_500_for_a_duplicate(erp):
    text = batch(erp, change_set(group("B1"), group("30"))).text()
    assert text.count("HTTP/1.1 ") == 1
    assert "HTTP/1.1 500 Internal Server Error" in text
    assert "AxODataWriteException" in text
    assert "The record already exists" in text
    assert erp.ask("POST", GROUPS, {"CustomerGroupId": "30"}).status == 400


def test_a_number_from_the_sequence_cannot_be_pointed_at(erp):
    head = request("POST", ORDERS, {"OrderVendorAccountNumber": "US-101", "DefaultReceivingWarehouseId": "11"}, "1")
    below = request("POST", "$1/PurchaseOrderLines", {"ItemNumber": "D0001"}, "2")
    text = batch(erp, change_set(head, below)).text()
    assert "Field 'Purchase order number' must be filled in." in text
    assert len(erp.rows(ORDERS)) == 12


def test_a_number_of_our_own_makes_a_whole_order_in_one_change_set(erp):
    head = request(
        "POST",
        ORDERS,
        {"PurchaseOrderNumber": "OWN-1", "OrderVendorAccountNumber": "US-101", "DefaultReceivingWarehouseId": "11"},
        "1",
    )
    lines = [
        request("POST", LINES, {"PurchaseOrderNumber": "OWN-1", "LineNumber": n, "ItemNumber": "D0001"}, str(n + 1))
        for n in (1, 2)
    ]
    assert batch(erp, change_set(head, *lines)).text().count("201 Created") == 3
    assert len(erp.rows(f"{LINES}?$filter=PurchaseOrderNumber eq 'OWN-1'")) == 2


def test_reads_can_stand_beside_change_sets(erp):
    text = batch(
        erp, request("GET", "/data/VendorsV3?$top=1&$select=VendorAccountNumber"), change_set(group("B1"))
    ).text()
    assert "US-101" in text
    assert "201 Created" in text


def test_a_batch_goes_on_after_an_error_only_when_asked_to(erp):
    bad, good = request("GET", "/data/Nothing"), request("GET", f"/data/{GROUPS}/$count")
    assert batch(erp, bad, good).text().count("HTTP/1.1 ") == 1
    assert batch(erp, bad, good, Prefer="odata.continue-on-error").text().count("HTTP/1.1 ") == 2


def test_a_batch_has_at_most_five_thousand_operations(erp):
    parts = [request("GET", f"/data/{GROUPS}/$count")] * 5_001
    assert batch(erp, *parts).status == 400
    assert erp.ask("POST", "$batch", b"x", Content_Type="application/xml").status == 415
    assert erp.ask("POST", "$batch", b"x", Content_Type="multipart/mixed").status == 400


def test_roles_hold_inside_a_batch(erp):
    erp.sandbox.revoke(GROUPS, "Create")
    assert "HTTP/1.1 403 Forbidden" in batch(erp, change_set(group("B1"))).text()


@pytest.mark.parametrize(("priority", "load"), [("Low", 60), ("Medium", 80), ("High", 95)])
def test_a_loaded_system_sends_away_the_low_priorities_first(erp, priority, load):
    erp.sandbox.directory.users[erp.sandbox.client_id].priority = priority
    erp.sandbox.throttle.load = load - 1
    erp.get("VendorsV3?$top=1")
    erp.sandbox.throttle.load = load
    answer = erp.ask("GET", "VendorsV3?$top=1")
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert "high resource utilization" in answer.json()["error"]["message"]


def test_limits_per_user_are_off_unless_asked_for(erp):
    for _ in range(200):
        erp.ask("GET", "/metadata/Nothing")
    assert erp.ask("GET", f"{GROUPS}/$count").status == 200


def test_so_many_requests_in_a_window_and_then_a_wait(environment):
    erp = environment(limits=UserLimits(requests=3, window=300))
    erp.get(f"{GROUPS}?$top=1")
    erp.clock.advance(seconds=100)
    erp.get(f"{GROUPS}?$top=1")
    erp.get(f"{GROUPS}?$top=1")
    answer = erp.ask("GET", GROUPS)
    assert (answer.status, answer.headers["retry-after"]) == (429, "200")
    assert "exeeded the limit of 3 over the time window of 300 seconds" in answer.json()["error"]["message"]
    erp.clock.advance(seconds=200)
    erp.get(f"{GROUPS}?$top=1")


def test_so_much_time_in_a_window(environment):
    erp = environment(limits=UserLimits(execution=10))
    erp.sandbox.throttle.cost = 6
    erp.get(f"{GROUPS}?$top=1")
    erp.get(f"{GROUPS}?$top=1")
    answer = erp.ask("GET", GROUPS)
    assert answer.status == 429
    assert "Combined execution time" in answer.json()["error"]["message"]


def test_so_many_at_once(environment):
    erp = environment(limits=UserLimits(concurrent=1))
    inside, go = threading.Event(), threading.Event()

    def slow(call, proceed):
        if "slow" in call.target:
            inside.set()
            go.wait(10)

    erp.sandbox.faults.append(slow)
    thread = threading.Thread(target=lambda: erp.ask("GET", f"{GROUPS}?slow=1"))
    thread.start()
    assert inside.wait(10)
    answer = erp.ask("GET", GROUPS)
    go.set()
    thread.join(10)
    assert answer.status == 429
    assert "concurrent requests exceeded the limit of 1" in answer.json()["error"]["message"]
    assert erp.ask("GET", GROUPS).status == 200
