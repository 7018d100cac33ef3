"""Changing and deleting purchase orders and their parts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from order_answers import ITEM, codes, refusal


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
