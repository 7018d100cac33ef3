"""Sales orders: what was sold to whom, at what price, and how much of it went out and was billed."""

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
from anyerp.model.purchase_order import LineKind

SalesOrderStatus = Literal[
    "draft",
    "pending_approval",
    "rejected",
    "on_hold",
    "open",
    "partially_shipped",
    "shipped",
    "closed",
    "cancelled",
    "other",
]
SalesLineStatus = Literal["open", "partially_shipped", "shipped", "closed", "cancelled", "other"]


class SalesOrderLine(Model):
    """One line of a sales order."""

    number: LineNumber | None = None
    """Its number within the order; how lines are matched on update."""
    id: Text | None = None
    """The ERP's own key of the line, where that is not the number."""
    kind: LineKind | None = None
    """Item, service, charge, or text only."""
    item: Ref | None = None
    """What is sold."""
    customer_item_number: Text | None = None
    """The customer's own number of the item."""
    description: Text | None = None
    """What the line says."""
    quantity: Quantity | None = None
    """How much is sold, in `unit`."""
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
    """When the customer wants it."""
    confirmed_date: Day | None = None
    """When delivery was promised."""
    location: Ref | None = None
    """Where it is delivered from."""
    dimensions: Mapping[str, str] | None = None
    """Cost centre, project and the like, by name."""
    quantity_shipped: Quantity | None = None
    """How much has gone out, in `unit`."""
    quantity_billed: Quantity | None = None
    """How much has been invoiced, in `unit`."""
    status: SalesLineStatus | None = None
    """Where the line stands."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    extra: Extra | None = None
    """Custom fields by name, as JSON values without fractions: a fraction is written as text."""


class SalesOrder(Record):
    """An order from a customer."""

    company: Ref | None = None
    """The company that sells, or its sales organization where the ERP has those instead."""
    customer: Ref | None = None
    """Who ordered."""
    customer_reference: Text | None = None
    """The customer's own number of the order."""
    external_reference: Text | None = None
    """The caller's own key; settles what became of a write whose answer was lost."""
    status: SalesOrderStatus | None = None
    """Where the order stands; `other` keeps the ERP's word in `native_status`."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    order_date: Day | None = None
    """The date on the order."""
    requested_date: Day | None = None
    """When the customer wants it, where the whole order has one date."""
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
    sales_person: Ref | None = None
    """Who is responsible for selling: a person or a sales group."""
    approved_at: Instant | None = None
    """When it was approved."""
    ship_to: Address | None = None
    """Where it is to be delivered."""
    bill_to: Address | None = None
    """Where the invoice goes."""
    notes: Text | None = None
    """Text to the customer."""
    total_excl_tax: Amount | None = None
    """Sum of the lines without tax."""
    total_tax: Amount | None = None
    """Tax on the whole order."""
    total_incl_tax: Amount | None = None
    """What is to be paid."""
    lines: Annotated[tuple[SalesOrderLine, ...], Field(strict=False)] | None = None
    """The lines, in the order's own sequence."""
