"""Lines of a purchase order: the two sublists `item` and `expense`, read as one (netsuite sheet §3, §4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.lens import Codec, Join, Map, Nest, Rule, absent, choice, decimal, iso_day, text

from anyerp_netsuite.codec import key, whole
from anyerp_netsuite.lens.common import ref
from anyerp_netsuite.units import unit

KINDS = {"InvtPart": "item", "Service": "service", "OthCharge": "charge"}
ALSO = {"NonInvtPart": "item", "Assembly": "item", "Kit": "item", "Expense": "charge"}


def quantity() -> Codec:
    """A quantity. NetSuite keeps doubles, which hold fifteen digits."""
    return decimal(15, 5)


_TRUTH = {None: False, True: True, False: False, "T": True, "F": False}


def _status(parts: tuple[Any, ...]) -> str | None:
    closed, ordered, received = parts
    if _TRUTH[closed]:
        return "closed"
    if ordered is None:
        return None
    if received is None or received <= 0:
        return "open"
    return "received" if received >= ordered else "partially_received"


LINE: tuple[Rule, ...] = (
    # Not a place: numbers stay after deletions (1, 3, ...), and the account gives them.
    Map("number", "line", whole(), read_only=True),
    # What the item is: it comes along with the reference.
    Map("kind", "itemType/id", choice(KINDS, also=ALSO, otherwise="other"), follows=True),
    ref("item", "item", number="refName", name=None),
    Map("vendor_item_number", "vendorName", text(60)),
    Map("description", "description", text(4000)),
    Map("quantity", "quantity", quantity()),
    Map("unit", "unitName", unit(), native="native_unit"),
    Map("unit_price", "rate", decimal(15, 8)),
    Map("amount", "amount", decimal(15, 3)),
    Map("requested_date", "expectedReceiptDate", iso_day()),
    ref("location", "location"),
    ref("account", "account"),
    Map("dimensions.department", "department/id", key()),
    Map("dimensions.class", "class/id", key()),
    Map("quantity_received", "quantityReceived", quantity(), read_only=True),
    Map("quantity_billed", "quantityBilled", quantity(), read_only=True),
    Join(
        "status",
        ("isClosed", "quantity", "quantityReceived"),
        Codec("netsuite_line_status", decode=_status, native=(object, Decimal, Decimal)),
        read_only=True,
    ),
    Nest(
        "requisition",
        (
            Map("id", "linkedOrder/items/0/id", key(), read_only=True),
            Map("number", "linkedOrder/items/0/refName", text(), read_only=True),
            *absent("upstream: a link says id and number only", "name"),
        ),
    ),
    *absent("never: a line's key is its number", "id"),
    *absent("never: a rate is for one unit", "price_quantity"),
    *absent("never: a discount is an item of its own, on a line of its own", "discount_percent"),
    *absent("upstream: with SuiteTax taxes stand in the tax details, which these services do not give by line",
            "tax_code", "tax_amount"),
    *absent("never: a line has one date, on which receipt is expected", "confirmed_date"),
    *absent("never: a line has no status word, only marks and quantities", "native_status"),
)  # fmt: skip
