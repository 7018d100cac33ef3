"""Posting: actions, receipts behind the API's back, orders that vanish (dynamics sheet §2.3, §2.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

RECEIVE_AND_INVOICE = "Microsoft.NAV.receiveAndInvoice"
ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def draft(client):
    return client.order("106001")


def test_receive_and_invoice_leaves_no_order_but_an_invoice_and_receipts_that_name_it(client, draft):
    answer = client.ask("POST", f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}")
    assert (answer.status, answer.content) == (204, b"")
    assert client.refused("GET", f"purchaseOrders({draft['id']})")[0] == 404
    assert client.list("purchaseOrders?$filter=number eq '106001'") == []
    invoice = client.one("purchaseInvoices?$filter=orderNumber eq '106001'&$expand=purchaseInvoiceLines")
    receipt = client.one("purchaseReceipts?$filter=orderNumber eq '106001'&$expand=purchaseReceiptLines")
    assert (invoice["status"], invoice["orderId"]) == ("Open", ZERO)
    assert invoice["totalAmountIncludingTax"] == draft["totalAmountIncludingTax"]
    assert [line["quantity"] for line in invoice["purchaseInvoiceLines"]] == [5, 10]
    assert [(line["lineObjectNumber"], line["quantity"]) for line in receipt["purchaseReceiptLines"]] == [
        ("1896-S", 5),
        ("1900-S", 10),
    ]


def test_posting_moves_the_stock_and_owes_the_vendor(client, draft):
    def item():
        return client.one("items?$filter=number eq '1896-S'")["inventory"]

    def vendor():
        return client.get(f"vendors({draft['vendorId']})")["balance"]

    before, owed = item(), vendor()
    client.ask("POST", f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}")
    assert item() - before == 5
    assert vendor() - owed == draft["totalAmountIncludingTax"]
    last = client.list("itemLedgerEntries?$filter=itemNumber eq '1896-S'&$orderby=entryNumber desc")[0]
    assert (last["entryType"], last["documentType"]) == ("Purchase", "Purchase_x0020_Receipt")


def test_a_part_is_received_and_invoiced_when_the_lines_say_so(client, draft):
    first, second = draft["purchaseOrderLines"]
    client.patch(f"purchaseOrderLines({first['id']})", {"receiveQuantity": 2})
    client.patch(f"purchaseOrderLines({second['id']})", {"receiveQuantity": 0})
    assert client.ask("POST", f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}").status == 204
    after = client.order("106001")
    assert (after["status"], after["fullyReceived"]) == ("Open", False)
    assert [(line["receivedQuantity"], line["invoicedQuantity"]) for line in after["purchaseOrderLines"]] == [
        (2, 2),
        (0, 0),
    ]
    assert client.one("purchaseInvoices?$filter=orderNumber eq '106001'")["orderId"] == draft["id"]
    client.ask("POST", f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}")
    assert client.list("purchaseOrders?$filter=number eq '106001'") == []
    assert len(client.list("purchaseInvoices?$filter=orderNumber eq '106001'")) == 2


def test_an_order_without_quantities_has_nothing_to_post(client):
    empty = client.order("106013")
    status, code, text = client.refused("POST", f"purchaseOrders({empty['id']})/{RECEIVE_AND_INVOICE}")
    assert (status, code) == (400, "Application_DialogException")
    assert text.startswith("There is nothing to post")


def test_an_order_under_review_is_not_posted(client):
    order = client.order("106003")
    assert client.refused("POST", f"purchaseOrders({order['id']})/{RECEIVE_AND_INVOICE}")[0] == 400
    assert client.order("106003")["@odata.etag"] == order["@odata.etag"]


def test_an_invoice_is_due_by_the_vendors_terms(client):
    for vendor, due in (("10000", "2026-05-01"), ("30000", "2026-04-30"), ("40000", "2026-04-14")):
        day = {"10000": "2026-04-01", "30000": "2026-03-31", "40000": "2026-03-31"}[vendor]
        made = client.post("purchaseInvoices", {"vendorNumber": vendor, "invoiceDate": day})
        assert made["dueDate"] == due, vendor
    assert client.patch(f"purchaseInvoices({made['id']})", {"dueDate": "2026-12-31"})["dueDate"] == "2026-12-31"


def test_an_action_checks_a_token_only_if_one_is_sent(client, draft):
    client.sandbox.touch("106001")
    path = f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}"
    assert client.refused("POST", path, If_Match=draft["@odata.etag"])[:2] == (409, "Request_EntityChanged")
    assert client.ask("POST", path).status == 204


@pytest.mark.parametrize("action", ["receive", "release", "reopen", "post"])
def test_the_standard_api_cannot_receive_alone_nor_release(client, draft, action):
    status, code, _ = client.refused("POST", f"purchaseOrders({draft['id']})/Microsoft.NAV.{action}")
    assert (status, code) == (404, "BadRequest_ResourceNotFound")


def test_an_action_is_posted_to_and_nothing_else(client, draft):
    path = f"purchaseOrders({draft['id']})/{RECEIVE_AND_INVOICE}"
    assert client.refused("GET", path)[0] == 405
    assert client.refused("PATCH", path, {}, If_Match="*")[0] == 405
    assert client.order("106001")["status"] == "Draft"


def test_the_warehouse_receives_behind_the_apis_back(client, draft):
    number = client.sandbox.receive("106001", {10000: Decimal(3)})
    after = client.order("106001")
    assert after["@odata.etag"] != draft["@odata.etag"]
    assert after["status"] == "Open", "posting releases"
    assert [line["receivedQuantity"] for line in after["purchaseOrderLines"]] == [3, 0]
    assert [line["receiveQuantity"] for line in after["purchaseOrderLines"]] == [2, 10]
    assert client.one(f"purchaseReceipts?$filter=number eq '{number}'")["orderNumber"] == "106001"


def test_a_received_order_vanishes_when_somebody_invoices_it(client):
    assert client.order("106007")["fullyReceived"] is True
    number = client.sandbox.invoice("106007")
    assert client.list("purchaseOrders?$filter=number eq '106007'") == []
    assert client.one(f"purchaseInvoices?$filter=number eq '{number}'")["orderNumber"] == "106007"


def test_a_deleted_order_leaves_no_trace_but_an_invoiced_one_does(client):
    client.sandbox.vanish("106004")
    for name in ("purchaseInvoices", "purchaseReceipts"):
        assert client.list(f"{name}?$filter=orderNumber eq '106004'") == []
        assert len(client.list(f"{name}?$filter=orderNumber eq '106009'")) == 1
    assert client.list("purchaseOrders?$filter=number eq '106009'") == []


def test_lines_received_keep_an_order_from_being_cut(client, draft):
    client.sandbox.receive("106001", {10000: Decimal(3)})
    client.sandbox.touch("106001", status="Draft")
    line = f"purchaseOrderLines({draft['purchaseOrderLines'][0]['id']})"
    assert "Quantity Received" in client.refused("DELETE", line)[2]
    assert "Quantity Received" in client.refused("DELETE", f"purchaseOrders({draft['id']})")[2]
    assert "Quantity must not be less" in client.refused("PATCH", line, {"quantity": 2}, If_Match="*")[2]


def test_a_draft_invoice_is_posted_under_the_same_id_and_a_new_number(client):
    draft = client.one("purchaseInvoices?$filter=vendorInvoiceNumber eq 'FAB-7781'")
    assert draft["status"] == "Draft"
    path = f"purchaseInvoices({draft['id']})"
    assert client.ask("POST", f"{path}/Microsoft.NAV.post").status == 204
    posted = client.get(path)
    assert posted["status"] == "Open"
    assert posted["number"] != draft["number"]
    assert client.refused("POST", f"{path}/Microsoft.NAV.post")[2] == (
        "The action can be applied to a draft invoice only."
    )
    assert client.refused("PATCH", path, {"dueDate": "2026-12-01"}, If_Match="*")[0] == 400
    assert client.refused("DELETE", path)[0] == 400


def test_an_invoice_is_posted_once_and_with_the_vendors_number(client):
    line = {"lineType": "Item", "lineObjectNumber": "2000", "quantity": 1, "unitCost": 4}
    body = {"vendorNumber": "10000", "purchaseInvoiceLines": [line]}
    nameless = client.post("purchaseInvoices", body)
    assert "Vendor Invoice No." in client.refused("POST", f"purchaseInvoices({nameless['id']})/Microsoft.NAV.post")[2]
    again = client.post("purchaseInvoices", {**body, "vendorInvoiceNumber": "fab-7700"})
    assert client.refused("POST", f"purchaseInvoices({again['id']})/Microsoft.NAV.post")[2] == (
        "Purchase Invoice FAB-7700 already exists for this vendor."
    )


def test_a_sales_order_that_is_shipped_and_invoiced_is_gone(client):
    order = client.one("salesOrders?$filter=externalDocumentNumber eq 'PO-0003'")
    before = client.one("items?$filter=number eq '1908-S'")["inventory"]
    assert client.ask("POST", f"salesOrders({order['id']})/Microsoft.NAV.shipAndInvoice").status == 204
    assert client.refused("GET", f"salesOrders({order['id']})")[0] == 404
    assert client.one("items?$filter=number eq '1908-S'")["inventory"] == before - 4


def test_a_customers_own_api_has_a_field_more_and_receives_alone(connect):
    client = connect(extension="contoso/purchasing/v1.0")
    own = f"/v2.0/Production/api/contoso/purchasing/v1.0/companies({client.company})/purchaseOrders"
    body = {"vendorNumber": "10000", "yourReference": "req-42"}
    line = {"lineType": "Item", "lineObjectNumber": "1896-S", "quantity": 5}
    made = client.post(own, {**body, "purchaseOrderLines": [line]})
    assert client.one(f"{own}?$filter=yourReference eq 'req-42'")["id"] == made["id"]
    assert "yourReference" not in client.get(f"purchaseOrders({made['id']})")
    assert client.refused("POST", "purchaseOrders", body)[0] == 400
    (stored,) = client.list(f"purchaseOrders({made['id']})/purchaseOrderLines")
    client.patch(f"purchaseOrderLines({stored['id']})", {"receiveQuantity": 2})
    assert client.ask("POST", f"{own}({made['id']})/Microsoft.NAV.receive").status == 204
    (stored,) = client.list(f"purchaseOrders({made['id']})/purchaseOrderLines")
    assert (stored["receivedQuantity"], stored["invoicedQuantity"]) == (2, 0)
    assert client.refused("POST", f"purchaseOrders({made['id']})/Microsoft.NAV.receive")[0] == 404
