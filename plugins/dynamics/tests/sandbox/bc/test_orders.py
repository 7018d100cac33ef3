"""Purchase and sales orders: deep insert, order of fields, states, amounts (dynamics sheet §2.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def draft(client):
    return client.order("106001")


def line_of(client, body):
    """The line of a new order made of one line."""
    made = client.post(
        "purchaseOrders?$expand=purchaseOrderLines", {"vendorNumber": "10000", "purchaseOrderLines": [body]}
    )
    return made["purchaseOrderLines"][0]


def test_an_order_and_its_lines_are_made_in_one_request(client, order):
    made = client.post("purchaseOrders?$expand=purchaseOrderLines", order)
    assert (made["number"], made["status"], made["vendorName"]) == ("106014", "Draft", "Fabrikam, Inc.")
    (line,) = made["purchaseOrderLines"]
    assert (line["sequence"], line["documentId"], line["description"]) == (10000, made["id"], "ATHENS Desk")
    assert (line["receiveQuantity"], line["invoiceQuantity"], line["receivedQuantity"]) == (5, 5, 0)
    assert made["totalAmountExcludingTax"] == Decimal("62.5")


def test_dimensions_are_inserted_with_a_line_of_a_new_order(client, order):
    order["purchaseOrderLines"][0]["dimensionSetLines"] = [{"code": "PROJECT", "valueCode": "P-100"}]
    made = client.post("purchaseOrders?$expand=purchaseOrderLines($expand=dimensionSetLines)", order)
    assert made["purchaseOrderLines"][0]["dimensionSetLines"][0]["valueCode"] == "P-100"


def test_a_bad_line_leaves_no_order_behind(client, order):
    order["purchaseOrderLines"].append({"lineType": "Item", "lineObjectNumber": "NONE"})
    assert client.refused("POST", "purchaseOrders", order)[2] == "Item does not exist."
    assert len(client.list("purchaseOrders")) == 12


def test_lines_cannot_be_patched_with_their_order(client, draft):
    body = {"purchaser": "RL", "purchaseOrderLines": [{"id": draft["purchaseOrderLines"][0]["id"], "quantity": 7}]}
    assert client.refused("PATCH", f"purchaseOrders({draft['id']})", body, If_Match="*")[0] == 400
    assert client.order("106001")["purchaser"] == ""


def test_an_order_needs_a_vendor_that_exists_and_agrees(client, draft):
    text = 'A "vendorNumber" or a "vendorId" must be provided.'
    assert client.refused("POST", "purchaseOrders", {}) == (400, "Application_DialogException", text)
    assert client.refused("POST", "purchaseOrders", {"vendorNumber": "1"})[2] == "The buy-from vendor cannot be found."
    body = {"vendorId": draft["vendorId"], "vendorNumber": "20000"}
    assert client.refused("POST", "purchaseOrders", body)[2] == (
        "The buy-from vendor values do not match to a specific Vendor."
    )
    assert client.post("purchaseOrders", {"vendorId": draft["vendorId"], "vendorNumber": "10000"})["number"]


def test_a_blocked_vendor_gets_no_order_unless_only_its_payments_are_blocked(client):
    text = client.refused("POST", "purchaseOrders", {"vendorNumber": "90000"})[2]
    assert text == "You cannot create this type of document when Vendor 90000 is blocked with type All"
    assert client.post("purchaseOrders", {"vendorNumber": "80000"})["vendorNumber"] == "80000"


def test_the_vendor_brings_currency_terms_and_address(client):
    made = client.post("purchaseOrders", {"vendorNumber": "30000"})
    vendor = client.one("vendors?$filter=number eq '30000'")
    assert (made["currencyCode"], made["currencyId"]) == ("EUR", vendor["currencyId"])
    assert made["paymentTermsId"] == vendor["paymentTermsId"]
    assert (made["buyFromCity"], made["payToCity"], made["payToVendorNumber"]) == ("München", "München", "30000")
    assert (made["orderDate"], made["postingDate"]) == ("2026-04-01", "2026-04-01")


def test_an_address_before_the_vendor_is_overwritten_and_after_it_is_kept(client):
    first = client.post("purchaseOrders", {"buyFromCity": "Kiel", "vendorNumber": "10000"})
    second = client.post("purchaseOrders", {"vendorNumber": "10000", "buyFromCity": "Kiel"})
    assert (first["buyFromCity"], second["buyFromCity"]) == ("Atlanta", "Kiel")


def test_a_price_before_the_item_is_lost_and_after_it_is_kept(client):
    item = {"lineType": "Item", "lineObjectNumber": "1896-S"}
    lost = line_of(client, {"directUnitCost": 9, "quantity": 2, "description": "Mine", **item})
    kept = line_of(client, {**item, "quantity": 2, "directUnitCost": 9, "description": "Mine"})
    assert (lost["directUnitCost"], lost["description"], lost["quantity"]) == (Decimal("506.6"), "ATHENS Desk", 2)
    assert (kept["directUnitCost"], kept["description"], kept["quantity"]) == (9, "Mine", 2)


def test_a_number_before_its_line_type_is_not_an_items(client):
    body = {"vendorNumber": "10000", "purchaseOrderLines": [{"lineObjectNumber": "1896-S", "lineType": "Item"}]}
    status, code, text = client.refused("POST", "purchaseOrders", body)
    assert (status, code) == (400, "Internal_InvalidTableRelation")
    assert "contains a value (1896-S) that cannot be found in the related table (Standard Text)" in text


def test_an_item_id_makes_an_item_line_and_an_account_id_an_account_line(client):
    item = client.one("items?$filter=number eq '1900-S'")["id"]
    account = client.one("accounts?$filter=number eq '65300'")["id"]
    assert line_of(client, {"itemId": item})["lineType"] == "Item"
    made = line_of(client, {"accountId": account, "quantity": 1, "directUnitCost": 30})
    assert (made["lineType"], made["lineObjectNumber"], made["itemId"]) == ("Account", "65300", ZERO)
    body = {"vendorNumber": "10000", "purchaseOrderLines": [{"itemId": item, "accountId": account}]}
    text = 'Both "itemId" and "accountId" are specified. Specify only one of them.'
    assert client.refused("POST", "purchaseOrders", body)[2] == text


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"lineType": "Item", "lineObjectNumber": "1999"}, "Blocked must be equal to 'No'  in Item: No.=1999."),
        ({"lineType": "Account", "lineObjectNumber": "40000"}, "Direct Posting must be equal to 'Yes'"),
        ({"lineType": "Account", "lineObjectNumber": "99999"}, "Account does not exist."),
        ({"lineType": "Resource", "lineObjectNumber": "LINA"}, "in the related table (Resource)"),
        ({"lineType": "Fixed_x0020_Asset", "lineObjectNumber": "FA1"}, "in the related table (Fixed Asset)"),
        ({"lineType": "Charge", "lineObjectNumber": "X"}, "in the related table (Item Charge)"),
        ({"description": "text", "quantity": 1}, "Type must have a value"),
        ({"lineType": "Item", "lineObjectNumber": "2020", "unitOfMeasureCode": "BOX"}, "(Item Unit of Measure)"),
        ({"lineType": "Item", "lineObjectNumber": "2020", "unitOfMeasureCode": "NONE"}, "(Unit of Measure)"),
        ({"lineType": "Item", "lineObjectNumber": "2020", "discountPercent": 101}, "between 0 and 100"),
        ({"lineType": "Item", "lineObjectNumber": "2020", "receivedQuantity": 1}, "Control 'receivedQuantity'"),
        (
            {"lineType": "Item", "lineObjectNumber": "2020", "locationId": ZERO[:-1] + "1"},
            "The Location does not exist.",
        ),
    ],
)
def test_a_line_that_business_central_would_refuse_is_refused(client, line, says):
    status, _, text = client.refused("POST", "purchaseOrders", {"vendorNumber": "10000", "purchaseOrderLines": [line]})
    assert status == 400
    assert says in text


def test_another_unit_has_another_price(client):
    made = line_of(client, {"lineType": "Item", "lineObjectNumber": "2000", "unitOfMeasureCode": "BOX", "quantity": 2})
    assert (made["directUnitCost"], made["amountExcludingTax"]) == (Decimal("43.333"), Decimal("86.67"))


def test_sequences_go_by_tens_of_thousands_and_a_given_one_is_kept(client, draft):
    path = f"purchaseOrders({draft['id']})/purchaseOrderLines"
    assert client.post(path, {"description": "text"})["sequence"] == 30000
    assert client.post(path, {"sequence": 15000, "description": "between"})["sequence"] == 15000
    assert client.refused("POST", path, {"sequence": 15000})[:2] == (409, "Internal_EntityWithSameKeyExists")
    assert [line["sequence"] for line in client.list(path)] == [10000, 15000, 20000, 30000]


def test_a_line_can_be_posted_with_its_document_in_the_body(client, draft):
    line = {"documentId": draft["id"], "lineType": "Item", "lineObjectNumber": "2000", "quantity": 1}
    assert client.post("purchaseOrderLines", line)["sequence"] == 30000
    del line["documentId"]
    assert client.refused("POST", "purchaseOrderLines", line)[0] == 400


def test_document_sequence_and_number_of_a_line_stay(client, draft):
    path = f"purchaseOrderLines({draft['purchaseOrderLines'][0]['id']})"
    other = client.order("106004")["id"]
    for body, text in (
        ({"documentId": other}, 'The value for "documentId" cannot be modified.'),
        ({"sequence": 5}, "The value for sequence cannot be modified. Delete and insert the line again."),
        ({"lineObjectNumber": "2000"}, 'The value for "lineObjectNumber" cannot be modified.'),
    ):
        assert client.refused("PATCH", path, body, If_Match="*")[2] == text
    client.patch(path, {"sequence": 10000, "lineObjectNumber": "1896-S", "documentId": draft["id"]})


def test_a_line_that_changes_the_totals_changes_the_order_and_another_does_not(client, clock, draft):
    clock.advance(minutes=1)
    path = f"purchaseOrderLines({draft['purchaseOrderLines'][0]['id']})"
    client.patch(path, {"description": "Another text", "expectedReceiptDate": "2026-05-01"})
    assert client.order("106001")["@odata.etag"] == draft["@odata.etag"]
    client.patch(path, {"quantity": 6})
    after = client.order("106001")
    assert after["lastModifiedDateTime"] > draft["lastModifiedDateTime"]
    assert after["totalAmountExcludingTax"] - draft["totalAmountExcludingTax"] == Decimal("506.60")


def test_a_line_goes_and_takes_its_amount_along(client, draft):
    assert client.ask("DELETE", f"purchaseOrderLines({draft['purchaseOrderLines'][0]['id']})").status == 204
    after = client.order("106001")
    assert [line["sequence"] for line in after["purchaseOrderLines"]] == [20000]
    assert after["totalAmountExcludingTax"] == 950


@pytest.mark.parametrize(("number", "native"), [("106002", "Released"), ("106003", "Pending Approval")])
def test_a_released_order_is_called_open_and_rejects_most_edits(client, number, native):
    order = client.order(number)
    path, line = f"purchaseOrders({order['id']})", f"purchaseOrderLines({order['purchaseOrderLines'][0]['id']})"
    text = (
        f"Status must be equal to 'Open'  in Purchase Header: Document Type=Order, No.={number}. "
        f"Current value is '{native}'."
    )
    wanted = (400, "Application_FieldValidationException", text)
    assert client.refused("PATCH", path, {"shipToName": "x"}, If_Match="*") == wanted
    assert client.refused("PATCH", line, {"quantity": 1}, If_Match="*") == wanted
    assert client.refused("POST", f"{path}/purchaseOrderLines", {"description": "x"}) == wanted
    assert client.refused("DELETE", line) == wanted
    assert client.refused("DELETE", path) == wanted
    assert client.patch(line, {"receiveQuantity": 1})["receiveQuantity"] == 1
    assert client.patch(path, {"postingDate": "2026-06-01"})["postingDate"] == "2026-06-01"


def test_a_draft_is_deleted_with_all_that_is_in_it(client, draft):
    assert client.ask("DELETE", f"purchaseOrders({draft['id']})").status == 204
    assert client.refused("GET", f"purchaseOrders({draft['id']})")[0] == 404
    assert client.list(f"purchaseOrderLines?$filter=documentId eq {draft['id']}") == []


def test_amounts_have_the_decimals_of_their_currency(client):
    yen, dinar = client.order("106004"), client.order("106005")
    assert (yen["currencyCode"], str(yen["totalAmountExcludingTax"])) == ("JPY", "42396")
    assert (dinar["currencyCode"], str(dinar["totalAmountExcludingTax"])) == ("KWD", "476.531")
    (line,) = dinar["purchaseOrderLines"]
    assert str(line["discountAmount"]) == "12.219"


def test_a_discount_on_the_header_is_spread_over_the_lines(client):
    order = client.order("106010")
    lines = order["purchaseOrderLines"]
    assert [line["lineType"] for line in lines] == ["Comment", "Account", "Charge", "Item"]
    assert sum(line["invoiceDiscountAllocation"] for line in lines) == order["discountAmount"] == 25
    assert sum(line["netAmount"] for line in lines) == order["totalAmountExcludingTax"]
    assert sum(line["netAmountIncludingTax"] for line in lines) == order["totalAmountIncludingTax"]
    assert order["totalTaxAmount"] > 0


def test_prices_that_include_tax_hold_the_tax_where_it_is_not_sales_tax(client):
    line = {"lineType": "Item", "lineObjectNumber": "1896-S", "quantity": 1, "directUnitCost": Decimal("108.25")}
    body = {"vendorNumber": "10000", "pricesIncludeTax": True, "purchaseOrderLines": [line]}
    assert client.refused("POST", "purchaseOrders", body)[2] == (
        'The "pricesIncludeTax" cannot be set to true if VAT Calculation Type is Sales Tax.'
    )
    german = client.elsewhere(list(client.sandbox.companies)[1])
    made = german.post("purchaseOrders", body)
    assert made["totalAmountIncludingTax"] == Decimal("108.25")
    assert made["totalAmountExcludingTax"] == 100


@pytest.mark.parametrize(
    ("body", "related"),
    [
        ({"purchaser": "nobody"}, "Salesperson/Purchaser"),
        ({"buyFromCountry": "USA"}, "Country/Region"),
        ({"shipToCountry": "1"}, "Country/Region"),
        ({"shortcutDimension1Code": "P-100"}, "Dimension Value"),
        ({"shortcutDimension2Code": "NONE"}, "Dimension Value"),
    ],
)
def test_a_code_that_its_table_does_not_know_is_refused(client, body, related):
    status, code, text = client.refused("POST", "purchaseOrders", {"vendorNumber": "10000", **body})
    assert (status, code) == (400, "Internal_InvalidTableRelation")
    assert text.endswith(f"that cannot be found in the related table ({related}).")


def test_a_discount_is_given_as_an_amount_or_as_a_percentage(client):
    item = {"lineType": "Item", "lineObjectNumber": "1896-S", "quantity": 2, "directUnitCost": 50}
    assert line_of(client, {**item, "discountPercent": 5})["discountAmount"] == 5
    assert line_of(client, {**item, "discountAmount": 20})["discountPercent"] == 20


def test_quantities_to_receive_and_invoice_are_bounded(client):
    order = client.order("106006")
    path = f"purchaseOrderLines({order['purchaseOrderLines'][0]['id']})"
    assert client.refused("PATCH", path, {"receiveQuantity": 301}, If_Match="*")[2] == (
        "You cannot receive more than 300 units."
    )
    client.patch(path, {"receiveQuantity": 0})
    assert client.refused("PATCH", path, {"invoiceQuantity": 201}, If_Match="*")[2] == (
        "You cannot invoice more than 200 units."
    )


def test_a_sales_order_is_made_and_changed_alike(client):
    line = {"lineType": "Item", "lineObjectNumber": "1900-S", "quantity": 3}
    made = client.post("salesOrders", {"customerNumber": "30000", "salesOrderLines": [line]})
    assert (made["number"], made["currencyCode"], made["shipToCity"]) == ("101005", "EUR", "Berlin")
    assert made["partialShipping"] is False
    (stored,) = client.list(f"salesOrders({made['id']})/salesOrderLines")
    assert stored["unitPrice"] == Decimal("113.72727")
    assert client.refused("POST", "salesOrders", {})[2] == 'A "customerNumber" or a "customerId" must be provided.'
