"""Purchase orders: what was ordered from whom, at what price, and how much of it came and was billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from anyerp.model.base import (
    Address,
    Amount,
    Currency,
    Day,
    Extra,
    Instant,
    LineNumber,
    Model,
    Number,
    Quantity,
    Record,
    Ref,
    Text,
    UnitCode,
)

PurchaseOrderStatus = Literal[
    "draft", "pending_approval", "rejected", "open", "partially_received", "received", "closed", "cancelled", "other"
]
LineKind = Literal["item", "service", "charge", "text", "other"]
LineStatus = Literal["open", "partially_received", "received", "closed", "cancelled", "other"]


class PurchaseOrderLine(Model):
    """One line of a purchase order."""

    number: LineNumber | None = None
    """Its number within the order; how lines are matched on update."""
    id: Text | None = None
    """The ERP's own key of the line, where that is not the number."""
    kind: LineKind | None = None
    """Item, service, charge, or text only."""
    item: Ref | None = None
    """What is ordered."""
    vendor_item_number: Text | None = None
    """The vendor's own number of the item."""
    description: Text | None = None
    """What the line says."""
    quantity: Quantity | None = None
    """How much is ordered, in `unit`."""
    unit: UnitCode | None = None
    """UN/ECE Rec 20 code."""
    native_unit: Text | None = None
    """The ERP's own name of the unit."""
    unit_price: Amount | None = None
    """The price of `price_quantity` units, in the order's currency, without tax."""
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
    requested_date: Day | None = None
    """When delivery is asked for."""
    confirmed_date: Day | None = None
    """When the vendor promised delivery."""
    location: Ref | None = None
    """Where it is to be received."""
    account: Ref | None = None
    """The general-ledger account that is charged."""
    dimensions: Mapping[str, str] | None = None
    """Cost centre, project and the like, by name."""
    quantity_received: Quantity | None = None
    """How much has come, in `unit`."""
    quantity_billed: Quantity | None = None
    """How much has been invoiced, in `unit`."""
    status: LineStatus | None = None
    """Where the line stands."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    requisition: Ref | None = None
    """The purchase requisition that it came from."""
    extra: Extra | None = None
    """Custom fields by name, as JSON values without fractions: a fraction is written as text."""


class PurchaseOrder(Record):
    """An order to a vendor."""

    company: Ref | None = None
    """The company that buys."""
    vendor: Ref | None = None
    """Who delivers."""
    vendor_reference: Text | None = None
    """The vendor's own reference: quotation, confirmation."""
    external_reference: Text | None = None
    """The caller's own key; settles what became of a write whose answer was lost."""
    status: PurchaseOrderStatus | None = None
    """Where the order stands; `other` keeps the ERP's word in `native_status`."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    order_date: Day | None = None
    """The date on the order."""
    currency: Currency | None = None
    """The currency of every amount of the order."""
    exchange_rate: Number | None = None
    """To the company's currency."""
    payment_terms: Ref | None = None
    """When the invoice is due."""
    incoterms: Text | None = None
    """Incoterms code (`FOB`, `DAP`)."""
    incoterms_location: Text | None = None
    """The place that belongs to the code."""
    buyer: Ref | None = None
    """Who is responsible for buying: a person or a purchasing group."""
    requester: Ref | None = None
    """Who asked for it."""
    approved_at: Instant | None = None
    """When it was approved."""
    ship_to: Address | None = None
    """Where it is to be delivered."""
    bill_to: Address | None = None
    """Where the invoice goes."""
    notes: Text | None = None
    """Text to the vendor."""
    total_excl_tax: Amount | None = None
    """Sum of the lines without tax."""
    total_tax: Amount | None = None
    """Tax on the whole order."""
    total_incl_tax: Amount | None = None
    """What is to be paid."""
    lines: Annotated[tuple[PurchaseOrderLine, ...], Field(strict=False)] | None = None
    """The lines, in the order's own sequence."""
