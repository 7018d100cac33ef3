"""Bodies: the order of a body's fields, as each runs its trigger and may reset those after it (dynamics sheet §2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

#: The vendor fills in the rest; the currency stands before whatever is priced in it.
HEADER = (
    "vendorId", "vendorNumber", "customerId", "customerNumber", "payToVendorId", "payToVendorNumber", "orderDate",
    "postingDate", "currencyId", "currencyCode", "pricesIncludeTax", "paymentTermsId", "shipmentMethodId", "purchaser",
    "salesperson", "invoiceDate", "dueDate", "requestedReceiptDate", "requestedDeliveryDate",
)  # fmt: skip
#: What a line is of comes first, then where and in which unit, then how many, at what price, with which discount.
LINE = (
    "lineType", "itemId", "accountId", "lineObjectNumber", "itemVariantId", "locationId", "unitOfMeasureCode",
    "quantity", "directUnitCost", "unitCost", "unitPrice", "discountPercent", "taxCode", "expectedReceiptDate",
    "shipmentDate", "description", "description2",
)  # fmt: skip
#: Set by the document once its lines are known, or rows of their own: they close the body.
_LAST = ("discountAmount", "dimensionSetLines", "purchaseOrderLines", "purchaseInvoiceLines", "salesOrderLines")

_PRICED = ("directUnitCost", "unitCost", "unitPrice", "discountPercent")
_TERMS = ("currencyCode", "paymentTermsId", "shipmentMethodId")
#: A sales order is delivered to its customer unless it says otherwise.
_SHIP_TO = (
    "shipToName", "shipToContact", "shipToAddressLine1", "shipToAddressLine2", "shipToCity", "shipToState",
    "shipToPostCode", "shipToCountry",
)  # fmt: skip
#: What a changed field resets: sent again as it was, so that nothing changes but what was asked for.
RESETS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("itemId", "accountId"),
        ("itemVariantId", "locationId", "unitOfMeasureCode", "quantity", *_PRICED, "taxCode", "expectedReceiptDate",
         "description", "description2"),
    ),
    **dict.fromkeys(("itemVariantId", "locationId", "unitOfMeasureCode", "quantity"), _PRICED),
    **dict.fromkeys(("vendorId", "vendorNumber"), (*_TERMS, "purchaser", "dueDate")),
    **dict.fromkeys(("customerId", "customerNumber"), (*_TERMS, "salesperson", *_SHIP_TO)),
    "invoiceDate": ("dueDate",),
}  # fmt: skip


#: What stands there for nothing, which is never null (dynamics sheet §2.2); text, dates and ids have theirs already.
_NOTHING = {
    **dict.fromkeys(
        ("quantity", "directUnitCost", "unitCost", "unitPrice", "discountPercent", "creditLimit"), Decimal(0)
    ),
    "blocked": "_x0020_",
}


def sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are sent, nothing written as the service writes it."""
    return {name: _NOTHING.get(name) if value is None else value for name, value in values.items()}


def ordered(values: Mapping[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """Values as they are sent: those named in the order first and in it, then the others, lists of rows last."""
    values = sent(values)
    first = [name for name in order if name in values]
    last = [name for name in _LAST if name in values and name not in first]
    middle = [name for name in values if name not in first and name not in last]
    return {name: values[name] for name in (*first, *middle, *last)}


def kept(changes: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, with every field that they reset as it was."""
    again = {name: before[name] for changed in changes for name in RESETS.get(changed, ()) if name in before}
    return {**again, **changes}
