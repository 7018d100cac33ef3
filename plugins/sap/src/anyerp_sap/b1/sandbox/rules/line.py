"""The lines of a document: what an item, a unit, a price list and a base document fill in, and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import Refused, business, invalid
from anyerp_sap.b1.sandbox.payload import GIVEN
from anyerp_sap.b1.sandbox.rules.base import base_line
from anyerp_sap.b1.sandbox.rules.total import PRICE
from anyerp_sap.b1.sandbox.schema import DocumentKind
from anyerp_sap.b1.sandbox.values import rounded
from anyerp_sap.b1.sandbox.world import DEFAULT_WAREHOUSE, LOCAL_CURRENCY, World

MANUAL = -1
#: Where a line remembers the item that it was filled from.
FILLED = "_filled"
_ZERO = Decimal(0)
_RECEIPT = 20
_OF_THE_ITEM = ("ItemDescription", "SupplierCatNum", "VatGroup", "UoMEntry", "MeasureUnit")
_COPIED = (
    "ItemCode ItemDescription UnitPrice DiscountPercent WarehouseCode VatGroup AccountCode CostingCode CostingCode2 "
    "CostingCode3 CostingCode4 CostingCode5 ProjectCode UoMEntry MeasureUnit UnitsOfMeasurment FreeText SupplierCatNum"
).split()


def fill(world: World, kind: DocumentKind, document: Row, line: Row, place: int) -> None:
    """Complete a new line, or one whose item or unit changed. `place` counts from 1, as in error texts.

    Raises `Refused`.
    """
    where = f"[line: {place}]"
    given = line.get(GIVEN, frozenset())
    if "Quantity" in given and not line["Quantity"]:
        raise invalid(f"Quantity is missing [{kind.line_table}.Quantity]{where}")
    if line.get(FILLED, line["ItemCode"]) != line["ItemCode"]:
        line.update({name: None for name in _OF_THE_ITEM if name not in given})
    if line["BaseEntry"] is not None and FILLED not in line:
        _copy(base_line(world, kind, document, line, place), line, place)
    if line["Quantity"] < 0:
        raise invalid(f"Quantity must not be negative [{kind.line_table}.Quantity]{where}")
    if line["Currency"] not in (None, document["DocCurrency"]):
        raise invalid(f"Currency of a row must be the document's [{kind.line_table}.Currency]{where}")
    line["Quantity"] = line["Quantity"] or Decimal(1)
    if "LineTotal" in given and "UnitPrice" not in given:
        line["UnitPrice"] = rounded(line["LineTotal"] / document["DocRate"] / line["Quantity"], PRICE)
    line["ShipDate"] = line["ShipDate"] or document["DocDueDate"]
    if document["DocType"] == "dDocument_Service":
        _service(world, kind, line, where)
    else:
        _item(world, kind, document, line, where)
    for name, target in {"VatGroup": "VatGroups", "AccountCode": "ChartOfAccounts"}.items():
        world.require(target, line[name])
    line[FILLED] = line["ItemCode"]
    line.pop(GIVEN, None)


def _copy(base: Row, line: Row, place: int) -> None:
    """Take from the base line what was left at its default."""
    if line["ItemCode"] not in (None, base["ItemCode"]):
        raise invalid(f"Item of a row must be that of its base document [line: {place}]")
    for name in _COPIED:
        if name not in line.get(GIVEN, ()) and (line[name] in (None, _ZERO) or name == "UnitsOfMeasurment"):
            line[name] = base[name]
    line["Quantity"] = line["Quantity"] or base["RemainingOpenQuantity"]


def _service(world: World, kind: DocumentKind, line: Row, where: str) -> None:
    if line["ItemCode"]:
        raise invalid(f"Item number is not allowed in service documents [{kind.line_table}.ItemCode]{where}")
    if not line["AccountCode"]:
        raise invalid(f"G/L account is missing [{kind.line_table}.AcctCode]{where}")
    line.update(Quantity=Decimal(1), UnitsOfMeasurment=Decimal(1))


def _item(world: World, kind: DocumentKind, document: Row, line: Row, where: str) -> None:
    if not line["ItemCode"]:
        raise Refused(400, -5009, "Item number is missing; specify an item number")
    item = world.store.get("Items", line["ItemCode"])
    purchase = kind.partner != "cCustomer"
    if item["Frozen"] == "tYES" or item["Valid"] == "tNO":
        raise business(f"1470000368 - Item '{item['ItemCode']}' is inactive {where}")
    if item["PurchaseItem" if purchase else "SalesItem"] == "tNO":
        raise business(
            f"131-183 - Item '{item['ItemCode']}' is not a {'purchase' if purchase else 'sales'} item {where}"
        )
    line["ItemDescription"] = line["ItemDescription"] or item["ItemName"]
    line["SupplierCatNum"] = line["SupplierCatNum"] or (item["SupplierCatalogNo"] if purchase else None)
    line["WarehouseCode"] = line["WarehouseCode"] or item["DefaultWarehouse"] or DEFAULT_WAREHOUSE
    if world.store.get("Warehouses", line["WarehouseCode"])["Inactive"] == "tYES":
        raise business(f"1470000570 - Warehouse '{line['WarehouseCode']}' is inactive {where}")
    line["VatGroup"] = line["VatGroup"] or item["PurchaseVATGroup" if purchase else "SalesVATGroup"]
    _unit(world, item, line, purchase=purchase, where=where)
    priced = {"UnitPrice", "LineTotal"} & line.get(GIVEN, frozenset())
    if FILLED not in line and not priced and line["BaseEntry"] is None:
        line["UnitPrice"] = _list_price(world, document, item, line)
    if kind.posted:
        _batches(kind, item, line)
        _bins(world, line)


def _unit(world: World, item: Row, line: Row, *, purchase: bool, where: str) -> None:
    """The unit: of the item's group, or, where the item has none, free text and a factor (UoMEntry -1, "Manual")."""
    group = world.store.find("UnitOfMeasurementGroups", item["UoMGroupEntry"])
    if group is None:
        if line["UoMEntry"] not in (None, MANUAL):
            raise invalid(f"Unit of measurement does not belong to the item {where}")
        side = "Purchase" if purchase else "Sales"
        line["UoMEntry"], line["UoMCode"] = MANUAL, "Manual"
        line["MeasureUnit"] = line["MeasureUnit"] or item[f"{side}Unit"]
        if line["UnitsOfMeasurment"] == 1:
            line["UnitsOfMeasurment"] = item[f"{side}ItemsPerUnit"]
        return
    default = item["DefaultPurchasingUoMEntry" if purchase else "DefaultSalesUoMEntry"] or group["BaseUoM"]
    line["UoMEntry"] = line["UoMEntry"] or default
    known = {each["AlternateUoM"]: each for each in group["UoMGroupDefinitionCollection"]}
    definition = known.get(line["UoMEntry"])
    if definition is None:
        raise invalid(f"Unit of measurement does not belong to the item {where}")
    unit = world.store.get("UnitOfMeasurements", line["UoMEntry"])
    line.update(
        UoMCode=unit["Code"],
        MeasureUnit=unit["Name"],
        UnitsOfMeasurment=definition["BaseQuantity"] / definition["AlternateQuantity"],
    )


def _list_price(world: World, document: Row, item: Row, line: Row) -> Decimal:
    """The price of the partner's list, per unit of the line; converted when the list is in another currency."""
    partner = world.store.find("BusinessPartners", document["CardCode"])
    wanted = partner["PriceListNum"] if partner else 1
    row: dict[str, Any] | None = next((each for each in item["ItemPrices"] if each["PriceList"] == wanted), None)
    if row is None:
        return _ZERO
    price: Decimal = row["Price"] * line["UnitsOfMeasurment"]
    if row["Currency"] in (None, document["DocCurrency"]):
        return price
    own = price if row["Currency"] == LOCAL_CURRENCY else price * world.rates.get(row["Currency"], Decimal(1))
    return rounded(own / document["DocRate"], PRICE)


def _batches(kind: DocumentKind, item: Row, line: Row) -> None:
    """An item managed by batches is only received with all its batches named."""
    named = sum((batch["Quantity"] for batch in line["BatchNumbers"]), _ZERO)
    needed = line["Quantity"] * line["UnitsOfMeasurment"]
    moves_stock = line["BaseType"] not in (kind.code, _RECEIPT)
    if item["ManageBatchNumbers"] == "tYES" and moves_stock and named != needed:
        raise business("Cannot add row without complete selection of batch/serial numbers")


def _bins(world: World, line: Row) -> None:
    for allocation in line["DocumentLinesBinAllocations"]:
        place = world.store.find("BinLocations", allocation["BinAbsEntry"])
        if place is None or place["Warehouse"] != line["WarehouseCode"]:
            raise invalid(f"Bin location does not belong to warehouse '{line['WarehouseCode']}'")
