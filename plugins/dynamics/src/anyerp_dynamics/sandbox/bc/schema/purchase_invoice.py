"""Tables: purchase invoices, draft and posted in one set, and their lines (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

PURCHASE_INVOICES = entity_set(
    "purchaseInvoices",
    "purchaseInvoice",
    Page("Purchase Header", 38, "Purchase Invoice"),
    """
    id guid
    number code20 ro
    postingDate date
    invoiceDate date
    dueDate date
    vendorInvoiceNumber code35
    vendorId guid
    vendorNumber code20
    vendorName text100 ro
    payToName text100 ro
    payToContact text100 ro
    payToVendorId guid
    payToVendorNumber code20
    shipToName text100
    shipToContact text100
    buyFromAddressLine1 text100
    buyFromAddressLine2 text50
    buyFromCity text30
    buyFromCountry code10
    buyFromState text30
    buyFromPostCode code20
    shipToAddressLine1 text100
    shipToAddressLine2 text50
    shipToCity text30
    shipToCountry code10
    shipToState text30
    shipToPostCode code20
    payToAddressLine1 text100 ro
    payToAddressLine2 text50 ro
    payToCity text30 ro
    payToCountry code10 ro
    payToState text30 ro
    payToPostCode code20 ro
    shortcutDimension1Code code20
    shortcutDimension2Code code20
    currencyId guid
    currencyCode code
    orderId guid ro
    orderNumber code20 ro
    purchaser code20
    pricesIncludeTax bool
    discountAmount decimal
    discountAppliedBeforeTax bool ro
    totalAmountExcludingTax decimal ro
    totalTaxAmount decimal ro
    totalAmountIncludingTax decimal ro
    status *invoiceEntityAggregateStatus ro
    lastModifiedDateTime instant
    """,
    many("purchaseInvoiceLines", "documentId"),
    many("dimensionSetLines", "parentId"),
    one("vendor", "vendors", "vendorId"),
    one("dimensionValue", "dimensionValues", "shortcutDimension1Code", "code"),
    one("currency", "currencies", "currencyId"),
)

PURCHASE_INVOICE_LINES = entity_set(
    "purchaseInvoiceLines",
    "purchaseInvoiceLine",
    Page(
        "Purchase Line",
        39,
        "Purchase Invoice Line",
        parent="documentId",
        closed="You must specify an Id or a Document Id to get the lines.",
        by_filter=True,
        order=("documentId", "sequence"),
    ),
    """
    id guid
    documentId guid
    sequence int
    itemId guid
    accountId guid
    lineType *invoiceLineAggLineType
    lineObjectNumber code20
    description text100
    description2 text50
    unitOfMeasureId guid
    unitOfMeasureCode code10
    unitCost decimal
    quantity decimal
    discountAmount decimal
    discountPercent decimal
    discountAppliedBeforeTax bool ro
    amountExcludingTax decimal held
    taxCode code50
    taxPercent decimal ro
    totalTaxAmount decimal ro
    amountIncludingTax decimal held
    invoiceDiscountAllocation decimal held
    netAmount decimal held
    netTaxAmount decimal held
    netAmountIncludingTax decimal held
    expectedReceiptDate date
    itemVariantId guid
    locationId guid
    """,
    many("dimensionSetLines", "parentId"),
    one("location", "locations", "locationId"),
    one("purchaseInvoice", "purchaseInvoices", "documentId"),
    one("item", "items", "itemId"),
    one("account", "accounts", "accountId"),
    one("unitOfMeasure", "unitsOfMeasure", "unitOfMeasureId"),
    one("itemVariant", "itemVariants", "itemVariantId"),
)
