"""Products: number, units, texts, plants and valuation; each change moves the product's stamp."""

from __future__ import annotations

from decimal import Decimal

from anyerp_sap.sandbox.customizing import MATERIAL_GROUPS
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.rules.base import changed, refuse_fixed, text
from anyerp_sap.sandbox.world import Work

PRODUCT = "A_Product"
LABEL = "Material"
PRODUCT_TYPES = frozenset({"FERT", "HAWA", "ROH", "SERV", "HIBE", "NLAG"})


class ProductRules:
    """All sets of a product."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Create a product with everything nested in it, or a part of an existing product."""
        if draft.entity.name == PRODUCT:
            return _create(work, draft)
        product = _enter(work, draft.values)
        if product is None:
            return {}
        row = _create_part(work, product, draft)
        _touch(work, product)
        return row

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Change a product or a part."""
        changes = changed(entity, row, changes)
        product = _enter(work, row)
        if product is None or not changes:
            return
        if entity.name == PRODUCT:
            refuse_fixed(work, changes, "BaseUnit", "ProductType")
            _check_group(work, changes)
        work.change(entity.name, row, changes)
        _touch(work, product)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Remove a text or a unit."""
        product = _enter(work, row)
        work.store.remove(entity.name, entity.key_of(row))
        if product is not None:
            _touch(work, product)


def _enter(work: Work, values: Row) -> Row | None:
    number = text(values.get("Product"))
    product = work.store.find(PRODUCT, number)
    if product is None:
        work.problem("M3/305", number, target="Product")
    else:
        work.enter(PRODUCT, number, LABEL)
    return product


def _touch(work: Work, product: Row) -> None:
    current = work.store.find(PRODUCT, product["Product"]) or product
    stamp = work.world.after(current.get("LastChangeDateTime"))
    changes: Row = {
        "LastChangeDateTime": stamp,
        "LastChangeDate": stamp.date(),
        "LastChangedByUser": work.user[:12].upper(),
    }
    work.change(PRODUCT, current, changes)


def _create(work: Work, draft: Draft) -> Row:
    now = work.world.now()
    number = text(draft.values.get("Product")) or work.world.next_number(PRODUCT)
    work.enter(PRODUCT, number, LABEL)
    row: Row = {
        "IndustrySector": "M",
        **draft.values,
        "Product": number,
        "CreatedByUser": work.user[:12].upper(),
        "CreationDate": now.date(),
        "LastChangeDateTime": now,
    }
    for name in ("ProductType", "BaseUnit"):
        if not row.get(name):
            work.problem("R1/111", name, target=name)
    if row.get("ProductType") and row["ProductType"] not in PRODUCT_TYPES:
        work.problem("R1/112", "Product type", row["ProductType"], target="ProductType")
    _check_group(work, row)
    if not draft.children.get("to_Description"):
        work.problem("R1/111", "ProductDescription", target="to_Description")
    work.insert(PRODUCT, row, LABEL)
    for child in (c for children in draft.children.values() for c in children):
        _create_part(work, row, child)
    base: Row = {"Product": number, "AlternativeUnit": row.get("BaseUnit", ""), "BaseUnit": row.get("BaseUnit", "")}
    if work.store.find("A_ProductUnitsOfMeasure", number, base["AlternativeUnit"]) is None:
        work.store.put(
            "A_ProductUnitsOfMeasure", {**base, "QuantityNumerator": Decimal(1), "QuantityDenominator": Decimal(1)}
        )
    return row


def _check_group(work: Work, values: Row) -> None:
    if values.get("ProductGroup") and values["ProductGroup"] not in MATERIAL_GROUPS:
        work.problem("R1/112", "Material group", values["ProductGroup"], target="ProductGroup")


def _create_part(work: Work, product: Row, draft: Draft) -> Row:
    row: Row = {**draft.values, "Product": product["Product"]}
    if "BaseUnit" in draft.entity.properties:
        row["BaseUnit"] = product.get("BaseUnit", "")
    for prop in draft.entity.keys:
        if prop.name != "ValuationType" and not draft.entity.get(row, prop.name):
            work.problem("R1/111", prop.name, target=prop.name)
    for name in ("Plant", "ValuationArea"):
        if row.get(name):
            work.exists("Plant", "A_Plant", row[name])
    return work.insert(draft.entity.name, row, draft.entity.name.removeprefix("A_"))
