"""Business partners and suppliers, products, the organisation."""

from __future__ import annotations

import pytest

PARTNER = {
    "BusinessPartnerCategory": "2",
    "OrganizationBPName1": "Żółw & Spółka",
    "OrganizationBPName2": "S.A.",
    "to_BusinessPartnerRole": {"results": [{"BusinessPartnerRole": "FLVN01"}, {"BusinessPartnerRole": "FLVN00"}]},
    "to_BusinessPartnerAddress": [
        {
            "Country": "PL",
            "CityName": "Gdańsk",
            "PostalCode": "80-001",
            "to_EmailAddress": [{"EmailAddress": "biuro@zolw.example"}],
        }
    ],
    "to_BusinessPartnerTax": [{"BPTaxType": "PL0", "BPTaxNumber": "PL5830000000"}],
    "to_Supplier": {
        "to_SupplierCompany": [{"CompanyCode": "1010", "PaymentTerms": "NT30"}],
        "to_SupplierPurchasingOrg": [{"PurchasingOrganization": "1010", "PurchaseOrderCurrency": "PLN"}],
    },
}


@pytest.fixture
def partners(client):
    client.service = "API_BUSINESS_PARTNER/"
    return client


@pytest.fixture
def products(client):
    client.service = "API_PRODUCT_SRV/"
    return client


def code(answer):
    assert answer.status == 400, answer.text()
    return answer.json()["error"]["code"]


def test_a_supplier_is_created_as_a_business_partner_with_a_role(partners, order_body):
    answer = partners.post("A_BusinessPartner", PARTNER)
    assert answer.status == 201, answer.text()
    partner = answer.json()["d"]
    number = partner["BusinessPartner"]
    assert (number, partner["Supplier"]) == ("10400001", "10400001")
    assert partner["BusinessPartnerFullName"] == "Żółw & Spółka S.A."
    assert (partner["LastChangeDate"], partner["CreationDate"]) == (None, "/Date(1748822400000)/")
    assert partner["CreationTime"] == "PT09H00M00S"
    supplier = partners.one(f"A_Supplier('{number}')?$expand=to_SupplierCompany,to_SupplierPurchasingOrg")
    assert supplier["SupplierName"] == "Żółw & Spółka S.A."
    assert supplier["to_SupplierCompany"]["results"][0]["CompanyCodeName"] == "Northwind Werke GmbH"
    assert supplier["to_SupplierPurchasingOrg"]["results"][0]["PurchaseOrderCurrency"] == "PLN"
    mail = partners.rows(f"A_BusinessPartner('{number}')/to_BusinessPartnerAddress?$expand=to_EmailAddress")[0]
    assert mail["to_EmailAddress"]["results"][0]["EmailAddress"] == "biuro@zolw.example"
    partners.service = "API_PURCHASEORDER_PROCESS_SRV/"
    order = partners.post("A_PurchaseOrder", {**order_body, "Supplier": number}).json()["d"]
    assert (order["DocumentCurrency"], order["AddressCityName"]) == ("PLN", "Gdańsk")


def test_a_supplier_is_not_created_directly(partners):
    assert partners.post("A_Supplier", {"Supplier": "1"}).status == 405
    assert partners.delete("A_Supplier('10300001')").status == 405


def test_without_a_supplier_role_there_is_no_supplier(partners):
    body = {name: value for name, value in PARTNER.items() if name != "to_BusinessPartnerRole"}
    assert code(partners.post("A_BusinessPartner", body)) == "R1/111"
    assert partners.rows("A_BusinessPartner?$filter=OrganizationBPName2 eq 'S.A.'") == []


@pytest.mark.parametrize(
    "change",
    [
        {"BusinessPartnerCategory": ""},
        {"BusinessPartnerCategory": "1"},  # a person has no LastName here
        {"OrganizationBPName1": ""},
        {"OrganizationBPName1": "x" * 41},
        {"BusinessPartnerFullName": "computed"},
        {"to_BusinessPartnerRole": [{"BusinessPartnerRole": "WIZARD"}]},
        {"to_BusinessPartnerAddress": [{"CityName": "Gdańsk"}]},
        {"BusinessPartner": "10300001"},
    ],
)
def test_an_incomplete_or_unfit_partner_is_a_400(partners, change):
    count = partners.get("A_BusinessPartner/$count").text()
    code(partners.post("A_BusinessPartner", {**PARTNER, **change}))
    assert partners.get("A_BusinessPartner/$count").text() == count


def test_partner_and_supplier_numbers_may_differ(partners):
    partner = partners.one("A_BusinessPartner('9980000042')?$expand=to_Supplier")
    assert (partner["Supplier"], partner["to_Supplier"]["Supplier"]) == ("17300080", "17300080")


def test_a_partners_stamp_is_two_fields_that_are_empty_until_the_first_change(partners, clock):
    path = "A_BusinessPartner('10300001')"
    assert partners.one(path)["LastChangeDate"] is None
    assert partners.one(path)["LastChangeTime"] is None
    clock.advance(hours=3, seconds=7)
    partners.patch(path, {"OrganizationBPName1": "Neuer Name"}, if_match="*")
    partner = partners.one(path)
    assert (partner["LastChangeDate"], partner["LastChangeTime"]) == ("/Date(1748822400000)/", "PT12H00M07S")
    assert partners.one("A_Supplier('10300001')")["SupplierName"] == "Neuer Name"


def test_a_change_of_purchasing_data_does_not_move_the_partner(partners):
    path = "A_SupplierPurchasingOrg(Supplier='10300001',PurchasingOrganization='1010')"
    assert partners.patch(path, {"PaymentTerms": "NT60"}).status == 204
    assert partners.one(path)["PaymentTerms"] == "NT60"
    assert partners.one("A_BusinessPartner('10300001')")["LastChangeDate"] is None
    assert code(partners.patch(path, {"PaymentTerms": "ZZZZ"})) == "R1/112"


def test_an_address_change_moves_the_partner(partners):
    address = partners.rows("A_BusinessPartner('10300001')/to_BusinessPartnerAddress")[0]
    path = f"A_BusinessPartnerAddress(BusinessPartner='10300001',AddressID='{address['AddressID']}')"
    assert partners.patch(path, {"CityName": "Hamburg"}).status == 204
    assert partners.one("A_BusinessPartner('10300001')")["LastChangeDate"] is not None


def test_a_purchasing_organisation_is_added_to_a_supplier(partners):
    body = {"Supplier": "10300001", "PurchasingOrganization": "3010", "PurchaseOrderCurrency": "KWD"}
    assert partners.post("A_SupplierPurchasingOrg", body).status == 201
    assert code(partners.post("A_SupplierPurchasingOrg", body)) == "06/028"
    assert code(partners.post("A_SupplierPurchasingOrg", {**body, "PurchasingOrganization": "ZZ"})) == "R1/112"


def test_a_product_comes_with_texts_plants_and_prices(products):
    body = {
        "Product": "widget-7",
        "ProductType": "HAWA",
        "BaseUnit": "PC",
        "ProductGroup": "L001",
        "to_Description": [{"Language": "EN", "ProductDescription": "Widget 7"}],
        "to_Plant": [{"Plant": "1010"}],
        "to_Valuation": [
            {"ValuationArea": "1010", "Currency": "EUR", "MovingAveragePrice": "7.50", "PriceUnitQty": "1"}
        ],
    }
    assert products.post("A_Product", body).json()["d"]["Product"] == "WIDGET-7"
    assert code(products.post("A_Product", body)) == "06/028"
    product = products.one("A_Product('WIDGET-7')?$expand=to_Description,to_Plant,to_Valuation")
    assert product["to_Plant"]["results"][0]["BaseUnit"] == "PC"
    assert product["to_Valuation"]["results"][0]["MovingAveragePrice"] == "7.50"
    del body["to_Description"]
    assert code(products.post("A_Product", {**body, "Product": "WIDGET-8"})) == "R1/111"


def test_units_are_keys_too_and_change_with_the_language(products):
    units = products.rows("A_Product('RM-M8X20')/to_ProductUnitsOfMeasure")
    assert {(u["AlternativeUnit"], u["QuantityNumerator"]) for u in units} == {("PC", "1"), ("CAR", "200")}
    products.language = "de"
    path = "A_ProductUnitsOfMeasure(Product='RM-M8X20',AlternativeUnit='KAR')"
    assert products.one(path)["__metadata"]["uri"].endswith(path)


def test_a_change_below_a_product_moves_its_stamp(products):
    before = products.one("A_Product('TG11')")["LastChangeDateTime"]
    assert products.patch("A_ProductPlant(Product='TG11',Plant='1010')", {"PurchasingGroup": "002"}).status == 204
    product = products.one("A_Product('TG11')")
    assert product["LastChangeDateTime"] > before
    assert product["LastChangeDate"] == "/Date(1748822400000)/"


@pytest.mark.parametrize(
    ("service", "name", "count"),
    [("API_PLANT_SRV", "A_Plant", 6), ("API_STORAGELOCATION_SRV", "StorageLocation", 18),
     ("API_COMPANYCODE_SRV", "A_CompanyCode", 5)],
)  # fmt: skip
def test_the_organisation_is_read_only(client, service, name, count):
    client.service = service + "/"
    rows = client.rows(name)
    assert len(rows) == count
    assert client.post(name, {}).status == 405
    assert client.patch(rows[0]["__metadata"]["uri"].rpartition("/")[2], {}).status == 405


def test_parts_of_a_partner_go_away_and_partners_and_roles_do_not(partners):
    tax = "A_BusinessPartnerTaxNumber(BusinessPartner='10300001',BPTaxType='DE0')"
    assert partners.delete(tax).status == 204
    assert partners.get(tax).status == 404
    assert partners.delete("A_BusinessPartner('10300001')", if_match="*").status == 405
    role = "A_BusinessPartnerRole(BusinessPartner='10300001',BusinessPartnerRole='FLVN00')"
    assert partners.delete(role).status == 405


def test_a_home_page_is_addressed_by_a_day_and_a_flag(partners):
    (page,) = partners.rows("A_AddressHomePageURL?$filter=AddressID eq '23004'")
    uri = page["__metadata"]["uri"].partition("API_BUSINESS_PARTNER/")[2]
    assert "IsDefaultURLAddress=true" in uri
    assert partners.one(uri.replace("%3A", ":"))["WebsiteURL"] == "https://supplier-23004.example"
