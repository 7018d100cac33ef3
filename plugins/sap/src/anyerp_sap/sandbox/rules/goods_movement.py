"""Material documents: receipts for orders, returns, reversals; they move stock and order flags (sap sheet §10, §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.rules import stock
from anyerp_sap.sandbox.rules.base import text
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.world import Work

HEADER, ITEM = "A_MaterialDocumentHeader", "A_MaterialDocumentItem"
LABEL = "Material document"
#: Movement type → what it does to the stock, and the type that reverses it.
MOVEMENTS = {
    "101": (1, "102"),
    "102": (-1, "101"),
    "122": (-1, "123"),
    "123": (1, "122"),
    "161": (-1, "162"),
    "162": (1, "161"),
    "201": (-1, "202"),
    "202": (1, "201"),
    "501": (1, "502"),
    "502": (-1, "501"),
    "561": (1, "562"),
    "562": (-1, "561"),
}
_CREATABLE = frozenset({"101", "122", "161", "201", "501", "561"})
_FOR_ORDER = frozenset({"101", "102", "122", "123", "161", "162"})


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


class GoodsMovementRules:
    """A document is made by one deep insert and never changed; what is wrong is reversed by another one."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Post a document with its items."""
        children = draft.children.get("to_MaterialDocumentItem", [])
        if not children:
            work.problem("06/042", target="to_MaterialDocumentItem")
        for name, label in (("PostingDate", "Posting Date"), ("DocumentDate", "Document Date")):
            if not draft.get(name):
                work.problem("ME/083", label, target=name)
        if not draft.get("GoodsMovementCode"):
            work.problem("ME/083", "Goods Movement Code", target="GoodsMovementCode")
        lines = [_line(work, child.values, place) for place, child in enumerate(children, 1)]
        work.settle()
        return post(work, draft.values, lines)

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Never called: no set here is updatable."""
        raise NotImplementedError(entity.name)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Never called: no set here is deletable."""
        raise NotImplementedError(entity.name)


def _line(work: Work, values: Row, place: int) -> Row:
    """An item with what the order and the material say, checked."""
    target = f"to_MaterialDocumentItem({place})"
    complain: Callable[..., None] = lambda code, *args: work.problem(code, *args, target=target)  # noqa: E731
    kind = text(values.get("GoodsMovementType"))
    row: Row = {**values, "MaterialDocumentItem": str(place), "MaterialDocumentLine": str(place)}
    if kind not in _CREATABLE:
        complain("M7/023", kind)
        return row
    if kind in _FOR_ORDER:
        row = _of_order(work, row, complain)
    material = text(row.get("Material"))
    product = work.store.find("A_Product", material) or {}
    if material and not product:
        complain("M3/305", material)
    if not row.get("Plant"):
        complain("ME/083", "Plant")
    if product and not row.get("StorageLocation") and not row.get("AccountAssignmentCategory"):
        complain("ME/083", "Storage Location")
    if (
        row.get("StorageLocation")
        and work.store.find("StorageLocation", row.get("Plant"), row["StorageLocation"]) is None
    ):
        complain("M7/001", "T001L", row["StorageLocation"])
    if _number(row.get("QuantityInEntryUnit")) <= 0:
        complain("ME/083", "Quantity")
    row["EntryUnit"] = text(row.get("EntryUnit")) or product.get("BaseUnit", "")
    row["MaterialBaseUnit"] = product.get("BaseUnit", row["EntryUnit"])
    content = stock.content(work.store, material, text(row["EntryUnit"]))
    if content is None:
        complain("ME/013", f"Conversion of material {material} to unit", row["EntryUnit"])
    row["QuantityInBaseUnit"] = round(_number(row.get("QuantityInEntryUnit")) * (content or 1), 3)
    row.setdefault("InventoryStockType", "01")
    return row


def _of_order(work: Work, row: Row, complain: Callable[..., None]) -> Row:
    order = work.store.find("A_PurchaseOrder", row.get("PurchaseOrder", ""))
    item = work.store.find("A_PurchaseOrderItem", row.get("PurchaseOrder", ""), row.get("PurchaseOrderItem", "0"))
    if row.get("GoodsMovementRefDocType") != "B":
        complain("ME/083", "Goods movement ref. doc. type")
    if order is None or item is None:
        complain("ME/013", "Purchase order item", f"{row.get('PurchaseOrder')} {row.get('PurchaseOrderItem')}")
        return row
    holder = work.world.locks.get(f"A_PurchaseOrder {order['PurchaseOrder']}")
    if holder is not None and holder != work.user:
        complain("ME/006", holder, "Purchase order", order["PurchaseOrder"])
    if item.get("PurchasingDocumentDeletionCode"):
        complain("06/032", item["PurchaseOrderItem"])
    if order.get("ReleaseIsNotCompleted") or order.get("PurchasingCompletenessStatus"):
        complain("M7/026", order["PurchaseOrder"])
    given = text(row.get("Material"))
    if given and given != item.get("Material", ""):
        complain("M7/025", given, item["PurchaseOrderItem"])
    filled: Row = {
        "Material": item.get("Material", ""),
        "Plant": item.get("Plant", ""),
        "StorageLocation": item.get("StorageLocation", ""),
        "EntryUnit": item.get("PurchaseOrderQuantityUnit", ""),
        "Supplier": order.get("Supplier", ""),
        "AccountAssignmentCategory": item.get("AccountAssignmentCategory", ""),
        **{name: value for name, value in row.items() if value not in ("", None)},
    }
    quantity = _in_order_unit(work.store, item, filled)
    before = received(work.store, item)
    ordered = _number(item.get("OrderQuantity"))
    kind = row.get("GoodsMovementType")
    if kind == "101" and before + quantity > ordered and not item.get("UnlimitedOverdeliveryIsAllowed"):
        complain("M7/024", before + quantity - ordered, item.get("PurchaseOrderQuantityUnit"))
    if kind == "122" and quantity > before:
        complain("M7/021", "GR quantity", quantity - before, item.get("PurchaseOrderQuantityUnit"), "")
    return filled


def post(work: Work, values: Row, lines: Iterable[Row]) -> Row:
    """Write a document with its items; stock and orders follow."""
    now = work.world.now()
    day = values.get("PostingDate")
    year = str(day.year if isinstance(day, date) else now.year)
    header: Row = {
        "InventoryTransactionType": "WE" if values.get("GoodsMovementCode") == "01" else "WA",
        **values,
        "MaterialDocumentYear": year,
        "MaterialDocument": work.world.next_number(HEADER),
        "CreationDate": now.date(),
        "CreationTime": timedelta(hours=now.hour, minutes=now.minute, seconds=now.second),
        "CreatedByUser": work.user[:12].upper(),
    }
    work.enter(HEADER, text(header["MaterialDocument"]), LABEL)
    work.insert(HEADER, header, LABEL)
    for line in lines:
        sign = MOVEMENTS[text(line["GoodsMovementType"])][0]
        row: Row = {
            **line,
            "MaterialDocumentYear": year,
            "MaterialDocument": header["MaterialDocument"],
            "FiscalYear": year,
            "DebitCreditCode": "S" if sign > 0 else "H",
        }
        work.insert(ITEM, row, "Item")
        if row.get("Material"):
            stock.move(work, row, sign)
        if row.get("PurchaseOrder"):
            follow(work, row)
    return header


def _in_order_unit(store: Store, item: Row, row: Row) -> Decimal:
    quantity, unit = _number(row.get("QuantityInEntryUnit")), text(row.get("EntryUnit"))
    wanted = text(item.get("PurchaseOrderQuantityUnit"))
    if unit == wanted:
        return quantity
    material = text(item.get("Material"))
    return quantity * (stock.content(store, material, unit) or 1) / (stock.content(store, material, wanted) or 1)


def received(store: Store, item: Row) -> Decimal:
    """The net quantity that came for an order's item, in its unit."""
    total = Decimal(0)
    for row in store.rows(ITEM):
        if (row.get("PurchaseOrder"), row.get("PurchaseOrderItem")) == (
            item["PurchaseOrder"],
            item["PurchaseOrderItem"],
        ):
            total += MOVEMENTS[text(row["GoodsMovementType"])][0] * _in_order_unit(store, item, row)
    return total


def follow(work: Work, row: Row) -> None:
    """Set the completion flag of the order's item, and move the order's stamp."""
    item = work.store.find("A_PurchaseOrderItem", row["PurchaseOrder"], row["PurchaseOrderItem"])
    order = work.store.find("A_PurchaseOrder", row["PurchaseOrder"])
    if item is None or order is None:
        return
    if row["GoodsMovementType"] not in ("122", "161"):  # a return leaves the flag as it is
        done = received(work.store, item) >= _number(item.get("OrderQuantity"))
        flag = done or row.get("IsCompletelyDelivered") is True
        work.change("A_PurchaseOrderItem", item, {"IsCompletelyDelivered": flag})
    work.change("A_PurchaseOrder", order, {"LastChangeDateTime": work.world.after(order.get("LastChangeDateTime"))})


def cancel(work: Work, given: Row) -> Row:
    """Reverse a whole document; gives the new one."""
    return _reverse(work, given, _open_items(work, given))


def cancel_item(work: Work, given: Row) -> Row:
    """Reverse one item of a document; gives the new item."""
    wanted = [row for row in _open_items(work, given) if row["MaterialDocumentItem"] == given["MaterialDocumentItem"]]
    header = _reverse(work, given, wanted)
    return work.store.find(ITEM, header["MaterialDocumentYear"], header["MaterialDocument"], "1") or {}


def _open_items(work: Work, given: Row) -> list[Row]:
    key = (given["MaterialDocumentYear"], given["MaterialDocument"])
    header = work.store.find(HEADER, *key)
    if header is None:
        raise SapError(400, [say("ME/013", LABEL, " ".join(map(str, key)))])
    entity = work.store.entities[HEADER]
    items = work.store.related(entity, header, entity.navigations["to_MaterialDocumentItem"])
    return [row for row in items if not row.get("GoodsMovementIsCancelled") and not row.get("ReversedMaterialDocument")]


def _reverse(work: Work, given: Row, items: list[Row]) -> Row:
    if not items:
        raise SapError(400, [say("M7/022", given["MaterialDocument"])])
    original = work.store.find(HEADER, given["MaterialDocumentYear"], given["MaterialDocument"]) or {}
    lines = []
    for place, row in enumerate(items, 1):
        work.change(ITEM, row, {"GoodsMovementIsCancelled": True})
        lines.append(
            {
                **row,
                "MaterialDocumentItem": str(place),
                "MaterialDocumentLine": str(place),
                "GoodsMovementType": MOVEMENTS[text(row["GoodsMovementType"])][1],
                "ReversedMaterialDocumentYear": row["MaterialDocumentYear"],
                "ReversedMaterialDocument": row["MaterialDocument"],
                "ReversedMaterialDocumentItem": row["MaterialDocumentItem"],
            }
        )
    kept: Row = {
        name: original[name] for name in ("GoodsMovementCode", "ReferenceDocument", "DocumentDate") if name in original
    }
    day = given.get("PostingDate") or original.get("PostingDate")
    return post(work, {**kept, "PostingDate": day}, lines)
