"""Vendor invoices: what a vendor bills, for which order and receipt, and how much of it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from anyerp.model.base import (
    Amount,
    Currency,
    Day,
    Extra,
    LineNumber,
    Model,
    Number,
    Quantity,
    Record,
    Ref,
    Text,
    UnitCode,
)
from anyerp.model.purchase_order import LineKind

VendorInvoiceKind = Literal["invoice", "credit_memo", "other"]
VendorInvoiceStatus = Literal[
    "draft", "pending_approval", "rejected", "open", "blocked", "partially_paid", "paid", "cancelled", "other"
]


class VendorInvoiceLine(Model):
    """One line of a vendor invoice."""

    number: LineNumber | None = None
    """Its number within the invoice."""
    id: Text | None = None
    """The ERP's own key of the line, where that is not the number."""
    kind: LineKind | None = None
    """Item, service, charge, or text only."""
    purchase_order: Ref | None = None
    """The order that is billed."""
    purchase_order_line: LineNumber | None = None
    """The number of the order's line."""
    purchase_order_line_id: Text | None = None
    """The ERP's own key of the order's line, where that is not the number."""
    goods_receipt: Ref | None = None
    """The receipt that is billed, where invoices are matched to receipts."""
    goods_receipt_line: LineNumber | None = None
    """The number of the receipt's line."""
    item: Ref | None = None
    """What is billed."""
    description: Text | None = None
    """What the line says."""
    quantity: Quantity | None = None
    """How much is billed, in `unit`."""
    unit: UnitCode | None = None
    """UN/ECE Rec 20 code."""
    native_unit: Text | None = None
    """The ERP's own name of the unit."""
    unit_price: Amount | None = None
    """The price of `price_quantity` units, in the invoice's currency, without tax."""
    price_quantity: Quantity | None = None
    """How many units `unit_price` is for; null means one."""
    discount_percent: Number | None = None
    """Discount on the line, in percent."""
    amount: Amount | None = None
    """Net amount of the line, without tax."""
    tax_code: Text | None = None
    """The tax code, as the ERP names it."""
    tax_amount: Amount | None = None
    """Tax of the line."""
    account: Ref | None = None
    """The general-ledger account that is charged."""
    dimensions: Mapping[str, str] | None = None
    """Cost centre, project and the like, by name."""
    location: Ref | None = None
    """The place whose stock or cost it is."""
    extra: Extra | None = None
    """Custom fields by name, as JSON values without fractions: a fraction is written as text."""


class VendorInvoice(Record):
    """A vendor's bill, or its credit memo. Amounts of both are positive; `kind` says which way they go."""

    kind: VendorInvoiceKind | None = None
    """An invoice or a credit memo; `other` keeps the ERP's word in `native_kind`."""
    native_kind: Text | None = None
    """The ERP's own word for the kind."""
    company: Ref | None = None
    """The company that is billed."""
    vendor: Ref | None = None
    """Who bills."""
    purchase_order: Ref | None = None
    """The order, where the whole invoice belongs to one; the lines' own say it for each."""
    vendor_reference: Text | None = None
    """The vendor's own number of the invoice."""
    external_reference: Text | None = None
    """The caller's own key; settles what became of a write whose answer was lost."""
    status: VendorInvoiceStatus | None = None
    """Where the invoice stands; `open` is posted and, as far as this ERP tells, unpaid; `blocked` may not be paid."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    invoice_date: Day | None = None
    """The date on the invoice."""
    posting_date: Day | None = None
    """The date under which it is in the books."""
    received_date: Day | None = None
    """When it came in."""
    due_date: Day | None = None
    """When it is to be paid."""
    currency: Currency | None = None
    """The currency of every amount of the invoice."""
    exchange_rate: Number | None = None
    """To the company's currency."""
    payment_terms: Ref | None = None
    """When it is due, by which rule."""
    notes: Text | None = None
    """Text on the whole invoice."""
    total_excl_tax: Amount | None = None
    """Sum without tax."""
    total_tax: Amount | None = None
    """Tax on the whole invoice."""
    total_incl_tax: Amount | None = None
    """What is billed."""
    amount_paid: Amount | None = None
    """How much of it is paid."""
    lines: Annotated[tuple[VendorInvoiceLine, ...], Field(strict=False)] | None = None
    """The lines, in the invoice's own sequence."""
