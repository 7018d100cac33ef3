"""Stock per warehouse, as open and posted documents make it: in stock, committed to customers, ordered from vendors.

It moves inside the item without touching the item's version or stamp, so stock has no trace in a delta by date.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.schema import DocumentKind
from anyerp_sap.b1.sandbox.world import World

_Effect = dict[tuple[str, str], dict[str, Decimal]]
_TOTALS = {
    "QuantityOnStock": "InStock",
    "QuantityOrderedByCustomers": "Committed",
    "QuantityOrderedFromVendors": "Ordered",
}
_COUNTER = {"PurchaseOrders": "Ordered", "Orders": "Committed"}


def move(world: World, kind: DocumentKind, old: Row | None, new: Row | None) -> None:
    """Take back what the old version of a document did, and do what the new one does."""
    changes: _Effect = defaultdict(lambda: defaultdict(Decimal))
    for document, sign in ((old, -1), (new, 1)):
        if document is not None:
            _add(kind, document, sign, changes)
    for (item, warehouse), counters in changes.items():
        if any(counters.values()):
            add(world, item, warehouse, counters)


def add(world: World, item: str, warehouse: str, counters: dict[str, Decimal]) -> None:
    """Change the counters of an item in a warehouse, and the item's totals with them."""
    old = world.store.find("Items", item)
    if old is None or old["InventoryItem"] == "tNO":
        return
    row = dict(old)
    row["ItemWarehouseInfoCollection"] = [
        {**place, **{name: place[name] + change for name, change in counters.items()}}
        if place["WarehouseCode"] == warehouse
        else place
        for place in old["ItemWarehouseInfoCollection"]
    ]
    for total, name in _TOTALS.items():
        row[total] = sum((place[name] for place in row["ItemWarehouseInfoCollection"]), Decimal(0))
    world.store.put("Items", item, row)


def _add(kind: DocumentKind, document: Row, sign: int, changes: _Effect) -> None:
    if document["CancelStatus"] != "csNo":
        return
    for line in document["DocumentLines"]:
        if not line["ItemCode"]:
            continue
        counter, quantity = _COUNTER.get(kind.name, ""), line["RemainingOpenInventoryQuantity"]
        if kind.name == "PurchaseDeliveryNotes" or (kind.name == "PurchaseInvoices" and line["BaseType"] != 20):
            counter, quantity = "InStock", line["InventoryQuantity"]
        if counter:
            changes[line["ItemCode"], line["WarehouseCode"]][counter] += sign * quantity
