"""Goods receipts: posted by the warehouse, and read here (dynamics sheet §2.4)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Absent, Codec, Derived, Each, Join, Lens, Map, Nest, Rule, absent, integer, text
from anyerp.model import GoodsReceipt

from anyerp_dynamics.bc.codec import day, guid, number
from anyerp_dynamics.bc.lens.common import company, stamped, text_or_empty, unit

LINES = "purchaseReceiptLines"
#: Not a field of the service: the connector puts the unit's standard code beside its own.
UNIT = "@anyerp.unit"
_NO_ID = "upstream: receipts name others by their numbers"


def _item(parts: tuple[str | None, str | None]) -> str | None:
    kind, named = parts
    return named or None if kind == "Item" else None


_ITEM = Codec("bc_item_number", decode=_item, native=(str, str), memo=True, data={"codec": "bc_item_number"})
_SIZE = Codec("bc_size", decode=abs, native=Decimal, data={"codec": "bc_size"})


def _kind(quantity: Decimal | None) -> str | None:
    """A receipt that is undone gets a second line with the negative quantity."""
    if not quantity:
        return None
    return "receipt" if quantity > 0 else "reversal"


LINE: tuple[Rule, ...] = (
    Map("number", "sequence", integer(1), read_only=True),
    Map("id", "id", guid(), read_only=True),
    Derived("kind", _kind, native=(("quantity", number()),)),
    Nest("item", (
        Absent("id", _NO_ID),
        Join("number", ("lineType", "lineObjectNumber"), _ITEM, read_only=True),
        Absent("name", "upstream: the line's description begins as the name"),
    )),
    Map("description", "description", text(100), read_only=True),
    Map("quantity", "quantity", _SIZE, read_only=True),
    Map("unit", UNIT, unit(), read_only=True),
    Map("native_unit", "unitOfMeasureCode", text(10), read_only=True),
    Map("extra.lineType", "lineType", text(), read_only=True),
    Map("extra.unitCost", "unitCost", number(), read_only=True),
    *absent("never: a line adds or takes, in no words of its own", "native_kind"),
    *absent("never: a receipt is of one order, which the receipt names", "purchase_order"),
    *absent(
        "upstream: API v2.0 does not show the order's line; match order and item",
        "purchase_order_line",
        "purchase_order_line_id",
    ),
    *absent("upstream: API v2.0 does not show where it was put", "location"),
    *absent("upstream: API v2.0 does not show item tracking", "lot_number", "expires_on"),
)  # fmt: skip

GOODS_RECEIPT = Lens(GoodsReceipt, (
    Map("id", "id", guid(), read_only=True),
    Map("number", "number", text(20), read_only=True),
    *stamped(page=136),
    company(read_only=True),
    Nest("vendor", (
        Absent("id", _NO_ID),
        Map("number", "vendorNumber", text(20), read_only=True),
        Map("name", "vendorName", text(100), read_only=True),
    )),
    Nest("purchase_order", (
        Absent("id", _NO_ID),
        Map("number", "orderNumber", text(20), read_only=True),
        Absent("name", "never: orders have a number and no name"),
    )),
    Derived("status", lambda _: "posted", native=(("id", guid()),)),
    Map("receipt_date", "postingDate", day(), read_only=True),
    Map("document_date", "invoiceDate", day(), read_only=True),
    # What the order carried as the caller's key is copied to its receipts.
    Map("external_reference", "shipToContact", text_or_empty(100), read_only=True),
    Each("lines", LINES, LINE, key=("number", "sequence")),
    *absent("never: a receipt in this set is posted", "native_status"),
    *absent("upstream: API v2.0 does not show the vendor's shipment number", "vendor_reference"),
    *absent("upstream: API v2.0 does not show where it was received", "location"),
    *absent("upstream: API v2.0 does not show comments", "notes"),
))  # fmt: skip
