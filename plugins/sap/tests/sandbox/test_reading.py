"""How entities and collections look."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

ORDER = "A_PurchaseOrder('4500000001')"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_raw_text_has_escaped_slashes_in_dates_and_only_there(client):
    raw = client.get(ORDER).content
    assert rb'"PurchaseOrderDate":"\/Date(1736726400000)\/"' in raw
    assert rb'"LastChangeDateTime":"\/Date(1736755511204+0000)\/"' in raw
    assert b'"uri":"https://s4.example/sap/opu/' in raw


def test_an_entity_names_its_address_type_and_etag_and_defers_its_navigations(client):
    order = client.one(ORDER)
    root = "https://s4.example/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/"
    assert order["__metadata"] == {
        "id": root + ORDER,
        "uri": root + ORDER,
        "type": "API_PURCHASEORDER_PROCESS_SRV.A_PurchaseOrderType",
        "etag": "W/\"datetimeoffset'2025-01-13T08%3A05%3A11.2048170Z'\"",
    }
    assert order["to_PurchaseOrderItem"] == {"__deferred": {"uri": root + ORDER + "/to_PurchaseOrderItem"}}


def test_empty_text_is_an_empty_text_empty_digits_are_zero_and_only_dates_are_null(client):
    item = client.one("A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='10')")
    assert item["SupplierMaterialNumber"] == ""
    assert item["PurchaseRequisitionItem"] == "0"
    assert item["TaxDeterminationDate"] is None
    assert item["IsReturnsItem"] is False
    assert item["OverdelivTolrtdLmtRatioInPct"] == "0.0"


@pytest.mark.parametrize(
    ("order", "price", "empty"),
    [("4500000003", "95.00", "0.00"), ("4500000004", "1750", "0"), ("4500000005", "1.125", "0.000")],
)
def test_amounts_are_texts_with_the_decimals_of_their_currency(client, order, price, empty):
    item = client.one(f"A_PurchaseOrderItem(PurchaseOrder='{order}',PurchaseOrderItem='10')")
    assert (item["NetPriceAmount"], item["DownPaymentAmount"]) == (price, empty)


def test_quantities_have_three_decimals_whatever_they_are(client):
    quantities = {row["OrderQuantity"] for row in client.rows("A_PurchaseOrderItem")}
    assert {"75.500", "1200.000", "2.250"} <= quantities


def test_a_schedule_line_shows_a_time_of_day(client):
    line = client.rows("A_PurchaseOrderScheduleLine?$top=1")[0]
    assert line["ScheduleLineDeliveryTime"] == "PT00H00M00S"


def test_navigations_lead_to_many_to_one_and_to_a_property(client):
    items = client.rows("A_PurchaseOrder('4500000002')/to_PurchaseOrderItem")
    assert [i["PurchaseOrderItem"] for i in items] == ["10", "20"]
    path = "A_PurchaseOrder('4500000002')/to_PurchaseOrderItem(PurchaseOrder='4500000002',PurchaseOrderItem='20')"
    assert client.one(path)["Material"] == "66"
    assert client.one(path + "/to_PurchaseOrder")["PurchaseOrder"] == "4500000002"
    assert client.one(path + "/Material") == {"Material": "66"}
    assert client.get(path + "/OrderQuantity/$value").text() == "250.000"


def test_an_entity_that_hangs_elsewhere_is_not_reached_through_a_navigation(client):
    path = "A_PurchaseOrder('4500000001')/to_PurchaseOrderItem(PurchaseOrder='4500000002',PurchaseOrderItem='20')"
    assert client.get(path).status == 404


def test_leading_zeros_in_keys_do_not_matter(client):
    padded = client.one("A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='00010')")
    assert padded["PurchaseOrderItem"] == "10"
    client.service = "API_BUSINESS_PARTNER/"
    assert client.one("A_Supplier('0010300001')")["Supplier"] == "10300001"


def test_expand_goes_down_and_select_follows_it(client):
    path = (
        "A_PurchaseOrder('4500000011')?$expand=to_PurchaseOrderItem/to_ScheduleLine"
        "&$select=PurchaseOrder,to_PurchaseOrderItem/Material,to_PurchaseOrderItem/to_ScheduleLine/ScheduleLine"
    )
    order = client.one(path)
    assert set(order) == {"__metadata", "PurchaseOrder", "to_PurchaseOrderItem"}
    item = order["to_PurchaseOrderItem"]["results"][0]
    assert set(item) == {"__metadata", "Material", "to_ScheduleLine"}
    assert [line["ScheduleLine"] for line in item["to_ScheduleLine"]["results"]] == ["1", "2"]


def test_an_expanded_navigation_that_is_not_selected_is_left_out(client):
    order = client.one(ORDER + "?$select=PurchaseOrder&$expand=to_PurchaseOrderItem")
    assert set(order) == {"__metadata", "PurchaseOrder"}


def test_an_expanded_to_one_navigation_is_an_object_or_null(client):
    client.service = "API_BUSINESS_PARTNER/"
    partner = client.one("A_BusinessPartner('9980000042')?$expand=to_Supplier")
    assert partner["to_Supplier"]["Supplier"] == "17300080"
    body = {"BusinessPartnerCategory": "2", "OrganizationBPName1": "Nobody's supplier"}
    number = client.post("A_BusinessPartner", body).json()["d"]["BusinessPartner"]
    assert client.one(f"A_BusinessPartner('{number}')?$expand=to_Supplier")["to_Supplier"] is None


@pytest.mark.parametrize(
    "path",
    [
        ORDER + "?$select=Vendor",
        ORDER + "?$expand=to_Items",
        ORDER + "?$select=to_PurchaseOrderItem/Material",
        ORDER + "?$filter=PurchaseOrder eq '1'",
        "A_PurchaseOrder?$orderby=Vendor",
        "A_PurchaseOrder?$top=-1",
        "A_PurchaseOrder?$inlinecount=some",
        "A_PurchaseOrder?$search=bolt",
        "A_PurchaseOrder(4500000001)",
        "A_PurchaseOrderItem('4500000001')",
        "A_PurchaseOrderItem(PurchaseOrder='4500000001',Item='10')",
    ],
)
def test_what_the_service_does_not_know_is_a_400(client, path):
    answer = client.get(path)
    assert answer.status == 400, answer.text()
    assert answer.json()["error"]["message"]["value"]


@pytest.mark.parametrize("path", ["A_PurchaseOrders", "a_PurchaseOrder", ORDER + "/to_Nothing", "A_PurchaseOrder('1')"])
def test_what_does_not_exist_is_a_404_and_case_counts(client, path):
    assert client.get(path).status == 404


def test_paths_are_case_sensitive_from_the_service_on(client):
    assert client.get("/sap/opu/odata/sap/api_purchaseorder_process_srv/A_PurchaseOrder").status == 404
    assert client.get("/sap/opu/odata/SAP/API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder").status == 404


def test_the_readable_text_of_a_404_stands_only_in_the_detail_that_looks_ignorable(client):
    error = client.get("A_PurchaseOrder('4999999999')").json()["error"]
    assert error["message"]["value"] == "Resource not found for segment 'A_PurchaseOrderType'"
    assert [d["code"] for d in error["innererror"]["errordetails"]] == ["/IWBEP/CX_MGW_BUSI_EXCEPTION"]
    assert error["innererror"]["errordetails"][0]["message"] == "PurchaseOrder 4999999999 does not exist"


def test_without_asking_for_json_the_answer_is_atom(client):
    answer = client.get("A_PurchaseOrder?$top=2&$expand=to_PurchaseOrderItem", accept="*/*")
    assert answer.media_type == "application/atom+xml"
    feed = ET.fromstring(answer.content)
    assert feed.tag == ATOM + "feed"
    assert len(feed.findall(ATOM + "entry")) == 2
    assert client.get("A_PurchaseOrder?$top=2&$format=json", accept="*/*").media_type == "application/json"
    assert ET.fromstring(client.get(ORDER, accept="*/*").content).tag == ATOM + "entry"
    assert client.get("A_PurchaseOrder?$format=xlsx").status == 400


def test_an_error_is_xml_unless_json_was_asked_for(client):
    answer = client.get("A_PurchaseOrder('1')", accept="*/*")
    assert (answer.status, answer.media_type) == (404, "application/xml")
    assert ET.fromstring(answer.content).tag.endswith("error")


def test_unit_codes_and_texts_follow_the_logon_language(client):
    path = "A_PurchaseOrderItem(PurchaseOrder='4500000002',PurchaseOrderItem='10')"
    english = client.one(path)
    client.language = "de-DE,de;q=0.9"
    german = client.one(path)
    assert (english["PurchaseOrderQuantityUnit"], english["OrderPriceUnit"]) == ("CAR", "PC")
    assert (german["PurchaseOrderQuantityUnit"], german["OrderPriceUnit"]) == ("KAR", "ST")
    assert client.one(path + "?sap-language=EN")["OrderPriceUnit"] == "PC"
    error = client.get("A_PurchaseOrder('1')").json()["error"]
    assert error["message"]["lang"] == "de"


def test_the_service_document_lists_the_sets(client):
    sets = client.one("")["EntitySets"]
    assert "A_PurchaseOrder" in sets
    assert "A_PurOrdPricingElement" in sets
    assert ET.fromstring(client.get("", accept="*/*").content).tag.endswith("service")


def test_a_count_is_plain_text(client):
    answer = client.get("A_PurchaseOrder/$count")
    assert (answer.media_type, answer.text()) == ("text/plain", "13")
    assert client.get("A_PurchaseOrder/$count?$filter=CompanyCode eq '1710'").text() == "1"
    assert client.get("A_PurchaseOrder('4500000002')/to_PurchaseOrderItem/$count").text() == "2"


def test_the_seed_has_every_status_currency_and_kind_that_matters(client):
    orders = client.rows("A_PurchaseOrder")
    assert {o["PurchasingProcessingStatus"] for o in orders} == {"02", "03", "05", "08"}
    assert {o["DocumentCurrency"] for o in orders} == {"EUR", "USD", "JPY", "KWD", "TND"}
    assert sum(o["PurchasingCompletenessStatus"] for o in orders) == 1
    assert [o["PurchaseOrder"] for o in orders if o["PurchasingDocumentDeletionCode"]] == ["4500000011"]
    deleted = client.one("A_PurchaseOrder('4500000010')?$expand=to_PurchaseOrderItem")
    assert deleted["PurchasingDocumentDeletionCode"] == ""
    assert [i["PurchasingDocumentDeletionCode"] for i in deleted["to_PurchaseOrderItem"]["results"]] == ["L", "L"]
    assert client.rows("A_PurchaseOrderItem?$filter=IsCompletelyDelivered eq true")[0]["PurchaseOrder"] == "4500000003"
