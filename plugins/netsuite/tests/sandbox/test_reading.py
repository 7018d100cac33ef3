"""Lists of ids, single records, what stays folded, filters, and records that cannot be opened."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from anyerp_netsuite.sandbox import NetSuiteSandbox

from .conftest import HOST, Client, detail

BASE = f"https://{HOST}/services/rest/record/v1"


def test_a_list_has_ids_and_links_and_no_fields(client):
    page = client.get("purchaseOrder?limit=5&fields=tranId,total")
    assert page.keys() == {"links", "count", "hasMore", "items", "offset", "totalResults"}
    assert (page["count"], page["hasMore"], page["offset"], page["totalResults"]) == (5, True, 0, 12)
    for item in page["items"]:
        assert item == {"links": [{"rel": "self", "href": f"{BASE}/purchaseorder/{item['id']}"}], "id": item["id"]}


def test_pages_hold_each_record_once_and_in_no_order(client):
    ids, path = [], "purchaseOrder?limit=5"
    while path:
        page = client.get(path)
        ids += [one["id"] for one in page["items"]]
        path = next(
            (one["href"].removeprefix(f"https://{HOST}") for one in page["links"] if one["rel"] == "next"), None
        )
        assert page["hasMore"] == bool(path)
    assert sorted(ids) == [str(id) for id in range(2173, 2185)]
    assert ids != sorted(ids)
    assert [one["rel"] for one in page["links"]] == ["first", "previous", "self"]
    assert page["links"][1]["href"] == f"{BASE}/purchaseorder?limit=5&offset=5"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=5&offset=3", "offset"),
        ("offset=5", "offset"),
        ("limit=1001", "limit"),
        ("limit=0", "limit"),
        ("limit=ten", "limit"),
        ("offset=-5", "offset"),
        ("limit=1&offset=1000", "offset"),
    ],
)
def test_a_page_that_cannot_be_is_refused_by_its_parameter(client, query, parameter):
    answer = detail(client.ask("GET", f"purchaseOrder?{query}"))
    assert (answer["o:errorCode"], answer["o:errorQueryParam"]) == ("INVALID_PARAMETER", parameter)


def test_a_list_can_be_read_up_to_the_cap_only(clock):
    client = Client(NetSuiteSandbox(now=clock, row_cap=10), clock).log_on()
    assert client.get("purchaseOrder?limit=5&offset=5")["totalResults"] == 12
    assert detail(client.ask("GET", "purchaseOrder?limit=5&offset=10"))["o:errorQueryParam"] == "offset"


def test_a_default_page_has_up_to_a_thousand(clock):
    client = Client(NetSuiteSandbox(now=clock, orders=1100), clock).log_on()
    page = client.get("purchaseOrder")
    assert (page["count"], page["hasMore"], page["totalResults"]) == (1000, True, 1112)


def test_sublists_and_subrecords_are_links_until_expanded(client):
    folded, whole = client.get("purchaseOrder/2173"), client.order("2173")
    for name in ("item", "expense", "billingAddress", "shippingAddress"):
        assert folded[name] == {"links": [{"rel": "self", "href": f"{BASE}/purchaseorder/2173/{name}"}]}
    assert whole["item"].keys() == {"items", "links", "totalResults"}
    assert whole["billingAddress"]["city"] == "Springfield"
    assert whole["links"][0]["href"] == f"{BASE}/purchaseorder/2173?expandSubResources=true"
    assert folded.keys() == whole.keys()


def test_a_folded_part_can_be_followed(client):
    lines = client.get("purchaseOrder/2173/item")
    assert [one["links"][0]["href"].rpartition("/")[2] for one in lines["items"]] == ["1", "3"]
    assert all(one.keys() == {"links"} for one in lines["items"])
    line = client.get("purchaseOrder/2173/item/3")
    assert line["item"]["refName"] == "GEARBOX"
    assert client.get("purchaseOrder/2173/billingAddress")["zip"] == "12345"
    assert client.get("purchaseOrder/2173/custbody_requestor")["count"] == 1
    for path in ("item/2", "nothing", "memo"):
        assert detail(client.ask("GET", f"purchaseOrder/2173/{path}"), 404)["o:errorCode"] == "NONEXISTENT_ID"


def test_fields_limits_body_fields(client):
    assert client.get("purchaseOrder/2173?fields=tranId,entity").keys() == {"id", "links", "tranId", "entity"}
    answer = detail(client.ask("GET", "purchaseOrder/2173?fields=tranid2"))
    assert (answer["o:errorCode"], answer["o:errorQueryParam"]) == ("NONEXISTENT_FIELD", "fields")


def test_the_content_type_says_singular(client):
    answer = client.ask("GET", "purchaseOrder/2173")
    assert answer.headers["content-type"] == "application/vnd.oracle.resource+json; type=singular"


def test_a_field_without_a_value_is_absent(client):
    order = client.get("purchaseOrder/2174")
    assert not {"dueDate", "externalId", "custbody2", "incoTerm"} & order.keys()
    assert None not in order.values()


def test_the_status_is_a_label_and_the_order_status_a_letter(client):
    order = client.get("purchaseOrder/2178")
    label = "Pending Billing/Partially Received"
    assert order["status"] == {"id": label, "refName": label}
    assert order["orderStatus"] == {"id": "E", "refName": "E"}
    assert order["approvalStatus"] == {"id": "2", "refName": "Approved"}
    assert client.get("purchaseOrder/2178?simpleEnumFormat=true")["orderStatus"] == "E"


def test_references_have_string_ids_and_lower_case_links_that_tell_their_type(client):
    order = client.order("2175")
    assert order["entity"]["links"][0]["href"] == f"{BASE}/vendor/1723"
    assert order["entity"]["refName"] == "V-1002 Müller & Söhne Schrauben GmbH"
    kinds = [line["item"]["links"][0]["href"].split("/")[-2] for line in order["item"]["items"]]
    assert kinds == ["inventoryitem", "servicepurchaseitem"]
    assert order["nextApprover"]["id"] == "-1"
    assert order["nextApprover"]["refName"] == ""
    assert client.get("purchaseOrder/2173")["incoTerm"]["links"] == []
    assert "links" not in order["customForm"]


def test_record_types_are_found_whatever_their_case(client):
    assert client.get("purchaseorder/2173")["id"] == client.get("PURCHASEORDER/2173")["id"] == "2173"


def test_a_record_is_found_by_its_external_id(client):
    assert client.get("purchaseOrder/eid:REQ-2173")["id"] == "2173"
    assert client.get("vendor/eid:ERP-V-1001")["id"] == "1722"


def test_numbers_are_numbers_with_exactly_their_digits(client):
    raw = client.ask("GET", "purchaseOrder/2178?expandSubResources=true").text()
    assert '"rate":980.125' in raw
    assert '"total":14385.86' in raw
    assert '"quantity":2.125' in raw
    assert '"rate":0.118' in client.ask("GET", "purchaseOrder/2173/item/1").text()
    assert '"total":30420' in client.ask("GET", "purchaseOrder/2177").text()  # yen have no decimals


def test_units_are_internal_ids_and_amounts_may_be_overridden(client):
    assert [line["units"] for line in client.lines("2178")] == ["8", "8"]
    (line,) = client.lines("2184")
    assert (line["quantity"], line["rate"], str(line["amount"])) == (1, 420, "399.99")


def test_addresses_end_their_lines_in_two_ways(client):
    order = client.get("purchaseOrder/2173")
    assert "\r\n" in order["shipAddress"]
    assert "\r\n" not in order["billAddress"]
    assert "\n" in order["billAddress"]


def test_instants_are_utc_and_dates_plain(client):
    order = client.get("purchaseOrder/2173")
    assert order["tranDate"] == "2026-03-01"
    assert order["createdDate"] == "2026-03-01T15:10:00Z"
    assert order["lastModifiedDate"] > order["createdDate"]


def test_an_unknown_id_is_a_404_and_so_is_an_unknown_record_type(client):
    for path in ("purchaseOrder/999999", "vendor/2173", "vendor/eid:NOBODY"):
        assert detail(client.ask("GET", path), 404)["o:errorCode"] == "NONEXISTENT_ID"
    assert client.ask("GET", "nonsense/1").status == 404
    assert client.ask("GET", "/services/rest/record/v2/vendor").status == 404


def test_an_administrator_cannot_be_read_because_reading_opens_for_editing(client):
    answer = detail(client.ask("GET", "employee/3"))
    assert answer["o:errorCode"] == "USER_ERROR"
    assert "administrator" in answer["detail"]
    assert client.get("employee/159")["firstName"] == "Sam"
    assert "3" in {one["id"] for one in client.get("employee")["items"]}


def test_a_record_locked_by_a_workflow_cannot_even_be_read(client, sandbox):
    sandbox.lock("purchaseOrder", "2175", "This record is locked by a workflow.")
    for method, body in (("GET", None), ("PATCH", {"memo": "x"}), ("DELETE", None)):
        assert "workflow" in detail(client.ask(method, "purchaseOrder/2175", body))["detail"]
    sandbox.lock("purchaseOrder", "2175", "")
    client.get("purchaseOrder/2175")


def test_a_role_without_a_record_type_gets_a_403(client, sandbox):
    sandbox.revoke("vendor")
    assert detail(client.ask("GET", "vendor/1722"), 403)["o:errorCode"] == "INSUFFICIENT_PERMISSION"
    assert client.ask("GET", "vendor").status == 403
    sandbox.revoke("purchaseOrder", writing_only=True)
    client.get("purchaseOrder/2173")
    assert client.ask("PATCH", "purchaseOrder/2173", {"memo": "x"}).status == 403


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("entity EQUAL 1722", ["2173", "2174", "2176", "2181", "2182"]),
        ("entity ANY_OF [1724, 1725]", ["2177", "2178"]),
        ("entity ANY_OF_NOT [1722,1723,1724,1725,1726]", ["2180", "2183"]),
        ('memo START_WITH "spring"', ["2173"]),
        ("memo CONTAIN approve OR tranId IS PO45730", ["2180"]),
        ("total GREATER 1000 AND currency EQUAL 4", ["2175"]),
        ("(currency EQUAL 5 OR currency EQUAL 6) AND orderStatus ANY_OF [E]", ["2178"]),
        ('tranDate ON_OR_AFTER "3/10/2026"', ["2182", "2183", "2184"]),
        ('tranDate BETWEEN ["3/1/2026", "3/3/2026"]', ["2173", "2174", "2175"]),
        ("externalId EMPTY_NOT", ["2173"]),
        ('lastModifiedDate ON "3/5/2026"', ["2173"]),
        ("custbody_is_expense_po IS true", []),
        ("id EQUAL 2175", ["2175"]),
    ],
)
def test_lists_are_filtered_by_body_fields(client, filter, expected):
    assert client.found(filter) == expected


@pytest.mark.parametrize(
    "filter",
    [
        "quantity GREATER 5",
        "item EQUAL 84",
        "nonsense IS 1",
        'tranDate AFTER "2026-03-01"',
        'lastModifiedDate AFTER "3/1/2026 10:00"',
        "entity GREATER 5",
        "memo",
        "memo IS",
        "(memo IS a",
        "memo IS a b",
        'memo IS "a',
        "total GREATER much",
        "entity ANY_OF 1722",
    ],
)
def test_a_filter_that_cannot_be_is_refused(client, filter):
    answer = detail(client.ask("GET", f"purchaseOrder?q={quote(filter)}"))
    assert answer["o:errorQueryParam"] == "q"


def test_dates_in_filters_follow_the_account_format_and_zone(clock):
    sandbox = NetSuiteSandbox(now=clock, date_format="D/M/YYYY", time_zone="Asia/Tokyo")
    client = Client(sandbox, clock).log_on()
    assert client.found('tranDate ON "3/3/2026"') == ["2175"]
    assert client.found('tranDate AFTER "10/3/2026"') == ["2183", "2184"]
    assert client.found('lastModifiedDate ON "6/3/2026"') == ["2173"]  # 15:25 UTC on the 5th


def test_a_filter_by_an_external_id_with_a_bar_works_where_the_url_form_cannot(client):
    id = client.post("department", {"name": "Paint", "externalId": "RED|PO|1"})
    assert client.found('externalId IS "RED|PO|1"', "department") == [id]
    assert client.ask("PUT", "department/eid:RED|PO|1", {"name": "Paint"}).status == 400


def test_methods_and_media_types_that_do_not_exist_are_refused(client):
    assert detail(client.ask("PUT", "purchaseOrder"), 405)
    assert detail(client.ask("POST", "purchaseOrder/2173", {}), 405)
    assert detail(client.ask("PATCH", "purchaseOrder/2173/item", {}), 405)
    assert detail(client.ask("GET", "purchaseOrder", accept="text/xml"), 406)["o:errorHeader"] == "Accept"
    xml = client.ask("PATCH", "purchaseOrder/2173", {}, content_type="text/xml")
    assert detail(xml, 415)["o:errorHeader"] == "Content-Type"


def test_the_stock_of_an_item_stands_by_location(client):
    item = client.get("inventoryItem/84?expandSubResources=true")
    rows = {row["location"]["id"]: row for row in item["locations"]["items"]}
    assert (rows["1"]["quantityOnHand"], rows["1"]["quantityCommitted"], rows["1"]["quantityAvailable"]) == (
        429,
        12,
        417,
    )
    assert rows["1"]["quantityOnOrder"] == 600  # of 1,000 bolts 400 came; unapproved, closed and planned orders wait
    assert item["itemType"] == {"id": "InvtPart", "refName": "InvtPart"}


def test_units_and_currencies_tell_what_lines_mean(client):
    units = client.get("unitsType/3?expandSubResources=true")["uom"]["items"]
    assert [(one["internalId"], one["abbreviation"]) for one in units] == [(7, "kg"), (8, "t"), (9, "lb")]
    dinar = client.get("currency/6")
    assert (dinar["symbol"], dinar["currencyPrecision"]) == ("KWD", 3)


def test_every_seeded_record_can_be_read_whole(client, sandbox):
    for kind, records in sandbox.store.records.items():
        for id, record in records.items():
            answer = client.ask("GET", f"{kind}/{id}?expandSubResources=true")
            assert answer.status == (400 if record.locked else 200), answer.text()
            if not record.locked:
                json.loads(answer.content)
