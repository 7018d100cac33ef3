"""Partners, items, warehouses and the small lists behind them (sap sheet §13)."""

from decimal import Decimal

import pytest


def test_a_duplicate_partner_is_refused_with_the_inner_number_in_the_text(erp):
    body = {"CardCode": "V10000", "CardName": "x", "CardType": "S"}
    status, code, text = erp.refusal("POST", "BusinessPartners", body)
    assert (status, code) == (400, "-10")
    assert text.startswith("1320000140 - Business partner code 'V10000' already assigned")


def test_a_duplicate_item_is_refused(erp):
    assert erp.refusal("POST", "Items", {"ItemCode": "A1000"})[:2] == (400, "-2035")


def test_a_missing_key_is_refused(erp):
    assert erp.refusal("POST", "BusinessPartners", {"CardName": "x"})[:2] == (400, "-5002")
    assert erp.refusal("POST", "Items", {"ItemName": "x"})[:2] == (400, "-5002")


def test_references_must_lead_somewhere(erp):
    assert erp.refusal("POST", "BusinessPartners", {"CardCode": "x", "Currency": "XXX"})[:2] == (404, "-2028")
    assert erp.refusal("POST", "Items", {"ItemCode": "x", "UoMGroupEntry": 9})[:2] == (404, "-2028")
    assert erp.refusal("PATCH", "Items('A1000')", {"DefaultWarehouse": "x"})[:2] == (404, "-2028")
    assert erp.refusal("GET", "Items('x')")[0] == 404


def test_a_partner_has_addresses_contacts_and_bank_accounts(erp):
    row = erp.get("BusinessPartners('V10000')")
    assert [(each["AddressType"], each["RowNum"]) for each in row["BPAddresses"]] == [
        ("bo_BillTo", 0),
        ("bo_ShipTo", 1),
    ]
    contact = row["ContactEmployees"][0]
    assert (contact["LastName"], contact["CardCode"]) == ("Nguyễn", "V10000")
    assert row["BPBankAccounts"][0]["IBAN"].startswith("FR76")


def test_addresses_are_merged_by_row_and_their_names_are_unique(erp):
    path = "BusinessPartners('V10000')"
    erp.patch(path, {"BPAddresses": [{"RowNum": 1, "Street": "Quai 9"}, {"AddressName": "Annexe", "City": "Metz"}]})
    rows = erp.get(path)["BPAddresses"]
    assert [(row["RowNum"], row["AddressName"]) for row in rows] == [(0, "Siège"), (1, "Entrepôt"), (2, "Annexe")]
    assert (rows[1]["Street"], rows[1]["City"]) == ("Quai 9", "Saint-Étienne")
    assert erp.refusal("PATCH", path, {"BPAddresses": [{"AddressName": "Annexe"}]})[1] == "-10"
    assert erp.refusal("PATCH", path, {"BPAddresses": [{"City": "Metz"}]})[1] == "-5002"
    assert len(erp.get(path)["BPAddresses"]) == 3


def test_contacts_keep_their_codes(erp):
    path = "BusinessPartners('V10000')"
    [before] = erp.get(path)["ContactEmployees"]
    erp.patch(path, {"ContactEmployees": [{"Name": "Second"}]})
    erp.patch(path, {"ContactEmployees": [{"InternalCode": before["InternalCode"], "Phone1": "42"}]})
    rows = erp.get(path)["ContactEmployees"]
    assert [(row["Name"], row["Phone1"]) for row in rows] == [("Vente", "42"), ("Second", None)]
    assert rows[1]["InternalCode"] != before["InternalCode"]


def test_stock_stands_inside_the_item_one_row_a_warehouse(erp):
    rows = erp.get("Items('A1000')?$select=ItemWarehouseInfoCollection")["ItemWarehouseInfoCollection"]
    assert [row["WarehouseCode"] for row in rows] == ["01", "02", "99", "DS", "LDZ", "SFX"]
    assert {row["WarehouseCode"]: row["InStock"] for row in rows if row["InStock"]} == {"01": 960, "LDZ": 120}
    assert {row["ItemCode"] for row in rows} == {"A1000"}


def test_stock_limits_are_set_by_warehouse_and_stock_itself_is_not(erp):
    change = {"WarehouseCode": "LDZ", "MinimalStock": 24, "InStock": 9999}
    erp.patch("Items('A1000')", {"ItemWarehouseInfoCollection": [change]})
    row = erp.get("Items('A1000')")["ItemWarehouseInfoCollection"][4]
    assert (row["WarehouseCode"], row["MinimalStock"], row["InStock"]) == ("LDZ", 24, 120)


def test_prices_are_merged_by_list(erp):
    erp.patch("Items('A1000')", {"ItemPrices": [{"PriceList": 1, "Price": "4.1"}, {"PriceList": 2, "Price": 5}]})
    rows = erp.get("Items('A1000')")["ItemPrices"]
    assert [(row["PriceList"], row["Price"]) for row in rows] == [(1, Decimal("4.1")), (2, 5)]
    assert rows[0]["Currency"] == "EUR"


def test_a_new_item_gets_its_warehouses(erp):
    made = erp.post("Items", {"ItemCode": "NEW", "ItemName": "Neu"})
    assert len(made["ItemWarehouseInfoCollection"]) == 6
    assert made["DataVersion"] == 1


@pytest.mark.parametrize("path", ["BusinessPartners('V10000')", "Items('A1000')", "Warehouses('02')"])
def test_put_keeps_what_is_written_back_and_resets_the_rest(erp, path):
    before = erp.get(path)
    assert erp.write("PUT", path, before).status == 204
    after = erp.get(path)
    assert {name for name in before if before[name] != after[name]} <= {
        "@odata.etag",
        "DataVersion",
        "UpdateDate",
        "UpdateTime",
    }
    assert erp.write("PUT", path, {}).status == 204
    assert [name for name, value in erp.get(path).items() if value != after[name] and name[-4:] == "Name"]


def test_keys_are_not_changed_by_a_patch(erp):
    erp.patch("Items('A1000')", {"ItemCode": "OTHER", "ItemName": "x"})
    assert erp.get("Items('A1000')")["ItemName"] == "x"


def test_master_data_is_deleted_unless_documents_use_it(erp):
    assert erp.write("DELETE", "Items('Z0001')").status == 204
    assert erp.refusal("GET", "Items('Z0001')")[0] == 404
    assert erp.refusal("DELETE", "Items('A1000')")[:2] == (400, "-10")
    assert erp.refusal("DELETE", "BusinessPartners('V10000')")[:2] == (400, "-10")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Warehouses('SFX')", {"WarehouseName": "Sfax مستودع", "BusinessPlaceID": 2, "Inactive": "tNO"}),
        ("BinLocations(1)", {"BinCode": "02-A-1", "Warehouse": "02"}),
        ("BusinessPlaces(3)", {"BPLName": "Łódź Oświetlenie", "Country": "PL", "Disabled": "tNO"}),
        ("UnitOfMeasurements(4)", {"Code": "KG", "InternationalSymbol": "KGM"}),
        ("UnitOfMeasurementGroups(1)", {"Code": "PIECES", "BaseUoM": 1}),
        ("PaymentTermsTypes(2)", {"NumberOfAdditionalMonths": 1, "NumberOfAdditionalDays": 15}),
        ("VatGroups('C20')", {"Category": "bovcInputTax"}),
        ("ChartOfAccounts('606100')", {"Name": "Énergie et eau", "AccountType": "at_Expenses"}),
        ("Currencies('JPY')", {"Decimals": "cdWithoutDecimals"}),
    ],
)
def test_the_small_lists(erp, path, expected):
    row = erp.get(path)
    assert {name: row[name] for name in expected} == expected


def test_the_tax_of_a_day_is_that_days(erp):
    body = {"CardCode": "C10000", "DocDueDate": "2013-06-30", "DocDate": "2013-06-01"}
    body["DocumentLines"] = [{"ItemCode": "P5000", "Quantity": 1, "UnitPrice": 100}]
    assert erp.post("Orders", body)["VatSum"] == Decimal("19.6")


def test_numbered_lists_number_themselves(erp):
    made = erp.post("PaymentTermsTypes", {"GroupNumber": 77, "PaymentTermsGroupName": "90 days"})
    assert made["GroupNumber"] == 5


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_company_describes_itself(erp, method):
    admin = erp.send(method, "CompanyService_GetAdminInfo").json()
    assert (admin["CompanyName"], admin["LocalCurrency"], admin["Country"]) == ("Ateliers Lumière Europe", "EUR", "FR")
    assert (admin["TotalsAccuracy"], admin["PriceAccuracy"]) == (2, 6)
    company = erp.send(method, "CompanyService_GetCompanyInfo").json()
    assert (company["CompanyName"], company["Version"]) == ("Ateliers Lumière Europe", 1000280)
    assert company["@odata.context"].endswith("/b1s/v2/$metadata#SAPB1.CompanyInfo")
