"""Stock by material, place and stock type: what goods movements add and take, in base units (sap sheet §12)."""

from __future__ import annotations

from decimal import Decimal

from anyerp_sap.sandbox.edm import Row
from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.rules.base import text
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.world import Work

STOCK, QUANTITY = "A_MaterialStock", "A_MatlStkInAcctMod"
_AMOUNT = "MatlWrhsStkQtyInMatlBaseUnit"


def content(store: Store, material: str, unit: str) -> Decimal | None:
    """How many base units one unit of a material holds; None when it is not maintained. Without a material, one."""
    product = store.find("A_Product", material)
    if not material or (product is not None and product.get("BaseUnit") == unit):
        return Decimal(1)
    row = store.find("A_ProductUnitsOfMeasure", material, unit)
    if row is None:
        return None
    top, bottom = row.get("QuantityNumerator"), row.get("QuantityDenominator")
    assert isinstance(top, Decimal)
    assert isinstance(bottom, Decimal)
    return top / bottom


def move(work: Work, item: Row, sign: int) -> None:
    """Add the quantity of a document's item to the stock, or take it away. Raises a 400 when there is too little."""
    if item.get("AccountAssignmentCategory"):  # consumed at once, never in stock
        return
    material, unit = text(item["Material"]), text(item.get("MaterialBaseUnit"))
    key: Row = {
        "Material": material,
        "Plant": item.get("Plant", ""),
        "StorageLocation": item.get("StorageLocation", ""),
        "Batch": item.get("Batch", ""),
        "InventoryStockType": item.get("InventoryStockType", "01"),
    }
    entity = work.store.entities[QUANTITY]
    there = work.store.get(QUANTITY, entity.key_of(key)) or {**key, "MaterialBaseUnit": unit, _AMOUNT: Decimal(0)}
    before, moved = there[_AMOUNT], item["QuantityInBaseUnit"]
    assert isinstance(before, Decimal)
    assert isinstance(moved, Decimal)
    after = before + sign * moved
    if after < 0:
        raise SapError(400, [say("M7/021", "SL Unrestricted-use", -after, unit, material)])
    work.store.put(STOCK, {"Material": material, "MaterialBaseUnit": unit})
    work.store.put(QUANTITY, {**there, _AMOUNT: after})
