"""What was received and billed of order lines: V2 orders do not say, material documents and invoices do (sheet §10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query
from anyerp.errors import UnexpectedPayload
from anyerp.kits.odata import v2
from anyerp.wire import dump_json

from anyerp_sap.s4.service import EntitySet

#: Where the lens finds the two quantities in an item; no field of SAP's.
RECEIVED, BILLED = "_anyerp/received", "_anyerp/billed"
#: Where it finds the net amount that the V4 service has of an item, and V2 has not.
NET = "_anyerp/net"
MOVEMENTS = EntitySet(
    "API_MATERIAL_DOCUMENT_SRV",
    "A_MaterialDocumentItem",
    ("MaterialDocumentYear", "MaterialDocument", "MaterialDocumentItem"),
)
BILLINGS = EntitySet(
    "API_SUPPLIERINVOICE_PROCESS_SRV",
    "A_SuplrInvcItemPurOrdRef",
    ("SupplierInvoice", "FiscalYear", "SupplierInvoiceItem"),
)
INVOICES = EntitySet("API_SUPPLIERINVOICE_PROCESS_SRV", "A_SupplierInvoice", ("SupplierInvoice", "FiscalYear"))
UNITS = EntitySet("API_PRODUCT_SRV", "A_ProductUnitsOfMeasure", ("Product", "AlternativeUnit"))

#: What movements for an order add and take: receipt 101, release of blocked receipt 105, returns 122 and 161, and what
#: reverses each (sap sheet §10). A receipt into blocked stock (103, 104) counts when it is released.
SIGNS = {"101": 1, "102": -1, "105": 1, "106": -1, "122": -1, "123": 1, "161": -1, "162": 1}
#: A user may have no arrangement for these services, or an old system none of them (sap sheet §2).
_CLOSED = (403, 404)
_UNKNOWN_UNIT = (400, *_CLOSED)
_ORDERS = 25  # orders named one by one in a filter, to keep a URL short (sap sheet §6)
_MOVED = (
    "PurchaseOrder", "PurchaseOrderItem", "Material", "GoodsMovementType", "QuantityInEntryUnit", "EntryUnit",
    "QuantityInBaseUnit", "MaterialBaseUnit", "GoodsMovementIsCancelled", "ReversedMaterialDocumentYear",
    "ReversedMaterialDocument", "ReversedMaterialDocumentItem",
)  # fmt: skip
_BILLED = (
    "PurchaseOrder", "PurchaseOrderItem", "QuantityInPurchaseOrderUnit", "IsSubsequentDebitCredit",
    "SuplrInvcDeliveryCostCndnType",
)  # fmt: skip
_THOUSANDTH = Decimal("0.001")
Row = dict[str, Any]


def completed(ctx: Context, query: Query, answer: PageAnswer) -> Flow[PageAnswer]:
    """A page of orders with what the lens finds in no field of SAP's."""
    if _unread(ctx):
        return answer
    try:
        orders = v2.rows(answer.content)
    except (ValueError, TypeError):
        return answer  # no page of orders: whoever reads it says what is wrong
    known = [row for row in orders if isinstance(row, dict) and row.get("PurchaseOrder")]
    yield from complete(ctx, known, whole_range=query.updated_since is None)
    return replace(answer, content=dump_json({"d": {"results": orders}}))


def complete(ctx: Context, orders: Sequence[Row], *, whole_range: bool = False) -> Flow[None]:
    """Put both quantities into the items of orders; none where the service that knows it is closed to us."""
    if not orders or _unread(ctx):
        return
    moved, billed = [], []
    for condition in _conditions([str(order["PurchaseOrder"]) for order in orders], whole_range=whole_range):
        moved.append((yield from MOVEMENTS.every(ctx, condition, _MOVED, _CLOSED)))
        billed.append((yield from _billed(ctx, condition)))
    received = None if None in moved else _by_line(_standing(row for rows in moved for row in rows or ()))
    invoiced = None if None in billed else _by_line(row for rows in billed for row in rows or ())
    for order, item in _items(orders):
        line = _line_of({"PurchaseOrder": order["PurchaseOrder"], **item})
        came = None if received is None else (yield from _in_order_unit(ctx, item, received[line]))
        paid = None if invoiced is None else sum((row["signed"] for row in invoiced[line]), Decimal(0))
        item["_anyerp"] = {"received": _text(came), "billed": _text(paid)}


def _unread(ctx: Context) -> bool:
    """Whether nobody asks for the quantities: then a page stays as it came."""
    named = any(path.endswith((RECEIVED, BILLED)) for path in ctx.fields())
    return not named or ctx.settings.received_and_billed == "skip"


def _items(orders: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """The items of orders; what has another shape is left for the lens, which says what is wrong with it."""
    for order in orders:
        below = order.get("to_PurchaseOrderItem")
        items = below.get("results") if isinstance(below, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and str(item.get("PurchaseOrderItem")).strip().isdecimal():
                yield order, item


def _conditions(numbers: list[str], *, whole_range: bool) -> list[str]:
    """Filters for some orders: their range, where a page holds all orders of it, else one by one."""
    alike = all(number.isdecimal() and len(number) == len(numbers[0]) for number in numbers)
    if whole_range and alike and len(numbers) > 1:
        first, last = v2.literal(min(numbers)), v2.literal(max(numbers))
        return [f"PurchaseOrder ge {first} and PurchaseOrder le {last}"]
    parts = [numbers[start : start + _ORDERS] for start in range(0, len(numbers), _ORDERS)]
    return [" or ".join(f"PurchaseOrder eq {v2.literal(number)}" for number in part) for part in parts]


def _line_of(row: Row) -> tuple[str, int]:
    return str(row["PurchaseOrder"]).lstrip("0"), int(row.get("PurchaseOrderItem") or 0)


def _by_line(rows: Iterable[Row]) -> defaultdict[tuple[str, int], list[Row]]:
    found: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        try:
            found[_line_of(row)].append(row)
        except (ValueError, TypeError, KeyError):
            raise UnexpectedPayload("a movement or an invoice names no item of its order") from None
    return found


def _number(row: Row, name: str) -> Decimal:
    try:
        return Decimal(row.get(name) or 0)
    except (ArithmeticError, TypeError, ValueError):
        raise UnexpectedPayload(f"{name} of a movement or an invoice is no number") from None


def _standing(rows: Iterable[Row]) -> list[Row]:
    """Movements without those that were cancelled and the documents that cancelled them."""
    every = [row for row in rows if row.get("GoodsMovementType") in SIGNS]
    cancelled = {_key(row, "") for row in every if row.get("GoodsMovementIsCancelled")}
    return [row for row in every if _key(row, "") not in cancelled and _key(row, "Reversed") not in cancelled]


def _key(row: Row, prefix: str) -> tuple[str, ...]:
    return tuple(str(row.get(prefix + name) or "").lstrip("0") for name in MOVEMENTS.key)


def _billed(ctx: Context, condition: str) -> Flow[list[Row] | None]:
    """Items of posted invoices, `signed`: credit memos take, parked and reversed ones and mere prices do not count."""
    rows = yield from BILLINGS.every(ctx, condition, _BILLED, _CLOSED)
    if not rows:
        return rows
    years: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        years[str(row["FiscalYear"])].append(str(row["SupplierInvoice"]))
    ranges = (
        f"(FiscalYear eq {v2.literal(year)} and SupplierInvoice ge {v2.literal(min(numbers, key=_padded))}"
        f" and SupplierInvoice le {v2.literal(max(numbers, key=_padded))})"
        for year, numbers in years.items()
    )
    # Of all invoices in the range only those are wanted that do not simply count.
    special = "SupplierInvoiceStatus ne '5' or SupplierInvoiceIsCreditMemo ne '' or ReverseDocument ne ''"
    fields = ("SupplierInvoiceStatus", "SupplierInvoiceIsCreditMemo", "ReverseDocument")
    found = yield from INVOICES.every(ctx, f"({' or '.join(ranges)}) and ({special})", fields)
    odd = {(row["SupplierInvoice"], row["FiscalYear"]): row for row in found or ()}
    counted = []
    for row in rows:
        header = odd.get((row["SupplierInvoice"], row["FiscalYear"]), {})
        parked = header.get("SupplierInvoiceStatus", "5") not in ("5", "")
        if parked or header.get("ReverseDocument") or row.get("IsSubsequentDebitCredit"):
            continue
        if not row.get("SuplrInvcDeliveryCostCndnType"):  # freight has the quantity of the goods, and is none
            quantity = _number(row, "QuantityInPurchaseOrderUnit")
            counted.append({**row, "signed": -quantity if header.get("SupplierInvoiceIsCreditMemo") else quantity})
    return counted


def _padded(number: str) -> str:
    return number.zfill(10)


def _in_order_unit(ctx: Context, item: Row, rows: list[Row]) -> Flow[Decimal | None]:
    """The net of movements in the order's unit; None where one was entered in a unit that nothing converts."""
    unit, total = item.get("PurchaseOrderQuantityUnit"), Decimal(0)
    other = [row for row in rows if row.get("EntryUnit") != unit]
    one = (yield from _base_units(ctx, unit, rows)) if other else None
    for row in rows:
        sign = SIGNS[row["GoodsMovementType"]]
        if row.get("EntryUnit") == unit:
            total += sign * _number(row, "QuantityInEntryUnit")
        elif not one:
            return None
        else:
            total += sign * (_number(row, "QuantityInBaseUnit") / one).quantize(_THOUSANDTH)
    return total


def _base_units(ctx: Context, unit: Any, rows: list[Row]) -> Flow[Decimal | None]:
    """How many base units one order unit of the material holds."""
    material, base = rows[0].get("Material"), rows[0].get("MaterialBaseUnit")
    if unit == base:
        return Decimal(1)
    condition = f"Product eq {v2.literal(material)} and AlternativeUnit eq {v2.literal(unit)}"
    found = yield from UNITS.every(ctx, condition, ("QuantityNumerator", "QuantityDenominator"), _UNKNOWN_UNIT)
    below = _number(found[0], "QuantityDenominator") if found else Decimal(0)
    return _number(found[0], "QuantityNumerator") / below if found and below else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
