"""Documents in several calls: orders and their lines, receipts, invoices, sales orders (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

ORDERS, LINES = "PurchaseOrderHeadersV2", "PurchaseOrderLinesV2"


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


def test_a_blocked_item_and_a_held_vendor_stop_what_worked_before(erp):
    number = erp.order()
    erp.line(number)
    erp.sandbox.block_item("D0001")
    assert erp.refused("PATCH", line(number), {"OrderedPurchaseQuantity": 2}) == [
        "Item 'D0001' is blocked for 'Purchase order'."
    ]
    erp.sandbox.hold_vendor("US-101")
    assert erp.refused("POST", ORDERS, {"OrderVendorAccountNumber": "US-101"}) == ["Vendor account US-101 is on hold."]
