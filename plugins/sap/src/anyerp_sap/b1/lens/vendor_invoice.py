"""Vendor invoices (sap sheet §13, PurchaseInvoices): posted, so that they are made and never changed."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Lens, Map, Rule, absent, integer, reference, text
from anyerp.model import VendorInvoice

from anyerp_sap.b1.codec import document_reference, number, yes_no
from anyerp_sap.b1.lens import amount, status
from anyerp_sap.b1.lens.document import GOODS, IDENTITY, MONEY, PRICE, day, only_order, posted
from anyerp_sap.b1.record import base


def _kind(cancel: str | None) -> str:
    """The document that takes an invoice back counts the other way, with positive amounts."""
    return "credit_memo" if cancel == "csCancellation" else "invoice"


LINE: tuple[Rule, ...] = (
    Map("number", "LineNum", integer(), read_only=True),
    *posted(
        *GOODS,
        *PRICE,
        Map("purchase_order", base("order"), document_reference()),
        Map("purchase_order_line", base("order", "BaseLine"), integer()),
        Map("goods_receipt", base("receipt"), document_reference()),
        Map("goods_receipt_line", base("receipt", "BaseLine"), integer()),
        Map("account", "AccountCode", reference(15)),
    ),
    *absent("never: the line number is the line's key", "purchase_order_line_id"),
)

VENDOR_INVOICE = Lens(VendorInvoice, (
    *IDENTITY,
    Derived("kind", _kind, native=(("CancelStatus", text(20)),)),
    Map("native_kind", "CancelStatus", text(20), read_only=True),
    Derived("status", status.of_invoice, native=(
        *status.KEPT, ("CancelStatus", text(20)), ("DocumentStatus", text(20)), ("PaymentBlock", yes_no()),
        ("PaidToDateFC", number()), ("PaidToDate", number()))),
    Map("native_status", "DocumentStatus", text(20), read_only=True),
    Map("vendor", "CardCode", reference(15), create_only=True),
    Derived("purchase_order", only_order, uses=("lines",)),
    Map("vendor_reference", "NumAtCard", text(100)),
    *posted(day("invoice_date", "TaxDate"), day("posting_date", "DocDate"), day("due_date", "DocDueDate"), *MONEY),
    Derived("amount_paid", amount.own, native=(("PaidToDateFC", number()), ("PaidToDate", number()))),
    Each("lines", "DocumentLines", LINE, key=("number", "LineNum")),
    *absent("never: an invoice has no day of arrival", "received_date"),
))  # fmt: skip
