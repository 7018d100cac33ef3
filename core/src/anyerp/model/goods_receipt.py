"""Goods receipts: what came in against a purchase order, and what of it was taken back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from anyerp.model.base import Day, Extra, LineNumber, Model, Quantity, Record, Ref, Text, UnitCode

GoodsReceiptStatus = Literal["draft", "posted", "cancelled", "other"]
GoodsReceiptLineKind = Literal["receipt", "reversal", "return", "other"]


class GoodsReceiptLine(Model):
    """One line of a goods receipt."""

    number: LineNumber | None = None
    """Its number within the receipt."""
    id: Text | None = None
    """The ERP's own key of the line, where that is not the number."""
    kind: GoodsReceiptLineKind | None = None
    """What it did to the stock: a `receipt` adds, a `reversal` (of a receipt) and a `return` (to the vendor) take."""
    native_kind: Text | None = None
    """The ERP's own word for the kind (movement type)."""
    purchase_order: Ref | None = None
    """The order that it was received against."""
    purchase_order_line: LineNumber | None = None
    """The number of the order's line."""
    purchase_order_line_id: Text | None = None
    """The ERP's own key of the order's line, where that is not the number."""
    item: Ref | None = None
    """What came."""
    description: Text | None = None
    """What the line says."""
    quantity: Quantity | None = None
    """How much came, in `unit`; positive for every kind."""
    unit: UnitCode | None = None
    """UN/ECE Rec 20 code."""
    native_unit: Text | None = None
    """The ERP's own name of the unit."""
    location: Ref | None = None
    """Where it was put."""
    lot_number: Text | None = None
    """The lot or batch that it belongs to."""
    expires_on: Day | None = None
    """When the lot's shelf life ends."""
    extra: Extra | None = None
    """Custom fields by name, as JSON values without fractions: a fraction is written as text."""


class GoodsReceipt(Record):
    """A receipt of goods from a vendor."""

    company: Ref | None = None
    """The company that received."""
    vendor: Ref | None = None
    """Who delivered."""
    purchase_order: Ref | None = None
    """The order, where the whole receipt belongs to one; the lines' own say it for each."""
    vendor_reference: Text | None = None
    """The vendor's own reference: the number of the delivery note."""
    external_reference: Text | None = None
    """The caller's own key; settles what became of a write whose answer was lost."""
    status: GoodsReceiptStatus | None = None
    """Where the receipt stands; `posted` changed the stock, `cancelled` was reversed as a whole."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    receipt_date: Day | None = None
    """The date under which it changed the stock (posting date)."""
    document_date: Day | None = None
    """The date on the vendor's paper."""
    location: Ref | None = None
    """Where it was received, where the whole receipt has one place."""
    notes: Text | None = None
    """Text on the whole receipt."""
    lines: Annotated[tuple[GoodsReceiptLine, ...], Field(strict=False)] | None = None
    """The lines, in the receipt's own sequence."""
