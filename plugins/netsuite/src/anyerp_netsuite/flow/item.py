"""Items: listed by SuiteQL; one by one, each through the record type that it is of (netsuite sheet §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord, NotFound, Problem
from anyerp.lens import Changes
from anyerp.lens.path import place

from anyerp_netsuite import document, lookup, record
from anyerp_netsuite.flow.table import one
from anyerp_netsuite.lens.common import CUSTOM, PAGE
from anyerp_netsuite.lens.item import ITEM, ITEMS
from anyerp_netsuite.paging import pages
from anyerp_netsuite.suiteql import rows

#: The record types of an item type, the one that is made first; no column says which of them an item is.
TYPES: Mapping[str, tuple[str, ...]] = {
    "InvtPart": ("inventoryItem", "lotNumberedInventoryItem", "serializedInventoryItem"),
    "Assembly": ("assemblyItem", "lotNumberedAssemblyItem", "serializedAssemblyItem"),
    "NonInvtPart": ("nonInventoryPurchaseItem", "nonInventoryResaleItem", "nonInventorySaleItem"),
    "Service": ("servicePurchaseItem", "serviceResaleItem", "serviceSaleItem"),
    "OthCharge": ("otherChargePurchaseItem", "otherChargeResaleItem", "otherChargeSaleItem"),
    "Kit": ("kitItem",),
}
_UNITS = ("stockUnit", "purchaseUnit")
#: Where the record type that was found stands in a native record.
_TYPE = "recordType"
_KEPT = 4096


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One item; of a type that the record service does not have, what SuiteQL says of it."""
    known: dict[str, str] = ctx.memory.setdefault("record types of items", {})
    if id in known:
        return (yield from _opened(ctx, known[id], id))
    if not (id.isascii() and id.isdecimal()):
        raise NotFound(f"NetSuite's ids are whole numbers; there is no item {id[:40]!r}")
    kinds = yield from rows("SELECT i.itemtype AS kind FROM item i WHERE i.id = TO_NUMBER(?)", [id])
    for kind in TYPES.get(kinds[0].get("kind", "") if kinds else "", ()):
        try:
            found = yield from _opened(ctx, kind, id)
        except NotFound:
            continue
        if len(known) > _KEPT:
            known.clear()
        known[id] = kind
        return found
    return (yield from one(ctx, ITEMS, id))


def _opened(ctx: Context, kind: str, id: str) -> Flow[dict[str, Any]]:
    found = yield from record.get(ctx, kind, id)
    used = [str(found[name]) for name in _UNITS if name in found]
    names = (yield from lookup.units(ctx, *used)) if used else {}
    units = {name: {"id": found[name], "refName": names.get(str(found[name]))} for name in _UNITS if name in found}
    return (yield from document.completed(ctx, {**found, **units, _TYPE: kind}, ITEMS.link))


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The item of a number, which no two items have."""
    found = yield from rows("SELECT i.id AS k FROM item i WHERE i.itemid = ?", [key], limit=2)
    return (yield from get(ctx, found[0]["k"])) if found else None


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """An item of the record type that its kind asks for."""
    wanted = str((native.get("itemType") or {}).get("id"))
    if wanted not in TYPES:
        words = f"kind <-> itemType: it chooses the record type, one of {', '.join(TYPES)}; this one is {wanted!r}"
        problem = Problem(words, "/kind")
        raise InvalidRecord(words, problems=(problem,), hint="kind goods or service, or one of those as native_kind")
    left = ("itemType", CUSTOM, PAGE, *_UNITS)
    body = {name: value for name, value in native.items() if name not in left}
    body |= yield from _counted(native)
    id = yield from record.create(ctx, TYPES[wanted][0], body)
    ctx.memory.setdefault("record types of items", {})[id] = TYPES[wanted][0]
    return (yield from get(ctx, id))


def _counted(native: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """The units type that has the units of a new item, and the units by their ids in it."""
    wanted = {name: str(native[name]["refName"]) for name in _UNITS if (native.get(name) or {}).get("refName")}
    if not wanted:
        return {}
    found = yield from lookup.unit_types(list(wanted.values()))
    fitting = {id: units for id, units in found.items() if set(wanted.values()) <= units.keys()}
    if len(fitting) != 1:
        words = f"unit <-> unitsType: {len(fitting) or 'no'} units types have {' and '.join(wanted.values())}"
        raise InvalidRecord(words, problems=(Problem(words, "/unit"),))
    ((type_, units),) = fitting.items()
    return {"unitsType": {"id": type_}, **{name: units[unit] for name, unit in wanted.items()}}


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """What changed; a unit is one of the item's own units type."""
    kind = native.get(_TYPE)
    if kind is None:
        words = "itemType: the record service does not have items of this type, so they cannot be changed"
        raise InvalidRecord(words, problems=(Problem(words),))
    body: dict[str, Any] = {}
    for path, value in changes.fields.items():
        name = path.partition("/")[0]
        if name in _UNITS and value is not None:
            own = (yield from lookup.units_of_items(ctx, {id: [str(value)]})).get(id, {})
            body[name] = lookup.unit_id(own, str(value), "/purchase_unit")
        elif name in _UNITS:
            body[name] = None
        else:
            body = place(body, path, value)
    yield from record.change(ctx, kind, id, body)


def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Delete the item; NetSuite refuses once a document names it."""
    if native.get(_TYPE) is None:
        raise InvalidRecord("itemType: the record service does not have items of this type")
    yield from record.delete(ctx, native[_TYPE], id)


RESOURCE: Resource[Any] = Resource(
    lens=ITEM,
    rows="items",
    flat=ITEMS.flat,
    listed=ITEMS.listed,
    page=pages(ITEMS, ITEM),
    get=get,
    find=find,
    create=create,
    update=update,
    delete=delete,
    key_field="number",
    updated_since="native",
    because=dict.fromkeys(("cancel", "close"), "never: master data is set inactive"),
)
