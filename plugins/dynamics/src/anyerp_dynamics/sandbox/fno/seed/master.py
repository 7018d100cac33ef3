"""Master data of three companies: who buys, from whom, what, and where it is put."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...odata import Row
from ..rule.desk import COUNTRIES, formatted
from ..schema import blank, schema
from ..store import Store

#: company: (name, currency, country, city, language)
COMPANIES = {
    "usmf": ("Contoso Entertainment System USA", "USD", "USA", "Redmond", "en-us"),
    "demf": ("Contoso Entertainment System Germany", "EUR", "DEU", "Berlin", "de"),
    "jpmf": ("コントソ・エンターテイメント日本", "JPY", "JPN", "東京", "ja"),
}
#: currency: (name, symbol, rounding)
CURRENCIES = {
    "USD": ("US Dollar", "$", "0.01"),
    "EUR": ("Euro", "€", "0.01"),
    "JPY": ("Japanese Yen", "¥", "1"),
    "KWD": ("Kuwaiti Dinar", "KD", "0.001"),
    "TND": ("Tunisian Dinar", "DT", "0.001"),
    "PLN": ("Polish Zloty", "zł", "0.01"),
}
#: terms: (text, days, months)
TERMS = {
    "Net10": ("Net 10 days", 10, 0),
    "Net30": ("Net 30 days", 30, 0),
    "Net60": ("Net 60 days", 60, 0),
    "M1": ("Net 1 month", 0, 1),
}
#: unit: (text, class, decimals)
UNITS = {
    "ea": ("Each", "Quantity", 0),
    "pcs": ("Pieces", "Quantity", 0),
    "box": ("Box", "Quantity", 0),
    "m": ("Metre", "Length", 3),
    "kg": ("Kilogram", "Mass", 3),
    "l": ("Litre", "LiquidVolume", 3),
    "hr": ("Hour", "Time", 2),
    "ste": ("", "Quantity", 0),
}
DELIVERY = {"EXW": "Ex Works", "FOB": "Free On Board", "DDP": "Delivered Duty Paid"}
#: warehouse: (name, site)
WAREHOUSES = {"11": ("Main warehouse", "1"), "12": ("Spare parts", "1"), "21": ("Zweitlager Süd", "2")}
SITES = {"1": "Site 1", "2": "Site 2"}
#: account: (name, currency, country, city, terms, further fields)
VENDORS: dict[str, tuple[str, str, str, str, str, dict[str, Any]]] = {
    "US-101": (
        "Fabrikam Electronics",
        "USD",
        "USA",
        "Seattle",
        "Net30",
        {"PrimaryEmailAddress": "orders@fabrikam.example"},
    ),
    "US-102": ("Contoso Chemicals", "USD", "USA", "Houston", "Net10", {"DefaultProcumentWarehouseId": "11"}),
    "US-103": ("O'Neil & Sons Hardware", "USD", "USA", "Boston", "Net30", {}),
    "DE-001": (
        "Müller & Söhne Präzisionsteile GmbH",
        "EUR",
        "DEU",
        "Köln",
        "Net30",
        {"TaxExemptNumber": "DE811569869"},
    ),
    "JP-001": ("株式会社山田製作所", "JPY", "JPN", "大阪", "M1", {}),
    "KW-001": ("شركة الخليج للتجارة", "KWD", "KWT", "Kuwait City", "Net60", {}),
    "TN-001": (
        "Société Générale d'Équipements",
        "TND",
        "TUN",
        "Tunis",
        "Net60",
        {"IsChangeManagementActivated": "Yes"},
    ),
    "PL-001": ("Łódź Tekstylia Sp. z o.o.", "PLN", "POL", "Łódź", "Net30", {"OnHoldStatus": "PurchOrder"}),
    "O'B-7/2": ("Obscure keys Ltd", "USD", "GBR", "London", "Net10", {}),
}
CUSTOMERS = {
    "US-001": ("Contoso Retail San Diego", "USD", "USA", "San Diego"),
    "US-002": ("Café Zürich", "EUR", "DEU", "Konstanz"),
    "US-003": ("Forest Wholesales", "USD", "USA", "Denver"),
}
#: item: (name, type, unit, price, price for so many, further fields)
ITEMS: dict[str, tuple[str, str, str, str, str, dict[str, Any]]] = {
    "D0001": ("Mid-range speaker", "Item", "ea", "150", "1", {"PrimaryVendorAccountNumber": "US-101"}),
    "D0002": ("Cabinet, oak", "Item", "ea", "45.50", "1", {}),
    "D0003": ("Schraube M4x20, verzinkt, Güte 8.8", "Item", "pcs", "3.75", "100", {}),
    "D0004": ("Copper wire 0.5 mm", "Item", "m", "0.4275", "1", {}),
    "D0005": ("Epoxy resin", "Item", "kg", "12.8", "10", {}),
    "D0006": ("Packing box 40x30 cm", "Item", "box", "18", "1", {}),
    "D0007": ("ケーブル 2m", "Item", "ea", "980", "1", {}),
    "D0008": ("Solvent", "Item", "l", "7.125", "1", {}),
    "D0009": ("Discontinued tuner", "Item", "ea", "99", "1", {"_stopped": True}),
    "S0001": ("Installation service", "Service", "hr", "85", "1", {}),
}


def _add(store: Store, set_name: str, **values: Any) -> Row:
    return store.insert(schema().sets[set_name].facts.table, blank(set_name) | values)


def _organisation(store: Store) -> None:
    for code, (name, symbol, rounding) in CURRENCIES.items():
        rules = dict.fromkeys(
            ("GeneralRoundingRule", "RoundingRulePurchaseOrders", "RoundingRuleSalesOrders"), Decimal(rounding)
        )
        _add(store, "Currencies", CurrencyCode=code, Name=name, Symbol=symbol, **rules)
    for symbol, (text, measured, decimals) in UNITS.items():
        known = {"UnitDescription": text, "UnitClass": measured, "DecimalPrecision": decimals}
        _add(store, "UnitsOfMeasure", UnitSymbol=symbol, IsBaseUnit="Yes" if symbol in ("ea", "m") else "No", **known)
    for code, rate in {"EUR": "108.5", "JPY": "0.67", "KWD": "325.1", "TND": "32.2", "PLN": "25.1"}.items():
        pair = {"FromCurrency": code, "ToCurrency": "USD", "StartDate": "2026-01-01T12:00:00Z"}
        rates = {"Rate": Decimal(rate), "ConversionFactor": "Hundred", "EndDate": "2154-12-31T12:00:00Z"}
        _add(store, "ExchangeRates", RateTypeName="Default", **pair, **rates)
    for account, kind in {"110110": "Asset", "200100": "Liability", "401100": "Revenue", "601200": "Expense"}.items():
        common = {"ChartOfAccounts": "Shared", "MainAccountId": account, "MainAccountType": kind}
        _add(store, "MainAccounts", **common, Name=f"{kind} account {account}")
    for company, (name, _, country, city, language) in COMPANIES.items():
        party = f"{int.from_bytes(company.encode(), 'big') % 10**9:09d}"
        _add(store, "Companies", DataArea=company, Name=name, KnownAs=name, LanguageId=language, PartyNumber=party)
        _add(
            store,
            "LegalEntities",
            LegalEntityId=company,
            Name=name,
            CompanyName=name,
            NameAlias=name[:20],
            LanguageId=language,
            PartyNumber=party,
            AddressCity=city,
            AddressCountryRegionId=country,
            AddressCountryRegionISOCode=COUNTRIES[country],
            FullPrimaryAddress=formatted("", "", city, country),
        )


def _company(store: Store, company: str) -> None:
    at = {"dataAreaId": company}
    for site, name in SITES.items():
        _add(store, "OperationalSitesV2", **at, SiteId=site, SiteName=name)
    for warehouse, (name, site) in WAREHOUSES.items():
        _add(store, "Warehouses", **at, WarehouseId=warehouse, WarehouseName=name, OperationalSiteId=site)
    for name, (text, days, months) in TERMS.items():
        _add(store, "PaymentTerms", **at, Name=name, Description=text, NumberOfDays=days, NumberOfMonths=months)
    for code, text in DELIVERY.items():
        _add(store, "DeliveryTerms", **at, TermsCode=code, TermsDescription=text)
    _add(store, "VendorGroups", **at, VendorGroupId="10", Description="Parts vendors", DefaultPaymentTermName="Net30")
    _add(store, "VendorGroups", **at, VendorGroupId="20", Description="Services vendors")
    _add(store, "CustomerGroups", **at, CustomerGroupId="30", Description="Retail customers", PaymentTermId="Net10")
    for account, (name, currency, country, city, terms, further) in VENDORS.items():
        _add(
            store,
            "VendorsV3",
            **at,
            VendorAccountNumber=account,
            VendorOrganizationName=name,
            VendorSearchName=name[:20],
            VendorPartyType="Organization",
            VendorGroupId="10",
            CurrencyCode=currency,
            LanguageId="en-us",
            DefaultPaymentTermsName=terms,
            DefaultDeliveryTermsCode="FOB",
            AddressCity=city,
            AddressCountryRegionId=country,
            AddressCountryRegionISOCode=COUNTRIES[country],
            FormattedPrimaryAddress=formatted("", "", city, country),
            **further,
        )
    for account, (name, currency, country, city) in CUSTOMERS.items():
        _add(
            store,
            "CustomersV3",
            **at,
            CustomerAccount=account,
            OrganizationName=name,
            NameAlias=name[:20],
            PartyType="Organization",
            CustomerGroupId="30",
            SalesCurrencyCode=currency,
            LanguageId="en-us",
            PaymentTerms="Net10",
            AddressCity=city,
            AddressCountryRegionId=country,
            AddressCountryRegionISOCode=COUNTRIES[country],
            FullPrimaryAddress=formatted("", "", city, country),
        )


def _items(store: Store) -> None:
    for item, (name, kind, unit, price, per, further) in ITEMS.items():
        _add(
            store,
            "ProductsV2",
            ProductNumber=item,
            ProductName=name,
            ProductSearchName=name[:20],
            ProductDescription=f"{name} ({unit})",
            ProductType=kind,
        )
        for company in COMPANIES:
            _add(
                store,
                "ReleasedProductsV2",
                dataAreaId=company,
                ItemNumber=item,
                ProductNumber=item,
                SearchName=name[:20],
                ProductSearchName=name[:20],
                ProductType=kind,
                ItemModelGroupId="FIFO",
                ProductGroupId="Parts",
                **dict.fromkeys(
                    ("InventoryUnitSymbol", "PurchaseUnitSymbol", "SalesUnitSymbol", "BOMUnitSymbol"), unit
                ),
                PurchasePrice=Decimal(price),
                PurchasePriceQuantity=Decimal(per),
                SalesPrice=Decimal(price) * 2,
                SalesPriceQuantity=Decimal(per),
                UnitCost=Decimal(price),
                UnitCostQuantity=Decimal(per),
                **further,
            )
            for place, (warehouse, (_, site)) in enumerate(WAREHOUSES.items() if kind == "Item" else ()):
                count = Decimal(100 * (place + 1) + int(item[1:]))
                held = Decimal(10 * place)
                _add(
                    store,
                    "WarehousesOnHandV2",
                    dataAreaId=company,
                    ItemNumber=item,
                    InventorySiteId=site,
                    InventoryWarehouseId=warehouse,
                    ProductName=name,
                    OnHandQuantity=count,
                    ReservedOnHandQuantity=held,
                    AvailableOnHandQuantity=count - held,
                    OrderedQuantity=Decimal(5),
                    OnOrderQuantity=Decimal(2),
                    AvailableOrderedQuantity=Decimal(5),
                    TotalAvailableQuantity=count - held + 5,
                )


def fill_masters(store: Store) -> None:
    """Put the master data into an empty store."""
    _organisation(store)
    for company in COMPANIES:
        _company(store, company)
    _items(store)
