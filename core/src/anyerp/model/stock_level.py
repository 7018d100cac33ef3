"""Stock levels: how much of an item lies at a place, and how much of it is free."""

from __future__ import annotations

from typing import Literal

from anyerp.model.base import Day, Quantity, Record, Ref, Text, UnitCode

StockStatus = Literal["available", "quality_inspection", "blocked", "returned", "in_transit", "other"]


class StockLevel(Record):
    """The stock of one item at one place, apart for each lot and status where the ERP keeps them apart."""

    company: Ref | None = None
    """The company whose stock it is."""
    item: Ref | None = None
    """What lies there."""
    location: Ref | None = None
    """Where."""
    lot_number: Text | None = None
    """The lot or batch, where stock is kept by it."""
    expires_on: Day | None = None
    """When the lot's shelf life ends."""
    status: StockStatus | None = None
    """What it may be used for; null where the ERP keeps no such stocks apart."""
    native_status: Text | None = None
    """The ERP's own word for the status (stock type, inventory status)."""
    unit: UnitCode | None = None
    """The unit of every quantity, UN/ECE Rec 20."""
    native_unit: Text | None = None
    """The ERP's own name of the unit."""
    quantity_on_hand: Quantity | None = None
    """How much lies there."""
    quantity_reserved: Quantity | None = None
    """How much of it is promised (committed, allocated)."""
    quantity_on_order: Quantity | None = None
    """How much is on the way from vendors or from production."""
    quantity_available: Quantity | None = None
    """How much may still be promised, as the ERP reckons it."""
