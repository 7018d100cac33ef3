"""Reading: values, filters, expansion, lines and pages (dynamics sheet §2.2, §2.3)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from anyerp_dynamics.sandbox.bc import Limits

ZERO = "00000000-0000-0000-0000-000000000000"


def test_nothing_is_ever_null(client):
    for name in (
        "vendors",
        "customers",
        "items",
        "purchaseOrders",
        "purchaseReceipts",
        "purchaseInvoices",
        "locations",
    ):
        for row in client.list(name):
            assert None not in row.values(), row
    draft = client.order("106001")
    assert draft["shipmentMethodId"] == ZERO
    assert draft["requestedReceiptDate"] == "0001-01-01"
    assert draft["shipToName"] == ""
    assert client.one("companyInformation")["currentFiscalYearStartDate"] == "0001-01-01"


def test_options_are_encoded_as_xml_names(client):
    assert client.order("106003")["status"] == "In_x0020_Review"
    assert client.one("vendors?$filter=number eq '10000'")["blocked"] == "_x0020_"
    assert client.one("items?$filter=number eq '3010'")["type"] == "Non_x002D_Inventory"
    kinds = {row["entryType"] for row in client.list("itemLedgerEntries")}
    assert kinds == {"Positive_x0020_Adjmt_x002E_", "Purchase", "Sale"}


def test_the_local_currency_has_its_code_but_no_id(client):
    local = client.one("vendors?$filter=number eq '10000'")
    assert (local["currencyId"], local["currencyCode"]) == (ZERO, "USD")
    foreign = client.one("vendors?$filter=number eq '30000'")
    assert foreign["currencyCode"] == "EUR"
    assert client.get(f"currencies({foreign['currencyId']})")["code"] == "EUR"


def test_an_etag_decodes_to_the_opaque_form(client):
    tag = client.list("vendors?$top=1")[0]["@odata.etag"]
    text = base64.b64decode(tag.removeprefix('W/"').removesuffix('"')).decode()
    assert text.startswith("'20;")
    assert text.endswith("1;00;'")


def test_an_option_is_filtered_with_plain_text(client):
    found = client.list("purchaseOrders?$filter=status eq 'Open'&$select=number")
    assert {row["number"] for row in found} >= {"106002", "106005"}
    assert len(client.list("purchaseOrders?$filter=status ne 'Open'")) == 6


def test_a_blank_option_cannot_be_filtered(client):
    for blank in ("_x0020_", " "):
        assert client.refused("GET", f"vendors?$filter=blocked eq '{blank}'")[0] == 400


def test_or_over_two_fields_is_an_error_and_over_one_is_not(client):
    status, _, text = client.refused("GET", "vendors?$filter=number eq '10000' or displayName eq 'x'")
    assert status == 400
    assert text.endswith("The 'OR' operator is not supported on distinct fields on an OData filter.")
    assert len(client.list("vendors?$filter=number eq '10000' or number eq '20000'")) == 2
    assert len(client.list("vendors?$filter=(number eq '10000' or number eq '20000') and city eq 'Chicago'")) == 1


def test_a_lambda_is_silently_ignored(client):
    every = client.list("purchaseOrders")
    assert client.list("purchaseOrders?$filter=purchaseOrderLines/any(l: l/quantity gt 100000)") == every


def test_in_and_nested_functions_need_the_newer_schema_version(client):
    for expression in ("number in ('10000','20000')", "contains(tolower(displayName),'fabrikam')"):
        assert client.refused("GET", f"vendors?$filter={expression}")[0] == 400
        assert client.list(f"vendors?$filter={expression}&$schemaversion=2.1")


def test_text_is_quoted_and_numbers_are_not(client):
    assert client.refused("GET", "vendors?$filter=number eq 10000")[0] == 400
    assert client.refused("GET", "items?$filter=unitCost gt '10'")[0] == 400
    assert client.list("items?$filter=unitCost gt 10")


def test_a_code_is_found_whatever_its_case(client):
    assert client.one("locations?$filter=code eq 'east'")["code"] == "EAST"
    assert len(client.list("locations?$filter=code in ('east','Main')&$schemaversion=2.1")) == 2
    assert client.list("locations?$filter=displayName eq 'EAST WAREHOUSE'") == []


def test_a_quote_in_a_filter_is_doubled(client):
    assert client.one("""vendors?$filter=displayName eq 'O''Reilly %26 "Sons" Ltd.'""")["number"] == "70000"


def test_filter_text_longer_than_its_field_is_refused(client):
    status, code, text = client.refused("GET", f"vendors?$filter=number eq '{'9' * 21}'")
    assert (status, code) == (400, "Application_FilterErrorException")
    assert "The length of the string is 21, but it must be less than or equal to 20 characters" in text


@pytest.mark.parametrize(
    "query",
    [
        *("$filter=nonsense eq 1", "$select=nonsense", "$expand=nonsense", "$orderby=nonsense", "$search=x"),
        *("$apply=x", "$filter=number eq", "$top=-1", "$deltatoken=1", "$filter=length(number) eq 5"),
    ],
)
def test_what_is_not_understood_is_refused(client, query):
    status, code, _ = client.refused("GET", f"vendors?{query}")
    assert status == 400
    assert code.startswith("BadRequest")


def test_expansion_goes_several_levels_deep(client):
    deep = "vendor,purchaseOrderLines($expand=item($expand=itemCategory))"
    found = client.one(f"purchaseOrders?$filter=number eq '106001'&$expand={deep}")
    assert found["vendor"]["displayName"] == "Fabrikam, Inc."
    assert [line["item"]["itemCategory"]["code"] for line in found["purchaseOrderLines"]] == ["DESK", "CHAIR"]


def test_a_single_navigation_gives_an_object_and_a_many_one_an_array(client):
    found = client.one("purchaseOrders?$filter=number eq '106011'&$expand=dimensionSetLines,currency,vendor")
    assert {line["valueCode"] for line in found["dimensionSetLines"]} == {"PROD", "P-100"}
    assert found["vendor"]["number"] == "10000"
    assert found["currency"] is None
    assert client.ask("GET", f"purchaseOrders({found['id']})/currency").status == 204


def test_lines_cannot_be_listed(client):
    for name in ("purchaseOrderLines", "purchaseInvoiceLines", "salesOrderLines"):
        assert client.refused("GET", name) == (
            400,
            "Application_DialogException",
            "You must specify an Id or a Document Id to get the lines.",
        )
    assert client.refused("GET", "purchaseOrderLines?$filter=quantity gt 0")[0] == 400


def test_lines_are_reached_through_their_document_or_its_id(client):
    order = client.order("106001")
    lines = order["purchaseOrderLines"]
    assert [line["sequence"] for line in lines] == [10000, 20000]
    inside = client.list(f"purchaseOrders({order['id']})/purchaseOrderLines")
    assert [line["id"] for line in inside] == [line["id"] for line in lines]
    assert client.list(f"purchaseOrderLines?$filter=documentId eq {order['id']}") == inside
    assert client.get(f"purchaseOrderLines({lines[0]['id']})")["lineObjectNumber"] == "1896-S"
    other = client.order("106002")
    assert client.refused("GET", f"purchaseOrders({other['id']})/purchaseOrderLines({lines[0]['id']})")[0] == 404


def test_dimension_lines_are_reached_through_their_parent_only(client):
    text = "You must get to the parent first to get to the dimension set line."
    assert client.refused("GET", "dimensionSetLines") == (400, "Application_DialogException", text)
    order = client.order("106011")
    rows = client.list(f"purchaseOrders({order['id']})/dimensionSetLines")
    line = order["purchaseOrderLines"][0]
    below = client.list(f"purchaseOrderLines({line['id']})/dimensionSetLines")
    project = next(row for row in rows if row["code"] == "PROJECT")
    assert project["parentType"] == "Purchase_x0020_Order"
    assert below[0]["id"] == project["id"], "the id is the dimension's, unique only inside the parent"
    assert (below[0]["valueCode"], project["valueCode"]) == ("P-200", "P-100")
    assert client.get(f"purchaseOrders({order['id']})/dimensionSetLines({project['id']})")["valueCode"] == "P-100"


def test_receipt_lines_name_no_order_line(client):
    receipts = client.list("purchaseReceipts?$filter=orderNumber eq '106006'&$expand=purchaseReceiptLines")
    lines = [line for receipt in receipts for line in receipt["purchaseReceiptLines"]]
    assert {(line["lineObjectNumber"], line["quantity"]) for line in lines} == {("2030", 200), ("2040", 12)}
    assert not any("order" in name.lower() for name in lines[0])


@pytest.mark.parametrize(
    "name", ["purchaseReceipts", "purchaseReceiptLines", "itemLedgerEntries", "accounts", "dimensions"]
)
def test_what_was_posted_or_set_up_is_read_only(client, name):
    row = client.list(f"{name}?$top=1")[0]
    assert client.refused("POST", name, {})[:2] == (405, "BadRequest_MethodNotAllowed")
    assert client.refused("PATCH", f"{name}({row['id']})", {}, If_Match="*")[0] == 405
    assert client.refused("DELETE", f"{name}({row['id']})")[0] == 405


def test_a_missing_record_an_unknown_set_and_a_bad_key_are_told_apart(client):
    assert client.refused("GET", f"vendors({ZERO})")[:2] == (404, "Internal_RecordNotFound")
    assert client.refused("GET", "nonsense")[:2] == (404, "BadRequest_ResourceNotFound")
    assert client.refused("GET", "vendors(10000)")[:2] == (404, "BadRequest_NotFound")


def test_a_page_ends_in_a_link_with_a_token(client):
    pages = client.pages("vendors", Prefer="odata.maxpagesize=4")
    assert [len(page) for page in pages] == [4, 4, 1]
    ids = [row["id"] for page in pages for row in page]
    assert ids == sorted(set(ids)), "unasked, rows come by id, not by number"
    body = client.get("vendors", Prefer="odata.maxpagesize=4")
    assert body["@odata.nextLink"].endswith(f"&$skiptoken={body['value'][-1]['id']}")
    assert "aid=FIN" in body["@odata.nextLink"]
    answer = client.ask("GET", "vendors", Prefer="odata.maxpagesize=4")
    assert answer.headers["preference-applied"] == "odata.maxpagesize=4"


def test_pages_keep_filter_selection_order_and_count(client):
    path = "purchaseOrders?$filter=status eq 'Open'&$select=number&$orderby=number desc&$count=true"
    pages = client.pages(path, Prefer="odata.maxpagesize=2")
    numbers = [row["number"] for page in pages for row in page]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == client.get(path)["@odata.count"] == 6
    assert all(set(row) == {"@odata.etag", "number"} for page in pages for row in page)


def test_rows_that_come_and_go_between_pages_repeat_nothing(connect):
    client = connect(orders=20)
    first = client.get("purchaseOrders?$select=id,number", Prefer="odata.maxpagesize=10")
    last = first["value"][-1]["number"]
    client.sandbox.vanish(last)
    link = client.inside(first["@odata.nextLink"])
    rest = [row["id"] for page in client.pages(link, Prefer="odata.maxpagesize=10") for row in page]
    assert rest == sorted(row["id"] for row in client.list("purchaseOrders") if row["id"] > first["value"][-1]["id"])


def test_top_alone_gives_no_link_unless_it_is_more_than_a_page(connect):
    client = connect(limits=Limits(page=5))
    assert "@odata.nextLink" not in client.get("vendors?$top=5")
    body = client.get("vendors?$top=7")
    assert "$top=2" in body["@odata.nextLink"], "the link carries what is left of $top"
    assert [len(page) for page in client.pages("vendors?$top=7")] == [5, 2]
    assert [len(page) for page in client.pages("vendors?$top=4&$skip=7")] == [2]


def test_a_client_cannot_have_more_than_the_servers_page(connect):
    client = connect(limits=Limits(page=5))
    assert [len(page) for page in client.pages("vendors", Prefer="odata.maxpagesize=100")] == [5, 4]
    assert client.refused("GET", "vendors", Prefer="odata.maxpagesize=0")[0] == 400


def test_five_thousand_orders_are_paged_through_exactly_once(connect):
    client = connect(orders=5000)
    pages = client.pages("purchaseOrders?$select=id", Prefer="odata.maxpagesize=1000")
    ids = [row["id"] for page in pages for row in page]
    assert len(ids) == len(set(ids)) == 5012


def test_a_count_is_plain_text(client):
    answer = client.ask("GET", "vendors/$count")
    assert (answer.media_type, answer.text()) == ("text/plain", "9")
    assert client.ask("GET", "vendors/$count?$filter=city eq 'Atlanta'").text() == "2"


def test_what_changed_since_is_asked_by_the_millisecond(client, clock):
    before = clock.moment
    clock.advance(seconds=1)
    client.sandbox.touch("106004", purchaser="RL")
    found = client.list(f"purchaseOrders?$filter=lastModifiedDateTime gt {before:%Y-%m-%dT%H:%M:%S}.123Z")
    assert [row["number"] for row in found] == ["106004"]
    stamp = datetime.fromisoformat(found[0]["lastModifiedDateTime"])
    assert stamp == datetime(2026, 4, 1, 9, 0, 1, 123000, UTC)
    later = stamp + timedelta(milliseconds=1)
    assert client.list(f"purchaseOrders?$filter=lastModifiedDateTime ge {later:%Y-%m-%dT%H:%M:%S}.124Z") == []


def test_full_metadata_says_where_a_row_lives_and_none_says_nothing(client):
    row = client.get("vendors?$top=1", Accept="application/json;odata.metadata=full")["value"][0]
    assert row["@odata.type"] == "#Microsoft.NAV.vendor"
    assert row["@odata.editLink"] == f"companies({client.company})/vendors({row['id']})"
    bare = client.get("vendors?$top=1", Accept="application/json;odata.metadata=none")
    assert not any(name.startswith("@") for name in (*bare, *bare["value"][0]))


def test_the_read_only_intent_reads_and_never_writes(client, order):
    client.get("vendors", Data_Access_Intent="ReadOnly")
    assert client.refused("POST", "purchaseOrders", order, Data_Access_Intent="ReadOnly")[0] == 400
    assert len(client.list("purchaseOrders")) == 12


def test_every_answer_has_a_request_id_and_every_error_names_it(client):
    good = client.ask("GET", "vendors")
    bad = client.ask("GET", "nonsense")
    assert good.headers["request-id"] != bad.headers["request-id"]
    assert bad.json()["error"]["message"].endswith(f"  CorrelationId:  {bad.headers['request-id']}.")


def test_a_property_is_read_alone(client):
    vendor = client.one("vendors?$filter=number eq '40000'")
    assert client.get(f"vendors({vendor['id']})/displayName")["value"] == "東京精密工業株式会社"


def test_context_urls_name_the_company_and_the_parent(client):
    order = client.order("106001")
    body = client.get(f"purchaseOrders({order['id']})/purchaseOrderLines")
    inside = f"$metadata#companies({client.company})/purchaseOrders({order['id']})/purchaseOrderLines"
    assert body["@odata.context"].endswith(inside)
