"""Goods receipts: material documents whose items move goods for purchase orders (sap sheet §12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anyerp.kits.odata import v2
from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, choice, integer_text, reference, text
from anyerp.model import GoodsReceipt

from anyerp_sap.s4.codec import amount, document_key, plant_and_storage
from anyerp_sap.s4.header import CREATED_AT, linked
from anyerp_sap.s4.lens.once import once
from anyerp_sap.units import unit

#: Movement types of standard SAP (sap sheet §10). What else an order's history has is `other` with its own type.
KINDS = {"101": "receipt", "102": "reversal", "122": "return"}
ALSO = {"103": "receipt", "105": "receipt", "104": "reversal", "106": "reversal", "161": "return", "124": "return"}
#: Said by the flow of a document whose items are all cancelled; no field of SAP's.
STATUS = "_anyerp/status"


def same_order(lines: Iterable[dict[str, Any]] | None) -> Any:
    """The order that all lines belong to, None where they differ or have none."""
    orders = [line.get("purchase_order") for line in lines or ()]
    return orders[0] if orders and all(order == orders[0] for order in orders) else None


LINE: tuple[Rule, ...] = (
    Map("number", "MaterialDocumentItem", integer_text(4, zero_is_nothing=True)),
    Map("kind", "GoodsMovementType", choice(KINDS, also=ALSO, otherwise="other"), native="native_kind"),
    Map("purchase_order", "PurchaseOrder", reference(10, upper=True, trim=True, empty="")),
    Map("purchase_order_line", "PurchaseOrderItem", integer_text(5, zero_is_nothing=True)),
    Map("item", "Material", reference(40, upper=True, trim=True, empty="")),
    Map("description", "MaterialDocumentItemText", text(50, empty="")),
    Map("quantity", "QuantityInEntryUnit", amount(13, 3)),
    Map("unit", "EntryUnit", unit(), native="native_unit"),
    Join("location", ("Plant", "StorageLocation"), plant_and_storage()),
    Map("lot_number", "Batch", text(10, upper=True, empty="")),
    Map("expires_on", "ShelfLifeExpirationDate", v2.day()),
    *absent("never: the item number is the line's key", "id"),
    *absent("never: an order's line is named by its number", "purchase_order_line_id"),
)

GOODS_RECEIPT = Lens(GoodsReceipt, once((
    Join("id", ("MaterialDocumentYear", "MaterialDocument"), document_key(4, 10), read_only=True),
    Map("number", "MaterialDocument", text(10), read_only=True),
    Map("vendor", "to_MaterialDocumentItem/results/0/Supplier", reference(10, trim=True), read_only=True),
    Derived("purchase_order", same_order, uses=("lines",)),
    Map("vendor_reference", "ReferenceDocument", text(16, upper=True, empty="")),
    # The header's own text, so that the delivery note's number keeps its field.
    Map("external_reference", "MaterialDocumentHeaderText", text(25, empty="")),
    Map("status", STATUS, choice({"posted": "posted", "cancelled": "cancelled"}), read_only=True),
    Map("receipt_date", "PostingDate", v2.day()),
    Map("document_date", "DocumentDate", v2.day()),
    Map("extra.InventoryTransactionType", "InventoryTransactionType", text(2), read_only=True),
    Each("lines", "to_MaterialDocumentItem/results", LINE, key=("number", "MaterialDocumentItem")),
    linked("MaterialDocument",
           MaterialDocument=("MaterialDocument", 10), MaterialDocumentYear=("MaterialDocumentYear", 4)),
    CREATED_AT,
    *absent("never: a material document is never changed", "version", "updated_at"),
    *absent("upstream: documents name plants, and those their company codes", "company"),
    *absent("never: places stand on the items", "location"),
    *absent("never: a material document has no status, its items are marked when they are cancelled", "native_status"),
    *absent("upstream: the header has one text, which keeps the caller's key", "notes"),
)))  # fmt: skip
