"""Tables: the small lists that documents and masters refer to by code (dynamics sheet §2.1)."""

from __future__ import annotations

from decimal import Decimal

from .table import Page, entity_set

UNITS = entity_set(
    "unitsOfMeasure",
    "unitOfMeasure",
    Page("Unit of Measure", 204, "Unit of Measure"),
    """
    id guid
    code code10
    displayName text50
    internationalStandardCode code10
    symbol text10
    lastModifiedDateTime instant
    """,
)

PAYMENT_TERMS = entity_set(
    "paymentTerms",
    "paymentTerm",
    Page("Payment Terms", 3, "Payment Terms"),
    """
    id guid
    code code10
    displayName text100
    dueDateCalculation text
    discountDateCalculation text
    discountPercent decimal
    calculateDiscountOnCreditMemos bool
    lastModifiedDateTime instant
    """,
)

PAYMENT_METHODS = entity_set(
    "paymentMethods",
    "paymentMethod",
    Page("Payment Method", 289, "Payment Method"),
    """
    id guid
    code code10
    displayName text100
    lastModifiedDateTime instant
    """,
)

SHIPMENT_METHODS = entity_set(
    "shipmentMethods",
    "shipmentMethod",
    Page("Shipment Method", 10, "Shipment Method"),
    """
    id guid
    code code10
    displayName text100
    lastModifiedDateTime instant
    """,
)

CURRENCIES = entity_set(
    "currencies",
    "currency",
    Page(
        "Currency",
        4,
        "Currency",
        blanks={"amountDecimalPlaces": "2:2", "amountRoundingPrecision": Decimal("0.01")},
    ),
    """
    id guid
    code code10
    displayName text30
    symbol text10
    amountDecimalPlaces text5
    amountRoundingPrecision decimal
    lastModifiedDateTime instant
    """,
)

TAX_GROUPS = entity_set(
    "taxGroups",
    "taxGroup",
    Page("Tax Group", 321, "Tax Group"),
    """
    id guid
    code code20
    displayName text100
    taxType *taxBufferType ro
    lastModifiedDateTime instant
    """,
)

ITEM_CATEGORIES = entity_set(
    "itemCategories",
    "itemCategory",
    Page("Item Category", 5722, "Item Category"),
    """
    id guid
    code code20
    displayName text100
    lastModifiedDateTime instant
    """,
)
