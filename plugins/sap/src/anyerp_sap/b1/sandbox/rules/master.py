"""Master data: keys, duplicates, references, and what partners and items fill in by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import Refused, business, invalid
from anyerp_sap.b1.sandbox.payload import Writing, reset
from anyerp_sap.b1.sandbox.schema import KINDS, SETS
from anyerp_sap.b1.sandbox.store import Key
from anyerp_sap.b1.sandbox.world import ANY_CURRENCY, DEFAULT_WAREHOUSE, World

#: Type → field → the set that it points into.
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "BusinessPartner": {"PayTermsGrpCode": "PaymentTermsTypes", "VatGroup": "VatGroups", "Currency": "Currencies"},
    "Item": {
        "Mainsupplier": "BusinessPartners",
        "DefaultWarehouse": "Warehouses",
        "PurchaseVATGroup": "VatGroups",
        "SalesVATGroup": "VatGroups",
        "UoMGroupEntry": "UnitOfMeasurementGroups",
        "DefaultPurchasingUoMEntry": "UnitOfMeasurements",
        "InventoryUoMEntry": "UnitOfMeasurements",
    },
    "BinLocation": {"Warehouse": "Warehouses"},
    "Warehouse": {"BusinessPlaceID": "BusinessPlaces", "DefaultBin": "BinLocations"},
}
#: "None": no terms, no group.
_NO_REFERENCE = (-1, ANY_CURRENCY)


def create(world: World, entity_set: str, body: Mapping[str, Any]) -> Row:
    """A new row. Raises `Refused`."""
    type_ = world.types[SETS[entity_set]]
    row = type_.blank()
    Writing(world.types, creating=True).lay(type_, row, body)
    if type_.fields[type_.key].computed:
        row[type_.key] = world.store.next(entity_set)
    elif not row[type_.key]:
        raise invalid(f"{type_.key} is missing; specify a value")
    elif row[type_.key] in world.store.table(entity_set):
        raise _duplicate(entity_set, row[type_.key])
    _complete(world, type_.name, row)
    if "CreateDate" in row:
        row["CreateDate"], row["CreateTime"] = world.today(), world.time()
    if "DataVersion" in row:
        row["DataVersion"] = 1
    if type_.name == "Item":  # a partner's UpdateDate stays null until the first change, an item's does not
        row["UpdateDate"], row["UpdateTime"] = row["CreateDate"], row["CreateTime"]
    world.store.put(entity_set, row[type_.key], row)
    return row


def update(
    world: World, entity_set: str, old: Row, body: Mapping[str, Any], writing: Writing, *, resetting: bool
) -> Row:
    """A changed row. Raises `Refused`."""
    type_ = world.types[SETS[entity_set]]
    row = dict(old)
    if resetting:
        reset(type_, row, body)
    writing.lay(type_, row, body)
    _complete(world, type_.name, row)
    world.touched(row)
    world.store.put(entity_set, row[type_.key], row)
    return row


def delete(world: World, entity_set: str, row: Row) -> None:
    """Remove a row that nothing uses. Raises `Refused`; its code and text are own knowledge."""
    key: Key = row[world.types[SETS[entity_set]].key]
    if _used(world, entity_set, key):
        raise business(f"1320000032 - Cannot remove '{key}'; linked to documents or master data")
    world.store.put(entity_set, key, None)


#: What a document and its lines point to, beside what `REFERENCES` has.
_HEADER = {"BusinessPartners": "CardCode", "PaymentTermsTypes": "PaymentGroupCode"}
_LINE = {"Items": "ItemCode", "Warehouses": "WarehouseCode", "UnitOfMeasurements": "UoMEntry"}


def _used(world: World, entity_set: str, key: Key) -> bool:
    for kind in KINDS:
        for document in world.store.rows(kind):
            if entity_set in _HEADER and document[_HEADER[entity_set]] == key:
                return True
            if entity_set in _LINE and any(line[_LINE[entity_set]] == key for line in document["DocumentLines"]):
                return True
    for owner, type_name in SETS.items():
        names = [name for name, target in REFERENCES.get(type_name, {}).items() if target == entity_set]
        if names and any(row[name] == key for row in world.store.rows(owner) for name in names):
            return True
    return False


def _complete(world: World, type_name: str, row: Row) -> None:
    for name, target in REFERENCES.get(type_name, {}).items():
        if row[name] not in _NO_REFERENCE:
            world.require(target, row[name])
    if type_name == "BusinessPartner":
        _partner(world, row)
    elif type_name == "Item":
        _item(world, row)
    elif type_name == "BinLocation":
        row["BinCode"] = "-".join(filter(None, (row["Warehouse"], row["Sublevel1"], row["Sublevel2"])))


def _partner(world: World, row: Row) -> None:
    number(world, row["BPAddresses"], "RowNum", shared=False)
    number(world, row["ContactEmployees"], "InternalCode")
    number(world, row["BPBankAccounts"], "InternalKey")
    names = [(address["AddressType"], address["AddressName"]) for address in row["BPAddresses"]]
    if None in (name for _, name in names):
        raise invalid("Address name is missing [CRD1.Address]")
    if len(set(names)) < len(names):
        raise business("1470000393 - Address name already exists; specify a unique name")
    for address in row["BPAddresses"]:
        address["BPCode"] = row["CardCode"]
    for contact in row["ContactEmployees"]:
        contact["CardCode"] = row["CardCode"]


def _item(world: World, row: Row) -> None:
    row["DefaultWarehouse"] = row["DefaultWarehouse"] or DEFAULT_WAREHOUSE
    stocked = {place["WarehouseCode"] for place in row["ItemWarehouseInfoCollection"]}
    blank = world.types["ItemWarehouseInfo"]
    for code in stocked:
        world.require("Warehouses", code)
    row["ItemWarehouseInfoCollection"] = row["ItemWarehouseInfoCollection"] + [
        {**blank.blank(), "WarehouseCode": warehouse["WarehouseCode"]}
        for warehouse in world.store.rows("Warehouses")
        if warehouse["WarehouseCode"] not in stocked
    ]
    for place in row["ItemWarehouseInfoCollection"]:
        place["ItemCode"] = row["ItemCode"]
    number(world, row["ItemBarCodeCollection"], "AbsEntry")


def number(world: World, rows: list[Row], name: str, *, shared: bool = True) -> None:
    """Give out the missing numbers: from one range for the company, or counted from 0 within the collection."""
    for row in rows:
        if row[name] is None:
            highest = max((other[name] for other in rows if other[name] is not None), default=-1)
            row[name] = world.store.next(name) if shared else highest + 1


def _duplicate(entity_set: str, key: Key) -> Refused:
    if entity_set == "BusinessPartners":
        return business(
            f"1320000140 - Business partner code '{key}' already assigned to a business partner; "
            "enter a unique business partner code"
        )
    return Refused(400, -2035, "This entry already exists in the following tables (ODBC -2035)")
