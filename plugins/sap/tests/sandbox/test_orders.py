"""Creating, changing and deleting purchase orders."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

ITEM = "A_PurchaseOrderItem(PurchaseOrder='{}',PurchaseOrderItem='{}')"


@pytest.fixture
def created(client, order_body):
    answer = client.post("A_PurchaseOrder", order_body)
    assert answer.status == 201, answer.text()
    return answer


def item_of(body):
    return body["to_PurchaseOrderItem"]["results"][0]


def refusal(answer, status=400):
    assert answer.status == status, answer.text()
    return answer.json()["error"]


def codes(answer):
    return [detail["code"] for detail in refusal(answer)["innererror"]["errordetails"]]


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


@pytest.mark.parametrize("method", ["PATCH", "MERGE"])
def test_an_update_is_partial_and_answers_204_without_a_body(client, created, method):
    path = "A_PurchaseOrder('4500000014')"
    answer = client.write(method, path, {"CorrespncInternalReference": "HM"}, if_match=client.etag(path))
    assert (answer.status, answer.content) == (204, b"")
    order = client.one(path)
    assert (order["CorrespncInternalReference"], order["PaymentTerms"]) == ("HM", "0002")


def test_merge_may_be_tunnelled_through_post(client, created):
    path = "A_PurchaseOrder('4500000014')"
    answer = client.post(path, {"CorrespncInternalReference": "HM"}, if_match="*", x_http_method="MERGE")
    assert answer.status == 204


def test_put_empties_what_it_leaves_out(client, created):
    path = "A_PurchaseOrder('4500000014')"
    client.patch(path, {"CorrespncInternalReference": "HM"}, if_match="*")
    body = {name: created.json()["d"][name] for name in ("CompanyCode", "PurchaseOrderType", "Supplier")}
    body |= {"PurchasingOrganization": "1010", "PurchasingGroup": "001", "DocumentCurrency": "EUR"}
    assert client.write("PUT", path, body, if_match="*").status == 204
    order = client.one(path)
    assert (order["CorrespncInternalReference"], order["PaymentTerms"]) == ("", "")


def test_nested_data_in_an_update_is_a_400(client, created):
    body = {"to_PurchaseOrderItem": [{"PurchaseOrderItem": "10", "OrderQuantity": "6"}]}
    answer = client.patch("A_PurchaseOrder('4500000014')", body, if_match="*")
    assert "Nested data" in refusal(answer)["message"]["value"]


def test_a_deferred_navigation_in_an_update_is_no_nested_data(client, created):
    body = {name: client.one("A_PurchaseOrder('4500000014')")[name] for name in ("__metadata", "to_PurchaseOrderItem")}
    answer = client.patch("A_PurchaseOrder('4500000014')", {**body, "PurchasingGroup": "002"}, if_match="*")
    assert answer.status == 204


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"Supplier": "10300002"}, "06/035"),
        ({"CompanyCode": "1710"}, "06/035"),
        ({"PaymentTerms": "ZZZZ"}, "ME/013"),
        ({"DocumentCurrency": "JPY"}, "06/036"),  # 12.50 is no amount in yen
    ],
)
def test_a_change_that_the_business_does_not_allow_is_a_400_and_changes_nothing(client, created, body, code):
    before = client.one("A_PurchaseOrder('4500000014')")
    assert code in codes(client.patch("A_PurchaseOrder('4500000014')", body, if_match="*"))
    assert client.one("A_PurchaseOrder('4500000014')") == before


@pytest.mark.parametrize(
    ("body", "text"),
    [({"PurchaseOrder": "1"}, "does not match"), ({"ReleaseIsNotCompleted": True}, "read-only")],
)
def test_keys_and_computed_fields_are_not_changed(client, created, body, text):
    answer = client.patch("A_PurchaseOrder('4500000014')", body, if_match="*")
    assert text in refusal(answer)["message"]["value"]


def test_new_terms_bring_their_days(client, created):
    client.patch("A_PurchaseOrder('4500000014')", {"PaymentTerms": "0004"}, if_match="*")
    order = client.one("A_PurchaseOrder('4500000014')")
    assert (order["CashDiscount1Percent"], order["NetPaymentDays"]) == ("3.000", "45")


def test_null_and_empty_text_both_clear(client, created):
    path = "A_PurchaseOrder('4500000014')"
    for empty in (None, ""):
        client.patch(path, {"CorrespncExternalReference": "X"}, if_match="*")
        client.patch(path, {"CorrespncExternalReference": empty}, if_match="*")
        assert client.one(path)["CorrespncExternalReference"] == ""


def test_a_new_quantity_is_carried_to_the_schedule_lines_and_back(client):
    path = ITEM.format("4500000011", "10")
    assert client.patch(path, {"OrderQuantity": "25"}, if_match="*").status == 204
    quantities = [row["ScheduleLineOrderQuantity"] for row in client.rows(path + "/to_ScheduleLine")]
    assert quantities == ["12.000", "13.000"]
    client.patch(path, {"OrderQuantity": "10"}, if_match="*")
    assert [r["ScheduleLineOrderQuantity"] for r in client.rows(path + "/to_ScheduleLine")] == ["10.000", "0.000"]
    line = "A_PurchaseOrderScheduleLine(PurchasingDocument='4500000011',PurchasingDocumentItem='10',ScheduleLine='2')"
    assert client.patch(line, {"ScheduleLineOrderQuantity": "4.5"}, if_match="*").status == 204
    assert client.one(path)["OrderQuantity"] == "14.500"


def test_an_item_is_added_through_its_own_set_or_through_the_order(client, created):
    body = {"Material": "66", "Plant": "1010", "OrderQuantity": "10", "NetPriceAmount": "3"}
    direct = client.post("A_PurchaseOrderItem", {"PurchaseOrder": "4500000014", **body})
    through = client.post("A_PurchaseOrder('4500000014')/to_PurchaseOrderItem", body)
    assert [a.json()["d"]["PurchaseOrderItem"] for a in (direct, through)] == ["20", "30"]
    taken = client.post("A_PurchaseOrderItem", {"PurchaseOrder": "4500000014", "PurchaseOrderItem": "20", **body})
    assert codes(taken)[0] == "06/028"
    assert codes(client.post("A_PurchaseOrderItem", {"PurchaseOrder": "4711", **body}))[0] == "ME/013"
    other = client.post("A_PurchaseOrder('4500000014')/to_PurchaseOrderItem", {"PurchaseOrder": "4500000001", **body})
    assert "does not match" in refusal(other)["message"]["value"]


def test_notes_schedule_lines_and_assignments_are_added_changed_and_removed(client, created):
    note = {"PurchaseOrder": "4500000014", "TextObjectType": "F01", "Language": "EN", "PlainLongText": "Grüße"}
    assert client.post("A_PurchaseOrderNote", note).status == 201
    path = "A_PurchaseOrderNote(PurchaseOrder='4500000014',TextObjectType='F01',Language='EN')"
    assert client.patch(path, {"PlainLongText": "Hi"}, if_match="*").status == 204
    assert client.one(path)["PlainLongText"] == "Hi"
    assert client.delete(path, if_match="*").status == 204
    assert client.get(path).status == 404
    line = client.post(
        f"{ITEM.format('4500000014', '10')}/to_ScheduleLine",
        {"ScheduleLineDeliveryDate": "2025-07-01T00:00:00", "ScheduleLineOrderQuantity": "2"},
    ).json()["d"]
    assert line["ScheduleLine"] == "2"
    assert client.one(ITEM.format("4500000014", "10"))["OrderQuantity"] == "7.000"
    for number, status in (("2", 204), ("1", 400)):  # the last one must stay
        key = f"PurchasingDocument='4500000014',PurchasingDocumentItem='10',ScheduleLine='{number}'"
        assert client.delete(f"A_PurchaseOrderScheduleLine({key})", if_match="*").status == status
    account = {"PurchaseOrder": "4500000012", "PurchaseOrderItem": "10", "CostCenter": "10101101"}
    assert codes(client.post("A_PurOrdAccountAssignment", account))[0] == "ME/083"  # no G/L account
    added = client.post("A_PurOrdAccountAssignment", {**account, "GLAccount": "61008000"})
    assert added.json()["d"]["AccountAssignmentNumber"] == "2"


def test_a_header_note_is_not_posted_through_the_order(client, created):
    note = {"TextObjectType": "F01", "Language": "EN", "PlainLongText": "x"}
    assert client.post("A_PurchaseOrder('4500000014')/to_PurchaseOrderNote", note).status == 405


def test_a_price_condition_sets_the_net_price_of_an_item(client, created):
    path = f"{ITEM.format('4500000014', '10')}/to_PurchaseOrderPricingElement"
    condition = client.rows(path)[0]["__metadata"]["uri"].rpartition("/")[2]
    assert client.patch(condition, {"ConditionRateValue": "13.75"}, if_match="*").status == 204
    assert client.one(ITEM.format("4500000014", "10"))["NetPriceAmount"] == "13.75"
    client.patch(ITEM.format("4500000014", "10"), {"NetPriceAmount": "14"}, if_match="*")
    assert client.rows(path)[0]["ConditionRateValue"] == "14.000000000"


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


def test_a_removed_assignment_is_only_marked(client):
    path = "A_PurOrdAccountAssignment(PurchaseOrder='4500000012',PurchaseOrderItem='10',AccountAssignmentNumber='1')"
    assert client.delete(path, if_match="*").status == 204
    assert client.one(path)["IsDeleted"] is True


def test_deleting_an_item_marks_it_and_deleting_an_order_marks_its_items_only(client, created):
    item = ITEM.format("4500000014", "10")
    assert client.delete(item, if_match="*").status == 204
    assert client.one(item)["PurchasingDocumentDeletionCode"] == "L"
    assert codes(client.patch(item, {"OrderQuantity": "6"}, if_match="*"))[0] == "06/032"
    assert client.delete("A_PurchaseOrder('4500000002')", if_match="*").status == 400  # something was received
    assert client.delete("A_PurchaseOrder('4500000005')", if_match="*").status == 204
    order = client.one("A_PurchaseOrder('4500000005')?$expand=to_PurchaseOrderItem")
    assert order["PurchasingDocumentDeletionCode"] == ""
    assert {i["PurchasingDocumentDeletionCode"] for i in order["to_PurchaseOrderItem"]["results"]} == {"L"}


def test_a_received_item_keeps_its_quantity_and_shows_only_a_flag(client, created, sandbox):
    item = ITEM.format("4500000014", "10")
    sandbox.receive("4500000014", "10", Decimal(3))
    assert client.one(item)["IsCompletelyDelivered"] is False
    assert codes(client.patch(item, {"OrderQuantity": "2"}, if_match="*"))[0] == "06/034"
    assert codes(client.delete(item, if_match="*"))[0] == "06/033"
    sandbox.receive("4500000014", "10", Decimal(2))
    assert client.one(item)["IsCompletelyDelivered"] is True


def test_an_order_that_another_user_has_open_is_locked_for_every_write(client, created, sandbox):
    sandbox.lock("4500000014", "MMUELLER")
    item = ITEM.format("4500000014", "10")
    for answer in (
        client.patch("A_PurchaseOrder('4500000014')", {"PurchasingGroup": "002"}, if_match="*"),
        client.patch(item, {"OrderQuantity": "6"}, if_match="*"),
        client.delete(item, if_match="*"),
    ):
        error = refusal(answer)
        assert error["code"] == "ME/006"
        assert error["message"]["value"] == "User MMUELLER already processing Purchase order 4500000014"
    sandbox.unlock("4500000014")
    assert client.patch(item, {"OrderQuantity": "6"}, if_match="*").status == 204


def test_every_change_of_a_part_moves_the_stamp_of_the_document(client, created, clock):
    path = "A_PurchaseOrder('4500000014')"
    stamps = [client.one(path)["LastChangeDateTime"]]
    body = {"Material": "66", "Plant": "1010", "OrderQuantity": "10", "NetPriceAmount": "3"}
    note = {"PurchaseOrder": "4500000014", "TextObjectType": "F01", "PlainLongText": "x"}
    for write in (
        lambda: client.patch(path, {"PurchasingGroup": "002"}, if_match="*"),
        lambda: client.post(path + "/to_PurchaseOrderItem", body),
        lambda: client.patch(ITEM.format("4500000014", "20"), {"OrderQuantity": "6"}, if_match="*"),
        lambda: client.post("A_PurchaseOrderNote", note),
        lambda: client.delete(ITEM.format("4500000014", "20"), if_match="*"),
    ):
        clock.advance(seconds=1)
        assert write().status in (201, 204)
        stamps.append(client.one(path)["LastChangeDateTime"])
    assert stamps == sorted(set(stamps))


def test_methods_that_a_resource_does_not_have_are_a_405(client, order_body):
    assert client.delete("A_PurchaseOrder").status == 405
    assert client.post("A_PurchaseOrder('4500000001')", order_body).status == 405
    assert client.patch("A_PurchaseOrder", {}).status == 405
