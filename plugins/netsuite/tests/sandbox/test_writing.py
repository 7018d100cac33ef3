"""Create, change, upsert, delete: what is taken, what is dropped, what is refused."""

from __future__ import annotations

import threading

import pytest
from anyerp_netsuite.sandbox import NetSuiteSandbox

from .conftest import HOST, RECORDS, Client, detail, new_order, send

ERROR = {"x_netsuite_propertynamevalidation": "error"}


def test_a_new_order_is_a_204_with_its_id_in_the_location(client):
    answer = client.ask("POST", "purchaseOrder", new_order())
    assert (answer.status, answer.content) == (204, b"")
    location = answer.headers["location"]
    assert location.startswith(f"https://{HOST}/services/rest/record/v1/purchaseorder/")
    order = client.order(location.rpartition("/")[2])
    assert (order["total"], order["status"]["id"]) == (2500, "Pending Receipt")
    assert order["item"]["items"][0]["line"] == 1


def test_defaults_come_from_the_vendor_the_item_and_the_company(client):
    lines = [{"item": {"id": "85"}, "quantity": 2}, {"item": {"refName": "WASHER-M8"}, "quantity": 3}]
    order = client.order(
        client.post("purchaseOrder", new_order(entity={"externalId": "ERP-V-1001"}, item={"items": lines}))
    )
    first, second = order["item"]["items"]
    assert (order["currency"]["refName"], order["terms"]["refName"], order["tranDate"]) == (
        "US Dollar",
        "Net 30",
        "2026-06-02",
    )
    assert (str(first["rate"]), first["amount"], first["units"]) == ("139.5", 279, "1")
    assert (str(second["rate"]), str(second["amount"]), second["units"]) == ("1.95", "5.85", "18")
    assert first["location"]["id"] == "1"
    assert order["tranId"] == "PO45735"
    assert order["toBeEmailed"] is False
    assert order["exchangeRate"] == 1


def test_the_exchange_rate_leads_to_the_base_currency_of_the_company(client):
    body = new_order(entity={"id": "1727"}, subsidiary={"id": "2"}, location={"id": "3"})
    assert client.get("purchaseOrder/" + client.post("purchaseOrder", body))["exchangeRate"] == 1
    body = new_order(entity={"id": "1727"}, currency={"id": "4"})
    assert str(client.get("purchaseOrder/" + client.post("purchaseOrder", body))["exchangeRate"]) == "1.08"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"entity": None}, "Vendor"),
        ({"subsidiary": None}, "Subsidiary"),
        ({"item": {"items": []}}, "at least one line item"),
        ({"item": {"items": [{"quantity": 1}]}}, "Item"),
    ],
)
def test_what_is_mandatory_shows_only_as_an_error(client, changes, text):
    body = {name: value for name, value in new_order(**changes).items() if value is not None}
    answer = detail(client.ask("POST", "purchaseOrder", body))
    assert answer["o:errorCode"] == "USER_ERROR"
    assert text in answer["detail"]


def test_without_one_world_no_subsidiary_is_asked_for(clock):
    client = Client(NetSuiteSandbox(now=clock, one_world=False), clock).log_on()
    body = new_order()
    del body["subsidiary"]
    assert client.get("purchaseOrder/" + client.post("purchaseOrder", body))["subsidiary"]["id"] == "1"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"item": {"items": [{"item": {"id": 9999}, "quantity": 1}]}}, "item.items[0].item"),
        ({"item": {"items": [{"item": {"id": 84}}, {"item": {"id": 95}}]}}, "item.items[1].item"),
        ({"item": {"items": [{"item": {"id": 84}, "units": "7"}]}}, "item.items[0].units"),
        ({"entity": {"id": "84"}}, "entity"),
        ({"entity": {"id": "1728"}}, "entity"),
        ({"entity": {"refName": "Nobody"}}, "entity"),
        ({"entity": {"externalId": 5}}, "entity"),
        ({"entity": "1722"}, "entity"),
        ({"entity": {}}, "entity"),
        ({"entity": {"id": True}}, "entity"),
        ({"subsidiary": {"id": "2"}}, "subsidiary"),
        ({"currency": {"id": "5"}}, "currency"),
        ({"location": {"id": "3"}}, "location"),
        ({"tranDate": "3/1/2026"}, "tranDate"),
        ({"tranDate": "2026-02-30"}, "tranDate"),
        ({"exchangeRate": "1.5"}, "exchangeRate"),
        ({"toBeEmailed": "true"}, "toBeEmailed"),
        ({"memo": 5}, "memo"),
        ({"approvalStatus": {"id": "9"}}, "approvalStatus"),
        ({"item": []}, "item"),
        ({"item": {"items": {}}}, "item"),
        ({"custbody_requestor": {"items": [{"id": "1722"}]}}, "custbody_requestor"),
    ],
    ids=str,
)
def test_a_value_the_field_does_not_take_is_refused_with_its_path(client, changes, path):
    before = client.get("purchaseOrder")["totalResults"]
    answer = detail(client.ask("POST", "purchaseOrder", new_order(**changes)))
    assert (answer["o:errorCode"], answer["o:errorPath"]) == ("INVALID_CONTENT", path)
    assert client.get("purchaseOrder")["totalResults"] == before


def test_an_unknown_reference_reads_as_printed(client):
    body = new_order(item={"items": [{"item": {"id": 9999}, "quantity": 1}]})
    text = "Error while accessing resource: You have entered an Invalid Field Value 9999 for the following field: item"
    assert detail(client.ask("POST", "purchaseOrder", body))["detail"] == text


def test_everything_wrong_is_said_at_once(client):
    body = new_order(tranDate="soon", memo="x" * 1000, item={"items": [{"item": {"id": 1}, "quantity": "5"}]})
    answer = client.ask("POST", "purchaseOrder", body)
    paths = [one["o:errorPath"] for one in answer.json()["o:errorDetails"]]
    assert paths == ["item.items[0].item", "item.items[0].quantity", "tranDate", "memo"]


def test_text_too_long_is_refused_and_the_longest_is_kept(client):
    refused = detail(client.ask("PATCH", "purchaseOrder/2173", {"memo": "é" * 1000}))
    assert "maximum number ( 999 )" in refused["detail"]
    client.patch("purchaseOrder/2173", {"memo": "é" * 999})
    assert client.get("purchaseOrder/2173")["memo"] == "é" * 999


@pytest.mark.parametrize("field", ["total", "lastModifiedDate", "transactionNumber", "status", "id"])
def test_what_the_system_computes_cannot_be_written(client, field):
    answer = detail(client.ask("PATCH", "purchaseOrder/2173", {field: "5"}))
    assert (answer["o:errorCode"], answer["o:errorPath"]) == ("INVALID_CONTENT", field)


def test_the_own_id_and_links_may_come_back(client):
    client.patch("purchaseOrder/2173", {"id": "2173", "links": [], "refName": "x", "memo": "y"}, **ERROR)


def test_a_misspelt_field_is_dropped_with_a_204_and_a_hint(client):
    answer = client.patch("purchaseOrder/2173", {"meno": "lost", "item": {"items": [{"line": 1, "quantitty": 5}]}})
    for header in ("x-netsuite-propertyvalidation", "x-netsuite-warning"):
        assert "meno" in answer.headers[header]
        assert "item.items[0].quantitty" in answer.headers[header]
    assert client.get("purchaseOrder/2173")["memo"] == "Spring order"


def test_with_the_header_a_misspelt_field_is_an_error(client):
    answer = detail(client.ask("PATCH", "purchaseOrder/2173", {"meno": "lost"}, **ERROR))
    assert (answer["o:errorCode"], answer["o:errorPath"]) == ("NONEXISTENT_FIELD", "meno")
    ignored = client.patch("purchaseOrder/2173", {"meno": 1}, x_netsuite_propertynamevalidation="Ignore")
    assert "x-netsuite-warning" not in ignored.headers
    wrong = client.ask("PATCH", "purchaseOrder/2173", {}, x_netsuite_propertynamevalidation="perhaps")
    assert detail(wrong)["o:errorHeader"] == "X-NetSuite-PropertyNameValidation"


def test_wrong_values_can_be_dropped_too_when_asked(client):
    body = {"tranDate": "soon", "memo": "kept"}
    client.patch("purchaseOrder/2173", body, x_netsuite_propertyvaluevalidation="Ignore")
    hint = client.patch("purchaseOrder/2173", body, x_netsuite_propertyvaluevalidation="warning")
    assert "tranDate" in hint.headers["x-netsuite-warning"]
    order = client.get("purchaseOrder/2173")
    assert (order["memo"], order["tranDate"]) == ("kept", "2026-03-01")


def test_names_are_taken_whatever_their_case_and_answered_in_camel_case(client):
    id = client.post("vendor", {"companyname": "Neu AG", "SUBSIDIARY": {"ID": 1}, "LegalName": "Neu AG"}, **ERROR)
    vendor = client.get(f"vendor/{id}")
    assert (vendor["companyName"], vendor["legalName"], vendor["subsidiary"]["id"]) == ("Neu AG", "Neu AG", "1")


def test_a_patch_leaves_the_rest_and_null_clears(client):
    before = client.get("purchaseOrder/2173")
    client.patch("purchaseOrder/2173", {"memo": None, "otherRefNum": "A/1"})
    after = client.get("purchaseOrder/2173")
    assert "memo" not in after
    changed = {"memo", "otherRefNum", "lastModifiedDate"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}


def test_an_address_is_changed_in_part(client):
    client.patch("purchaseOrder/2173", {"billingAddress": {"addr2": "Suite 200", "country": {"id": "DE"}}})
    address = client.order("2173")["billingAddress"]
    assert (address["addr1"], address["addr2"], address["country"]["refName"]) == (
        "1 Industrial Road",
        "Suite 200",
        "Germany",
    )


def test_an_upsert_by_external_id_creates_once_and_then_updates(client):
    body = {"companyName": "Upserted Ltd", "subsidiary": {"id": "1"}}
    first = client.ask("PUT", "vendor/eid:MY-1", body)
    second = client.ask("PUT", "vendor/eid:MY-1", {"companyName": "Renamed Ltd"})
    assert (first.status, second.status) == (204, 204)
    assert first.headers["location"] == second.headers["location"]
    assert client.get("vendor/eid:MY-1")["companyName"] == "Renamed Ltd"
    assert client.found("externalId IS MY-1", "vendor") == [first.headers["location"].rpartition("/")[2]]


def test_put_knows_external_ids_only(client):
    assert detail(client.ask("PUT", "vendor/1722", {}))["o:errorCode"] == "INVALID_REQUEST"


def test_an_external_id_is_given_once(client):
    client.post("purchaseOrder", new_order(externalId="REQ-1"))
    answer = detail(client.ask("POST", "purchaseOrder", new_order(externalId="REQ-1")))
    assert "already exists" in answer["detail"]
    assert client.ask("PATCH", "purchaseOrder/2174", {"externalId": "REQ-1"}).status == 400
    client.patch("purchaseOrder/eid:REQ-1", {"externalId": "REQ-2"})
    assert client.ask("GET", "purchaseOrder/eid:REQ-1").status == 404
    client.patch("purchaseOrder/2174", {"externalId": "REQ-1"})


def test_a_repeated_synchronous_create_makes_a_second_order_whatever_the_idempotency_key(client):
    key = {"x_netsuite_idempotency_key": "cac827ea-3543-4cda-add2-bae634326c27"}
    assert client.post("purchaseOrder", new_order(), **key) != client.post("purchaseOrder", new_order(), **key)


def test_a_deleted_order_is_gone(client):
    assert client.ask("DELETE", "purchaseOrder/2174").status == 204
    assert client.ask("GET", "purchaseOrder/2174").status == 404
    assert client.ask("DELETE", "purchaseOrder/2174").status == 404


def test_what_others_depend_on_cannot_be_deleted(client):
    for path in ("purchaseOrder/2173", "vendor/1722", "currency/4", "inventoryItem/84"):
        assert "dependent records" in detail(client.ask("DELETE", path))["detail"]


def test_there_is_no_optimistic_locking_and_the_last_writer_wins(client, sandbox):
    before = client.ask("GET", "purchaseOrder/2173")
    assert "etag" not in before.headers
    sandbox.touch("2173")
    client.patch("purchaseOrder/2173", {"memo": "Mine"}, if_match='"1"')
    assert client.get("purchaseOrder/2173")["memo"] == "Mine"


def test_two_edits_at_the_same_moment_collide(client, sandbox):
    inside, go = threading.Event(), threading.Event()

    def slow(call, proceed):
        if call.method != "PATCH":
            return None
        inside.set()
        go.wait(5)
        return proceed()

    sandbox.faults.append(slow)
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(client.ask("PATCH", "purchaseOrder/2173", {"memo": "Mine"}))
    )
    thread.start()
    assert inside.wait(5)
    sandbox.touch("2173", "Theirs")
    go.set()
    thread.join(5)
    answer = detail(answers[0])
    assert (answer["o:errorCode"], answer["detail"]) == ("RCRD_HAS_BEEN_CHANGED", "Record has been changed.")
    assert client.get("purchaseOrder/2173")["memo"] == "Theirs"


def test_approval_moves_an_order_on(client):
    assert client.get("purchaseOrder/2174")["status"]["id"] == "Pending Supervisor Approval"
    client.patch("purchaseOrder/2174", {"approvalStatus": {"id": "2"}})
    assert client.get("purchaseOrder/2174")["status"]["id"] == "Pending Receipt"
    client.patch("purchaseOrder/2174", {"orderStatus": "A"})
    assert client.get("purchaseOrder/2174")["status"]["id"] == "Pending Supervisor Approval"
    assert (
        detail(client.ask("PATCH", "purchaseOrder/2174", {"orderStatus": {"id": "G"}}))["o:errorCode"] == "USER_ERROR"
    )


def test_money_is_rounded_to_the_decimals_of_the_currency(client):
    rates = {"purchaseOrder/2177": 0.5, "purchaseOrder/2178": 0.0005}
    for path, rate in rates.items():
        client.patch(path, {"item": {"items": [{"line": 2, "rate": rate, "quantity": 1}]}})
    assert str(client.lines("2177")[1]["amount"]) == "1.0"
    assert str(client.lines("2178")[1]["amount"]) == "0.001"


def test_a_body_that_is_no_json_object_is_refused(client, sandbox):
    for content in (b"", b"{", b"[1]", b'"x"'):
        answer = send(
            sandbox, "POST", RECORDS + "vendor", content, authorization=client.bearer, content_type="application/json"
        )
        assert detail(answer)["o:errorCode"] == "INVALID_CONTENT"


def test_master_data_has_its_own_rules(client):
    assert "Company Name" in detail(client.ask("POST", "vendor", {"subsidiary": {"id": 1}}))["detail"]
    assert "itemId" in detail(client.ask("POST", "inventoryItem", {"displayName": "x"}))["detail"]
    person = {"isPerson": True, "firstName": "Ana", "lastName": "López", "subsidiary": {"id": 1}}
    assert client.get("vendor/" + client.post("vendor", person))["entityId"] == "V-1009"
    place = client.post("location", {"name": "Annex", "parent": {"id": 1}, "subsidiary": {"items": [{"id": 1}]}})
    assert client.get(f"location/{place}")["fullName"] == "Main Warehouse : Annex"


def test_an_item_made_here_can_be_ordered(client):
    item = client.post("inventoryItem", {"itemId": "NEW-1", "cost": 3.5, "unitsType": {"id": 1}, "purchaseUnit": "20"})
    id = client.post("purchaseOrder", new_order(item={"items": [{"item": {"id": item}, "quantity": 2}]}))
    (line,) = client.lines(id)
    assert (line["units"], line["amount"], line["itemType"]["id"]) == ("20", 7, "InvtPart")
