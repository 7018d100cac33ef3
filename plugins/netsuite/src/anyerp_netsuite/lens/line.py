"""Lines: the two sublists `item` and `expense` are read as one (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.kits.custom import custom
from anyerp.lens import Codec, Derived, Map, Nest, Rule, absent, choice, decimal, iso_day, text

from anyerp_netsuite.codec import key, whole
from anyerp_netsuite.lens.common import CUSTOM, document, ref
from anyerp_netsuite.lens.status import line_status
from anyerp_netsuite.units import unit

KINDS = {"InvtPart": "item", "Service": "service", "OthCharge": "charge"}
ALSO = {"NonInvtPart": "item", "Assembly": "item", "Kit": "item", "Expense": "charge"}


def quantity() -> Codec:
    """A quantity. NetSuite keeps doubles, which hold fifteen digits."""
    return decimal(15, 5)


_NEVER = (
    *absent("never: a line's key is its number", "id"),
    *absent("never: a rate is for one unit", "price_quantity"),
    *absent("never: a discount is an item of its own, on a line of its own", "discount_percent"),
)  # fmt: skip

#: With SuiteTax taxes stand in a list of their own, which says of what line each is: `document.inward` puts them there.
_TAXED = (
    Map("tax_code", "tax/code", text(), read_only=True),
    Map("tax_amount", "tax/amount", decimal(15, 3), read_only=True),
)
_UNTAXED = absent("upstream: tax details of bills are not in the record's metadata", "tax_code", "tax_amount")

#: What lines of all orders and bills have.
COMMON: tuple[Rule, ...] = (
    # Not a place: numbers stay after deletions (1, 3, ...), and the account gives them.
    Map("number", "line", whole(), read_only=True),
    # What the item is: it comes along with the reference.
    Map("kind", "itemType/id", choice(KINDS, also=ALSO, otherwise="other"), follows=True),
    ref("item", "item", number="refName", name="displayName"),
    Map("description", "description", text(4000)),
    Map("quantity", "quantity", quantity()),
    Map("unit", "unitName", unit(), native="native_unit"),
    Map("unit_price", "rate", decimal(15, 8)),
    Map("amount", "amount", decimal(15, 3)),
    ref("location", "location"),
    Map("dimensions.department", "department/id", key()),
    Map("dimensions.class", "class/id", key()),
    Map("extra", CUSTOM, custom(), follows=True),
    *_NEVER,
)

PURCHASE: tuple[Rule, ...] = (
    *COMMON,
    *_TAXED,
    Map("vendor_item_number", "vendorName", text(60)),
    Map("requested_date", "expectedReceiptDate", iso_day()),
    ref("account", "account"),
    Map("quantity_received", "quantityReceived", quantity(), read_only=True),
    Map("quantity_billed", "quantityBilled", quantity(), read_only=True),
    line_status("quantityReceived", "received"),
    Nest(
        "requisition",
        (
            Map("id", "linkedOrder/items/0/id", key(), read_only=True),
            Map("number", "linkedOrder/items/0/refName", text(), read_only=True),
            *absent("never: a document has a number, no name", "name"),
        ),
    ),
    *absent("never: a line has one date, on which receipt is expected", "confirmed_date"),
    *absent("never: a line has no status word, only marks and quantities", "native_status"),
)

SALES: tuple[Rule, ...] = (
    *COMMON,
    *_TAXED,
    Map("requested_date", "expectedShipDate", iso_day()),
    Map("quantity_shipped", "quantityFulfilled", quantity(), read_only=True),
    Map("quantity_billed", "quantityBilled", quantity(), read_only=True),
    line_status("quantityFulfilled", "shipped"),
    *absent("never: a line has one date, on which shipment is expected", "confirmed_date"),
    *absent("never: a line has no status word, only marks and quantities", "native_status"),
    *absent("upstream: customers' part numbers are not in this service's answer", "customer_item_number"),
)

BILL: tuple[Rule, ...] = (
    *COMMON,
    *_UNTAXED,
    document("purchase_order", "orderDoc"),
    Map("purchase_order_line", "orderLine", whole(), create_only=True),
    ref("account", "account"),
    *absent("never: the order's line is told by its number", "purchase_order_line_id"),
    *absent("upstream: a bill's line says its order, not its receipt", "goods_receipt", "goods_receipt_line"),
)

RECEIPT: tuple[Rule, ...] = (
    Map("number", "line", whole(), read_only=True),
    Derived("kind", lambda: "receipt"),
    document("purchase_order", "orderDoc"),
    Map("purchase_order_line", "orderLine", whole(), create_only=True),
    ref("item", "item", number="refName", name="displayName", create_only=True),
    Map("description", "description", text(4000), create_only=True),
    Map("quantity", "quantity", quantity(), create_only=True),
    Map("unit", "unitName", unit(), native="native_unit", create_only=True),
    ref("location", "location", create_only=True),
    Map("lot_number", "lot/receiptInventoryNumber", text(100), create_only=True),
    Map("expires_on", "lot/expirationDate", iso_day(), create_only=True),
    Map("extra", CUSTOM, custom(), follows=True),
    *absent("never: a line's key is its number", "id"),
    *absent("never: a receipt receives, what goes back is a vendor return", "native_kind"),
    *absent("never: the order's line is told by its number", "purchase_order_line_id"),
)

#: Columns of `transactionline` by the path of a line, where they are called otherwise there.
COLUMNS: dict[str, str | None] = {
    "lines/*/line": "tl.id",
    "lines/*/itemType/id": "NVL(tl.itemtype, 'Expense')",
    "lines/*/item/displayName": "i.displayname",
    "lines/*/tax/code": None,
    "lines/*/tax/amount": None,
    "lines/*/vendorName": None,
    "lines/*/description": "tl.memo",
    "lines/*/unitName": "BUILTIN.DF(tl.units)",
    "lines/*/amount": "tl.foreignamount",
    "lines/*/account/id": "tl.expenseaccount",
    "lines/*/account/refName": "BUILTIN.DF(tl.expenseaccount)",
    "lines/*/quantityReceived": "tl.quantityshiprecv",
    "lines/*/quantityFulfilled": "tl.quantityshiprecv",
    "lines/*/quantityBilled": "tl.quantitybilled",
    "lines/*/linkedOrder/items/0/id": None,
    "lines/*/linkedOrder/items/0/refName": None,
    "lines/*/lot/receiptInventoryNumber": None,
    "lines/*/lot/expirationDate": None,
    "lines/*/orderDoc/id": "tl.createdfrom",
    "lines/*/orderDoc/refName": "BUILTIN.DF(tl.createdfrom)",
}


def order_line(kind: str) -> str:
    """The number of the order's line that a line came from, by the links of a kind (`ShipRcpt`, `OrdBill`)."""
    return (
        "(SELECT MIN(k.previousline) FROM previoustransactionlinelink k "  # noqa: S608 - words of our own
        f"WHERE k.nextdoc = t.id AND k.nextline = tl.id AND k.linktype = '{kind}')"
    )
