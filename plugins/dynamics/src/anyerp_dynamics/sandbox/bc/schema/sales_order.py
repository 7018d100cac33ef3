"""Tables: sales orders and their lines (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

SALES_ORDERS = entity_set(
    "salesOrders",
    "salesOrder",
    Page("Sales Header", 36, "Sales Order"),
    """
    id guid
    number code20 ro
    externalDocumentNumber code35
    orderDate date
    postingDate date
    customerId guid
    customerNumber code20
    customerName text100 ro
    billToName text100 ro
    billToCustomerId guid
    billToCustomerNumber code20
    shipToName text100
    shipToContact text100
    sellToAddressLine1 text100
    sellToAddressLine2 text50
    sellToCity text30
    sellToCountry code10
    sellToState text30
    sellToPostCode code20
    billToAddressLine1 text100 ro
    billToAddressLine2 text50 ro
    billToCity text30 ro
    billToCountry code10 ro
    billToState text30 ro
    billToPostCode code20 ro
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
    salesperson code20
    partialShipping bool
    requestedDeliveryDate date
    discountAmount decimal
    discountAppliedBeforeTax bool ro
    totalAmountExcludingTax decimal ro
    totalTaxAmount decimal ro
    totalAmountIncludingTax decimal ro
    fullyShipped bool held
    status *salesOrderEntityBufferStatus ro
    lastModifiedDateTime instant
    phoneNumber text30
    email text80
    """,
    many("salesOrderLines", "documentId"),
    many("dimensionSetLines", "parentId"),
    one("customer", "customers", "customerId"),
    one("dimensionValue", "dimensionValues", "shortcutDimension1Code", "code"),
    one("currency", "currencies", "currencyId"),
    one("paymentTerm", "paymentTerms", "paymentTermsId"),
    one("shipmentMethod", "shipmentMethods", "shipmentMethodId"),
)

SALES_ORDER_LINES = entity_set(
    "salesOrderLines",
    "salesOrderLine",
    Page(
        "Sales Line",
        37,
        "Sales Order Line",
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
    unitPrice decimal
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
    shipmentDate date
    shippedQuantity decimal held
    invoicedQuantity decimal held
    invoiceQuantity decimal
    shipQuantity decimal
    itemVariantId guid
    locationId guid
    """,
    many("dimensionSetLines", "parentId"),
    one("location", "locations", "locationId"),
    one("salesOrder", "salesOrders", "documentId"),
    one("item", "items", "itemId"),
    one("account", "accounts", "accountId"),
    one("unitOfMeasure", "unitsOfMeasure", "unitOfMeasureId"),
    one("itemVariant", "itemVariants", "itemVariantId"),
)
