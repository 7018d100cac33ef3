"""Stock: WarehousesOnHandV2, apart by product variant, site and warehouse (dynamics sheet §1.3, §1.11)."""

from __future__ import annotations

from anyerp.lens import Codec, Join, Lens, Map, absent, reference, text
from anyerp.model import StockLevel

from anyerp_dynamics.fno.codec import company, number, place
from anyerp_dynamics.fno.lens.master import ETAG, NO_EXTRA
from anyerp_dynamics.fno.unit import unit

#: The key without the company, in the service's order; empty parts are legal and common.
KEY = (
    "ItemNumber",
    "ProductColorId",
    "ProductConfigurationId",
    "ProductSizeId",
    "ProductStyleId",
    "ProductVersionId",
    "InventorySiteId",
    "InventoryWarehouseId",
)


def joined(parts: tuple[str | None, ...]) -> str:
    """An id of the parts of the key: `D0001~~~~~~1~11`."""
    return "~".join((part or "").replace("%", "%25").replace("~", "%7E") for part in parts)


def parted(id: str) -> list[str]:
    """The parts of an id."""
    return [part.replace("%7E", "~").replace("%25", "%") for part in id.split("~")]


STOCK_LEVEL = Lens(StockLevel, (
    Join("id", KEY, Codec("fno_stock_id", decode=joined, native=(str,) * len(KEY)), read_only=True),
    ETAG,
    Map("company", "dataAreaId", company(), read_only=True),
    Map("item", "ItemNumber", reference(20), read_only=True),
    Join("location", ("InventorySiteId", "InventoryWarehouseId"), place(), read_only=True),
    # Stock is counted in the item's own unit, which stands with the item.
    Map("unit", "@anyerp.unit", unit(), read_only=True, native="native_unit"),
    Map("quantity_on_hand", "OnHandQuantity", number(), read_only=True),
    Map("quantity_reserved", "ReservedOnHandQuantity", number(), read_only=True),
    Map("quantity_on_order", "OrderedQuantity", number(), read_only=True),
    Map("quantity_available", "AvailableOnHandQuantity", number(), read_only=True),
    *(Map(f"extra.{name}", name, text(50), read_only=True) for name in KEY[1:]),
    *absent("never: a level is known by its item and place, and has no number", "number"),
    *absent("upstream: this data entity sums over batches", "lot_number", "expires_on"),
    *absent("upstream: this data entity sums over inventory statuses", "status", "native_status"),
    *NO_EXTRA,
))  # fmt: skip
