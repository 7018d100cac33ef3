"""Purchase orders: PurchaseOrderHeadersV2 and PurchaseOrderLinesV2 (dynamics sheet §1.4, §1.7, §1.11).

What stands in other sets is put into the native record when it is read: `@anyerp.received` of a line from receipts,
`@anyerp.tax` and `@anyerp.total` from the last confirmation,
`@anyerp.created` and `@anyerp.modified` from the fields that the settings name.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.kits.currency import minor_units
from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, integer, reference, text
from anyerp.model import PurchaseOrder

from anyerp_dynamics.fno.codec import company, day, instant, number, place, positive, yes_no
from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.lens.master import NO_LINK
from anyerp_dynamics.fno.lens.version import version
from anyerp_dynamics.fno.saga import MARK
from anyerp_dynamics.fno.unit import unit

#: Longest key: the field takes 60 characters, the mark of a half-written order among them.
KEY_LENGTH = 60 - len(MARK)
#: DocumentApprovalStatus of an order that is still open.
APPROVAL = {"Draft": "draft", "InReview": "pending_approval", "Rejected": "rejected", "Finalized": "closed"}


def kind_of_line(item: str | None, category: str | None) -> str | None:
    """A line orders an item, or something of a procurement category that may be a service or goods."""
    return "item" if item else "other" if category else None


def _line_status(
    native: str | None, quantity: Decimal | None, received: Decimal | None, deleted: bool | None
) -> str | None:
    if deleted or native == "Canceled":
        return "cancelled"
    if native == "Invoiced":
        return "closed"
    if native == "Received" or (received and quantity is not None and received >= quantity > 0):
        return "received"
    if native in (None, "Backorder"):
        return "partially_received" if received else "open"
    return "other"


def _billed(quantity: Decimal | None, native: str | None) -> Decimal | None:
    """A line that is invoiced is invoiced whole; of others nobody can say: posted invoices are in no entity."""
    return quantity if native == "Invoiced" else None


def _status(lines: Iterable[dict[str, Any]] | None, native: str | None, approval: str | None) -> str:
    """As people see it: cancelled, invoiced and received first, then the approval, then what came."""
    if native in ("Canceled", "Invoiced", "Received"):
        return {"Canceled": "cancelled", "Invoiced": "closed", "Received": "received"}[native]
    if native not in (None, "Backorder"):
        return "other"
    if approval in APPROVAL:
        return APPROVAL[approval]
    came = {line.get("status") for line in lines or ()} & {"partially_received", "received", "closed"}
    return "partially_received" if came else "open"


def total(
    lines: Iterable[dict[str, Any]] | None, percent: Decimal | None, taxed: bool | None, currency: str | None
) -> Decimal | None:
    """Sum of the lines less the order's total discount; where prices include tax, the lines do not say it."""
    if lines is None or taxed:
        return None
    amounts = (line.get("amount") for line in lines if line.get("status") != "cancelled")
    found = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return (found * (100 - percent) / 100).quantize(minor_units(currency)) if percent else found


LINE: tuple[Rule, ...] = (
    Map("number", "LineNumber", integer(1), create_only=True),
    Derived("kind", kind_of_line, native=(("ItemNumber", text()), ("ProcurementProductCategoryName", text()))),
    Map("item", "ItemNumber", reference(20, empty=""), create_only=True),
    Map("vendor_item_number", "ExternalItemNumber", text(60, empty="")),
    Map("description", "LineDescription", text(1000, empty="")),
    Map("quantity", "OrderedPurchaseQuantity", number()),
    Map("unit", "PurchaseUnitSymbol", unit(), native="native_unit"),
    Map("unit_price", "PurchasePrice", number()),
    Map("price_quantity", "PurchasePriceQuantity", positive(nothing=1)),
    Map("discount_percent", "LineDiscountPercentage", number()),
    Map("amount", "LineAmount", number(), read_only=True),
    Map("tax_code", "SalesTaxItemGroupCode", text(10, empty="")),
    Map("requested_date", "RequestedDeliveryDate", day()),
    Map("confirmed_date", "ConfirmedDeliveryDate", day()),
    Join("location", ("ReceivingSiteId", "ReceivingWarehouseId"), place()),
    Map("account", "MainAccountIdDisplayValue", reference(20, empty="")),
    Map("dimensions.ledger", "DefaultLedgerDimensionDisplayValue", text(500, empty="")),
    Map("quantity_received", "@anyerp.received", number(), read_only=True),
    Derived("quantity_billed", _billed, uses=("quantity", "native_status")),
    Derived(
        "status",
        _line_status,
        uses=("native_status", "quantity", "quantity_received"),
        native=(("IsDeleted", yes_no()),),
    ),
    Map("native_status", "PurchaseOrderLineStatus", text(20), read_only=True),
    Map("requisition", "PurchaseRequisitionId", reference(20), read_only=True),
    Map("extra.ProcurementProductCategoryName", "ProcurementProductCategoryName", text(254, empty=""),
        create_only=True),
    Map("extra.LineDiscountAmount", "LineDiscountAmount", number(), read_only=True),
    Map("extra.SalesTaxGroupCode", "SalesTaxGroupCode", text(10, empty=""), read_only=True),
    *absent("never: the line number is the line's key", "id"),
    *absent("upstream: taxes are computed inside the ERP for the whole order", "tax_amount"),
)  # fmt: skip

PURCHASE_ORDER = Lens(PurchaseOrder, (
    Map("id", "PurchaseOrderNumber", text(20), read_only=True),
    Map("number", "PurchaseOrderNumber", text(20), read_only=True),
    version("PurchaseOrderLines"),
    Map("created_at", "@anyerp.created", instant(), read_only=True),
    Map("updated_at", "@anyerp.modified", instant(), read_only=True),
    Map("company", "dataAreaId", company(), create_only=True),
    Map("vendor", "OrderVendorAccountNumber", reference(20), create_only=True),
    Map("external_reference", "VendorOrderReference", text(KEY_LENGTH, empty="")),
    Derived("status", _status, uses=("lines",), native=(
        ("PurchaseOrderStatus", text(20)), ("DocumentApprovalStatus", text(20)))),
    Map("native_status", "PurchaseOrderStatus", text(20), read_only=True),
    Map("order_date", "AccountingDate", day()),
    Map("currency", "CurrencyCode", text(3, upper=True, empty="")),
    Map("payment_terms", "PaymentTermsName", reference(10, empty="")),
    Map("incoterms", "DeliveryTermsId", text(10, empty="")),
    Map("buyer", "BuyerGroupId", reference(10, empty="")),
    Map("requester", "RequesterPersonnelNumber", reference(25, empty="")),
    Nest("ship_to", (
        Map("name", "DeliveryAddressName", text(60, empty="")),
        Map("street", "DeliveryAddressStreet", text(250, empty="")),
        Map("city", "DeliveryAddressCity", text(60, empty="")),
        Map("postal_code", "DeliveryAddressZipCode", text(10, empty="")),
        Map("region", "DeliveryAddressStateId", text(10, empty="")),
        Map("country", "DeliveryAddressCountryRegionId", country()),
    )),
    Map("extra.DefaultReceivingSiteId", "DefaultReceivingSiteId", text(10, empty=""), read_only=True),
    Map("extra.DefaultReceivingWarehouseId", "DefaultReceivingWarehouseId", text(10, empty=""), read_only=True),
    Map("extra.InvoiceVendorAccountNumber", "InvoiceVendorAccountNumber", text(20, empty=""), read_only=True),
    Map("extra.TotalDiscountPercentage", "TotalDiscountPercentage", number(), read_only=True),
    Map("extra.DeliveryModeId", "DeliveryModeId", text(10, empty=""), read_only=True),
    Map("extra.OrdererPersonnelNumber", "OrdererPersonnelNumber", text(25, empty=""), read_only=True),
    Map("extra.AttentionInformation", "AttentionInformation", text(100, empty="")),
    Map("extra.DocumentApprovalStatus", "DocumentApprovalStatus", text(20), read_only=True),
    Each("lines", "PurchaseOrderLines", LINE, key=("number", "LineNumber")),
    Derived("total_excl_tax", total, uses=("lines",), native=(
        ("TotalDiscountPercentage", number()), ("ArePricesIncludingSalesTax", yes_no()), ("CurrencyCode", text(3)))),
    Map("total_tax", "@anyerp.tax", number(), read_only=True),
    Map("total_incl_tax", "@anyerp.total", number(), read_only=True),
    *absent("never: an order has one free reference, which carries external_reference; an overlay may exchange them",
            "vendor_reference"),
    *absent("never: terms of delivery are a code without a place", "incoterms_location"),
    *absent("never: the order's invoice address is the vendor's; invoices go to the company", "bill_to"),
    *absent(NO_LINK, "url"),
    *absent("upstream: when an order was approved stands in the workflow's history, which is in no entity",
            "approved_at"),
    *absent("upstream: notes are attached documents, not text of the order", "notes"),
    *absent("upstream: the order has no rate of its own here, only its confirmations have", "exchange_rate"),
))  # fmt: skip
