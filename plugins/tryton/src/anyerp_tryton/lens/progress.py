"""How much of an order's line was moved and billed: sums over its moves and invoice lines (wire §11)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from anyerp.lens import Codec

from anyerp_tryton.codec import floating, number
from anyerp_tryton.lens.common import figure, inner, listed

BILLED = ("posted", "paid")
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
_ROWS = listed("tryton_rows", lambda rows: rows)
_UNIT: tuple[tuple[str, Codec], ...] = (("unit./factor", floating()), ("unit./digits", number()))
MOVES: tuple[tuple[str, Codec], ...] = (("moves.", _ROWS), *_UNIT)
INVOICE_LINES: tuple[tuple[str, Codec], ...] = (("invoice_lines.", _ROWS), *_UNIT)


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


def moved(
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


def billed(kind: str | None, rows: list[Any] | None, factor: Decimal | None, digits: int | None) -> Decimal | None:
    """The invoice lines that are posted or paid; drafts are there as soon as goods are (wire §11)."""
    if kind == "text" or rows is None:
        return None
    return _summed([row for row in rows if inner(row, "invoice.", "state") in BILLED], factor, digits)


def status(whole: str, partly: str, all_moved: str) -> Callable[[str | None, str | None], str]:
    """An order's status by its state and its goods (wire §7, §18). `all_moved` is Tryton's word for `whole`."""

    def told(state: str | None, shipment: str | None) -> str:
        match state, shipment:
            case None | "draft", _:  # one without a state is about to be made, as a draft
                return "draft"
            case "quotation", _:
                return "pending_approval"
            case "processing", said if said == all_moved:
                return whole
            case "processing", "partially shipped":
                return partly
            case "confirmed" | "processing", _:
                return "open"
            case "done", _:
                return "closed"
            case "cancelled", _:
                return "cancelled"
        return "other"

    return told


def line_status(
    whole: str, partly: str
) -> Callable[[str | None, Decimal | None, Decimal | None, str | None], str | None]:
    """A line's status by what was moved of it and its order's state; a remark has none."""

    def told(kind: str | None, quantity: Decimal | None, moved: Decimal | None, state: str | None) -> str | None:
        if kind == "text":
            return None
        if state in ("cancelled", "done"):
            return "cancelled" if state == "cancelled" else "closed"
        if moved and quantity is not None:
            return whole if moved >= quantity else partly
        return "open"

    return told
