"""Vendor invoices: drafts and posted ones alike (dynamics sheet §2.4)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Absent, Derived, Each, Join, Lens, Map, Nest, Rule, absent, choice, text
from anyerp.lens.codecs import boolean
from anyerp.model import VendorInvoice

from anyerp_dynamics.bc.codec import code, day, dimensions, guid, number, option
from anyerp_dynamics.bc.lens.common import company, stamped
from anyerp_dynamics.bc.lens.document import DIMENSIONS, ORDER_ID, RATE, REFERENCE, line, of

LINES = "purchaseInvoiceLines"
STATUS = {
    "Draft": "draft",
    "In_x0020_Review": "pending_approval",
    "Open": "open",
    "Paid": "paid",
    "Canceled": "cancelled",
}


def _paid(status: str | None, total: Decimal | None) -> Decimal | None:
    """Of an open invoice nobody says how much is paid."""
    return {"paid": total, "draft": Decimal(0), "pending_approval": Decimal(0)}.get(status or "")


LINE: tuple[Rule, ...] = (
    *line(price="unitCost"),
    of("account", "accountId"),
    *absent("upstream: API v2.0 shows the order of the whole invoice only", "purchase_order"),
    *absent(
        "upstream: API v2.0 does not show which order or receipt line is billed",
        "purchase_order_line",
        "purchase_order_line_id",
        "goods_receipt",
        "goods_receipt_line",
    ),
)

VENDOR_INVOICE = Lens(VendorInvoice, (
    Map("id", "id", guid(), read_only=True),
    Map("number", "number", text(20), read_only=True),
    *stamped(page=138),
    company(),
    Derived("kind", lambda _: "invoice", native=(("id", guid()),)),
    Nest("vendor", (
        Map("id", "vendorId", guid()),
        Map("number", "vendorNumber", code(20)),
        Map("name", "vendorName", text(100), follows=True),
    )),
    Nest("purchase_order", (
        Join("id", ("orderId", "orderNumber"), ORDER_ID, read_only=True),
        Map("number", "orderNumber", text(20), read_only=True),
        Absent("name", "never: orders have a number and no name"),
    )),
    Map("vendor_reference", "vendorInvoiceNumber", code(35)),
    REFERENCE,
    Map("status", "status", choice(STATUS, otherwise="other"), read_only=True),
    Map("native_status", "status", option(), read_only=True),
    Map("invoice_date", "invoiceDate", day()),
    Map("posting_date", "postingDate", day()),
    Map("due_date", "dueDate", day()),
    Map("currency", "currencyCode", code(10)),
    RATE,
    Map("total_excl_tax", "totalAmountExcludingTax", number(), read_only=True),
    Map("total_tax", "totalTaxAmount", number(), read_only=True),
    Map("total_incl_tax", "totalAmountIncludingTax", number(), read_only=True),
    Derived("amount_paid", _paid, uses=("status", "total_incl_tax")),
    Map("extra.dimensions", DIMENSIONS, dimensions()),
    Map("extra.pricesIncludeTax", "pricesIncludeTax", boolean(), read_only=True),
    Map("extra.discountAmount", "discountAmount", number(), read_only=True),
    Each("lines", LINES, LINE, key=("number", "sequence")),
    *absent("never: this set holds invoices; credit memos are a set of their own", "native_kind"),
    *absent("upstream: API v2.0 does not show when a document came in", "received_date"),
    *absent("upstream: API v2.0 does not show the terms of an invoice, but its due date", "payment_terms"),
    *absent("upstream: API v2.0 does not show comments; lines of kind text are mapped", "notes"),
))  # fmt: skip
