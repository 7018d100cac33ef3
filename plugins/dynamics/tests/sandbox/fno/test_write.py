"""Writing: documents in several calls, defaults, and what is refused (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, lose_after
from anyerp_dynamics.sandbox.fno import Quirks

ORDERS, LINES = "PurchaseOrderHeadersV2", "PurchaseOrderLinesV2"
VENDOR = {"OrderVendorAccountNumber": "US-101"}


def header(number):
    return f"{ORDERS}(dataAreaId='usmf',PurchaseOrderNumber='{number}')?cross-company=true"


def line(number, place=1):
    return f"{LINES}(dataAreaId='usmf',PurchaseOrderNumber='{number}',LineNumber={place})?cross-company=true"


def test_an_order_is_made_of_a_header_and_then_lines(erp):
    answer = erp.ask(
        "POST", ORDERS, {"dataAreaId": "usmf", "OrderVendorAccountNumber": "US-101", "VendorOrderReference": "our-7"}
    )
    made = answer.json()
    assert (answer.status, made["PurchaseOrderNumber"]) == (201, "00000013")
    assert (
        answer.headers["location"]
        == "https://env.example/data/PurchaseOrderHeadersV2(dataAreaId='usmf',PurchaseOrderNumber='00000013')"
    )
    assert answer.headers["etag"] == made["@odata.etag"]
    assert made["@odata.context"].endswith("$metadata#PurchaseOrderHeadersV2/$entity")
    assert (made["CurrencyCode"], made["PaymentTermsName"], made["PurchaseOrderStatus"]) == (
        "USD",
        "Net30",
        "Backorder",
    )
    assert (made["PurchaseOrderName"], made["AccountingDate"]) == ("Fabrikam Electronics", "2026-04-01T12:00:00Z")
    first = erp.post(
        LINES,
        {
            "PurchaseOrderNumber": "00000013",
            "ItemNumber": "D0003",
            "OrderedPurchaseQuantity": 250,
            "ReceivingWarehouseId": "21",
        },
    )
    assert (first["LineNumber"], first["PurchaseUnitSymbol"], first["ReceivingSiteId"]) == (1, "pcs", "2")
    assert (first["PurchasePrice"], first["PurchasePriceQuantity"], first["LineAmount"]) == (
        Decimal("3.75"),
        100,
        Decimal("9.38"),
    )
    assert erp.line("00000013")["LineNumber"] == 2
    found = erp.rows(f"{ORDERS}?cross-company=true&$filter=VendorOrderReference eq 'our-7'&$expand=PurchaseOrderLines")
    assert [len(row["PurchaseOrderLines"]) for row in found] == [2]


def test_deep_insert_is_refused(erp):
    body = VENDOR | {"PurchaseOrderLines": [{"ItemNumber": "D0001"}]}
    answer = erp.ask("POST", ORDERS, body)
    assert answer.status == 400
    assert "Deep insert" in answer.json()["error"]["innererror"]["message"]
    assert len(erp.rows(ORDERS)) == 12


def test_a_number_may_be_given_and_must_be_free(erp):
    assert erp.order(PurchaseOrderNumber="MY-1") == "MY-1"
    said = erp.refused("POST", ORDERS, {"PurchaseOrderNumber": "my-1", "OrderVendorAccountNumber": "US-101"})
    assert "The record already exists" in said[0]
    assert "Purchase order number: my-1" in said[0]


def test_where_numbers_are_given_by_hand_one_must_be_sent(environment):
    erp = environment(quirks=Quirks(manual=frozenset({"purchase_order"})))
    said = erp.refused("POST", ORDERS, {"OrderVendorAccountNumber": "US-101"})
    assert said == ["Field 'Purchase order number' must be filled in."]
    assert erp.order(PurchaseOrderNumber="MY-1") == "MY-1"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (ORDERS, {}, "Field 'Order vendor account number' must be filled in."),
        (ORDERS, {"OrderVendorAccountNumber": ""}, "Field 'Order vendor account number' must be filled in."),
        (
            ORDERS,
            {"OrderVendorAccountNumber": "none"},
            "The value 'none' in field 'Order vendor account number' is not found",
        ),
        (ORDERS, {"OrderVendorAccountNumber": "PL-001"}, "Vendor account PL-001 is on hold."),
        (ORDERS, VENDOR | {"CurrencyCode": "XXX"}, "The value 'XXX' in field 'Currency code' is not found"),
        (ORDERS, VENDOR | {"PaymentTermsName": "Net99"}, "The value 'Net99' in field"),
        (
            ORDERS,
            VENDOR | {"VendorOrderReference": "x" * 61},
            "Field 'Vendor order reference' takes 60 characters, not 61.",
        ),
        (ORDERS, VENDOR | {"PurchaseOrderStatus": "Invoiced"}, "Field 'Purchase order status' cannot be edited."),
        (
            ORDERS,
            VENDOR | {"DocumentApprovalStatus": "Confirmed"},
            "Field 'Document approval status' cannot be edited.",
        ),
        (
            ORDERS,
            VENDOR | {"DefaultReceivingSiteId": "2", "DefaultReceivingWarehouseId": "11"},
            "Warehouse 11 does not belong to site 2.",
        ),
        (LINES, {"ItemNumber": "D0001"}, "Field 'Purchase order number' must be filled in."),
        (
            LINES,
            {"PurchaseOrderNumber": "none", "ItemNumber": "D0001"},
            "The value 'none' in field 'Purchase order number' is not found",
        ),
        (LINES, {"PurchaseOrderNumber": "00000001"}, "Item number or procurement category must be filled in."),
        (
            LINES,
            {"PurchaseOrderNumber": "00000001", "ItemNumber": "none"},
            "The value 'none' in field 'Item number' is not found",
        ),
        (
            LINES,
            {"PurchaseOrderNumber": "00000001", "ItemNumber": "D0009"},
            "Item 'D0009' is blocked for 'Purchase order'.",
        ),
        (
            LINES,
            {"PurchaseOrderNumber": "00000009", "ItemNumber": "D0001"},
            "Purchase order 00000009 has status Canceled",
        ),
        (
            LINES,
            {"PurchaseOrderNumber": "00000007", "ItemNumber": "D0001"},
            "Purchase order 00000007 cannot be changed while",
        ),
        ("VendorsV3", {"VendorOrganizationName": "x"}, "Field 'Vendor group id' must be filled in."),
        ("VendorsV3", {"VendorGroupId": "10"}, "Field 'Vendor organization name' must be filled in."),
        ("CustomersV3", {"CustomerGroupId": "30"}, "Field 'Organization name' must be filled in."),
        (
            "ReleasedProductsV2",
            {"ItemNumber": "N1", "ProductNumber": "none"},
            "The value 'none' in field 'Product number' is not found",
        ),
        ("SalesOrderHeadersV2", {}, "Field 'Ordering customer account number' must be filled in."),
        ("ProductReceiptHeaders", {}, "Product receipt headers are read only."),
        ("ProductReceiptLines", {}, "Product receipt lines are read only."),
        ("WarehousesOnHandV2", {}, "Warehouse on-hand inventory V2 are read only."),
    ],
)
def test_the_infolog_says_why_a_write_was_refused(erp, path, body, said):
    assert erp.refused("POST", path, body)[0].startswith(said)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"Nothing": 1}, "does not exist on type"),
        ({"CashDiscountPercentage": "1"}, "Cannot convert"),
        ([1], "JSON object"),
        (b"{", "not JSON"),
        ({"LineNumber": 1}, "does not exist"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_name(erp, body, word):
    answer = erp.ask("POST", ORDERS, body)
    assert answer.status == 400
    assert word in answer.json()["error"]["innererror"]["message"]


def test_a_body_must_say_that_it_is_json(erp):
    assert erp.ask("POST", ORDERS, b"{}", Content_Type="text/plain").status == 415


def test_a_patch_answers_nothing_and_needs_no_tag(erp):
    answer = erp.ask("PATCH", header("00000001"), {"PurchaseOrderName": "changed"})
    assert (answer.status, answer.content) == (204, b"")
    assert erp.get(header("00000001"))["PurchaseOrderName"] == "changed"


def test_a_tag_that_is_sent_must_be_true(erp):
    tag = erp.get(header("00000001"))["@odata.etag"]
    erp.sandbox.touch("00000001")
    assert erp.ask("PATCH", header("00000001"), {"PurchaseOrderName": "x"}, If_Match=tag).status == 412
    assert erp.ask("DELETE", header("00000001"), If_Match=tag).status == 412
    fresh = erp.get(header("00000001"))
    assert fresh["PurchaseOrderName"] != "x"
    assert erp.ask("PATCH", header("00000001"), {"PurchaseOrderName": "x"}, If_Match=fresh["@odata.etag"]).status == 204
    assert erp.ask("PATCH", header("00000001"), {"PurchaseOrderName": "y"}, If_Match="*").status == 204


def test_what_stands_there_already_is_no_change(erp):
    row = erp.get(header("00000001"))
    body = {name: value for name, value in row.items() if "@" not in name}
    assert erp.ask("PATCH", header("00000001"), body).status == 204
    assert erp.refused("PATCH", header("00000001"), {"PurchaseOrderNumber": "x"}) == [
        "Field 'Purchase order number' cannot be edited."
    ]
    assert erp.refused("PATCH", header("00000001"), {"OrderVendorAccountNumber": "US-102"}) == [
        "Field 'Order vendor account number' cannot be edited."
    ]


def test_a_put_resets_what_it_does_not_name(erp):
    assert erp.ask("PUT", header("00000001"), {"PurchaseOrderName": "only this", "CurrencyCode": "EUR"}).status == 204
    row = erp.get(header("00000001"))
    assert (row["PurchaseOrderName"], row["CurrencyCode"]) == ("only this", "EUR")
    assert (row["VendorOrderReference"], row["PaymentTermsName"], row["RequestedDeliveryDate"]) == (
        "",
        "",
        "1900-01-01T12:00:00Z",
    )
    assert (row["OrderVendorAccountNumber"], row["PurchaseOrderStatus"]) == ("US-101", "Backorder")


def test_a_line_needs_a_site_from_somewhere(erp):
    number = erp.order()
    body = {"PurchaseOrderNumber": number, "ItemNumber": "D0001"}
    assert erp.refused("POST", LINES, body) == [
        "Inventory dimension Site is mandatory and must consequently be specified."
    ]
    assert erp.post(LINES, body | {"ReceivingWarehouseId": "21"})["ReceivingSiteId"] == "2"
    erp.ask("PATCH", header(number), {"DefaultReceivingWarehouseId": "12"})
    assert erp.post(LINES, body)["ReceivingSiteId"] == "1"
    assert erp.post(LINES, {"PurchaseOrderNumber": number, "ItemNumber": "S0001"})["InventoryLotId"] == ""
    sale = erp.post("SalesOrderHeadersV2", {"OrderingCustomerAccountNumber": "US-001"})["SalesOrderNumber"]
    body = {"SalesOrderNumber": sale, "ItemNumber": "D0001"}
    assert erp.refused("POST", "SalesOrderLines", body)[0].startswith("Inventory dimension Site is mandatory")


def test_half_an_order_stays_when_its_line_fails(erp):
    number = erp.order(DefaultReceivingWarehouseId="11")
    erp.refused("POST", LINES, {"PurchaseOrderNumber": number, "ItemNumber": "D0009"})
    assert (
        erp.rows(f"{ORDERS}?$filter=PurchaseOrderNumber eq '{number}'&$expand=PurchaseOrderLines")[0][
            "PurchaseOrderLines"
        ]
        == []
    )


@pytest.mark.parametrize(
    ("currency", "quantity", "price", "per", "amount"),
    [
        ("USD", "3", "3.335", 1, "10.01"),
        ("JPY", "7", "100.5", 1, "704"),
        ("KWD", "3", "1.2345", 1, "3.704"),
        ("TND", "250", "3.7541", 100, "9.385"),
    ],
)
def test_a_line_amount_is_rounded_as_its_currency_is(erp, currency, quantity, price, per, amount):
    number = erp.order(CurrencyCode=currency, DefaultReceivingWarehouseId="11")
    made = erp.line(
        number, OrderedPurchaseQuantity=Decimal(quantity), PurchasePrice=Decimal(price), PurchasePriceQuantity=per
    )
    assert made["LineAmount"] == Decimal(amount)


def test_discounts_lower_the_price_and_then_the_rest(erp):
    number = erp.order()
    made = erp.line(
        number, OrderedPurchaseQuantity=10, PurchasePrice=100, LineDiscountAmount=5, LineDiscountPercentage=10
    )
    assert made["LineAmount"] == 855
    erp.ask("PATCH", line(number), {"OrderedPurchaseQuantity": 20})
    assert erp.get(line(number))["LineAmount"] == 1710


def test_receipts_say_what_was_received_and_the_line_does_not(erp):
    assert not [name for name in erp.get(line("00000004")) if "Received" in name]
    where = "PurchaseOrderNumber eq '00000004' and PurchaseOrderLineNumber eq 1"
    for name in ("ProductReceiptLines", "ProductReceiptLinesV2"):
        rows = erp.rows(f"{name}?$filter={where}&$orderby=RecordId")
        assert [row["ReceivedPurchaseQuantity"] for row in rows] == [120, Decimal("30.5")]
        assert rows[-1]["RemainingPurchaseQuantity"] == Decimal("149.5")
    assert erp.get(header("00000004"))["PurchaseOrderStatus"] == "Backorder"
    erp.sandbox.receive("00000004", 1, "149.5")
    assert erp.get(line("00000004"))["PurchaseOrderLineStatus"] == "Received"
    assert erp.get(header("00000004"))["PurchaseOrderStatus"] == "Backorder"
    number = erp.sandbox.receive("00000004", 2, "20")
    assert erp.get(header("00000004"))["PurchaseOrderStatus"] == "Received"
    head = erp.rows(f"ProductReceiptHeaders?$filter=ProductReceiptNumber eq '{number}'")[0]
    (row,) = erp.rows(f"ProductReceiptLines?$filter=ProductReceiptHeaderRecordId eq {head['RecordId']}")
    assert (row["ProductReceiptDate"], row["ItemNumber"]) == ("2026-04-01T12:00:00Z", "D0001")


def test_a_receipt_moves_stock(erp):
    where = "WarehousesOnHandV2?$filter=ItemNumber eq 'D0001' and InventoryWarehouseId eq '11'"
    before = erp.rows(where)[0]["OnHandQuantity"]
    erp.sandbox.receive("00000001", 1, "2.5")
    assert erp.rows(where)[0]["OnHandQuantity"] == before + Decimal("2.5")


def test_a_receipt_can_be_neither_made_nor_changed_nor_deleted(erp):
    record = erp.rows("ProductReceiptLines?$top=1")[0]["RecordId"]
    here = f"ProductReceiptLines(dataAreaId='usmf',RecordId={record})"
    assert erp.refused("PATCH", here, {"ReceivedPurchaseQuantity": 1}) == ["Product receipt lines are read only."]
    assert erp.refused("DELETE", here) == ["Product receipt lines are read only."]


def test_less_than_was_received_cannot_be_ordered_nor_the_line_deleted(erp):
    assert erp.refused("PATCH", line("00000004"), {"OrderedPurchaseQuantity": 150})[0].startswith(
        "The quantity cannot be less"
    )
    assert erp.refused("DELETE", line("00000004"))[0].startswith("The line has product receipts")
    assert erp.refused("DELETE", header("00000004"))[0].startswith("Purchase order 00000004 has product receipts")
    assert erp.refused("PATCH", line("00000002"), {"PurchasePrice": 1}) == ["Line 1 has status Received."]


def test_a_deleted_order_takes_its_lines_along_and_leaves_no_trace(erp):
    answer = erp.ask("DELETE", header("00000001"))
    assert (answer.status, answer.content) == (204, b"")
    assert erp.ask("GET", header("00000001")).status == 404
    assert erp.rows(f"{LINES}?$filter=PurchaseOrderNumber eq '00000001'") == []
    assert erp.ask("DELETE", header("00000001")).status == 404


def test_a_vendor_with_orders_stays(erp):
    assert erp.refused("DELETE", "VendorsV3(dataAreaId='usmf',VendorAccountNumber='US-101')") == [
        "Vendor account US-101 has purchase orders."
    ]


def test_change_management_begins_with_a_draft(erp):
    made = erp.post(ORDERS, {"OrderVendorAccountNumber": "TN-001"})
    assert (made["IsChangeManagementActive"], made["DocumentApprovalStatus"]) == ("Yes", "Draft")
    states = {row["DocumentApprovalStatus"] for row in erp.rows(ORDERS)}
    assert {"Draft", "InReview", "Rejected", "Approved", "Finalized", "Confirmed"} <= states


def test_an_invoice_is_pending_until_it_is_posted_and_then_gone(erp):
    made = erp.post("VendorInvoiceHeaders", {"InvoiceAccount": "US-103", "InvoiceNumber": "N-1"})
    assert (made["HeaderReference"], made["VendorName"], made["Currency"]) == (
        "000002",
        "O'Neil & Sons Hardware",
        "USD",
    )
    row = erp.post(
        "VendorInvoiceLines", {"HeaderReference": "000002", "PurchaseOrder": "00000001", "PurchLineNumber": 2}
    )
    assert (row["ItemNumber"], row["InvoiceLineNumber"], row["NetAmount"]) == ("D0002", 1, 182)
    assert erp.rows("VendorInvoiceHeaders?$expand=VendorInvoiceLines")[1]["VendorInvoiceLines"][0]["Unit"] == "ea"
    erp.sandbox.post_invoice("000002")
    assert [row["HeaderReference"] for row in erp.rows("VendorInvoiceHeaders")] == ["000001"]
    assert len(erp.rows("VendorInvoiceLines")) == 1
    assert erp.get(line("00000001", 2))["PurchaseOrderLineStatus"] == "Invoiced"


def test_a_sales_order_knows_its_total(erp):
    made = erp.post(
        "SalesOrderHeadersV2",
        {
            "OrderingCustomerAccountNumber": "US-002",
            "DefaultShippingWarehouseId": "11",
            "CustomersOrderReference": "their-1",
        },
    )
    assert (made["CurrencyCode"], made["OrderCreationDateTime"]) == ("EUR", "2026-04-01T09:00:00Z")
    row = erp.post(
        "SalesOrderLines",
        {"SalesOrderNumber": made["SalesOrderNumber"], "ItemNumber": "D0002", "OrderedSalesQuantity": 3},
    )
    assert (row["LineNumber"], row["LineAmount"], row["CurrencyCode"]) == (1, 273, "EUR")
    here = f"SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='{made['SalesOrderNumber']}')"
    assert erp.get(here)["OrderTotalAmount"] == 273
    erp.ask("DELETE", f"SalesOrderLines(dataAreaId='usmf',InventoryLotId='{row['InventoryLotId']}')")
    assert erp.get(here)["OrderTotalAmount"] == 0
    assert erp.ask("DELETE", here).status == 204


def test_masters_are_numbered_and_filled(erp):
    vendor = erp.post(
        "VendorsV3",
        {
            "VendorOrganizationName": "Ñandú S.A.",
            "VendorGroupId": "10",
            "AddressCountryRegionId": "DEU",
            "AddressCity": "Köln",
        },
    )
    assert (vendor["VendorAccountNumber"], vendor["CurrencyCode"], vendor["DefaultPaymentTermsName"]) == (
        "V-000001",
        "USD",
        "Net30",
    )
    assert (vendor["AddressCountryRegionISOCode"], vendor["FormattedPrimaryAddress"]) == ("DE", "Köln\nDEU")
    customer = erp.post("CustomersV3", {"OrganizationName": "New", "CustomerGroupId": "30"})
    assert customer["CustomerAccount"] == "C-000001"
    erp.post("ProductsV2", {"ProductNumber": "N1", "ProductName": "New", "ProductSearchName": "New"})
    item = erp.post("ReleasedProductsV2", {"ItemNumber": "N1", "ProductNumber": "N1", "PurchasePrice": 4})
    assert (item["ProductType"], item["PurchaseUnitSymbol"]) == ("Item", "ea")
    assert "ProductName" not in item


def test_methods_that_a_resource_does_not_know(erp):
    assert erp.ask("PATCH", ORDERS, {}).status == 405
    assert erp.ask("POST", header("00000001"), {}).status == 405
    assert erp.ask("MERGE", ORDERS, {}).status == 405


def test_a_blocked_item_and_a_held_vendor_stop_what_worked_before(erp):
    number = erp.order()
    erp.line(number)
    erp.sandbox.block_item("D0001")
    assert erp.refused("PATCH", line(number), {"OrderedPurchaseQuantity": 2}) == [
        "Item 'D0001' is blocked for 'Purchase order'."
    ]
    erp.sandbox.hold_vendor("US-101")
    assert erp.refused("POST", ORDERS, {"OrderVendorAccountNumber": "US-101"}) == ["Vendor account US-101 is on hold."]


def test_an_answer_can_be_lost_after_the_work_was_done(erp):
    erp.sandbox.faults.append(Once(lose_after))
    with pytest.raises(LostAnswer):
        erp.order(VendorOrderReference="our-8")
    assert len(erp.rows(f"{ORDERS}?$filter=VendorOrderReference eq 'our-8'")) == 1
