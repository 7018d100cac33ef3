"""The rules of master data: vendors, customers, products."""

from __future__ import annotations

from ...odata import Row
from .desk import COUNTRIES, Desk, fill, formatted

CURRENCY = {"usmf": "USD", "demf": "EUR", "jpmf": "JPY"}


def vendor_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new vendor: search name, currency and language of the company, a party."""
    fill(
        row,
        given,
        VendorSearchName=row["VendorOrganizationName"][:20],
        VendorPartyType="Organization",
        CurrencyCode=CURRENCY.get(row["dataAreaId"], "USD"),
        LanguageId="en-us",
    )
    row["VendorPartyNumber"] = desk.sequences.next("party", "")
    group = desk.store.find("vendor_group", row["dataAreaId"], row["VendorGroupId"])
    if group is not None:
        fill(row, given, DefaultPaymentTermsName=group["DefaultPaymentTermName"])


def vendor_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Demand a name and derive the address."""
    if not row["VendorOrganizationName"]:
        raise desk.mandatory("VendorOrganizationName")
    country = row["AddressCountryRegionId"]
    row["AddressCountryRegionISOCode"] = COUNTRIES.get(country, "")
    row["FormattedPrimaryAddress"] = formatted(row["AddressStreet"], row["AddressZipCode"], row["AddressCity"], country)


def customer_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new customer: search name, currency and language of the company, a party."""
    fill(
        row,
        given,
        NameAlias=row["OrganizationName"][:20],
        PartyType="Organization",
        SalesCurrencyCode=CURRENCY.get(row["dataAreaId"], "USD"),
        LanguageId="en-us",
    )
    row["PartyNumber"] = desk.sequences.next("party", "")


def customer_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Demand a name and derive the address."""
    if not row["OrganizationName"]:
        raise desk.mandatory("OrganizationName")
    country = row["AddressCountryRegionId"]
    row["AddressCountryRegionISOCode"] = COUNTRIES.get(country, "")
    row["FullPrimaryAddress"] = formatted(row["AddressStreet"], row["AddressZipCode"], row["AddressCity"], country)


def vendor_remove(desk: Desk, row: Row) -> None:
    """Keep a vendor that has orders."""
    account = row["VendorAccountNumber"]
    if desk.store.where("purchase_order", dataAreaId=row["dataAreaId"], OrderVendorAccountNumber=account):
        raise desk.refuse(f"Error: Vendor account {account} has purchase orders.", check="validateDelete")


def item_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a released product from its product."""
    product = desk.store.find("product", row["ProductNumber"])
    if product is None:
        return
    row["ProductType"], row["ProductSubType"] = product["ProductType"], product["ProductSubType"]
    row["ProductSearchName"] = product["ProductSearchName"]
    units = dict.fromkeys(("InventoryUnitSymbol", "PurchaseUnitSymbol", "SalesUnitSymbol", "BOMUnitSymbol"), "ea")
    fill(row, given, SearchName=product["ProductSearchName"], PurchasePriceQuantity=1, SalesPriceQuantity=1, **units)
