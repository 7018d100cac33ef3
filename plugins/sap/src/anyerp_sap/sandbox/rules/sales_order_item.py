"""Items of sales orders with their schedule lines and prices (sap sheet §12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from anyerp_sap.sandbox.codes import commercial, decimals, iso_unit
from anyerp_sap.sandbox.customizing import REJECTION_REASONS, SALES_TAX
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.rules.base import refuse_fixed, text
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.world import Work

ORDER, ITEM, LINE, PRICE = "A_SalesOrder", "A_SalesOrderItem", "A_SalesOrderScheduleLine", "A_SalesOrderItemPrElement"
#: The condition type of the price.
CONDITION = "PPR0"
#: What the sandbox adds to the valuation of a material when no price was sent.
_MARGIN = Decimal("1.4")


def number(value: Value) -> Decimal:
    """Give a stored decimal; zero for what is none."""
    return value if isinstance(value, Decimal) else Decimal(0)


def parts(store: Store, item: Row, navigation: str) -> list[Row]:
    """The schedule lines or prices of an item."""
    entity = store.entities[ITEM]
    return store.related(entity, item, entity.navigations[navigation])


def create(work: Work, order: Row, draft: Draft) -> Row:
    """Insert an item with its parts, or one part of an item."""
    name = draft.entity.name
    if name == ITEM:
        return _create_item(work, order, draft)
    item = work.store.find(ITEM, order["SalesOrder"], draft.values.get("SalesOrderItem"))
    if item is None:
        work.problem("V1/042", "Item", draft.values.get("SalesOrderItem"))
        return {}
    row = (
        _create_line(work, order, item, draft.values)
        if name == LINE
        else _create_price(work, order, item, draft.values)
    )
    _reckon(work, item)
    return row


def _create_item(work: Work, order: Row, draft: Draft) -> Row:
    values = draft.values
    entity = work.store.entities[ORDER]
    others = work.store.related(entity, order, entity.navigations["to_Item"])
    last = max((int(text(row["SalesOrderItem"])) for row in others), default=0)
    wished = text(values.get("SalesOrderItem"))
    product = work.store.find("A_Product", values.get("Material", "")) or {}
    texts = work.store.find("A_ProductDescription", values.get("Material", ""), "EN") or {}
    unit = text(values.get("RequestedQuantityUnit")) or text(product.get("BaseUnit"))
    row: Row = {
        "SalesOrderItemCategory": "TAN",
        "SalesOrderItemText": texts.get("ProductDescription", ""),
        "MaterialGroup": product.get("ProductGroup", ""),
        "ProductionPlant": order.get("SalesOrganization", ""),
        **{name: value for name, value in values.items() if value not in ("", None)},
        "SalesOrder": order["SalesOrder"],
        "SalesOrderItem": str(last // 10 * 10 + 10) if wished in ("", "0") else wished,
        "RequestedQuantityUnit": unit,
        "RequestedQuantitySAPUnit": unit,
        "RequestedQuantityISOUnit": iso_unit(unit),
        "OrderQuantityUnit": unit,
        "OrderQuantitySAPUnit": unit,
        "OrderQuantityISOUnit": iso_unit(unit),
        "TransactionCurrency": order.get("TransactionCurrency", ""),
        "SDProcessStatus": "A",
        "DeliveryStatus": "A",
        "OrderRelatedBillingStatus": "",
    }
    _check(work, row)
    work.insert(ITEM, row, "Item")
    for child in draft.children.get("to_ScheduleLine", []) or [Draft(work.store.entities[LINE], {})]:
        _create_line(work, order, row, child.values)
    prices = [child.values for child in draft.children.get("to_PricingElement", [])]
    for price in prices or [_default_price(work, row)]:
        _create_price(work, order, row, price)
    _reckon(work, row)
    return row


def _check(work: Work, row: Row) -> None:
    target = f"to_Item({row['SalesOrderItem']})"
    complain: Callable[..., None] = lambda code, *args: work.problem(code, *args, target=target)  # noqa: E731
    material = text(row.get("Material"))
    if not material:
        complain("V1/051", "Material")
    elif work.store.find("A_Product", material) is None:
        complain("M3/305", material)
    if number(row.get("RequestedQuantity")) <= 0:
        complain("V1/051", "RequestedQuantity")
    if row.get("ProductionPlant") and work.store.find("A_Plant", row["ProductionPlant"]) is None:
        complain("V1/042", "Plant", row["ProductionPlant"])
    if row.get("SalesDocumentRjcnReason") and row["SalesDocumentRjcnReason"] not in REJECTION_REASONS:
        complain("V1/042", "Reason for rejection", row["SalesDocumentRjcnReason"])


def _create_line(work: Work, order: Row, item: Row, values: Row) -> Row:
    others = parts(work.store, item, "to_ScheduleLine")
    wished = text(values.get("ScheduleLine"))
    day = values.get("RequestedDeliveryDate") or order.get("RequestedDeliveryDate")
    quantity = values.get("ScheduleLineOrderQuantity") or (
        number(item.get("RequestedQuantity")) if not others else Decimal(0)
    )
    row: Row = {
        **values,
        "SalesOrder": item["SalesOrder"],
        "SalesOrderItem": item["SalesOrderItem"],
        "ScheduleLine": str(len(others) + 1) if wished in ("", "0") else wished,
        "RequestedDeliveryDate": day if isinstance(day, date) else work.world.now().date(),
        "ConfirmedDeliveryDate": day if isinstance(day, date) else work.world.now().date(),
        "OrderQuantityUnit": item.get("OrderQuantityUnit", ""),
        "OrderQuantitySAPUnit": item.get("OrderQuantityUnit", ""),
        "OrderQuantityISOUnit": iso_unit(text(item.get("OrderQuantityUnit"))),
        "ScheduleLineOrderQuantity": quantity,
        "ConfdOrderQtyByMatlAvailCheck": quantity,
        "DeliveredQtyInOrderQtyUnit": Decimal(0),
    }
    return work.insert(LINE, row, "Schedule line")


def _default_price(work: Work, item: Row) -> Row:
    valuation = (
        work.store.find("A_ProductValuation", item.get("Material", ""), item.get("ProductionPlant", ""), "") or {}
    )
    per = number(valuation.get("PriceUnitQty")) or Decimal(1)
    value = commercial(
        number(valuation.get("MovingAveragePrice")) * _MARGIN, decimals(text(item.get("TransactionCurrency")))
    )
    return {"ConditionType": CONDITION, "ConditionRateValue": value, "ConditionQuantity": per}


def _create_price(work: Work, order: Row, item: Row, values: Row) -> Row:
    if not values.get("ConditionType"):
        work.problem("V1/051", "ConditionType", target="to_PricingElement")
    others = parts(work.store, item, "to_PricingElement")
    unit = text(values.get("ConditionQuantityUnit")) or text(item.get("OrderQuantityUnit"))
    row: Row = {
        "ConditionQuantity": Decimal(1),
        "ConditionCalculationType": "C",
        "ConditionCategory": "",
        **{name: value for name, value in values.items() if value not in ("", None)},
        "SalesOrder": item["SalesOrder"],
        "SalesOrderItem": item["SalesOrderItem"],
        "PricingProcedureStep": str(10 + len(others)),
        "PricingProcedureCounter": "1",
        "ConditionCurrency": values.get("ConditionCurrency") or order.get("TransactionCurrency", ""),
        "TransactionCurrency": order.get("TransactionCurrency", ""),
        "ConditionQuantityUnit": unit,
        "ConditionQuantitySAPUnit": unit,
        "ConditionQuantityISOUnit": iso_unit(unit),
    }
    if number(row.get("ConditionQuantity")) == 0:
        row["ConditionQuantity"] = Decimal(1)
    return work.insert(PRICE, row, "Condition")


def _reckon(work: Work, item: Row) -> None:
    """Carry the price to the item's amounts."""
    item = work.store.find(ITEM, item["SalesOrder"], item["SalesOrderItem"]) or item
    places = decimals(text(item.get("TransactionCurrency")))
    net = Decimal(0)
    for row in parts(work.store, item, "to_PricingElement"):
        if row.get("ConditionType") == CONDITION:
            quantity = number(item.get("RequestedQuantity"))
            amount = commercial(
                number(row.get("ConditionRateValue")) * quantity / number(row["ConditionQuantity"]), places
            )
            work.change(PRICE, row, {"ConditionAmount": amount})
            net += amount
    confirmed = sum(
        (number(r.get("ConfdOrderQtyByMatlAvailCheck")) for r in parts(work.store, item, "to_ScheduleLine")), Decimal(0)
    )
    tax = commercial(net * SALES_TAX / 100, places)
    work.change(ITEM, item, {"NetAmount": net, "TaxAmount": tax, "ConfdDelivQtyInOrderQtyUnit": confirmed})


def change(work: Work, order: Row, entity: Entity, row: Row, changes: Row) -> None:
    """Change an item or a part; schedule lines follow the item's quantity, amounts its price."""
    if entity.name != ITEM:
        item = work.store.find(ITEM, row["SalesOrder"], row["SalesOrderItem"]) or {}
        work.change(entity.name, row, changes)
        _reckon(work, item)
        return
    refuse_fixed(work, changes, "SalesOrderItemCategory")
    if "RequestedQuantityUnit" in changes:
        unit = text(changes["RequestedQuantityUnit"])
        changes |= dict.fromkeys(("RequestedQuantitySAPUnit", "OrderQuantityUnit", "OrderQuantitySAPUnit"), unit)
    merged: Row = {**row, **changes}
    if merged.get("SalesDocumentRjcnReason"):
        merged |= {"SDProcessStatus": "C", "DeliveryStatus": "C" if merged.get("DeliveryStatus") != "A" else ""}
    _check(work, merged)
    delivered = sum(
        (number(r.get("DeliveredQtyInOrderQtyUnit")) for r in parts(work.store, row, "to_ScheduleLine")), Decimal(0)
    )
    if number(merged.get("RequestedQuantity")) < delivered:
        work.problem("06/034", merged.get("RequestedQuantity"), delivered)
    work.store.put(ITEM, merged)
    if "RequestedQuantity" in changes:
        _spread(work, merged)
    _reckon(work, merged)


def _spread(work: Work, item: Row) -> None:
    lines = parts(work.store, item, "to_ScheduleLine")
    missing = number(item.get("RequestedQuantity")) - sum(
        (number(r["ScheduleLineOrderQuantity"]) for r in lines), Decimal(0)
    )
    for line in reversed(lines):
        old = number(line["ScheduleLineOrderQuantity"])
        new = max(old + missing, Decimal(0))
        missing -= new - old
        work.change(LINE, line, {"ScheduleLineOrderQuantity": new, "ConfdOrderQtyByMatlAvailCheck": new})


def deliver(work: Work, item: Row, quantity: Decimal) -> None:
    """Send out a quantity of an item: its first schedule line takes it."""
    line = parts(work.store, item, "to_ScheduleLine")[0]
    total = number(line.get("DeliveredQtyInOrderQtyUnit")) + quantity
    work.change(LINE, line, {"DeliveredQtyInOrderQtyUnit": total})
    state = "C" if total >= number(item.get("RequestedQuantity")) else "B"
    work.change(ITEM, item, {"DeliveryStatus": state, "SDProcessStatus": "B"})


def remove(work: Work, entity: Entity, row: Row) -> None:
    """Remove an item, or an order with everything in it; refused once something was delivered."""
    items = [row] if entity.name == ITEM else work.store.related(entity, row, entity.navigations["to_Item"])
    if any(item.get("DeliveryStatus") in ("B", "C") for item in items):
        work.problem("V1/050", row["SalesOrder"])
        return
    for item in items:
        for name, navigation in ((LINE, "to_ScheduleLine"), (PRICE, "to_PricingElement")):
            for part in parts(work.store, item, navigation):
                _drop(work, name, part)
        _drop(work, ITEM, item)
    if entity.name == ORDER:
        for partner in work.store.related(entity, row, entity.navigations["to_Partner"]):
            below = work.store.entities["A_SalesOrderHeaderPartner"]
            for address in work.store.related(below, partner, below.navigations["to_Address"]):
                _drop(work, "A_SalesOrderPartnerAddress", address)
            _drop(work, below.name, partner)
        for part in work.store.related(entity, row, entity.navigations["to_Text"]):
            _drop(work, "A_SalesOrderText", part)
        work.store.remove(ORDER, entity.key_of(row))


def _drop(work: Work, name: str, row: Row) -> None:
    work.store.remove(name, work.store.entities[name].key_of(row))
