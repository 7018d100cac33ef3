"""Creating purchase orders: what is filled in, what is refused and how it is told."""

from __future__ import annotations

import json

import pytest
from order_answers import ITEM, codes, item_of, refusal


def test_a_created_order_has_a_number_a_location_an_etag_and_its_items(created, client):
    order = created.json()["d"]
    assert order["PurchaseOrder"] == "4500000014"
    assert created.headers["location"] == order["__metadata"]["uri"]
    assert created.headers["etag"] == order["__metadata"]["etag"]
    assert order["to_PurchaseOrderItem"]["results"][0]["to_ScheduleLine"]["results"][0]["ScheduleLine"] == "1"
    assert "__deferred" in order["to_PurchaseOrderNote"]
    assert client.one("A_PurchaseOrder('4500000014')")["PurchaseOrder"] == "4500000014"


def test_the_system_fills_what_was_left_out(created):
    order = created.json()["d"]
    assert order["DocumentCurrency"] == "EUR"
    assert order["PurchasingProcessingStatus"] == "02"
    assert order["PurchaseOrderDate"] == "/Date(1748822400000)/"
    assert (order["PaymentTerms"], order["CashDiscount1Percent"], order["CashDiscount1Days"]) == ("0002", "2.000", "14")
    assert (order["AddressName"], order["AddressCityName"]) == ("Inlandslieferant DE 1", "Berlin")
    assert order["CreatedByUser"] == "ANYERP_COM"
    item = item_of(order)
    assert (item["PurchaseOrderItem"], item["PurchaseOrderItemText"]) == ("10", "Trad. good 11, PD, reg. trading")
    assert (item["PurchaseOrderQuantityUnit"], item["OrderPriceUnit"], item["NetPriceQuantity"]) == ("PC", "PC", "1")
    assert (item["MaterialGroup"], item["PurchaseOrderItemCategory"]) == ("L001", "0")
    assert (item["GoodsReceiptIsExpected"], item["InvoiceIsExpected"]) == (True, True)


def test_nested_items_may_come_as_a_plain_array_and_number_themselves_by_tens(client, order_body):
    item = item_of(order_body)
    item["to_ScheduleLine"] = item["to_ScheduleLine"]["results"]
    order_body["to_PurchaseOrderItem"] = [dict(item), {**item, "PurchaseOrderItem": "00025"}, dict(item)]
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assert [i["PurchaseOrderItem"] for i in order["to_PurchaseOrderItem"]["results"]] == ["10", "25", "30"]


def test_a_flag_that_was_sent_as_false_stays_false(client, order_body):
    item_of(order_body)["GoodsReceiptIsExpected"] = False
    assert item_of(client.post("A_PurchaseOrder", order_body).json()["d"])["GoodsReceiptIsExpected"] is False


def test_a_line_ordered_in_cartons_is_priced_in_pieces(client, order_body):
    order_body["to_PurchaseOrderItem"] = [{"Material": "RM-M8X20", "Plant": "1010", "OrderQuantity": "3"}]
    item = item_of(client.post("A_PurchaseOrder", order_body).json()["d"])
    shown = [item[name] for name in ("PurchaseOrderQuantityUnit", "OrderPriceUnit", "NetPriceQuantity")]
    assert shown == ["CAR", "PC", "100"]
    assert (item["OrderPriceUnitToOrderUnitNmrtr"], item["OrdPriceUnitToOrderUnitDnmntr"]) == ("200", "1")
    order, number = item["PurchaseOrder"], item["PurchaseOrderItem"]
    price = client.rows(f"{ITEM.format(order, number)}/to_PurchaseOrderPricingElement")[0]
    assert (price["ConditionType"], price["ConditionAmount"]) == ("PPR0", "75.00")  # 3 x 200 / 100 x 12.50


def test_an_order_without_schedule_line_is_planned_by_the_suppliers_days(client, order_body):
    del item_of(order_body)["to_ScheduleLine"]
    order = client.post("A_PurchaseOrder", order_body).json()["d"]["PurchaseOrder"]
    line = client.rows(f"{ITEM.format(order, '10')}/to_ScheduleLine")[0]
    assert line["ScheduleLineDeliveryDate"] == "/Date(1749427200000)/"  # 2 June + 7 days
    assert line["ScheduleLineOrderQuantity"] == "5.000"


@pytest.mark.parametrize("sent", ["/Date(1749340800000)/", "/Date(1749340800000+0000)/", "2025-06-08T00:00:00"])
def test_dates_are_taken_in_both_forms(client, order_body, sent):
    item_of(order_body)["to_ScheduleLine"]["results"][0]["ScheduleLineDeliveryDate"] = sent
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    line = item_of(order)["to_ScheduleLine"]["results"][0]
    assert line["ScheduleLineDeliveryDate"] == "/Date(1749340800000)/"


def test_a_date_shifted_by_a_local_zone_lands_on_the_day_before(client, order_body):
    order_body["PurchaseOrderDate"] = "/Date(1748815200000)/"  # 2 June 00:00 in Berlin
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assert order["PurchaseOrderDate"] == "/Date(1748736000000)/"  # 1 June


def test_upper_case_fields_are_stored_in_upper_case_and_zeros_are_hidden(client, order_body):
    order_body["Supplier"] = "0010300001"
    item_of(order_body)["Material"] = "tg11"
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assert (order["Supplier"], item_of(order)["Material"]) == ("10300001", "TG11")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Vendor": "1"}, "Property 'Vendor' not found in type 'A_PurchaseOrderType'"),
        ({"PurchasingProcessingStatus": "05"}, "Property 'PurchasingProcessingStatus' is read-only"),
        ({"LastChangeDateTime": "/Date(0)/"}, "read-only"),
        ({"CorrespncExternalReference": "x" * 13}, "longer than 12"),
        ({"CompanyCode": 1010}, "invalid value '1010'"),
        ({"CashDiscount1Percent": 2.5}, "invalid value '2.5'"),
        ({"CashDiscount1Percent": "2.5001"}, "invalid value"),
        ({"CashDiscount1Percent": "100"}, "invalid value"),
        ({"CashDiscount1Percent": "1,5"}, "invalid value"),
        ({"ExchangeRateIsFixed": "true"}, "invalid value"),
        ({"PurchaseOrderDate": "2025-06-08"}, "invalid value"),
        ({"PurchaseOrderDate": "2025-06-08T00:00:00Z"}, "invalid value"),
        ({"PurchaseOrderDate": 1749340800000}, "invalid value"),
        ({"to_PurchaseOrderItem": "TG11"}, "an array is expected"),
        ({"to_PurchaseOrderItem": ["TG11"]}, "an object is expected"),
    ],
)
def test_what_does_not_fit_the_metadata_is_a_400(client, order_body, change, text):
    error = refusal(client.post("A_PurchaseOrder", {**order_body, **change}))
    assert text in error["message"]["value"]
    assert client.get("A_PurchaseOrder/$count").text() == "13"


def test_a_text_of_just_the_length_is_taken_and_characters_count_not_bytes(client, order_body):
    order_body["CorrespncExternalReference"] = "購" * 12
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assert order["CorrespncExternalReference"] == "購" * 12
    found = client.rows("A_PurchaseOrder?$filter=CorrespncExternalReference eq '" + "購" * 12 + "'")
    assert [row["PurchaseOrder"] for row in found] == [order["PurchaseOrder"]]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"<entry/>"])
def test_a_body_that_is_no_object_is_a_400(client, content):
    client.fetch_token()
    assert client.ask("POST", "A_PurchaseOrder", content, content_type="application/json").status == 400


def test_another_media_type_is_a_415(client, order_body):
    answer = client.post("A_PurchaseOrder", order_body, content_type="application/atom+xml")
    assert refusal(answer, 415)["message"]["value"] == "Media type 'application/atom+xml' is not supported"


def test_missing_fields_are_all_named_behind_the_outer_message(client, order_body):
    for name in ("CompanyCode", "Supplier"):
        del order_body[name]
    del item_of(order_body)["Plant"]
    error = refusal(client.post("A_PurchaseOrder", order_body))
    assert (error["code"], error["message"]["value"]) == ("ME/083", "Enter Company Code")
    details = error["innererror"]["errordetails"]
    assert {"Enter Company Code", "Enter Supplier", "Enter Plant"} <= {d["message"] for d in details}
    assert details[-1]["code"] == "/IWBEP/CX_MGW_BUSI_EXCEPTION"
    assert details[-1]["message"] == "An exception was raised"
    assert error["innererror"]["application"]["service_id"] == "API_PURCHASEORDER_PROCESS_SRV"
    assert error["innererror"]["timestamp"] == "20250602090000.1234560"


@pytest.mark.parametrize(
    ("header", "item", "code"),
    [
        ({"Supplier": "4711"}, {}, "06/023"),
        ({"Supplier": "10300009"}, {}, "06/024"),
        ({"Supplier": "10300005", "CompanyCode": "3010", "PurchasingOrganization": "3010"}, {}, "ME/027"),
        ({"PurchasingOrganization": "1710"}, {}, "ME/013"),
        ({"CompanyCode": "9999"}, {}, "ME/013"),
        ({"PurchasingGroup": "XXX"}, {}, "ME/013"),
        ({"PaymentTerms": "ZZZZ"}, {}, "ME/013"),
        ({"DocumentCurrency": "XYZ"}, {}, "ME/013"),
        ({"PurchaseOrderType": "FO"}, {}, "06/026"),
        ({}, {"Material": "NOTHING"}, "M3/305"),
        ({}, {"Material": "OLD-1"}, "M3/352"),
        ({}, {"Material": "STEEL-S235", "Plant": "1020"}, "M3/351"),
        ({}, {"Plant": "1710"}, "06/025"),
        ({}, {"StorageLocation": "ZZZZ"}, "ME/013"),
        ({}, {"PurchaseOrderQuantityUnit": "XXX"}, "BM/302"),
        ({}, {"PurchaseOrderQuantityUnit": "ST"}, "BM/302"),  # the German code in an English logon
        ({}, {"PurchaseOrderQuantityUnit": "KG"}, "ME/013"),
        ({}, {"NetPriceAmount": "0"}, "06/030"),
        ({}, {"NetPriceAmount": "12.505"}, "06/036"),
        ({"DocumentCurrency": "JPY"}, {"NetPriceAmount": "12.50"}, "06/036"),
        ({}, {"OrderQuantity": "6"}, "06/031"),
        ({}, {"PurchaseOrderItemCategory": "D"}, "06/029"),
        ({}, {"AccountAssignmentCategory": "K"}, "06/436"),
        ({}, {"Material": ""}, "ME/083"),
        ({"to_PurchaseOrderItem": []}, {}, "06/042"),
    ],
)
def test_what_the_business_does_not_allow_is_a_400_and_leaves_nothing(client, order_body, header, item, code):
    item_of(order_body).update(item)
    order_body.update(header)
    assert code in codes(client.post("A_PurchaseOrder", order_body))
    assert client.get("A_PurchaseOrder/$count").text() == "13"
    assert client.get("A_PurchaseOrderItem/$count").text() == "18"


def test_texts_of_business_errors_follow_the_language(client, order_body):
    client.language = "de"
    del order_body["CompanyCode"]
    error = refusal(client.post("A_PurchaseOrder", order_body))
    assert error["message"] == {"lang": "de", "value": "Bitte Company Code eingeben"}


def test_an_item_without_material_needs_text_group_and_assignment(client, order_body):
    order_body["to_PurchaseOrderItem"] = [
        {
            "PurchaseOrderItemText": "Repair",
            "MaterialGroup": "YBSVS1",
            "AccountAssignmentCategory": "K",
            "Plant": "1010",
            "OrderQuantity": "1",
            "PurchaseOrderQuantityUnit": "AU",
            "NetPriceAmount": "480",
            "to_AccountAssignment": [{"CostCenter": "0010101101", "GLAccount": "61008000"}],
        }
    ]
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assignment = item_of(order)["to_AccountAssignment"]["results"][0]
    assert (assignment["AccountAssignmentNumber"], assignment["CostCenter"]) == ("1", "10101101")
    assert assignment["DocumentCurrency"] == "EUR"


def test_a_number_of_ones_own_must_be_in_the_external_range_and_new(client, order_body):
    order_body["PurchaseOrder"] = "4100000007"
    assert client.post("A_PurchaseOrder", order_body).json()["d"]["PurchaseOrder"] == "4100000007"
    again = client.post("A_PurchaseOrder", order_body)
    assert codes(again)[0] == "06/028"
    assert refusal(again)["message"]["value"] == "Purchase order 4100000007 already exists"
    order_body["PurchaseOrder"] = "4500000099"
    assert codes(client.post("A_PurchaseOrder", order_body))[0] == "06/027"


def test_there_is_no_idempotency_a_repeated_post_makes_a_second_order(client, order_body):
    order_body["CorrespncExternalReference"] = "REQ-2"
    numbers = {client.post("A_PurchaseOrder", order_body).json()["d"]["PurchaseOrder"] for _ in range(2)}
    found = client.rows("A_PurchaseOrder?$filter=CorrespncExternalReference eq 'REQ-2'")
    assert {row["PurchaseOrder"] for row in found} == numbers
    assert len(numbers) == 2


def test_a_warning_on_a_success_stands_in_a_header_only(client, order_body, created):
    assert "sap-message" not in created.headers
    item_of(order_body)["to_ScheduleLine"]["results"][0]["ScheduleLineDeliveryDate"] = "2025-05-01T00:00:00"
    answer = client.post("A_PurchaseOrder", order_body)
    assert answer.status == 201
    message = json.loads(answer.headers["sap-message"])
    assert (message["code"], message["severity"]) == ("06/040", "warning")
    assert (message["message"], message["details"]) == ("Can delivery date be met?", [])
    xml = client.post("A_PurchaseOrder", order_body, accept="*/*")
    assert xml.headers["sap-message"].startswith("<notification>")


def test_a_held_order_is_kept_with_its_errors(client, order_body):
    order_body["PurchasingCompletenessStatus"] = True
    item_of(order_body)["Material"] = "NOTHING"
    answer = client.post("A_PurchaseOrder", order_body)
    assert answer.status == 201
    assert answer.json()["d"]["PurchasingCompletenessStatus"] is True
    assert "M3/305" in answer.headers["sap-message"]


def test_an_order_type_with_a_release_strategy_waits_for_it(client, order_body, sandbox):
    order_body["PurchaseOrderType"] = "ZNBR"
    order = client.post("A_PurchaseOrder", order_body).json()["d"]
    assert (order["PurchasingProcessingStatus"], order["ReleaseIsNotCompleted"]) == ("03", True)
    sandbox.release(order["PurchaseOrder"])
    order = client.one(f"A_PurchaseOrder('{order['PurchaseOrder']}')")
    assert (order["PurchasingProcessingStatus"], order["ReleaseIsNotCompleted"]) == ("05", False)


def test_a_price_may_come_as_a_condition(client, order_body):
    item = item_of(order_body)
    del item["NetPriceAmount"]
    item["to_PurchaseOrderPricingElement"] = [
        {"ConditionType": "PPR0", "ConditionRateValue": "99.9", "ConditionQuantity": "10"}
    ]
    created = item_of(client.post("A_PurchaseOrder", order_body).json()["d"])
    assert (created["NetPriceAmount"], created["NetPriceQuantity"]) == ("99.90", "10")


def test_without_a_price_the_materials_own_is_taken(client, order_body):
    del item_of(order_body)["NetPriceAmount"]
    item_of(order_body)["Plant"] = "1020"
    assert item_of(client.post("A_PurchaseOrder", order_body).json()["d"])["NetPriceAmount"] == "12.80"
    order_body["DocumentCurrency"] = "USD"  # no price in this currency
    assert codes(client.post("A_PurchaseOrder", order_body))[0] == "06/030"
