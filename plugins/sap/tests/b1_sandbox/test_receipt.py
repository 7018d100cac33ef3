"""Receipts and invoices copied from orders, and the stock that follows (sap sheet §13, Copy to)."""

from decimal import Decimal

import pytest

RECEIPTS = "PurchaseDeliveryNotes"


def from_order(entry, line=0, quantity=None, vendor="V10010", **values):
    row = {"BaseType": 22, "BaseEntry": entry, "BaseLine": line, **values}
    if quantity is not None:
        row["Quantity"] = quantity
    return {"CardCode": vendor, "DocumentLines": [row]}


def stock(client, item, warehouse="01"):
    rows = client.get(f"Items('{item}')?$select=ItemWarehouseInfoCollection")["ItemWarehouseInfoCollection"]
    row = next(row for row in rows if row["WarehouseCode"] == warehouse)
    return int(row["InStock"]), int(row["Committed"]), int(row["Ordered"])


def test_a_receipt_takes_everything_from_the_orders_line(erp):
    made = erp.post(RECEIPTS, from_order(2))
    line = made["DocumentLines"][0]
    assert (line["ItemCode"], line["Quantity"], line["UnitPrice"]) == ("A1001", 6, 395)
    assert (line["BaseType"], line["BaseEntry"], line["BaseLine"]) == (22, 2, 0)


def test_the_order_waits_for_less_and_closes_when_nothing_is_left(erp):
    erp.post(RECEIPTS, from_order(2, 0, 2))
    line = erp.get("PurchaseOrders(2)")["DocumentLines"][0]
    assert (line["RemainingOpenQuantity"], line["OpenAmount"], line["LineStatus"]) == (4, 1580, "bost_Open")
    erp.post(RECEIPTS, from_order(2, 0, 5))  # more than was ordered
    row = erp.get("PurchaseOrders(2)")
    assert [line["LineStatus"] for line in row["DocumentLines"]] == ["bost_Close", "bost_Open"]
    assert row["DocumentLines"][0]["RemainingOpenQuantity"] == 0
    assert row["DocumentStatus"] == "bost_Open"
    erp.post(RECEIPTS, from_order(2, 1))
    assert erp.get("PurchaseOrders(2)")["DocumentStatus"] == "bost_Close"


@pytest.mark.parametrize(
    ("body", "code", "part"),
    [
        (from_order(3, vendor="V20000"), "-10", "already been closed"),
        (from_order(7, vendor="V10000"), "-10", "already been closed"),
        (from_order(2, vendor="V10000"), "-5002", "do not match"),
        (from_order(2, line=9), "-5002", "row does not exist"),
        (from_order(99), "-2028", "No matching"),
        (from_order(2, BaseType=17), "-5002", "[PDN1.BaseType]"),
        (from_order(2, ItemCode="A1002"), "-5002", "Item of a row"),
        (from_order(2, DocumentLinesBinAllocations=[{"BinAbsEntry": 1, "Quantity": 6}]), "-5002", "Bin location"),
    ],
)
def test_a_base_line_must_be_there_open_and_the_same_vendors(erp, body, code, part):
    _, given, text = erp.refusal("POST", RECEIPTS, body)
    assert given == code
    assert part in text
    assert len(erp.rows(f"{RECEIPTS}?$select=DocEntry")) == 5


def test_stock_moves_with_every_document(erp):
    assert stock(erp, "A1001") == (12, 0, 1243)
    erp.post(RECEIPTS, from_order(2, 0, 6))
    assert stock(erp, "A1001") == (18, 0, 1237)
    item = erp.get("Items('A1001')")
    assert (item["QuantityOnStock"], item["QuantityOrderedFromVendors"]) == (18, 1237)
    sale = {"CardCode": "C10000", "DocDueDate": "2025-04-01", "DocumentLines": [{"ItemCode": "A1001", "Quantity": 4}]}
    entry = erp.post("Orders", sale)["DocEntry"]
    assert stock(erp, "A1001") == (18, 4, 1237)
    erp.write("POST", f"Orders({entry})/Cancel")
    assert stock(erp, "A1001") == (18, 0, 1237)


def test_stock_counts_in_the_stock_unit(erp):
    before = stock(erp, "A1000")
    erp.post(RECEIPTS, from_order(1, 0, 3, vendor="V10000"))  # boxes of twelve
    after = stock(erp, "A1000")
    assert (after[0] - before[0], after[2] - before[2]) == (36, -36)


def test_stock_moves_without_a_trace_on_the_item(erp):
    stamp = "Items('A1001')?$select=UpdateDate,UpdateTime,DataVersion"
    before = erp.get(stamp)
    erp.post(RECEIPTS, from_order(2, 0, 6))
    assert erp.get(stamp) == before


def test_closing_an_order_takes_its_goods_out_of_the_ordered(erp):
    before = stock(erp, "A1001")[2]
    erp.write("POST", "PurchaseOrders(2)/Close")
    assert stock(erp, "A1001")[2] == before - 6
    erp.write("POST", "PurchaseOrders(2)/Reopen")
    assert stock(erp, "A1001")[2] == before


def test_changing_an_order_changes_the_ordered(erp):
    before = stock(erp, "A1001")[2]
    erp.patch("PurchaseOrders(12)", {"DocumentLines": [{"LineNum": 0, "Quantity": 1000}]})
    assert stock(erp, "A1001")[2] == before - 234


def test_batches_must_be_complete(erp):
    order = {"CardCode": "V10000", "DocumentLines": [{"ItemCode": "A4000", "Quantity": 2, "UnitPrice": 98}]}
    entry = erp.post("PurchaseOrders", order)["DocEntry"]
    short = [{"BatchNumberProperty": "L1", "Quantity": 9}]
    for batches in ([], short):
        refused = erp.refusal("POST", RECEIPTS, from_order(entry, vendor="V10000", BatchNumbers=batches))
        assert refused[1] == "-10"
        assert "batch/serial" in refused[2]
    whole = [*short, {"BatchNumberProperty": "L2", "Quantity": 1, "ExpiryDate": "2026-01-31"}]
    made = erp.post(RECEIPTS, from_order(entry, vendor="V10000", BatchNumbers=whole))
    assert made["DocumentLines"][0]["BatchNumbers"][1]["ExpiryDate"] == "2026-01-31T00:00:00Z"


def test_an_invoice_from_a_receipt_moves_no_stock_and_closes_it(erp):
    before = stock(erp, "A1001")
    line = {"BaseType": 20, "BaseEntry": 1, "BaseLine": 0}
    made = erp.post("PurchaseInvoices", {"CardCode": "V10010", "NumAtCard": "F-77", "DocumentLines": [line]})
    assert made["DocTotal"] == Decimal(1896)
    assert stock(erp, "A1001") == before
    assert erp.get(f"{RECEIPTS}(1)")["DocumentStatus"] == "bost_Close"


def test_an_invoice_straight_from_an_order_receives_the_goods(erp):
    before = stock(erp, "A1001")
    erp.post("PurchaseInvoices", from_order(2, 0, 6))
    after = stock(erp, "A1001")
    assert (after[0] - before[0], after[2] - before[2]) == (6, -6)


def test_posted_documents_keep_their_lines(erp):
    for path in (f"{RECEIPTS}(1)", "PurchaseInvoices(1)"):
        refused = erp.refusal("PATCH", path, {"DocumentLines": [{"LineNum": 0, "Quantity": 1}]})
        assert refused[:2] == (400, "-10")
        erp.patch(path, {"Comments": "ok", "DocumentLines": [{"LineNum": 0, "FreeText": "on time"}]})
        assert erp.get(path)["DocumentLines"][0]["FreeText"] == "on time"


def test_a_receipt_is_undone_by_a_cancellation_document_and_not_by_cancel(erp):
    before = stock(erp, "A1001")
    assert erp.refusal("POST", f"{RECEIPTS}(1)/Cancel")[:2] == (400, "-5006")
    made = erp.post(f"{RECEIPTS}(1)/CreateCancellationDocument")
    original = erp.get(f"{RECEIPTS}(1)")
    assert (original["CancelStatus"], original["Cancelled"]) == ("csYes", "tYES")
    assert made["CancelStatus"] == "csCancellation"
    line = made["DocumentLines"][0]
    assert (line["Quantity"], line["BaseType"], line["BaseEntry"]) == (4, 20, 1)  # positive all the same
    after = stock(erp, "A1001")
    assert (after[0] - before[0], after[2] - before[2]) == (-4, 4)
    assert erp.get("PurchaseOrders(2)")["DocumentLines"][0]["RemainingOpenQuantity"] == 10
    assert erp.refusal("POST", f"{RECEIPTS}(1)/CreateCancellationDocument")[1] == "-5006"


def test_a_receipt_that_was_invoiced_cannot_be_undone_first(erp):
    assert erp.refusal("POST", f"{RECEIPTS}(2)/CreateCancellationDocument")[1] == "-10"
    erp.post("PurchaseInvoices(1)/CreateCancellationDocument")
    assert erp.get(f"{RECEIPTS}(2)")["DocumentStatus"] == "bost_Open"
    erp.post(f"{RECEIPTS}(2)/CreateCancellationDocument")
    assert erp.get("PurchaseOrders(3)")["DocumentStatus"] == "bost_Open"


def test_summing_receipts_needs_their_cancel_status(erp):
    rows = erp.rows(f"{RECEIPTS}?$filter=CardCode eq 'V10000'&$select=CancelStatus,DocumentLines")
    boxes = [row for row in rows if row["DocumentLines"][0]["BaseEntry"] != 10]
    assert [row["CancelStatus"] for row in boxes] == ["csYes", "csCancellation"]
    assert sum(row["DocumentLines"][0]["Quantity"] for row in boxes) == 20  # nothing is there
