"""Writing: bodies, numbers, tags, and what the Infolog says of a refusal (dynamics sheet §1.7)."""

from __future__ import annotations

import pytest
from anyerp.testing.sandbox import LostAnswer, Once, lose_after
from anyerp_dynamics.sandbox.fno import Quirks

ORDERS, LINES = "PurchaseOrderHeadersV2", "PurchaseOrderLinesV2"


VENDOR = {"OrderVendorAccountNumber": "US-101"}


def header(number):
    return f"{ORDERS}(dataAreaId='usmf',PurchaseOrderNumber='{number}')?cross-company=true"


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


def test_an_answer_can_be_lost_after_the_work_was_done(erp):
    erp.sandbox.faults.append(Once(lose_after))
    with pytest.raises(LostAnswer):
        erp.order(VendorOrderReference="our-8")
    assert len(erp.rows(f"{ORDERS}?$filter=VendorOrderReference eq 'our-8'")) == 1
