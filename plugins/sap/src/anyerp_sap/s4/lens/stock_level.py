"""Stock levels: what lies at a place, apart for each batch and stock type (sap sheet §10, §12)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote

from anyerp.lens import Codec, Join, Lens, Map, absent, choice, reference, text
from anyerp.model import StockLevel

from anyerp_sap.s4.codec import amount, plant_and_storage
from anyerp_sap.s4.lens.master import NO_STAMP, NO_UI
from anyerp_sap.units import unit

#: The eleven fields of the key, in its order; those that stay empty are part of it.
KEY = (
    "Material", "Plant", "StorageLocation", "Batch", "Supplier", "Customer", "WBSElementInternalID", "SDDocument",
    "SDDocumentItem", "InventorySpecialStockType", "InventoryStockType",
)  # fmt: skip
STATUS = {
    "01": "available",
    "02": "quality_inspection",
    "03": "returned",
    "04": "in_transit",
    "05": "in_transit",
    "06": "in_transit",
    "07": "blocked",
}


def key_id(parts: Sequence[str | None]) -> str:
    """The id of a row: the fields of its key one behind the other, `TG11~1010~101A~~~~0~~0~~01`."""
    return "~".join(quote(part or "", safe="/ ").replace("~", "%7E") for part in parts)


def key_of(id: str) -> dict[str, str] | None:
    """The key that an id stands for; None for what is no such id."""
    parts = [unquote(part) for part in id.split("~")]
    return dict(zip(KEY, parts, strict=True)) if len(parts) == len(KEY) else None


STOCK_LEVEL = Lens(StockLevel, (
    Join("id", KEY, Codec("sap_stock_key", decode=key_id, native=(str,) * len(KEY)), read_only=True),
    Map("item", "Material", reference(40, trim=True), read_only=True),
    Join("location", ("Plant", "StorageLocation"), plant_and_storage(), read_only=True),
    Map("lot_number", "Batch", text(10), read_only=True),
    Map("status", "InventoryStockType", choice({}, also=STATUS, otherwise="other"), read_only=True,
        native="native_status"),
    Map("unit", "MaterialBaseUnit", unit(), read_only=True, native="native_unit"),
    Map("quantity_on_hand", "MatlWrhsStkQtyInMatlBaseUnit", amount(31, 14), read_only=True),
    # Whose it is, or for whom: consignment (K, W), a sales order's (E), a project's (Q), with a subcontractor (O).
    Map("extra.InventorySpecialStockType", "InventorySpecialStockType", text(1), read_only=True),
    Map("extra.Supplier", "Supplier", text(10), read_only=True),
    Map("extra.Customer", "Customer", text(10), read_only=True),
    Map("extra.SDDocument", "SDDocument", text(10), read_only=True),
    Map("extra.WBSElementExternalID", "WBSElementExternalID", text(24), read_only=True),
    *absent("never: a quantity of stock has no number", "number"),
    *absent(NO_UI, "url"),
    *absent(NO_STAMP, "version", "created_at", "updated_at"),
    *absent("upstream: stock names plants, and those their company codes", "company"),
    *absent("upstream: the dates of batches are not in this service", "expires_on"),
    *absent("upstream: requirements and planned receipts are not in this service", "quantity_reserved",
            "quantity_on_order", "quantity_available"),
))  # fmt: skip
