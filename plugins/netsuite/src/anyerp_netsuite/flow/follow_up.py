"""Goods receipts and vendor invoices: made from purchase orders by transformation (netsuite sheet §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord, Problem
from anyerp.lens import Changes

from anyerp_netsuite import document, lookup, record
from anyerp_netsuite.flow.order import Documents
from anyerp_netsuite.lens import bill, receipt
from anyerp_netsuite.lens.common import CUSTOM, PAGE
from anyerp_netsuite.paging import pages

RECEIPTS = Documents("itemReceipt", receipt.TABLE, "vendor", "vendor")
BILLS = Documents("vendorBill", bill.TABLE, "vendor", "vendor", "item,expense")
#: What only arrives at a dock; services and charges are billed without.
_RECEIVABLE = frozenset({"InvtPart", "Assembly", "NonInvtPart"})
_SKIPPED = ("createdFrom", "lines", CUSTOM, PAGE)


def _wrong(words: str, pointer: str, hint: str | None = None) -> InvalidRecord:
    return InvalidRecord(words, problems=(Problem(words, pointer),), hint=hint)


def _order_of(native: Mapping[str, Any]) -> str | None:
    """The id of the one order that header and lines name, or None. Raises `InvalidRecord` for several."""
    lines = native.get("lines") or ()
    named = [native.get("createdFrom"), *(line.get("orderDoc") for line in lines)]
    ids = {str(one["id"]) for one in named if isinstance(one, Mapping) and one.get("id") is not None}
    if len(ids) > 1:
        words = (
            f"purchase_order <-> createdFrom: one document is made from one order, not from {', '.join(sorted(ids))}"
        )
        raise _wrong(words, "/purchase_order", "make one document for each order")
    return next(iter(ids), None)


def _their_line(line: Mapping[str, Any], at: int, there: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The order's line that a line is about: by its number, or by an item that only one line has."""
    number, item = line.get("orderLine"), document.item_of(line)
    if number is None:
        found = [one for one in there if item is not None and document.item_of(one) == item]
    else:
        found = [one for one in there if one.get("line") == number]
    if len(found) != 1:
        words = f"purchase_order_line <-> orderLine: {len(found) or 'no'} lines of the order fit"
        raise _wrong(words, f"/lines/{at}/purchase_order_line", "give the number of the order's line")
    (one,) = found
    if item is not None and item != document.item_of(one):
        words = f"item <-> item: the order's line {one.get('line')} is of item {document.item_of(one)}, not {item}"
        raise _wrong(words, f"/lines/{at}/item")
    return one


def _received(native: Mapping[str, Any], order: Mapping[str, Any], units: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every line that the order still has open, each with whether it is received: unnamed ones would be, in full."""
    there = order.get("item", {}).get("items") or []
    wanted: dict[Any, dict[str, Any]] = {}
    for at, line in enumerate(native.get("lines") or ()):
        one = _their_line(line, at, there)
        unit = units.get(str(one.get("units")))
        if line.get("unitName") is not None and line["unitName"] != unit:
            raise _wrong(f"unit <-> units: the order counts in {unit!r}, not {line['unitName']!r}", f"/lines/{at}/unit")
        if one["line"] in wanted:
            raise _wrong(f"purchase_order_line: line {one['line']} is given twice", f"/lines/{at}/purchase_order_line")
        made = {name: line[name] for name in ("quantity", "location", "description") if name in line}
        if line.get("lot"):
            assigned = {**line["lot"], "quantity": line.get("quantity")}
            made["inventoryDetail"] = {"inventoryAssignment": {"items": [assigned]}}
        wanted[one["line"]] = {"orderLine": one["line"], "itemReceive": True, **made}
    if not wanted:
        raise _wrong("lines <-> item: a receipt says which lines came, else NetSuite takes all", "/lines")
    left = [one for one in there if one["line"] not in wanted and _open(one)]
    return [*wanted.values(), *({"orderLine": one["line"], "itemReceive": False} for one in left)]


def _open(line: Mapping[str, Any]) -> bool:
    kind = (line.get("itemType") or {}).get("id")
    done = line.get("quantityReceived") or 0
    return kind in _RECEIVABLE and not line.get("isClosed") and (line.get("quantity") or 0) > done


def create_receipt(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Receive lines of one order; a receipt that is posted by itself would not be linked to it."""
    order_id = _order_of(native)
    if order_id is None:
        raise _wrong("purchase_order <-> createdFrom: a receipt is of a purchase order", "/purchase_order")
    order = yield from record.get(ctx, "purchaseOrder", order_id)
    units = yield from lookup.units(ctx)
    body = {name: value for name, value in native.items() if name not in _SKIPPED}
    body["item"] = {"items": _received(native, order, units)}
    id = yield from record.transform(ctx, "purchaseOrder", order_id, "itemReceipt", body)
    return (yield from get_receipt(ctx, id))


def _whole(found: dict[str, Any]) -> dict[str, Any]:
    """A receipt whose lines say their order and, where there is one only, their lot."""
    source = found.get("createdFrom")
    lines = []
    for line in found["lines"]:
        detail = ((line.get("inventoryDetail") or {}).get("inventoryAssignment") or {}).get("items") or ()
        lot = {"lot": next(iter(detail))} if len(detail) == 1 else {}
        lines.append({**line, **({"orderDoc": source} if source else {}), **lot})
    return {**found, "lines": lines}


def get_receipt(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One receipt."""
    return _whole((yield from RECEIPTS.get(ctx, id)))


def find_receipt(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The receipt whose external id is the caller's key."""
    found = yield from RECEIPTS.find(ctx, key)
    return None if found is None else _whole(found)


def create_bill(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Bill lines of one order, or lines of none."""
    order_id = _order_of(native)
    if order_id is None:
        return (yield from BILLS.create(ctx, native))
    order = yield from record.get(ctx, "purchaseOrder", order_id)
    there = order.get("item", {}).get("items") or []
    lines = []
    for at, line in enumerate(native["lines"]):
        if document.item_of(line) is None and "orderLine" not in line:
            raise _wrong(
                "purchase_order <-> orderDoc: a line without an item is of no order's line", f"/lines/{at}",
                "bill it apart from the order",
            )  # fmt: skip
        one = _their_line(line, at, there)
        lines.append({**line, "orderLine": one["line"], "item": {"id": document.item_of(one)}})
    body = yield from document.created(ctx, {**native, "lines": lines})
    for line in body["item"]["items"]:
        for name in ("item", "orderDoc"):
            line.pop(name, None)
    body.pop("entity", None)
    # `replace`: lines that are not named would be billed in full, and so would expenses.
    id = yield from record.transform(ctx, "purchaseOrder", order_id, "vendorBill", body, replace="item,expense")
    return (yield from BILLS.get(ctx, id))


def update_receipt(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Date, remark and the like; what came stays."""
    yield from RECEIPTS.update(ctx, id, native, changes)


_CLOSED = dict.fromkeys(("cancel", "close"), "never: what was entered wrongly is deleted")

RESOURCES: dict[str, Resource[Any]] = {
    "goods_receipts": Resource(
        lens=receipt.GOODS_RECEIPT,
        rows="items",
        flat=receipt.TABLE.flat,
        listed=receipt.TABLE.listed,
        page=pages(receipt.TABLE, receipt.GOODS_RECEIPT),
        get=get_receipt,
        find=find_receipt,
        create=create_receipt,
        update=update_receipt,
        delete=RECEIPTS.delete,
        updated_since="native",
        because=_CLOSED,
    ),
    "vendor_invoices": Resource(
        lens=bill.VENDOR_INVOICE,
        rows="items",
        flat=bill.TABLE.flat,
        listed=bill.TABLE.listed,
        page=pages(bill.TABLE, bill.VENDOR_INVOICE),
        get=BILLS.get,
        find=BILLS.find,
        create=create_bill,
        update=BILLS.update,
        delete=BILLS.delete,
        resolve=BILLS.resolve,
        updated_since="native",
        because=_CLOSED,
    ),
}
