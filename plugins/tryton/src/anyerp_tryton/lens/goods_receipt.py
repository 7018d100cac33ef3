"""Goods receipts: `stock.shipment.in` and its incoming moves (wire §17)."""

from __future__ import annotations

from anyerp.lens import Codec, Each, Lens, Map, Refused, Rule, absent, choice
from anyerp.model import GoodsReceipt

from anyerp_tryton.codec import char, day, floating, key
from anyerp_tryton.lens.common import OWN, ref, unit

_LINE = "purchase.line,"


def _origin() -> Codec:
    """The id of the order's line where a move comes from one: `purchase.line,96` is 96."""

    def refuse(value: str) -> str:
        raise Refused("is read here, not written")

    return Codec(
        "tryton_order_line",
        decode=lambda value: value.removeprefix(_LINE) if value.startswith(_LINE) else None,
        encode=refuse,
        data={"codec": "tryton_order_line"},
    )


LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("kind", "state", choice({"done": "receipt"}, also={"draft": "receipt", "assigned": "receipt"},
        otherwise="other"), read_only=True),
    ref("purchase_order", "purchase", number="number", name="rec_name", read_only=True),
    Map("purchase_order_line_id", "origin", _origin(), read_only=True),
    ref("item", "product", read_only=True),
    Map("quantity", "quantity", floating(), read_only=True),
    Map("unit", "unit./symbol", unit(), native="native_unit", read_only=True),
    ref("location", "to_location", read_only=True),
    *absent("never: a move is known by its id only", "number"),
    *absent("never: every incoming move adds; returns are shipments of a kind of their own", "native_kind"),
    *absent("todo: a move's origin is of several kinds; its id is read, not what stands on it", "purchase_order_line"),
    *absent("never: a move has no text of its own", "description"),
    *absent("upstream: a module of its own adds lots", "lot_number", "expires_on"),
)  # fmt: skip

GOODS_RECEIPT = Lens(GoodsReceipt, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    ref("company", "company", number="party./code", name="party./name", read_only=True),
    ref("vendor", "supplier", read_only=True),
    Map("vendor_reference", "reference", char(), read_only=True),
    Map("status", "state", choice({"draft": "draft", "done": "posted", "cancelled": "cancelled"},
        also={"received": "posted"}, otherwise="other"), native="native_status", read_only=True),
    Map("receipt_date", "effective_date", day(), read_only=True),
    ref("location", "warehouse", read_only=True),
    Each("lines", "incoming_moves.", LINE, key=("id", "id")),
    *absent("never: a shipment may bring goods of several orders; its lines say which", "purchase_order"),
    *absent("never: no field made for a host's key", "external_reference"),
    *absent("never: only the number of the vendor's paper is kept, not its date", "document_date"),
    *absent("never: a shipment has no text of its own", "notes"),
))  # fmt: skip
