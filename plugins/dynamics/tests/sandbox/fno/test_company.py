"""Companies, the first trap, and keys (dynamics sheet §1.2, §1.3)."""

from __future__ import annotations

import pytest

JAPANESE = "PurchaseOrderHeadersV2(dataAreaId='jpmf',PurchaseOrderNumber='00000014')"


def companies(rows):
    return {row["dataAreaId"] for row in rows}


def test_without_cross_company_only_the_users_own_company_is_seen(erp):
    assert companies(erp.rows("PurchaseOrderHeadersV2")) == {"usmf"}
    assert companies(erp.rows("PurchaseOrderHeadersV2?cross-company=true")) == {"usmf", "demf", "jpmf"}
    assert erp.rows("PurchaseOrderHeadersV2?$filter=dataAreaId eq 'jpmf'") == []
    assert (
        erp.ask("GET", "PurchaseOrderHeadersV2/$count").text()
        != erp.ask("GET", "PurchaseOrderHeadersV2/$count?cross-company=true").text()
    )


def test_another_default_company_changes_what_is_seen(erp):
    erp.sandbox.directory.users[erp.sandbox.client_id].company = "demf"
    assert companies(erp.rows("PurchaseOrderHeadersV2")) == {"demf"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_key_of_another_company_needs_cross_company_too(erp, method):
    body = {"PurchaseOrderName": "x"} if method == "PATCH" else None
    assert erp.ask(method, JAPANESE, body).status == 404
    assert erp.ask(method, f"{JAPANESE}?cross-company=true", body).status in (200, 204)


def test_a_post_goes_to_the_company_in_its_body_or_to_the_users_own(erp):
    made = erp.post("PurchaseOrderHeadersV2", {"dataAreaId": "DEMF", "OrderVendorAccountNumber": "DE-001"})
    assert made["dataAreaId"] == "demf"
    assert erp.post("PurchaseOrderHeadersV2", {"OrderVendorAccountNumber": "DE-001"})["dataAreaId"] == "usmf"


def test_an_unknown_company_is_refused(erp):
    said = erp.refused("POST", "PurchaseOrderHeadersV2", {"dataAreaId": "nope", "OrderVendorAccountNumber": "DE-001"})
    assert said == ["Company nope does not exist."]


def test_companies_come_back_lower_case_and_are_found_in_any(erp):
    row = erp.get("VendorsV3(dataAreaId='USMF',VendorAccountNumber='us-101')")
    assert (row["dataAreaId"], row["VendorAccountNumber"]) == ("usmf", "US-101")
    assert erp.rows("VendorsV3?cross-company=true&$filter=dataAreaId eq 'USMF' and VendorAccountNumber eq 'us-101'")


def test_global_entities_have_no_company(erp):
    for name in (
        "LegalEntities",
        "Currencies",
        "ProductsV2",
        "ExchangeRates",
        "PurchaseRequisitionLinesV2",
        "Companies",
    ):
        rows = erp.rows(name)
        assert rows
        assert all("dataAreaId" not in row for row in rows)
    assert erp.get("LegalEntities(LegalEntityId='jpmf')")["AddressCountryRegionISOCode"] == "JP"
    assert erp.get("LegalEntities('jpmf')")["LegalEntityId"] == "jpmf"


def test_one_number_can_exist_in_two_companies(erp):
    number = erp.order()
    assert number == "00000013"
    rows = erp.rows("PurchaseOrderHeadersV2?cross-company=true&$filter=PurchaseOrderNumber eq '00000013'")
    assert sorted(row["dataAreaId"] for row in rows) == ["demf", "usmf"]


@pytest.mark.parametrize(
    "key",
    [
        "dataAreaId='usmf'",
        "'US-101'",
        "VendorAccountNumber='US-101'",
        "dataAreaId='usmf',VendorAccountNumber=1",
        "dataAreaId='usmf',VendorAccountNumber='US-101',X='1'",
    ],
)
def test_all_parts_of_a_key_must_be_there(erp, key):
    answer = erp.ask("GET", f"VendorsV3({key})?cross-company=true")
    assert answer.status == 404
    assert answer.json()["error"]["message"] == "The OData path is invalid."


def test_an_apostrophe_in_a_key_is_doubled_and_a_slash_encoded(erp):
    row = erp.get("VendorsV3(dataAreaId='usmf',VendorAccountNumber='O''B-7%2F2')?cross-company=true")
    assert row["VendorAccountNumber"] == "O'B-7/2"


def test_empty_key_parts_are_legal(erp):
    row = erp.rows("WarehousesOnHandV2?$top=1")[0]
    names = (
        "dataAreaId",
        "ItemNumber",
        "ProductColorId",
        "ProductConfigurationId",
        "ProductSizeId",
        "ProductStyleId",
        "ProductVersionId",
        "InventorySiteId",
        "InventoryWarehouseId",
    )
    key = ",".join(f"{name}='{row[name]}'" for name in names)
    assert erp.get(f"WarehousesOnHandV2({key})")["OnHandQuantity"] == row["OnHandQuantity"]
    assert "ProductColorId=''" in key


def test_receipts_are_keyed_by_record_id_invoices_by_reference_sales_lines_by_lot(erp):
    receipt = erp.rows("ProductReceiptHeaders?$top=1")[0]
    assert receipt["RecordId"] > 2**32
    assert erp.get(f"ProductReceiptHeaders(dataAreaId='usmf',RecordId={receipt['RecordId']})") | {
        "@odata.context": ""
    } == receipt | {"@odata.context": ""}
    assert (
        erp.ask(
            "GET", f"ProductReceiptHeaders(dataAreaId='usmf',ProductReceiptNumber='{receipt['ProductReceiptNumber']}')"
        ).status
        == 404
    )
    assert erp.get("VendorInvoiceHeaders(dataAreaId='usmf',HeaderReference='000001')")["InvoiceNumber"] == "INV-7781"
    assert (
        erp.get("VendorInvoiceLines(dataAreaId='usmf',HeaderReference='000001',InvoiceLineNumber=1)")["PurchLineNumber"]
        == 1
    )
    line = erp.rows("SalesOrderLines?$top=1")[0]
    assert (
        erp.get(f"SalesOrderLines(dataAreaId='usmf',InventoryLotId='{line['InventoryLotId']}')")["SalesOrderNumber"]
        == line["SalesOrderNumber"]
    )


def test_versions_of_a_set_show_the_same_rows(erp):
    made = erp.post("VendorsV2", {"VendorOrganizationName": "New GmbH", "VendorGroupId": "10"})
    assert (
        erp.get(f"VendorsV3(dataAreaId='usmf',VendorAccountNumber='{made['VendorAccountNumber']}')")[
            "VendorOrganizationName"
        ]
        == "New GmbH"
    )
    assert len(erp.rows("SalesOrderHeadersV4")) == len(erp.rows("SalesOrderHeadersV2")) == 2
    assert "ProductLifecycleStateId" not in erp.rows("ReleasedDistinctProductsV2?$top=1")[0]


def test_what_is_not_there_is_404(erp):
    for path in (
        "Nothing",
        "VendorsV3(dataAreaId='usmf',VendorAccountNumber='none')",
        "VendorsV3/Nothing",
        "VendorsV3/$count/x",
    ):
        assert erp.ask("GET", path).status == 404
