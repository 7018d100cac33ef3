"""Stock per warehouse, which stands inside the item (sap sheet §13, ItemWarehouseInfo)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Codec, Derived, Join, Lens, Map, absent, reference, text
from anyerp.model import StockLevel

from anyerp_sap.b1.codec import number
from anyerp_sap.b1.lens.partner import NO_UI


def _id(parts: tuple[str | None, str | None]) -> str | None:
    """Item and warehouse: `A1000~01`."""
    item, warehouse = parts
    return f"{item}~{warehouse}" if item and warehouse else None


def _available(there: Decimal | None, promised: Decimal | None, ordered: Decimal | None) -> Decimal | None:
    """As the ERP's own screen reckons it: what is on order counts."""
    if there is None or promised is None or ordered is None:
        return None
    return there - promised + ordered


STOCK_LEVEL = Lens(StockLevel, (
    Join("id", ("ItemCode", "WarehouseCode"), Codec("b1_stock_id", decode=_id, native=(str, str)), read_only=True),
    Map("item", "ItemCode", reference(50), read_only=True),
    Map("location", "WarehouseCode", reference(8), read_only=True),
    Map("unit", "InventoryUoMEntry@anyerp.code", text(3), read_only=True),
    Map("native_unit", "InventoryUoMEntry@anyerp.name", text(100), read_only=True),
    Map("quantity_on_hand", "InStock", number(), read_only=True),
    Map("quantity_reserved", "Committed", number(), read_only=True),
    Map("quantity_on_order", "Ordered", number(), read_only=True),
    Derived("quantity_available", _available, native=(
        ("InStock", number()), ("Committed", number()), ("Ordered", number()))),
    *absent("never: an item's stock in a warehouse has no number of its own", "number"),
    *absent(NO_UI, "url"),
    *absent("never: stock moves without a stamp, and the item's own does not move with it", "version", "created_at",
            "updated_at"),
    *absent("upstream: the warehouse says which branch it belongs to", "company"),
    *absent("upstream: batches are another object, whose quantities are another one again", "lot_number",
            "expires_on"),
    *absent("never: stock that may not be used stands in a warehouse of its own", "status", "native_status"),
))  # fmt: skip
