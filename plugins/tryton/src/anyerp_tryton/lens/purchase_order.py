"""Purchase orders: `purchase.purchase` and its lines (wire §7, §9-§11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, choice
from anyerp.model import PurchaseOrder

from anyerp_tryton.codec import char, day, exact, floating, key, number
from anyerp_tryton.lens.common import OWN, figure, inner, listed, ref, unit
from anyerp_tryton.lens.line import kind, paragraph, requested, taxes

#: What a path needs beside it: the fields of lists that are read as one value, and what a write must know.
ALSO = {
    "lines./*/id": ("lines._timestamp",),
    "lines./*/warehouse": ("warehouse",),
    "lines./*/taxes.": ("lines.taxes.name",),
    "lines./*/moves.": tuple(f"lines.moves.{name}" for name in ("quantity", "state", "unit.factor")),
    "lines./*/invoice_lines.": tuple(
        f"lines.invoice_lines.{name}" for name in ("quantity", "invoice.state", "unit.factor")
    ),
}
BILLED = ("posted", "paid")


def _status(state: str | None, shipment: str | None) -> str:
    """An order's status by its state and what came (wire §7). One without a state is about to be made, as a draft."""
    match state, shipment:
        case None | "draft", _:
            return "draft"
        case "quotation", _:
            return "pending_approval"
        case "processing", "received":
            return "received"
        case "processing", "partially shipped":
            return "partially_received"
        case "confirmed" | "processing", _:
            return "open"
        case "done", _:
            return "closed"
        case "cancelled", _:
            return "cancelled"
    return "other"


def _summed(rows: list[Any], factor: Decimal | None, digits: int | None) -> Decimal:
    """Quantities of moves or invoice lines in the line's own unit, to its digits."""
    total = Decimal(0)
    for row in rows:
        quantity, own = figure(row.get("quantity")), inner(row, "unit.", "factor")
        if own is None or factor is None or figure(own) == factor:
            total += quantity
        else:
            total += (quantity * figure(own) / factor).quantize(Decimal(1).scaleb(-(digits or 0)))
    return total


def _received(
    kind: str | None,
    item: dict[str, Any] | None,
    moves: list[Any] | None,
    factor: Decimal | None,
    digits: int | None,
) -> Decimal | None:
    """The moves that are done. Only goods move: of services and of lines without a product nobody says (wire §11)."""
    if kind != "item" or item is None or moves is None:
        return None
    return _summed([move for move in moves if move.get("state") == "done"], factor, digits)


def _billed(kind: str | None, rows: list[Any] | None, factor: Decimal | None, digits: int | None) -> Decimal | None:
    """The invoice lines that are posted or paid; drafts are there as soon as goods are (wire §11)."""
    if kind == "text" or rows is None:
        return None
    return _summed([row for row in rows if inner(row, "invoice.", "state") in BILLED], factor, digits)


def _line_status(kind: str | None, quantity: Decimal | None, received: Decimal | None, state: str | None) -> str | None:
    if kind == "text":
        return None
    if state in ("cancelled", "done"):
        return "cancelled" if state == "cancelled" else "closed"
    if received and quantity is not None:
        return "received" if received >= quantity else "partially_received"
    return "open"


_ROWS = listed("tryton_rows", lambda rows: rows)
_UNIT = (("unit./factor", floating()), ("unit./digits", number()))

LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("number", "sequence", number()),
    Join("kind", ("type", "product./type"), kind()),
    ref("item", "product"),
    Map("vendor_item_number", "product_supplier./code", char(), read_only=True),
    Map("description", "description", paragraph()),
    Map("quantity", "quantity", floating()),
    Map("unit", "unit./symbol", unit(), native="native_unit"),
    Map("unit_price", "unit_price", exact(4)),
    Map("amount", "amount", exact(4), read_only=True),
    Map("tax_code", "taxes.", taxes()),
    Join("requested_date", ("delivery_date_edit", "delivery_date_store"), requested()),
    ref("location", "warehouse"),
    Map("extra.note", "note", paragraph()),
    Derived("quantity_received", _received, uses=("kind", "item"), native=(("moves.", _ROWS), *_UNIT)),
    Derived("quantity_billed", _billed, uses=("kind",), native=(("invoice_lines.", _ROWS), *_UNIT)),
    Derived(
        "status",
        _line_status,
        uses=("kind", "quantity", "quantity_received"),
        native=(("purchase./state", char()),),
    ),
    *absent("never: lines have no state of their own", "native_status"),
    *absent("never: a price is for one unit", "price_quantity"),
    *absent("never: taxes are computed for the order as a whole", "tax_amount"),
    *absent("never: no promise of the vendor is recorded, only the date asked for", "confirmed_date"),
    *absent("never: the account is chosen on the invoice, by the product's category", "account"),
    *absent("upstream: a module of its own adds discounts", "discount_percent"),
    *absent("upstream: purchase requests, which need a permission of their own", "requisition"),
)

PURCHASE_ORDER = Lens(PurchaseOrder, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    ref("company", "company", number="party./code", name="party./name"),
    ref("vendor", "party"),
    Map("vendor_reference", "reference", char()),
    Map("external_reference", "description", char()),
    Derived("status", _status, native=(("state", char()), ("shipment_state", char()))),
    Map("native_status", "state", char(), read_only=True),
    Map("order_date", "purchase_date", day()),
    Map("currency", "currency./code", char()),
    ref("payment_terms", "payment_term", number="name"),
    ref("buyer", "quoted_by", number="party./code", name="party./name", read_only=True),
    Nest("ship_to", at="warehouse./address.", rules=(
        Map("name", "party_name", char(), read_only=True),
        Map("street", "street", paragraph(), read_only=True),
        Map("city", "city", char(), read_only=True),
        Map("postal_code", "postal_code", char(), read_only=True),
        Map("region", "subdivision./code", char(), read_only=True),
        Map("country", "country./code", char(), read_only=True),
    )),
    Map("notes", "comment", paragraph()),
    Map("total_excl_tax", "untaxed_amount", exact(), read_only=True),
    Map("total_tax", "tax_amount", exact(), read_only=True),
    Map("total_incl_tax", "total_amount", exact(), read_only=True),
    Map("extra.invoice_method", "invoice_method", choice({k: k for k in ("manual", "order", "fulfillment")})),
    Map("extra.shipment_state", "shipment_state", char(), read_only=True),
    Map("extra.invoice_state", "invoice_state", char(), read_only=True),
    Each("lines", "lines.", LINE, key=("id", "id")),
    *absent("never: Tryton takes the currency's rate of the day", "exchange_rate"),
    *absent("never: invoices go to the company; the order's invoice address is the vendor's", "bill_to"),
    *absent("upstream: a module of its own adds incoterms", "incoterms", "incoterms_location"),
    *absent("upstream: requesters stand on purchase requests", "requester"),
    *absent("never: Tryton keeps who confirmed an order, not when", "approved_at"),
))  # fmt: skip
