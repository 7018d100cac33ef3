"""Stock: quantities of items by location (netsuite sheet §4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, absent, decimal
from anyerp.model import StockLevel

from anyerp_netsuite.codec import key
from anyerp_netsuite.lens.common import ref
from anyerp_netsuite.suiteql import Table
from anyerp_netsuite.units import unit

STOCK_LEVEL = Lens(StockLevel, (
    Map("id", "id", key(), read_only=True),
    ref("item", "item", number="refName", name="displayName", read_only=True),
    ref("location", "location", read_only=True),
    Map("unit", "stockUnit/refName", unit(), native="native_unit", read_only=True),
    Map("quantity_on_hand", "quantityOnHand", decimal(15, 5), read_only=True),
    Map("quantity_available", "quantityAvailable", decimal(15, 5), read_only=True),
    Map("quantity_on_order", "quantityOnOrder", decimal(15, 5), read_only=True),
    Map("quantity_reserved", "quantityCommitted", decimal(15, 5), read_only=True),
    *absent("never: a level has no number, it is an item at a location", "number"),
    *absent("never: a level has no page of its own", "url"),
    *absent("never: a level keeps no stamps", "version", "created_at", "updated_at"),
    *absent("never: a location may serve several subsidiaries", "company"),
    *absent("upstream: lots, bins and inventory statuses are in another table, with other quantities",
            "lot_number", "expires_on", "status", "native_status"),
))  # fmt: skip

#: Item and location in one number, by which one can page.
_ID = "(s.item * 1000000 + s.location)"

TABLE = Table(
    source="inventoryitemlocations s",
    joins={"i": "JOIN item i ON i.id = s.item"},
    id=_ID,
    alias="s",
    columns={"id": _ID, "item/displayName": "i.displayname", "stockUnit/refName": "BUILTIN.DF(i.stockunit)"},
)
