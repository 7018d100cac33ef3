"""Goods receipts: `stock.shipment.in` and its incoming moves (wire §17)."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Lens, Map, Rule, absent, choice
from anyerp.model import GoodsReceipt

from anyerp_tryton.codec import char, day, floating, key
from anyerp_tryton.lens.common import OWN, ref, unit
from anyerp_tryton.lens.origin import order_line, same_order, unmarked

#: The two references share a field, and a line lies where its receipt does; the flow takes them apart.
ALSO = {
    "_reference": ("reference",),
    "_key": ("reference",),
    "incoming_moves./*/_purchase": ("incoming_moves.origin",),
    "incoming_moves./*/_sequence": ("incoming_moves.origin",),
    "incoming_moves./*/_warehouse": ("warehouse", "warehouse.code", "warehouse.name"),
    "incoming_moves./*/id": ("incoming_moves._timestamp",),
}

LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("kind", "state", choice({"done": "receipt"}, also={"draft": "receipt", "assigned": "receipt"},
        otherwise="other"), read_only=True),
    *order_line(create_only=True),
    ref("item", "product", create_only=True),
    Map("quantity", "quantity", floating(), create_only=True),
    Map("unit", "unit./symbol", unit(), native="native_unit", create_only=True),
    ref("location", "_warehouse", create_only=True),
    *absent("never: a move is known by its id only", "number"),
    *absent("never: every incoming move adds; returns are shipments of a kind of their own", "native_kind"),
    *absent("never: a move has no text of its own", "description"),
    *absent("upstream: a module of its own adds lots", "lot_number", "expires_on"),
)  # fmt: skip

GOODS_RECEIPT = Lens(GoodsReceipt, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    ref("company", "company", number="party./code", name="party./name", create_only=True),
    ref("vendor", "supplier", create_only=True),
    Derived("purchase_order", same_order, uses=("lines",)),
    Map("vendor_reference", "_reference", unmarked()),
    Map("external_reference", "_key", unmarked()),
    Map("status", "state", choice({"draft": "draft", "done": "posted", "cancelled": "cancelled"},
        also={"received": "posted"}, otherwise="other"), native="native_status", read_only=True),
    Map("receipt_date", "effective_date", day(), create_only=True),
    ref("location", "warehouse", create_only=True),
    Each("lines", "incoming_moves.", LINE, key=("id", "id")),
    *absent("never: only the number of the vendor's paper is kept, not its date", "document_date"),
    *absent("never: a shipment has no text of its own", "notes"),
))  # fmt: skip
