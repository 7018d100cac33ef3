"""Tables: posted purchase receipts and their lines: read only (dynamics sheet §2.1)."""

from __future__ import annotations

from .table import Page, entity_set, many, one

PURCHASE_RECEIPTS = entity_set(
    "purchaseReceipts",
    "purchaseReceipt",
    Page("Purch. Rcpt. Header", 120, "Purchase Receipt", insert=False, update=False, delete=False),
    """
    id guid
    number code20 ro
    invoiceDate date ro
    postingDate date ro
    dueDate date ro
    vendorNumber code20 ro
    vendorName text100 ro
    payToName text100 ro
    payToContact text100 ro
    payToVendorNumber code20 ro
    shipToName text100 ro
    shipToContact text100 ro
    buyFromAddressLine1 text100 ro
    buyFromAddressLine2 text50 ro
    buyFromCity text30 ro
    buyFromCountry code10 ro
    buyFromState text30 ro
    buyFromPostCode code20 ro
    shipToAddressLine1 text100 ro
    shipToAddressLine2 text50 ro
    shipToCity text30 ro
    shipToCountry code10 ro
    shipToState text30 ro
    shipToPostCode code20 ro
    payToAddressLine1 text100 ro
    payToAddressLine2 text50 ro
    payToCity text30 ro
    payToCountry code10 ro
    payToState text30 ro
    payToPostCode code20 ro
    currencyCode code ro
    orderNumber code20 ro
    lastModifiedDateTime instant
    """,
    many("purchaseReceiptLines", "documentId"),
    many("dimensionSetLines", "parentId"),
)

PURCHASE_RECEIPT_LINES = entity_set(
    "purchaseReceiptLines",
    "purchaseReceiptLine",
    Page(
        "Purch. Rcpt. Line",
        121,
        "Purchase Receipt Line",
        insert=False,
        update=False,
        delete=False,
        parent="documentId",
        by_filter=True,
        order=("documentId", "sequence"),
    ),
    """
    id guid
    documentId guid ro
    sequence int ro
    lineType *purchaseLineType ro
    lineObjectNumber code20 ro
    description text100 ro
    description2 text50 ro
    unitOfMeasureCode code10 ro
    unitCost decimal ro
    quantity decimal ro
    discountPercent decimal ro
    taxPercent decimal ro
    expectedReceiptDate date ro
    """,
    many("dimensionSetLines", "parentId"),
    one("purchaseReceipt", "purchaseReceipts", "documentId"),
)
