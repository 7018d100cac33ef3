"""Batches: many operations in one request (dynamics sheet §2.5)."""

from __future__ import annotations

import pytest


def part(method, url, body=None, **headers):
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {"method": method, "url": url, "headers": sent} | ({} if body is None else {"body": body})


@pytest.fixture
def batch(client):
    def run(*parts, **headers):
        answer = client.ask("POST", f"{client.api}/$batch", {"requests": list(parts)}, **headers)
        assert answer.status == 200, answer.text()
        return answer.json()["responses"]

    return run


@pytest.fixture
def inside(client):
    return f"companies({client.company})"


@pytest.fixture
def patches(client, inside):
    """Two good changes with a bad one between them."""
    ids = [client.one(f"vendors?$filter=number eq '{number}'")["id"] for number in ("10000", "20000", "30000")]
    bodies = ({"city": "One"}, {"blocked": "Nothing"}, {"city": "Three"})
    return [
        part("PATCH", f"{inside}/vendors({identity})", body, If_Match="*")
        for identity, body in zip(ids, bodies, strict=True)
    ]


def cities(client):
    return [client.one(f"vendors?$filter=number eq '{number}'")["city"] for number in ("10000", "30000")]


def test_each_operation_has_an_answer_of_its_own(client, batch, inside, order):
    created = {**part("POST", f"{inside}/purchaseOrders", order), "id": "r1"}
    read = {**part("GET", f"{inside}/vendors?$filter=number eq '10000'"), "id": "r2"}
    first, second = batch(created, read)
    assert (first["id"], first["status"], first["body"]["number"]) == ("r1", 201, "106014")
    assert first["headers"]["odata-version"] == "4.0"
    assert (second["id"], second["body"]["value"][0]["number"]) == ("r2", "10000")
    assert len(client.list("purchaseOrders?$filter=number eq '106014'&$expand=purchaseOrderLines")) == 1


def test_ids_come_back_null_when_none_are_sent(batch, inside):
    assert batch(part("GET", f"{inside}/vendors"))[0]["id"] is None


def test_a_company_may_be_named_by_a_header_of_the_part(client, batch):
    by_name = part("GET", "vendors", Company="CRONUS USA, Inc.")
    assert len(batch(by_name)[0]["body"]["value"]) == 9
    (lost,) = batch(part("GET", "vendors"))
    assert (lost["status"], lost["body"]["error"]["code"]) == (404, "Internal_CompanyNotFound")


def test_parts_commit_one_by_one_up_to_the_first_error(client, batch, patches):
    answers = batch(*patches)
    assert [answer["status"] for answer in answers] == [200, 400]
    assert answers[1]["body"]["error"]["message"].startswith("'Nothing' is not an option.")
    assert cities(client) == ["One", "München"]


def test_an_error_does_not_stop_who_prefers_to_go_on(client, batch, patches):
    answers = batch(*patches, Prefer="odata.continue-on-error")
    assert [answer["status"] for answer in answers] == [200, 400, 200]
    assert cities(client) == ["One", "Three"]


def test_isolation_takes_everything_back(client, batch, patches):
    answers = batch(*patches, Isolation="snapshot")
    assert [answer["status"] for answer in answers] == [200, 400]
    assert cities(client) == ["Atlanta", "München"]


def test_what_server_code_commits_survives_isolation(client, batch, inside):
    order = client.order("106001")
    vendor = f"{inside}/vendors({order['vendorId']})"
    answers = batch(
        part("PATCH", vendor, {"city": "Before"}, If_Match="*"),
        part("POST", f"{inside}/purchaseOrders({order['id']})/Microsoft.NAV.receiveAndInvoice"),
        part("PATCH", vendor, {"phoneNumber": "1"}, If_Match="*"),
        part("PATCH", vendor, {"blocked": "Nothing"}, If_Match="*"),
        Isolation="snapshot",
    )
    assert [answer["status"] for answer in answers] == [200, 204, 200, 400]
    assert client.list("purchaseOrders?$filter=number eq '106001'") == []
    after = client.get(f"vendors({order['vendorId']})")
    assert (after["city"], after["phoneNumber"]) == ("Before", "")


def test_a_hundred_operations_are_the_most(client, batch, inside):
    read = part("GET", f"{inside}/vendors/$count")
    assert len(batch(*[read] * 100)) == 100
    status, code, text = client.refused("POST", f"{client.api}/$batch", {"requests": [read] * 101})
    assert (status, code) == (400, "Unknown")
    assert "A maximum number of '100' query operations" in text


def test_deep_inserts_go_through_a_batch(client, batch, inside, order):
    answers = batch(*[part("POST", f"{inside}/purchaseOrders?$expand=purchaseOrderLines", order)] * 3)
    assert [answer["body"]["number"] for answer in answers] == ["106014", "106015", "106016"]
    assert all(len(answer["body"]["purchaseOrderLines"]) == 1 for answer in answers)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"requests": 5}', b'{"requests": [{"method": "GET"}]}'])
def test_a_batch_that_cannot_be_read_is_refused(client, body):
    assert client.refused("POST", f"{client.api}/$batch", body)[0] == 400


def test_a_batch_is_posted_as_json(client):
    kind = "multipart/mixed; boundary=b"
    assert client.refused("POST", f"{client.api}/$batch", b"--b--", Content_Type=kind)[0] == 415
    assert client.refused("GET", f"{client.api}/$batch")[0] == 405
