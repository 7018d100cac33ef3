"""What a move or an invoice line comes from: the purchase line that its `origin` names, read with a page at once."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow
from anyerp.model import GoodsReceipt, GoodsReceiptLine, VendorInvoice, VendorInvoiceLine

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems, References
from anyerp_tryton.flow.table import Rows, number_of
from anyerp_tryton.flow.trade import with_found
from anyerp_tryton.flow.values import Part

ORIGIN = "purchase.line"
#: The line's order and number, beside an `origin` (see `Table.finish`).
ORDER, SEQUENCE = "_purchase", "_sequence"
_MOVE = tuple(f"moves.{name}" for name in ("state", "shipment", "quantity", "unit", "_timestamp"))
#: What a document needs to know of the order's lines that it comes from.
ORDERED = (
    *("sequence", "product", "unit", "unit_price", *_MOVE),
    *(f"purchase.{name}" for name in ("number", "state", "party", "warehouse", "company", "currency")),
)
_Lines = tuple[GoodsReceiptLine, ...] | tuple[VendorInvoiceLine, ...]
_UNDER_WAY = ("confirmed", "processing", "done")


def origin_id(value: Any) -> int | None:
    """The id of the purchase line in a reference (`purchase.line,96`), None in any other."""
    model, _, id = str(value or "").partition(",")
    return number_of(id) or None if model == ORIGIN else None


def with_orders(ctx: Context, rows: Rows, name: str) -> Flow[None]:
    """Put order and number of the purchase line beside each `origin` in a list of the rows, where they are asked for.

    An origin can be of several models, so that dotted fields fail behind it (wire §17).
    """
    if not any(f"/{own}" in path for path in ctx.fields() for own in (ORDER, SEQUENCE)):
        return
    members = [member for row in rows for member in row.get(name) or ()]
    wanted = {id for member in members if (id := origin_id(member.get("origin")))}
    known: dict[int, dict[str, Any]] = {}
    if wanted:
        found = yield from rpc.rows(
            ctx,
            ORIGIN,
            [["id", "in", sorted(wanted)]],
            ("sequence", "purchase", "purchase.number", "purchase.rec_name"),
        )
        known = {row["id"]: row for row in found}
    for member in members:
        line = known.get(origin_id(member.get("origin")) or 0, {})
        member[ORDER], member[f"{ORDER}."] = line.get("purchase"), line.get("purchase.")
        member[SEQUENCE] = line.get("sequence")


def resolved(ctx: Context, record: GoodsReceipt | VendorInvoice) -> Flow[Any]:
    """The record with the id of the order's line where order and number are given. Raises `InvalidRecord`."""
    wanted, problems = References(), Problems()
    lines: _Lines = record.lines or ()
    for index, line in enumerate[GoodsReceiptLine | VendorInvoiceLine](lines):
        pointer = f"/lines/{index}/purchase_order"
        wanted.want(pointer, "purchase_order", "purchase.purchase", "number", line.purchase_order)
    found: dict[str, Any] = yield from wanted.found(ctx)
    record = with_found(record, found)
    lines = record.lines or ()
    asked = {
        index: (number_of(line.purchase_order.id or ""), line.purchase_order_line)
        for index, line in enumerate[GoodsReceiptLine | VendorInvoiceLine](lines)
        if line.purchase_order is not None and line.purchase_order_line_id is None
    }
    if not asked:
        return record
    orders = sorted({order for order, _ in asked.values()})
    rows = yield from rpc.rows(ctx, ORIGIN, [["purchase", "in", orders]], ("sequence", "purchase"))
    ids = {}
    for index, (order, number) in asked.items():
        match [row["id"] for row in rows if row["purchase"] == order and number in (row["sequence"], None)]:
            case [only]:
                ids[f"/lines/{index}/purchase_order_line_id"] = str(only)
            case several:
                problems.add(
                    f"/lines/{index}/purchase_order_line",
                    "purchase_order_line",
                    "purchase.line.sequence",
                    f"the order has {len(several)} such lines; give purchase_order_line_id",
                )
    problems.demand()
    return with_found(record, ids)


def agreed(part: Part, ordered: dict[int, dict[str, Any]], problems: Problems) -> dict[str, Any] | None:
    """The order's line that a line names; what else it says of the order must agree, and is taken off it here."""
    said = {name: part.values.pop(name, None) for name in (ORDER, SEQUENCE)}
    id = origin_id(part.values.get("origin"))
    if id is None:
        if said[ORDER] is not None:
            problems.add(f"{part.pointer}/purchase_order", "purchase_order", "origin", "which line of it?")
        return None
    row = ordered.get(id)
    if row is None:
        problems.add(f"{part.pointer}/purchase_order_line_id", "purchase_order_line_id", ORIGIN, f"there is no {id}")
        return None
    for field, value, is_ in (
        ("purchase_order", said[ORDER], row["purchase."]["id"]),
        ("purchase_order_line", said[SEQUENCE], row["sequence"]),
        ("item", part.values.get("product"), row["product"]),
    ):
        if value is not None and value != is_:
            problems.add(f"{part.pointer}/{field}", field, f"{ORIGIN},{id}", f"{value} is given, it has {is_}")
    if row["purchase."]["state"] not in _UNDER_WAY:
        why = f"the order is {row['purchase.']['state']}, and not confirmed"
        problems.add(f"{part.pointer}/purchase_order_line_id", "purchase_order_line_id", "purchase.state", why)
    return row
