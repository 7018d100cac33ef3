"""What was received and billed of an order's lines (sap sheet §13, Copy to).

An open line says what it still waits for; a closed one does not say whether everything came or somebody closed it, and
no line says what was billed. The lines of receipts and invoices do, and `$crossjoin` is the one way to filter those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import UnexpectedPayload
from anyerp.kits.odata import v4

#: Where the lens finds the two quantities in a line; no field of the wire.
RECEIVED, BILLED = "@anyerp.received", "@anyerp.billed"

_LINES = "DocumentLines"
_ORDER, _RECEIPT = 22, 20
#: A user may not see these documents, and an old release may not join them: then nobody knows.
_CLOSED = (400, 403, 404, 501)
_REFUSED = "no crossjoin of "
#: Documents named one by one in a filter, so that the address stays short.
_AT_ONCE = 25
_SIX = Decimal("0.000001")
Row = dict[str, Any]
#: DocEntry and LineNum.
Key = tuple[int, int]


class Copy(NamedTuple):
    """A line of a receipt or an invoice: itself, the kind of document and the line that it was copied from."""

    own: Key
    kind: int
    base: Key
    quantity: Decimal
    """In stock units: the line may count in another unit than the order's."""


def counted(ctx: Context, orders: Sequence[Any]) -> Flow[None]:
    """Put both quantities into the lines of orders. Of what nothing was copied from yet, it is known without asking."""
    wanted = {field.rpartition("/")[2] for field in ctx.fields()} & {RECEIVED, BILLED}
    if not wanted or ctx.settings.received_and_billed == "skip":
        return
    begun = []
    for order in orders:
        lines = _lines(order)
        untouched = order.get("Cancelled") == "tYES" if lines else False
        if untouched or all(_is_whole(line) for line in lines):
            for line in lines:
                line[RECEIVED] = line[BILLED] = Decimal(0)
        elif isinstance(order.get("DocEntry"), int):
            begun.append(order)
    for start in range(0, len(begun), _AT_ONCE):
        yield from _count(ctx, begun[start : start + _AT_ONCE])


def _lines(order: Any) -> list[Row]:
    found = order.get(_LINES) if isinstance(order, dict) else None
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def _is_whole(line: Mapping[str, Any]) -> bool:
    """Whether a line waits for everything still."""
    quantity = line.get("Quantity")
    return (
        line.get("LineStatus") == "bost_Open" and quantity is not None and line.get("RemainingOpenQuantity") == quantity
    )


def _count(ctx: Context, orders: Sequence[Row]) -> Flow[None]:
    entries = [order["DocEntry"] for order in orders]
    receipts = yield from _copies(ctx, "PurchaseDeliveryNotes", {_ORDER: entries})
    if receipts is None:
        return
    sources = {receipt.own: receipt.base for receipt in receipts}
    made = sorted({entry for entry, _ in sources})
    bills = yield from _copies(ctx, "PurchaseInvoices", {_ORDER: entries} | ({_RECEIPT: made} if made else {}))
    if bills is None:
        return
    came: defaultdict[Key | None, Decimal] = defaultdict(Decimal)
    billed: defaultdict[Key | None, Decimal] = defaultdict(Decimal)
    for receipt in receipts:
        came[receipt.base] += receipt.quantity
    for bill in bills:
        billed[bill.base if bill.kind == _ORDER else sources.get(bill.base)] += bill.quantity
        if bill.kind == _ORDER:  # an invoice that is copied from an order brings the goods with it
            came[bill.base] += bill.quantity
    for order in orders:
        for line in _lines(order):
            number = line.get("LineNum")
            key = (order["DocEntry"], number) if isinstance(number, int) else (-1, -1)
            line[RECEIVED], line[BILLED] = _in_its_unit(came[key], line), _in_its_unit(billed[key], line)


def _in_its_unit(quantity: Decimal, line: Mapping[str, Any]) -> Decimal:
    """A quantity in stock units as one in the line's own."""
    factor = line.get("UnitsOfMeasurment")
    return (quantity / factor).quantize(_SIX) if isinstance(factor, Decimal | int) and factor > 0 else quantity


def _copies(ctx: Context, name: str, bases: Mapping[int, Sequence[int]]) -> Flow[list[Copy] | None]:
    """The lines of standing documents that were copied from these; None where the user may not see them."""
    if ctx.memory.get(_REFUSED + name):
        return None
    lines = f"{name}/{_LINES}"
    sources = (
        f"{lines}/BaseType eq {kind} and (" + " or ".join(f"{lines}/BaseEntry eq {entry}" for entry in entries) + ")"
        for kind, entries in bases.items()
    )
    own = f"{name}/DocEntry eq {lines}/DocEntry"
    standing = f"{name}/CancelStatus eq 'csNo'"
    params = {
        "$expand": f"{name}($select=DocEntry),{lines}($select=LineNum,BaseType,BaseEntry,BaseLine,InventoryQuantity)",
        "$filter": f"{own} and {standing} and (" + " or ".join(f"({source})" for source in sources) + ")",
    }
    found: list[Copy] = []
    while True:
        skipped = {"$skip": str(len(found))} if found else {}
        request = Request(
            "GET",
            f"$crossjoin({name},{lines})",
            params | skipped,
            headers={"Prefer": "odata.maxpagesize=0"},
            accept=_CLOSED,
        )
        response = yield from ask(request)
        if response.status in _CLOSED:
            ctx.memory[_REFUSED + name] = True
            return None
        try:
            page = [_copy(pair[name], pair[lines]) for pair in v4.rows(response.content)]
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise UnexpectedPayload(f"{name}: no lines of documents", status=response.status) from None
        found += page
        if not page or v4.next_link(response.content) is None:
            return found


def _copy(document: Mapping[str, Any], line: Mapping[str, Any]) -> Copy:
    own = int(document["DocEntry"]), int(line["LineNum"])
    base = int(line["BaseEntry"]), int(line["BaseLine"])
    return Copy(own, int(line["BaseType"]), base, Decimal(line["InventoryQuantity"]))
