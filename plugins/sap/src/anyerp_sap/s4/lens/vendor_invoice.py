"""Vendor invoices: supplier invoices and credit memos, billing orders or accounts (sap sheet §12)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, choice, integer_text, reference, text
from anyerp.model import VendorInvoice

from anyerp_sap.s4.codec import amount, document_key, document_reference, positive, text_stamp
from anyerp_sap.s4.header import CREATED, linked
from anyerp_sap.s4.lens.goods_receipt import same_order
from anyerp_sap.s4.lens.once import once
from anyerp_sap.units import unit

POSTED = ("5", "")
WAITING = ("A", "B", "D")
#: Said by the flow, which lays the items of both sets side by side and adds up the taxes; no fields of SAP's.
TAX = "_anyerp/tax"
OWN = ("_anyerp/id", "_anyerp/GLAccount", "_anyerp/CostCenter", "_anyerp/InternalOrder")


def _status(code: str | None, block: str | None, reversed_by: str | None) -> str:
    """Where an invoice stands (sap sheet §10): whether it is paid is known to accounting only."""
    if reversed_by or code == "2":
        return "cancelled"
    if code in WAITING:
        return "draft"
    if code not in POSTED and code is not None:
        return "other"
    return "blocked" if block else "open"


def _due(kind: str | None, base: date | None, first: Any, second: Any, net: Any) -> date | None:
    """The last day of the terms; a credit memo is due at once."""
    if base is None:
        return None
    days = 0 if kind == "credit_memo" else next((int(days) for days in (net, second, first) if days), 0)
    return base + timedelta(days=days)


def _net(gross: Decimal | None, tax: Decimal | None) -> Decimal | None:
    return None if gross is None or tax is None else gross - tax


LINE: tuple[Rule, ...] = (
    Map("number", "SupplierInvoiceItem", integer_text(6, zero_is_nothing=True)),
    # Items of orders and of accounts are numbered each from 1.
    Map("id", OWN[0], text(7), read_only=True),
    Map("purchase_order", "PurchaseOrder", reference(10, upper=True, trim=True, empty="")),
    Map("purchase_order_line", "PurchaseOrderItem", integer_text(5, zero_is_nothing=True)),
    Join("goods_receipt", ("ReferenceDocumentFiscalYear", "ReferenceDocument"), document_reference(4, 10)),
    Map("goods_receipt_line", "ReferenceDocumentItem", integer_text(4, zero_is_nothing=True)),
    Map("description", "SupplierInvoiceItemText", text(50, empty="")),
    Map("quantity", "QuantityInPurchaseOrderUnit", amount(13, 3)),
    Map("unit", "PurchaseOrderQuantityUnit", unit(), native="native_unit"),
    Map("amount", "SupplierInvoiceItemAmount", amount(14, 3)),
    Map("tax_code", "TaxCode", text(2, upper=True, empty="")),
    Map("account", OWN[1], reference(10, upper=True, trim=True, empty="")),
    Map("dimensions.cost_center", OWN[2], text(10, upper=True, empty="")),
    Map("dimensions.order", OWN[3], text(12, upper=True, empty="")),
    Map("location", "Plant", reference(4, upper=True, empty="")),
    *absent("never: an order's line is named by its number", "purchase_order_line_id"),
    *absent("upstream: what is billed, and its kind, stand on the order's item", "item", "kind"),
    *absent("never: an item has quantity and amount, and no price", "unit_price", "price_quantity", "discount_percent"),
    *absent("upstream: taxes are kept by tax code, not by item", "tax_amount"),
)

VENDOR_INVOICE = Lens(VendorInvoice, once((
    Join("id", ("SupplierInvoice", "FiscalYear"), document_key(10, 4), read_only=True),
    Map("number", "SupplierInvoice", text(10), read_only=True),
    Map("updated_at", "SuplrInvcLstChgDteTmeTxt", text_stamp(23), read_only=True),
    Map("kind", "SupplierInvoiceIsCreditMemo", choice({"": "invoice", "X": "credit_memo"}, otherwise="other"),
        native="native_kind"),
    Map("company", "CompanyCode", reference(4, upper=True)),
    Map("vendor", "InvoicingParty", reference(10, upper=True, trim=True)),
    Derived("purchase_order", same_order, uses=("lines",)),
    Map("vendor_reference", "SupplierInvoiceIDByInvcgParty", text(16, upper=True, empty="")),
    # The document's own text, so that the vendor's number keeps its field.
    Map("external_reference", "DocumentHeaderText", text(25, empty="")),
    Derived("status", _status, native=(("SupplierInvoiceStatus", text(1)), ("PaymentBlockingReason", text(1)),
                                       ("ReverseDocument", text(10)))),
    Map("native_status", "SupplierInvoiceStatus", text(1), read_only=True),
    Map("invoice_date", "DocumentDate", v2.day()),
    Map("posting_date", "PostingDate", v2.day()),
    Map("received_date", "InvoiceReceiptDate", v2.day()),
    Derived("due_date", _due, uses=("kind",), native=(
        ("DueCalculationBaseDate", v2.day()), ("CashDiscount1Days", amount(3, 0)),
        ("CashDiscount2Days", amount(3, 0)), ("NetPaymentDays", amount(3, 0)))),
    Map("currency", "DocumentCurrency", text(5, upper=True)),
    Map("exchange_rate", "DirectQuotedExchangeRate", positive(9, 5)),
    Map("payment_terms", "PaymentTerms", reference(4, upper=True, empty="")),
    Map("notes", "SupplierPostingLineItemText", text(50, empty="")),
    Map("total_incl_tax", "InvoiceGrossAmount", amount(14, 3)),
    Map("total_tax", TAX, amount(14, 3), read_only=True),
    Derived("total_excl_tax", _net, uses=("total_incl_tax", "total_tax")),
    Map("extra.ReverseDocument", "ReverseDocument", text(10), read_only=True),
    Each("lines", "to_SuplrInvcItemPurOrdRef/results", LINE, key=("number", "SupplierInvoiceItem")),
    linked("SupplierInvoice", SupplierInvoice=("SupplierInvoice", 10), FiscalYear=("FiscalYear", 4)),
    CREATED,
    *absent("never: an invoice is never changed, only reversed", "version"),
    *absent("upstream: payments are known to accounting, not to this service", "amount_paid"),
)))  # fmt: skip
