"""Pending vendor invoices: VendorInvoiceHeaders and VendorInvoiceLines (dynamics sheet §1.7).

Posted invoices leave these sets. `@anyerp.kind` is put into the native record when it is read: an invoice of less than
nothing is a credit memo, whose quantities and amounts are turned round, so that those of both kinds are positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, choice, integer, reference, text
from anyerp.model import VendorInvoice

from anyerp_dynamics.fno.codec import company, day, line_number, number, place, positive, yes_no
from anyerp_dynamics.fno.lens.master import NO_LINK, NO_TIMES
from anyerp_dynamics.fno.lens.purchase_order import KEY_LENGTH, kind_of_line
from anyerp_dynamics.fno.lens.version import version
from anyerp_dynamics.fno.unit import unit

KIND = "@anyerp.kind"
#: Fields of lines that a credit memo has below zero.
TURNED = ("ReceiveNow", "NetAmount")
_REVIEW = {"Draft": "draft", "InReview": "pending_approval", "Rejected": "rejected", "Cancelled": "cancelled"}


def _status(review: str | None, held: bool | None) -> str:
    """One that is approved and not posted yet has no word of the model's."""
    return "blocked" if held else _REVIEW.get(review or "Draft", "other")


def _total(lines: Iterable[dict[str, Any]] | None) -> Decimal | None:
    if lines is None:
        return None
    return sum((line["amount"] for line in lines if line.get("amount") is not None), Decimal(0))


LINE: tuple[Rule, ...] = (
    Map("number", "InvoiceLineNumber", line_number(), create_only=True),
    Derived("kind", kind_of_line, native=(("ItemNumber", text()), ("ProcurementCategoryName", text()))),
    Map("purchase_order", "PurchaseOrder", reference(20, empty="")),
    Map("purchase_order_line", "PurchLineNumber", integer()),
    Map("item", "ItemNumber", reference(20, empty=""), create_only=True),
    Map("description", "LineDescription", text(1000, empty="")),
    Map("quantity", "ReceiveNow", number()),
    Map("unit", "Unit", unit(), native="native_unit"),
    Map("unit_price", "UnitPrice", number()),
    Map("price_quantity", "PriceUnit", positive(nothing=1)),
    Map("discount_percent", "DiscountPercent", number()),
    Map("amount", "NetAmount", number(), read_only=True),
    Map("tax_code", "ItemSalesTax", text(10, empty="")),
    Map("account", "MainAccountDisplayValue", reference(20, empty="")),
    Map("dimensions.ledger", "DimensionDisplayValue", text(500, empty="")),
    Join("location", ("InventorySiteId", "InventoryWarehouseId"), place()),
    Map("extra.ProcurementCategoryName", "ProcurementCategoryName", text(254, empty=""), create_only=True),
    *absent("never: the line number is the line's key", "id"),
    *absent("never: an order's line is known by its number", "purchase_order_line_id"),
    *absent("upstream: receipts are matched inside the ERP; the header's PackingslipRange only names them",
            "goods_receipt", "goods_receipt_line"),
    *absent("upstream: taxes are computed inside the ERP for the whole invoice", "tax_amount"),
)  # fmt: skip

VENDOR_INVOICE = Lens(VendorInvoice, (
    Map("id", "HeaderReference", text(60), read_only=True),
    Map("number", "HeaderReference", text(60), read_only=True),
    version("VendorInvoiceLines"),
    Map("kind", KIND, choice({"invoice": "invoice", "credit_memo": "credit_memo"}), create_only=True),
    Map("native_kind", "VendorInvoiceType", text(30), read_only=True),
    Map("company", "dataAreaId", company(), create_only=True),
    Map("vendor", "InvoiceAccount", reference(20), create_only=True),
    Map("purchase_order", "PurchaseOrderNumber", reference(20, empty="")),
    Map("vendor_reference", "InvoiceNumber", text(20, empty="")),
    Map("external_reference", "InvoiceDescription", text(KEY_LENGTH, empty="")),
    Derived("status", _status, native=(("VendorInvoiceReviewStatus", text(20)), ("IsOnHold", yes_no()))),
    Map("native_status", "VendorInvoiceReviewStatus", text(20), read_only=True),
    Map("invoice_date", "InvoiceDate", day()),
    Map("posting_date", "Date", day()),
    Map("received_date", "InvoiceReceivedDate", day()),
    Map("due_date", "DueDate", day()),
    Map("currency", "Currency", text(3, upper=True, empty="")),
    Map("payment_terms", "TermsOfPayment", reference(10, empty="")),
    Map("notes", "Comment", text(254, empty="")),
    Each("lines", "VendorInvoiceLines", LINE, key=("number", "InvoiceLineNumber")),
    Derived("total_excl_tax", _total, uses=("lines",)),
    *absent("upstream: the rate is stored for a number of units that this data entity does not say", "exchange_rate"),
    *absent("upstream: taxes are computed inside the ERP", "total_tax", "total_incl_tax"),
    *absent("never: nobody pays an invoice before it is posted, and posted ones are not here", "amount_paid"),
    *absent(NO_LINK, "url"),
    *absent(NO_TIMES, "created_at", "updated_at"),
))  # fmt: skip
