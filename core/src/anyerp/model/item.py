"""Items: what is bought, made, kept and sold."""

from __future__ import annotations

from typing import Literal

from anyerp.model.base import Amount, Currency, Number, Record, Text, UnitCode

ItemKind = Literal["goods", "service", "other"]
ItemStatus = Literal["active", "blocked", "inactive", "other"]


class Item(Record):
    """A material, product or service."""

    name: Text | None = None
    """Its name in the connection's language."""
    description: Text | None = None
    """A longer text."""
    kind: ItemKind | None = None
    """Goods or service; `other` keeps the ERP's word in `native_kind`."""
    native_kind: Text | None = None
    """The ERP's own word for the kind (material type, item type)."""
    status: ItemStatus | None = None
    """Whether it may be used."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    unit: UnitCode | None = None
    """The unit that stock is counted in, UN/ECE Rec 20."""
    native_unit: Text | None = None
    """The ERP's own name of that unit."""
    purchase_unit: UnitCode | None = None
    """The unit that it is ordered in, UN/ECE Rec 20."""
    native_purchase_unit: Text | None = None
    """The ERP's own name of that unit."""
    gtin: Text | None = None
    """Global trade item number (EAN, UPC)."""
    group: Text | None = None
    """The material group or category, as the ERP codes it."""
    cost: Amount | None = None
    """The standard cost of one unit, in `currency`."""
    price: Amount | None = None
    """The list price of one unit, in `currency`."""
    currency: Currency | None = None
    """The currency of cost and price."""
    gross_weight: Number | None = None
    """Weight of one unit, in `weight_unit`."""
    net_weight: Number | None = None
    """Weight of one unit without packing, in `weight_unit`."""
    weight_unit: UnitCode | None = None
    """Unit of the weights, UN/ECE Rec 20."""
    purchasable: bool | None = None
    """Whether it may be bought."""
