"""The enumerations: members as the wire writes them, names encoded as XML names (dynamics sheet §2.2)."""

from __future__ import annotations

import re

from ...odata import EnumType


def encode(name: str) -> str:
    """Give an option's name as the wire writes it: `In Review` is `In_x0020_Review`, blank is `_x0020_`."""
    return re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found[0]):04X}_", name)


def decode(member: str) -> str:
    """Give the option's own name of a wire member."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), member)


def _enum(name: str, *options: str, values: tuple[int, ...] = ()) -> EnumType:
    return EnumType(name, tuple(encode(option) for option in options), values)


_LEDGER_DOCUMENTS = (
    " ", "Sales Shipment", "Sales Invoice", "Sales Return Receipt", "Sales Credit Memo", "Purchase Receipt",
    "Purchase Invoice", "Purchase Return Shipment", "Purchase Credit Memo", "Transfer Shipment", "Transfer Receipt",
    "Service Shipment", "Service Invoice", "Service Credit Memo", "Posted Assembly", "Inventory Receipt",
    "Inventory Shipment", "Direct Transfer",
)  # fmt: skip
#: Of the 72 kinds of parent, the first 22: those of the documents served here are among them.
_DIMENSION_PARENTS = (
    " ", "Journal Line", "Sales Order", "Sales Order Line", "Sales Quote", "Sales Quote Line", "Sales Credit Memo",
    "Sales Credit Memo Line", "Sales Invoice", "Sales Invoice Line", "Purchase Invoice", "Purchase Invoice Line",
    "General Ledger Entry", "Time Registration Entry", "Sales Shipment", "Sales Shipment Line", "Purchase Receipt",
    "Purchase Receipt Line", "Purchase Order", "Purchase Order Line", "Purchase Credit Memo",
    "Purchase Credit Memo Line",
)  # fmt: skip
_LINE = (0, 1, 2, 3, 4, 5, 10)

ENUMS = {
    enum.name: enum
    for enum in (
        _enum("purchaseOrderEntityBufferStatus", "Draft", "In Review", "Open"),
        _enum("salesOrderEntityBufferStatus", "Draft", "In Review", "Open"),
        _enum("invoiceEntityAggregateStatus", " ", "Draft", "In Review", "Open", "Paid", "Canceled", "Corrective"),
        _enum(
            "invoiceLineAggLineType",
            *("Comment", "Account", "Item", "Resource", "Fixed Asset", "Charge", "Allocation Account"),
            values=_LINE,
        ),
        _enum(
            "purchaseLineType",
            *(" ", "G/L Account", "Item", "Resource", "Fixed Asset", "Charge (Item)", "Allocation Account"),
            values=_LINE,
        ),
        _enum("vendorBlocked", " ", "Payment", "All"),
        _enum("customerBlocked", " ", "Ship", "Invoice", "All"),
        _enum("contactType", "Company", "Person"),
        _enum("itemType", "Inventory", "Service", "Non-Inventory"),
        _enum(
            "itemLedgerEntryType",
            *("Purchase", "Sale", "Positive Adjmt.", "Negative Adjmt.", "Transfer", "Consumption", "Output", " "),
            *("Assembly Consumption", "Assembly Output"),
        ),
        _enum("itemLedgerDocumentType", *_LEDGER_DOCUMENTS, values=(*range(15), 19, 20, 21)),
        _enum("analysisSourceType", " ", "Customer", "Vendor", "Item"),
        _enum("taxBufferType", "Sales Tax", "VAT"),
        _enum("glAccountCategory", " ", "Assets", "Liabilities", "Equity", "Income", "Cost of Goods Sold", "Expense"),
        _enum("glAccountType", "Posting", "Heading", "Total", "Begin-Total", "End-Total"),
        _enum(
            "glAccountConsolTranslationMethod",
            *("Average Rate (Manual)", "Closing Rate", "Historical Rate", "Composite Rate", "Equity Rate"),
        ),
        _enum("defaultDimensionParentType", " ", "Customer", "Item", "Vendor", "Employee"),
        _enum("defaultDimensionValuePostingType", " ", "Code Mandatory", "Same Code", "No Code"),
        _enum("dimensionSetEntryBufferParentType", *_DIMENSION_PARENTS),
    )
}
