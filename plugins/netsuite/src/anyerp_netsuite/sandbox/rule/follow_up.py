"""Documents made from others: receipts, bills, returns, fulfilments, invoices, and what they do to their order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from anyerp_netsuite.sandbox.field import Values
from anyerp_netsuite.sandbox.merge import CHANGED
from anyerp_netsuite.sandbox.problem import user_error
from anyerp_netsuite.sandbox.rule.common import (
    STOCKED,
    ZERO,
    in_stock_units,
    item_kind,
    missing,
    open_quantity,
    order_line,
)
from anyerp_netsuite.sandbox.rule.document import UNIQUE, number, settle_header, settle_lines
from anyerp_netsuite.sandbox.store import Link, Record, Store

#: Internal: the order that a document was made from. Only transformations set it (netsuite sheet §3).
SOURCE = "_source"


@dataclass(frozen=True)
class Effect:
    """What a document does: the counter of its order line, the kind of its links, and the sign on stock."""

    counter: str
    link: str
    stock: int = 0


EFFECTS = {
    "itemreceipt": Effect("quantityReceived", "ShipRcpt", +1),
    "vendorbill": Effect("quantityBilled", "OrdBill"),
    "itemfulfillment": Effect("quantityFulfilled", "ShipRcpt", -1),
    "invoice": Effect("quantityBilled", "OrdBill"),
}


def movement(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a receipt or a fulfilment. Raises `Problem`."""
    values = draft.values
    if "entity" not in values:
        raise missing("Entity")
    values["item"] = [
        line for line in values.get("item", []) if line.get("itemReceive", True) and line.get("quantity") != 0
    ]
    if not values["item"]:
        raise user_error("You must enter at least one line item for this transaction.")
    if old is None and SOURCE not in values:
        values.pop("createdFrom", None)  # a bare receipt is linked to nothing
        settle_header(store, draft, created=True)
    values.setdefault("tranDate", store.today())
    number(store, draft)
    for index, line in enumerate(values["item"]):
        path = f"item.items[{index}]"
        line.pop(CHANGED, None)
        line.setdefault(UNIQUE, store.new_unique_key())
        line["itemReceive"] = True
        if "item" not in line or "quantity" not in line:
            raise missing("Item", "Quantity")
        if "location" in values:
            line.setdefault("location", values["location"])
        if item_kind(store, line) in STOCKED and "location" not in line:
            raise user_error("Please enter value(s) for: Location.", f"{path}.location")
        _lots(store, line, path)


def _lots(store: Store, line: Values, path: str) -> None:
    if not store.at(line["item"]).values.get("isLotItem"):
        return
    assigned = line.get("inventoryDetail", {}).get("inventoryAssignment", [])
    if not assigned:
        raise user_error("Please configure the inventory detail for this line.", f"{path}.inventoryDetail")
    if sum(Decimal(one.get("quantity", ZERO)) for one in assigned) != line["quantity"]:
        text = "The total inventory detail quantity must match the quantity of the line."
        raise user_error(text, f"{path}.inventoryDetail")


def priced(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a bill, an invoice or a return. Raises `Problem`."""
    settle_header(store, draft, created=old is None)
    if draft.type.shape.find("approvalStatus"):
        draft.values.setdefault("approvalStatus", "2")
    settle_lines(store, draft, description="purchaseDescription")


def check(store: Store, draft: Record) -> None:
    """Refuse more than the order still has open. Raises `Problem`."""
    effect, order = EFFECTS.get(draft.type.key), draft.values.get(SOURCE)
    if effect is None or order is None:
        return
    source = store.at(order)
    for index, line in enumerate(draft.values["item"]):
        of = order_line(source, line.get("orderLine"))
        if of is not None and Decimal(line["quantity"]) > open_quantity(of, effect.counter):
            text = "The quantity is more than what remains on the order."
            raise user_error(text, f"item.items[{index}].quantity")


def apply(store: Store, record: Record, sign: int) -> None:
    """Do to the order and to stock what a document does (sign +1), or undo it (-1)."""
    effect = EFFECTS.get(record.type.key)
    if effect is None:
        return
    order = record.values.get(SOURCE)
    source = store.at(order) if order else None
    for line in record.values["item"]:
        if effect.stock and item_kind(store, line) in STOCKED:
            moved = in_stock_units(store, line, Decimal(line["quantity"]))
            store.stock_of(line["item"].id, line["location"].id).on_hand += sign * effect.stock * moved
        of = order_line(source, line.get("orderLine")) if source else None
        if of is not None:
            of[effect.counter] = Decimal(of.get(effect.counter, ZERO)) + sign * Decimal(line["quantity"])
    if source is None:
        return
    if record.type.key == "vendorbill":
        billed = {line.get("_orderLine") for line in record.values.get("expense", ())}
        for one in source.values.get("expense", ()):
            if one["line"] in billed:
                one["_billed"] = sign > 0
    store.links = [one for one in store.links if one.next != record.ref]
    if sign > 0:
        store.links += [
            Link(effect.link, source.ref, line["orderLine"], record.ref, line["line"])
            for line in record.values["item"]
            if "orderLine" in line
        ]
    store.put(source)
