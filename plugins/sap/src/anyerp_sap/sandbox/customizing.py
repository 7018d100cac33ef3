"""Customizing: what an implementation sets up and the API does not serve (organisation, terms, document types)."""

from __future__ import annotations

from decimal import Decimal

#: Purchasing organisation → company code it buys for.
PURCHASING_ORGANIZATIONS = {"1010": "1010", "1710": "1710", "2010": "2010", "3010": "3010", "4010": "4010"}
PURCHASING_GROUPS = frozenset({"001", "002", "003", "Z10"})
#: Terms key → days 1, percent 1, days 2, percent 2, days net.
PAYMENT_TERMS: dict[str, tuple[int, str, int, str, int]] = {
    "0001": (0, "0", 0, "0", 0),
    "0002": (14, "2", 30, "0", 0),
    "0004": (14, "3", 30, "2", 45),
    "NT30": (30, "0", 0, "0", 0),
    "NT60": (60, "0", 0, "0", 0),
}
#: Order type → whether a release strategy applies to it. The API takes NB and types copied from it (sap sheet §10).
ORDER_TYPES = {"NB": False, "ZNB1": False, "ZNBR": True}
#: Item categories that the API takes (0 standard, 2 consignment, 3 subcontracting, 5 third-party, A limit).
ITEM_CATEGORIES = frozenset({"0", "2", "3", "5", "A"})
#: Account assignment category → the properties that it needs.
ACCOUNT_CATEGORIES: dict[str, tuple[str, ...]] = {
    "K": ("GLAccount", "CostCenter"),
    "F": ("GLAccount", "OrderID"),
    "P": ("GLAccount", "WBSElementExternalID"),
    "A": ("MasterFixedAsset",),
    "U": (),
}
MATERIAL_GROUPS = frozenset({"L001", "L002", "L003", "01", "YBSVS1"})
TAX_CODES = frozenset({"", "V0", "V1", "I0", "I1"})
#: Percent of the tax codes of purchases, and of sales.
TAX_RATES = {"V0": Decimal(0), "V1": Decimal(19), "I0": Decimal(0), "I1": Decimal(10)}
SALES_TAX = Decimal(19)
#: Sales areas: organisation, distribution channel, division; and the company code that sells there.
SALES_AREAS = {("1010", "10", "00"): "1010", ("1710", "10", "00"): "1710", ("2010", "10", "00"): "2010"}
SALES_ORDER_TYPES = frozenset({"OR", "TA"})
#: Reasons for the rejection of a sales order's item.
REJECTION_REASONS = frozenset({"61", "62", "63"})
#: Orders of type NB may bring a number of their own from this range; otherwise the next internal one is drawn.
EXTERNAL_ORDERS = range(4100000000, 4200000000)
#: Units of a local currency per unit of another, for the exchange rate of an order.
RATES = {
    ("USD", "EUR"): Decimal("0.92000"),
    ("EUR", "USD"): Decimal("1.08700"),
    ("JPY", "EUR"): Decimal("0.00615"),
    ("KWD", "EUR"): Decimal("2.99000"),
    ("TND", "EUR"): Decimal("0.29600"),
    ("CHF", "EUR"): Decimal("1.04000"),
}


def rate(currency: str, local: str) -> str:
    """Write the exchange rate of an order; 1 where none is maintained."""
    return f"{RATES.get((currency, local), Decimal(1)):.5f}"
