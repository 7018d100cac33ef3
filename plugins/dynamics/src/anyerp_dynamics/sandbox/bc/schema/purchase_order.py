"""Tables: purchase orders and their lines (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

PURCHASE_ORDERS = entity_set(
    "purchaseOrders",
    "purchaseOrder",
    Page("Purchase Header", 38, "Purchase Order"),
    """
    id guid
    number code20 ro
    orderDate date
    postingDate date
    vendorId guid
    vendorNumber code20
    vendorName text100 ro
    payToName text100 ro
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
    payToAddressLine1 text100 ro
    payToAddressLine2 text50 ro
    payToCity text30 ro
    payToCountry code10 ro
    payToState text30 ro
    payToPostCode code20 ro
    shipToAddressLine1 text100
    shipToAddressLine2 text50
    shipToCity text30
    shipToCountry code10
    shipToState text30
    shipToPostCode code20
    shortcutDimension1Code code20
    shortcutDimension2Code code20
    currencyId guid
    currencyCode code
    pricesIncludeTax bool
    paymentTermsId guid
    shipmentMethodId guid
    purchaser code20
    requestedReceiptDate date
    discountAmount decimal
    discountAppliedBeforeTax bool ro
    totalAmountExcludingTax decimal ro
    totalTaxAmount decimal ro
    totalAmountIncludingTax decimal ro
    fullyReceived bool held
    status *purchaseOrderEntityBufferStatus ro
    lastModifiedDateTime instant
    """,
    many("purchaseOrderLines", "documentId"),
    many("dimensionSetLines", "parentId"),
    one("vendor", "vendors", "vendorId"),
    one("dimensionValue", "dimensionValues", "shortcutDimension1Code", "code"),
    one("currency", "currencies", "currencyId"),
    one("paymentTerm", "paymentTerms", "paymentTermsId"),
    one("shipmentMethod", "shipmentMethods", "shipmentMethodId"),
)

PURCHASE_ORDER_LINES = entity_set(
    "purchaseOrderLines",
    "purchaseOrderLine",
    Page(
        "Purchase Line",
        39,
        "Purchase Order Line",
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
    quantity decimal
    directUnitCost decimal
    discountAmount decimal
    discountPercent decimal
    discountAppliedBeforeTax bool ro
    amountExcludingTax decimal ro
    taxCode code50
    taxPercent decimal ro
    totalTaxAmount decimal ro
    amountIncludingTax decimal ro
    invoiceDiscountAllocation decimal ro
    netAmount decimal ro
    netTaxAmount decimal ro
    netAmountIncludingTax decimal ro
    expectedReceiptDate date
    receivedQuantity decimal held
    invoicedQuantity decimal held
    invoiceQuantity decimal
    receiveQuantity decimal
    itemVariantId guid
    locationId guid
    """,
    many("dimensionSetLines", "parentId"),
    one("location", "locations", "locationId"),
    one("purchaseOrder", "purchaseOrders", "documentId"),
    one("item", "items", "itemId"),
    one("account", "accounts", "accountId"),
    one("unitOfMeasure", "unitsOfMeasure", "unitOfMeasureId"),
    one("itemVariant", "itemVariants", "itemVariantId"),
)
