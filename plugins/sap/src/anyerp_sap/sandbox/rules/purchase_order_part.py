"""Parts of order items: schedule lines, account assignments, notes, and the price condition."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from anyerp_sap.sandbox.customizing import ACCOUNT_CATEGORIES
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.rules.base import text
from anyerp_sap.sandbox.world import Work

ORDER, ITEM, LINE = "A_PurchaseOrder", "A_PurchaseOrderItem", "A_PurchaseOrderScheduleLine"
ASSIGNMENT, PRICE = "A_PurOrdAccountAssignment", "A_PurOrdPricingElement"
NOTES = {"A_PurchaseOrderNote", "A_PurchaseOrderItemNote"}
#: Conditions that carry the gross price of an item.
PRICE_CONDITIONS = ("PPR0", "PBXX")


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _parts(work: Work, item: Row, navigation: str) -> list[Row]:
    entity = work.store.entities[ITEM]
    return work.store.related(entity, item, entity.navigations[navigation])


def _item_of(work: Work, row: Row) -> Row | None:
    order = row.get("PurchaseOrder") or row.get("PurchasingDocument")
    number = row.get("PurchaseOrderItem") or row.get("PurchasingDocumentItem")
    item = work.store.find(ITEM, order, number)
    if item is None:
        work.problem("ME/013", "Item", number)
    elif item.get("PurchasingDocumentDeletionCode"):
        work.problem("06/032", number)
        return None
    return item


def create(work: Work, order: Row, draft: Draft) -> Row:
    """Insert one part of an existing order."""
    name = draft.entity.name
    if name == "A_PurchaseOrderNote":
        return create_note(work, order, draft)
    item = _item_of(work, draft.values)
    if item is None:
        return {}
    if name == ASSIGNMENT:
        return create_assignment(work, item, draft)
    if name == LINE:
        row = _create_line(work, order, item, draft.values)
        _gather(work, item)
        return row
    if name == PRICE:
        if draft.get("ConditionType") not in PRICE_CONDITIONS:
            work.problem("ME/013", "Condition type", draft.get("ConditionType"), target="ConditionType")
        return _set_price(work, item, draft.values)
    return create_note(work, item, draft)


def change(work: Work, order: Row, entity: Entity, row: Row, changes: Row) -> None:
    """Change a part; a schedule line's quantity and a condition's rate are carried to the item."""
    if entity.name == "A_PurchaseOrderNote":
        work.change(entity.name, row, changes)
        return
    item = _item_of(work, row)
    if item is None:
        return
    changed = work.change(entity.name, row, changes)
    if entity.name == LINE:
        _gather(work, item)
        _warn_if_late(work, changed)
    elif entity.name == ASSIGNMENT:
        _check_assignment(work, item, changed)
    elif entity.name == PRICE and changed.get("ConditionType") in PRICE_CONDITIONS:
        _set_price(work, item, changed)


def delete(work: Work, order: Row, entity: Entity, row: Row) -> None:
    """Remove a part. An assignment is only marked; an item keeps at least one schedule line."""
    if entity.name not in NOTES:
        item = _item_of(work, row)
        if item is None:
            return
        if entity.name == LINE and len(_parts(work, item, "to_ScheduleLine")) == 1:
            work.problem("06/041", item["PurchaseOrderItem"])
            return
        if entity.name == ASSIGNMENT:
            work.change(ASSIGNMENT, row, {"IsDeleted": True})
            return
        work.store.remove(entity.name, entity.key_of(row))
        if entity.name == LINE:
            _gather(work, item)
        return
    work.store.remove(entity.name, entity.key_of(row))


def sum_of_lines(draft: Draft) -> Decimal:
    """Add up the schedule lines that came with an item."""
    lines = draft.children.get("to_ScheduleLine", [])
    return sum((_number(line.get("ScheduleLineOrderQuantity")) for line in lines), Decimal(0))


def create_lines(work: Work, order: Row, item: Row, drafts: list[Draft]) -> None:
    """Insert the schedule lines of a new item; one for the whole quantity when none came."""
    for draft in drafts:
        _create_line(work, order, item, draft.values)
    if not drafts:
        _create_line(work, order, item, {})
        return
    total = sum_of_lines_of(work, item)
    if total != item["OrderQuantity"]:
        work.problem("06/031", total, item["OrderQuantity"], target="to_ScheduleLine")


def sum_of_lines_of(work: Work, item: Row) -> Decimal:
    """Add up the schedule lines of an item."""
    lines = _parts(work, item, "to_ScheduleLine")
    return sum((_number(line.get("ScheduleLineOrderQuantity")) for line in lines), Decimal(0))


def _create_line(work: Work, order: Row, item: Row, values: Row) -> Row:
    lines = _parts(work, item, "to_ScheduleLine")
    last = max((int(text(line["ScheduleLine"])) for line in lines), default=0)
    wished = text(values.get("ScheduleLine"))
    row: Row = {
        "DelivDateCategory": "1",
        "ScheduleLineDeliveryTime": timedelta(0),
        "ScheduleLineOrderQuantity": item.get("OrderQuantity") if not lines else Decimal(0),
        **values,
        "PurchasingDocument": item["PurchaseOrder"],
        "PurchasingDocumentItem": item["PurchaseOrderItem"],
        "ScheduleLine": str(last + 1) if wished in ("", "0") else wished,
        "PurchaseOrderQuantityUnit": item.get("PurchaseOrderQuantityUnit", ""),
    }
    if row.get("ScheduleLineDeliveryDate") is None:
        row["ScheduleLineDeliveryDate"] = _planned(work, order)
    _warn_if_late(work, row)
    return work.insert(LINE, row, "Schedule line")


def _planned(work: Work, order: Row) -> date:
    """Give the date of a line that names none: the order's date plus the supplier's planned days."""
    key = (order.get("Supplier"), order.get("PurchasingOrganization"))
    purchasing = work.store.find("A_SupplierPurchasingOrg", *key) or {}
    ordered = order.get("PurchaseOrderDate")
    start = ordered if isinstance(ordered, date) else work.world.now().date()
    return start + timedelta(days=int(_number(purchasing.get("MaterialPlannedDeliveryDurn"))))


def _warn_if_late(work: Work, line: Row) -> None:
    day = line.get("ScheduleLineDeliveryDate")
    if isinstance(day, date) and day < work.world.now().date():
        work.warn("06/040", target="to_ScheduleLine")


def _gather(work: Work, item: Row) -> None:
    """Carry the sum of the schedule lines to the item."""
    work.change(ITEM, item, {"OrderQuantity": sum_of_lines_of(work, item)})


def spread(work: Work, item: Row) -> None:
    """Carry an item's new quantity to its schedule lines: the difference goes to the last ones."""
    missing = _number(item["OrderQuantity"]) - sum_of_lines_of(work, item)
    for line in reversed(_parts(work, item, "to_ScheduleLine")):
        old = _number(line.get("ScheduleLineOrderQuantity"))
        new = max(old + missing, Decimal(0))
        missing -= new - old
        work.change(LINE, line, {"ScheduleLineOrderQuantity": new})


def create_assignment(work: Work, item: Row, draft: Draft) -> Row:
    """Insert an account assignment."""
    others = _parts(work, item, "to_AccountAssignment")
    wished = text(draft.values.get("AccountAssignmentNumber"))
    row: Row = {
        "ControllingArea": "A000",
        "Quantity": item.get("OrderQuantity"),
        "MultipleAcctAssgmtDistrPercent": Decimal(0),
        **draft.values,
        "PurchaseOrder": item["PurchaseOrder"],
        "PurchaseOrderItem": item["PurchaseOrderItem"],
        "AccountAssignmentNumber": str(len(others) + 1) if wished in ("", "0") else wished,
        "PurchaseOrderQuantityUnit": item.get("PurchaseOrderQuantityUnit", ""),
        "DocumentCurrency": item.get("DocumentCurrency", ""),
    }
    _check_assignment(work, item, row)
    return work.insert(ASSIGNMENT, row, "Account assignment")


def _check_assignment(work: Work, item: Row, row: Row) -> None:
    category = text(item.get("AccountAssignmentCategory"))
    if not category:
        work.problem("ME/083", "Acct Assignment Cat.", target="to_AccountAssignment")
    for name in ACCOUNT_CATEGORIES.get(category, ()):
        if not row.get(name):
            work.problem("ME/083", name, target=f"to_AccountAssignment/{name}")


def create_note(work: Work, owner: Row, draft: Draft) -> Row:
    """Insert a note of an order or of an item."""
    row: Row = {"Language": work.language, **draft.values, "PurchaseOrder": owner["PurchaseOrder"]}
    if "PurchaseOrderItem" in draft.entity.properties:
        row["PurchaseOrderItem"] = owner["PurchaseOrderItem"]
    if not row.get("TextObjectType"):
        work.problem("ME/083", "Text ID", target="TextObjectType")
    return work.insert(draft.entity.name, row, "Text")


def _set_price(work: Work, item: Row, condition: Row) -> Row:
    changes: Row = {"NetPriceAmount": round(_number(condition.get("ConditionRateValue")), 3)}
    if condition.get("ConditionQuantity"):
        changes["NetPriceQuantity"] = condition["ConditionQuantity"]
    return put_price(work, work.change(ITEM, item, changes))


def put_price(work: Work, item: Row) -> Row:
    """Write the price condition of an item, which repeats its net price."""
    per = _number(item.get("NetPriceQuantity")) or Decimal(1)
    price = _number(item.get("NetPriceAmount"))
    top = _number(item.get("OrderPriceUnitToOrderUnitNmrtr")) or Decimal(1)
    ratio = top / (_number(item.get("OrdPriceUnitToOrderUnitDnmntr")) or Decimal(1))
    row: Row = {
        "PurchaseOrder": item["PurchaseOrder"],
        "PurchaseOrderItem": item["PurchaseOrderItem"],
        "PricingDocument": text(item["PurchaseOrder"])[-10:],
        "PricingDocumentItem": item["PurchaseOrderItem"],
        "PricingProcedureStep": "10",
        "PricingProcedureCounter": "1",
        "ConditionType": PRICE_CONDITIONS[0],
        "ConditionRateValue": price,
        "ConditionCurrency": item.get("DocumentCurrency", ""),
        "TransactionCurrency": item.get("DocumentCurrency", ""),
        "ConditionAmount": round(price * _number(item.get("OrderQuantity")) * ratio / per, 3),
        "ConditionQuantity": per,
        "ConditionQuantityUnit": item.get("OrderPriceUnit", ""),
        "ConditionCalculationType": "C",
    }
    return work.store.put(PRICE, row)
