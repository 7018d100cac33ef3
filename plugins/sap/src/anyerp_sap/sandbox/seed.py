"""Master data of the sandbox: companies, plants, suppliers, products; the same in every run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from anyerp_sap.sandbox.edm import Row
from anyerp_sap.sandbox.rules.business_partner import names
from anyerp_sap.sandbox.world import World

_LAUNCH = datetime(2024, 1, 8, 7, 30, tzinfo=UTC)
_FOREVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

_COMPANIES = (
    ("1010", "Northwind Werke GmbH", "Mannheim", "DE", "EUR", "DE"),
    ("1710", "Northwind Works Inc.", "Palo Alto", "US", "USD", "EN"),
    ("2010", "ノースウィンド工業", "大阪", "JP", "JPY", "EN"),
    ("3010", "Northwind Gulf WLL", "Kuwait City", "KW", "KWD", "EN"),
    ("4010", "Northwind Tunisie SARL", "Sfax", "TN", "TND", "EN"),
)
_PLANTS = (
    ("1010", "Werk Mannheim", "1010"),
    ("1020", "Lager Köln", "1010"),
    ("1710", "Palo Alto plant", "1710"),
    ("2010", "大阪工場", "2010"),
    ("3010", "Shuwaikh depot", "3010"),
    ("4010", "Usine de Sfax", "4010"),
)
_STORES = (("101A", "Raw materials"), ("101B", "Spare parts"), ("QUAR", "Quarantine"))
#: Partner, supplier (they may differ), name, country, city, postal code, street, {company: (currency, terms, days)}
_SUPPLIERS: tuple[tuple[str, str, str, str, str, str, str, dict[str, tuple[str, str, int]]], ...] = (
    ("10300001", "10300001", "Inlandslieferant DE 1", "DE", "Berlin", "10117", "Friedrichstraße",
     {"1010": ("EUR", "0002", 7)}),
    ("10300002", "10300002", "Müller & Söhne Großhandel KG", "DE", "Nürnberg", "90402", "Königstraße",
     {"1010": ("EUR", "NT30", 3), "1710": ("EUR", "NT30", 21)}),
    ("10300003", "10300003", "Šroubárna Žatec s.r.o.", "CZ", "Žatec", "43801", "Plzeňská",
     {"1010": ("EUR", "0004", 10)}),
    ("9980000042", "17300080", "Pacific Fasteners LLC", "US", "Fresno", "93650", "Blackstone Ave",
     {"1710": ("USD", "NT30", 5), "1010": ("USD", "NT60", 28)}),
    ("10300005", "10300005", "株式会社東海精密", "JP", "名古屋", "4500002", "名駅南",
     {"2010": ("JPY", "NT60", 14), "1010": ("JPY", "NT60", 35)}),
    ("10300006", "10300006", "شركة الخليج للتوريدات", "KW", "Kuwait City", "13001", "Al Soor St",
     {"3010": ("KWD", "0001", 2)}),
    ("10300007", "10300007", "Société Tunisienne d'Outillage", "TN", "Sfax", "3000", "Avenue Bourguiba",
     {"4010": ("TND", "NT30", 4)}),
    ("EWM17-SU01", "EWM17-SU01", "EWM Testlieferant", "DE", "Walldorf", "69190", "Dietmar-Hopp-Allee",
     {"1010": ("EUR", "0001", 1)}),
    ("10300009", "10300009", "Gesperrte Lieferungen AG", "DE", "Bonn", "53111", "Sperrweg",
     {"1010": ("EUR", "0001", 1)}),
)  # fmt: skip
#: The supplier that is blocked for purchasing.
BLOCKED = "10300009"
#: Product, type, base unit, order unit, group, texts EN and DE, {plant: (price, per)}
_PRODUCTS: tuple[tuple[str, str, str, str, str, str, str, dict[str, tuple[str, int]]], ...] = (
    ("TG11", "HAWA", "ST", "", "L001", "Trad. good 11, PD, reg. trading", "Handelsware 11",
     {"1010": ("12.50", 1), "1710": ("14.10", 1), "1020": ("12.80", 1)}),
    ("66", "ROH", "KG", "", "L002", "Zinc granulate", "Zinkgranulat", {"1010": ("3.15", 1), "3010": ("1.125", 1)}),
    ("RM-M8X20", "ROH", "ST", "KAR", "L002", "Hex bolt M8x20 zinc plated", "Sechskantschraube M8x20 verzinkt",
     {"1010": ("12.50", 100), "2010": ("1750", 100), "1710": ("11.90", 100)}),
    ("OIL-15W40", "HIBE", "L", "", "L003", "Engine oil 15W-40", "Motoröl 15W-40", {"1010": ("4.20", 1),
     "4010": ("12.345", 1)}),
    ("STEEL-S235", "ROH", "TO", "", "L002", "Steel sheet S235, 2 mm", "Stahlblech S235, 2 mm",
     {"1010": ("780.00", 1)}),
    ("CABLE-3X15", "ROH", "M", "", "L003", "Cable 3x1.5 mm²", "Kabel 3x1,5 mm²", {"1010": ("89.00", 100),
     "1710": ("95.00", 100)}),
    ("MAINT-HOUR", "SERV", "STD", "", "YBSVS1", "Maintenance hour", "Wartungsstunde", {"1010": ("92.00", 1),
     "2010": ("8800", 1)}),
    ("PALLET-EUR", "HIBE", "ST", "", "L003", "Euro pallet", "Europalette", {"1010": ("9.75", 1),
     "3010": ("2.750", 1)}),
    ("OLD-1", "HAWA", "ST", "", "L001", "Discontinued part", "Auslaufteil", {"1010": ("1.00", 1)}),
)  # fmt: skip
#: The product that is marked for deletion.
DISCONTINUED = "OLD-1"


def master_data(world: World) -> None:
    """Fill organisation, suppliers and products, and set the number ranges."""
    put = world.store.put
    world.numbers = {
        "A_PurchaseOrder": 4500000001,
        "A_BusinessPartner": 10400001,
        "A_BusinessPartnerAddress": 24001,
        "A_Product": 1000001,
        "A_MaterialDocumentHeader": 5000000001,
        "A_SupplierInvoice": 5105600101,
        "A_SalesOrder": 1,
        "ETag": 1,
    }
    for code, name, city, country, currency, language in _COMPANIES:
        row: Row = {"CompanyCode": code, "CompanyCodeName": name, "CityName": city, "Country": country}
        put("A_CompanyCode", {**row, "Currency": currency, "Language": language, "ChartOfAccounts": "YCOA",
                              "FiscalYearVariant": "K4", "ControllingArea": "A000"})  # fmt: skip
    companies = {code: (name, currency) for code, name, _, _, currency, _ in _COMPANIES}
    for plant, name, company in _PLANTS:
        put("A_Plant", {"Plant": plant, "PlantName": name, "CompanyCode": company,
                        "CompanyCodeName": companies[company][0]})  # fmt: skip
        for store, title in _STORES:
            put("StorageLocation", {"Plant": plant, "StorageLocation": store, "StorageLocationName": title})
    for number, supplier in enumerate(_SUPPLIERS, 1):
        _supplier(world, 23000 + number, supplier, companies)
    for product in _PRODUCTS:
        _product(world, product, {plant: companies[company][1] for plant, _, company in _PLANTS})


def _supplier(
    world: World,
    address: int,
    facts: tuple[str, str, str, str, str, str, str, dict[str, tuple[str, str, int]]],
    companies: dict[str, tuple[str, str]],
) -> None:
    put = world.store.put
    partner, supplier, name, country, city, postal, street, organizations = facts
    row: Row = {
        "BusinessPartner": partner,
        "Supplier": supplier,
        "BusinessPartnerCategory": "2",
        "BusinessPartnerGrouping": "BP02",
        "BusinessPartnerUUID": str(uuid5(NAMESPACE_URL, f"partner/{partner}")),
        "OrganizationBPName1": name[:40],
        "SearchTerm1": name.upper()[:20],
        "Language": "DE" if country == "DE" else "EN",
        "CorrespondenceLanguage": "DE" if country == "DE" else "EN",
        "CreatedByUser": "SETUP",
        "CreationDate": _LAUNCH.date(),
        "CreationTime": timedelta(hours=7, minutes=30),
        "ETag": f"{_LAUNCH:%Y%m%d%H%M%S}{address:06}",
    }
    put("A_BusinessPartner", {**row, **names(row)})
    for role in ("FLVN00", "FLVN01"):
        put("A_BusinessPartnerRole", {"BusinessPartner": partner, "BusinessPartnerRole": role, "ValidFrom": _LAUNCH,
                                      "ValidTo": _FOREVER})  # fmt: skip
    put("A_BusinessPartnerTaxNumber", {"BusinessPartner": partner, "BPTaxType": f"{country}0",
                                       "BPTaxNumber": f"{country}{address:09}"})  # fmt: skip
    put("A_BusinessPartnerAddress", {"BusinessPartner": partner, "AddressID": str(address), "Country": country,
        "CityName": city, "PostalCode": postal, "StreetName": street, "HouseNumber": str(address % 97),
        "Language": row["Language"], "FullName": name, "ValidityStartDate": _LAUNCH, "ValidityEndDate": _FOREVER,
        "AddressUUID": str(uuid5(NAMESPACE_URL, f"address/{address}"))})  # fmt: skip
    put("A_AddressEmailAddress", {"AddressID": str(address), "OrdinalNumber": "1", "IsDefaultEmailAddress": True,
        "EmailAddress": f"orders@supplier-{address}.example"})  # fmt: skip
    put("A_AddressPhoneNumber", {"AddressID": str(address), "OrdinalNumber": "1", "IsDefaultPhoneNumber": True,
        "DestinationLocationCountry": country, "PhoneNumber": f"555 {address}", "PhoneNumberType": "1"})  # fmt: skip
    if organizations.keys() & {"1710"}:
        put("A_AddressHomePageURL", {"AddressID": str(address), "OrdinalNumber": "1", "IsDefaultURLAddress": True,
            "ValidityStartDate": _LAUNCH.date(), "WebsiteURL": f"https://supplier-{address}.example"})  # fmt: skip
    put("A_Supplier", {"Supplier": supplier, "SupplierName": name[:80], "SupplierFullName": name,
        "SupplierAccountGroup": "SUPL", "CreatedByUser": "SETUP", "CreationDate": _LAUNCH.date(),
        "VATRegistration": f"{country}{address:09}", "PurchasingIsBlocked": supplier == BLOCKED})  # fmt: skip
    for company, (currency, terms, days) in organizations.items():
        put("A_SupplierCompany", {"Supplier": supplier, "CompanyCode": company, "PaymentTerms": terms,
            "CompanyCodeName": companies[company][0], "ReconciliationAccount": "21100000"})  # fmt: skip
        put("A_SupplierPurchasingOrg", {"Supplier": supplier, "PurchasingOrganization": company,
            "PurchaseOrderCurrency": currency, "PaymentTerms": terms, "MaterialPlannedDeliveryDurn": Decimal(days),
            "IncotermsClassification": "DAP" if days < 20 else "FCA", "IncotermsLocation1": city,
            "InvoiceIsGoodsReceiptBased": True, "PurchasingGroup": "001"})  # fmt: skip


def _product(
    world: World,
    facts: tuple[str, str, str, str, str, str, str, dict[str, tuple[str, int]]],
    currencies: dict[str, str],
) -> None:
    put = world.store.put
    product, kind, unit, order_unit, group, english, german, plants = facts
    put("A_Product", {"Product": product, "ProductType": kind, "BaseUnit": unit, "ProductGroup": group,
        "PurchaseOrderQuantityUnit": order_unit, "IndustrySector": "M", "CreatedByUser": "SETUP",
        "CreationDate": _LAUNCH.date(), "LastChangeDate": date(2024, 6, 3), "LastChangedByUser": "SETUP",
        "LastChangeDateTime": datetime(2024, 6, 3, 9, 15, 27, 418233, tzinfo=UTC), "GrossWeight": Decimal("0.250"),
        "NetWeight": Decimal("0.225"), "WeightUnit": "KG", "IsMarkedForDeletion": product == DISCONTINUED})  # fmt: skip
    put("A_ProductDescription", {"Product": product, "Language": "EN", "ProductDescription": english[:40]})
    put("A_ProductDescription", {"Product": product, "Language": "DE", "ProductDescription": german[:40]})
    put("A_ProductProcurement", {"Product": product, "PurchaseOrderQuantityUnit": order_unit})
    units = {unit: 1, **({order_unit: 200} if order_unit else {})}
    for alternative, content in units.items():
        put("A_ProductUnitsOfMeasure", {"Product": product, "AlternativeUnit": alternative, "BaseUnit": unit,
            "QuantityNumerator": Decimal(content), "QuantityDenominator": Decimal(1)})  # fmt: skip
    for plant, (price, per) in plants.items():
        put("A_ProductPlant", {"Product": product, "Plant": plant, "BaseUnit": unit, "PurchasingGroup": "001",
            "ProcurementType": "F", "MRPType": "ND", "GoodsReceiptDuration": Decimal(1)})  # fmt: skip
        put("A_ProductValuation", {"Product": product, "ValuationArea": plant, "Currency": currencies[plant],
            "MovingAveragePrice": Decimal(price), "PriceUnitQty": Decimal(per), "PriceDeterminationControl": "V",
            "ValuationClass": "3000", "BaseUnit": unit})  # fmt: skip
