"""Items of purchase orders: numbers, defaults from the material, prices, checks, and marking as deleted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from anyerp_sap.sandbox.codes import decimals, unit_out
from anyerp_sap.sandbox.customizing import ACCOUNT_CATEGORIES, ITEM_CATEGORIES, MATERIAL_GROUPS, TAX_CODES
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Row, Value
from anyerp_sap.sandbox.rules import goods_movement
from anyerp_sap.sandbox.rules import purchase_order_part as parts
from anyerp_sap.sandbox.rules.base import refuse_fixed, text
from anyerp_sap.sandbox.world import Work

ITEM = "A_PurchaseOrderItem"
_AMOUNTS = ("NetPriceAmount", "ExpectedOverallLimitAmount", "OverallLimitAmount", "DownPaymentAmount")


def number(value: Value) -> Decimal:
    """Give a stored decimal; zero for what is none."""
    return value if isinstance(value, Decimal) else Decimal(0)


def create(work: Work, order: Row, draft: Draft) -> Row:
    """Insert an item with its schedule lines, assignments, notes and price."""
    row: Row = {**draft.values, "PurchaseOrder": order["PurchaseOrder"]}
    if row.get("PurchaseOrderItem", "0") == "0":
        row["PurchaseOrderItem"] = _next(work, order)
    row = _defaults(work, order, row, draft)
    check(work, order, row)
    work.insert(ITEM, row, "Item")
    parts.create_lines(work, order, row, draft.children.get("to_ScheduleLine", []))
    assignments = draft.children.get("to_AccountAssignment", [])
    for child in assignments:
        parts.create_assignment(work, row, child)
    if row.get("AccountAssignmentCategory") and not assignments:
        work.problem("06/436", target="to_AccountAssignment")
    for child in draft.children.get("to_PurchaseOrderItemNote", []):
        parts.create_note(work, row, child)
    parts.put_price(work, row)
    return row


def _next(work: Work, order: Row) -> str:
    entity = work.store.entities["A_PurchaseOrder"]
    items = work.store.related(entity, order, entity.navigations["to_PurchaseOrderItem"])
    return str(max((int(text(i["PurchaseOrderItem"])) for i in items), default=0) // 10 * 10 + 10)


def _defaults(work: Work, order: Row, row: Row, draft: Draft) -> Row:
    """Fill what the system fills from material, supplier and header."""
    material = text(row.get("Material"))
    product = work.store.find("A_Product", material) or {}
    purchasing = (
        work.store.find("A_SupplierPurchasingOrg", order.get("Supplier"), order.get("PurchasingOrganization")) or {}
    )
    unit = text(product.get("PurchaseOrderQuantityUnit")) or text(product.get("BaseUnit"))
    filled: Row = {
        "DocumentCurrency": order.get("DocumentCurrency", ""),
        "PurchaseOrderItemText": _description(work, material, text(order.get("Language"))),
        "MaterialGroup": product.get("ProductGroup", ""),
        "PurchaseOrderQuantityUnit": unit,
        "NetPriceQuantity": Decimal(1),
        "PurchaseOrderItemCategory": "0",
        "TaxCode": "V1",
        "InvoiceIsGoodsReceiptBased": purchasing.get("InvoiceIsGoodsReceiptBased", False),
        "PriceIsToBePrinted": True,
    }
    filled.update({name: value for name, value in row.items() if value not in ("", None)})
    # A Boolean that was not sent is filled; one that was sent as false stays false.
    for name in ("GoodsReceiptIsExpected", "InvoiceIsExpected"):
        filled.setdefault(name, True)
    filled["OrderQuantity"] = number(row.get("OrderQuantity")) or parts.sum_of_lines(draft)
    if number(filled["NetPriceQuantity"]) == 0:
        filled["NetPriceQuantity"] = Decimal(1)
    if "NetPriceAmount" not in row:
        _price(work, filled, draft)
    filled["OrderPriceUnit"] = text(filled.get("OrderPriceUnit")) or filled["PurchaseOrderQuantityUnit"]
    return {**_ratio(work, filled), **filled}


def _ratio(work: Work, row: Row) -> Row:
    """Give the conversion between order unit and price unit, by the units of the material (sheet §10)."""
    content = Decimal(1)
    for name, exponent in (("PurchaseOrderQuantityUnit", 1), ("OrderPriceUnit", -1)):
        unit = work.store.find("A_ProductUnitsOfMeasure", row.get("Material", ""), row.get(name, "")) or {}
        one = number(unit.get("QuantityNumerator", Decimal(1))) / number(unit.get("QuantityDenominator", Decimal(1)))
        content = content * one if exponent > 0 else content / one
    top, bottom = content.as_integer_ratio()
    return {"OrderPriceUnitToOrderUnitNmrtr": Decimal(top), "OrdPriceUnitToOrderUnitDnmntr": Decimal(bottom)}


def _price(work: Work, row: Row, draft: Draft) -> None:
    """Take the price from a condition that was sent, otherwise from the material's valuation in the same currency."""
    for child in draft.children.get("to_PurchaseOrderPricingElement", []):
        if child.get("ConditionType") in parts.PRICE_CONDITIONS:
            row["NetPriceAmount"] = number(child.get("ConditionRateValue"))
            row["NetPriceQuantity"] = number(child.get("ConditionQuantity")) or Decimal(1)
            return
    valuation = work.store.find("A_ProductValuation", row.get("Material"), row.get("Plant"), "") or {}
    if valuation.get("Currency") == row.get("DocumentCurrency"):
        row["NetPriceAmount"] = number(valuation.get("MovingAveragePrice"))
        row["NetPriceQuantity"] = number(valuation.get("PriceUnitQty")) or Decimal(1)
        row.setdefault("OrderPriceUnit", valuation.get("BaseUnit"))


def _description(work: Work, material: str, language: str) -> str:
    for tongue in (language, "EN"):
        found = work.store.find("A_ProductDescription", material, tongue)
        if found is not None:
            return text(found.get("ProductDescription"))
    return ""


def check(work: Work, order: Row, row: Row) -> None:
    """Note everything that is wrong with an item."""
    target = f"to_PurchaseOrderItem({row.get('PurchaseOrderItem')})"
    say: Callable[..., None] = lambda code, *args: work.problem(code, *args, target=target)  # noqa: E731
    plant = work.store.find("A_Plant", row.get("Plant", ""))
    if not row.get("Plant"):
        say("ME/083", "Plant")
    elif plant is None:
        say("ME/013", "Plant", row["Plant"])
    elif plant.get("CompanyCode") != order.get("CompanyCode"):
        say("06/025", row["Plant"], order.get("CompanyCode"))
    if (
        row.get("StorageLocation")
        and work.store.find("StorageLocation", row.get("Plant"), row["StorageLocation"]) is None
    ):
        say("ME/013", "Storage location", row["StorageLocation"])
    _check_material(work, row, say)
    _check_codes(row, say)
    _check_amounts(row, say)


def _check_material(work: Work, row: Row, say: Callable[..., None]) -> None:
    material = text(row.get("Material"))
    if material:
        product = work.store.find("A_Product", material)
        if product is None:
            say("M3/305", material)
        elif product.get("IsMarkedForDeletion"):
            say("M3/352", material)
        elif row.get("Plant") and work.store.find("A_ProductPlant", material, row["Plant"]) is None:
            say("M3/351", material, row["Plant"])
        _check_unit(work, material, product or {}, row, say)
        return
    for name, label in (
        ("PurchaseOrderItemText", "Short Text"),
        ("MaterialGroup", "Material Group"),
        ("AccountAssignmentCategory", "Acct Assignment Cat."),
        ("PurchaseOrderQuantityUnit", "Order Unit"),
    ):
        if not row.get(name):
            say("ME/083", label)


def _check_unit(work: Work, material: str, product: Row, row: Row, say: Callable[..., None]) -> None:
    unit = text(row.get("PurchaseOrderQuantityUnit"))
    if not product or unit in (product.get("BaseUnit"), product.get("PurchaseOrderQuantityUnit")):
        return
    if work.store.find("A_ProductUnitsOfMeasure", material, unit) is None:
        say("ME/013", f"Conversion of material {material} to unit", unit_out(unit, work.language))


def _check_codes(row: Row, say: Callable[..., None]) -> None:
    if row.get("PurchaseOrderItemCategory") not in ITEM_CATEGORIES:
        say("06/029", row.get("PurchaseOrderItemCategory"))
    category = text(row.get("AccountAssignmentCategory"))
    if category and category not in ACCOUNT_CATEGORIES:
        say("06/437", category)
    if row.get("MaterialGroup") and row["MaterialGroup"] not in MATERIAL_GROUPS:
        say("ME/013", "Material group", row["MaterialGroup"])
    if row.get("TaxCode", "") not in TAX_CODES:
        say("ME/013", "Tax code", row["TaxCode"])


def _check_amounts(row: Row, say: Callable[..., None]) -> None:
    if number(row.get("OrderQuantity")) <= 0:
        say("ME/083", "Order Quantity")
    if number(row.get("NetPriceAmount")) <= 0 and not row.get("PurchasingItemIsFreeOfCharge"):
        say("06/030")
    currency = text(row.get("DocumentCurrency"))
    for name in _AMOUNTS:
        amount = number(row.get(name))
        if amount != round(amount, decimals(currency)):
            say("06/036", amount, currency)


def change(work: Work, order: Row, row: Row, changes: Row) -> None:
    """Change an item; schedule lines and price follow its quantity and price."""
    item = text(row["PurchaseOrderItem"])
    if row.get("PurchasingDocumentDeletionCode"):
        work.problem("06/032", item)
        return
    refuse_fixed(work, changes, "Material", "PurchaseOrderItemCategory")
    merged = {**row, **changes}
    check(work, order, merged)
    received = goods_movement.received(work.store, row)
    if number(merged.get("OrderQuantity")) < received:
        work.problem("06/034", merged.get("OrderQuantity"), received)
    work.store.put(ITEM, merged)
    if "OrderQuantity" in changes:
        parts.spread(work, merged)
    if "NetPriceAmount" in changes or "NetPriceQuantity" in changes:
        parts.put_price(work, merged)


def reprice(work: Work, order: Row, currency: Value) -> None:
    """Give all items of an order another currency; the amounts stay and must have that currency's decimals."""
    entity = work.store.entities["A_PurchaseOrder"]
    for item in work.store.related(entity, order, entity.navigations["to_PurchaseOrderItem"]):
        merged = {**item, "DocumentCurrency": currency}
        check(work, order, merged)
        work.store.put(ITEM, merged)
        parts.put_price(work, merged)


def delete(work: Work, row: Row) -> None:
    """Mark an item as deleted; refused once something was received (sheet §10)."""
    item = text(row["PurchaseOrderItem"])
    if goods_movement.received(work.store, row):
        work.problem("06/033", item)
        return
    work.change(ITEM, row, {"PurchasingDocumentDeletionCode": "L"})
