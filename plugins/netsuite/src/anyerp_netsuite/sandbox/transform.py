"""Documents from documents: `purchaseOrder/{id}/!transform/itemReceipt` and its kin (netsuite sheet §3)."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from decimal import Decimal

from anyerp_netsuite.sandbox.field import Values
from anyerp_netsuite.sandbox.merge import apply, merged
from anyerp_netsuite.sandbox.problem import Problem, bad_request, user_error
from anyerp_netsuite.sandbox.rule import blank, save
from anyerp_netsuite.sandbox.rule.common import RECEIVABLE, ZERO, item_kind, open_quantity
from anyerp_netsuite.sandbox.rule.follow_up import SOURCE
from anyerp_netsuite.sandbox.rule.order import purchase_status, sales_status
from anyerp_netsuite.sandbox.store import Record, Store


@dataclass(frozen=True)
class Transformation:
    """How one document is made from another: which lines are still open, and in which states of the source."""

    counter: str
    states: str
    docked: bool = False
    #: Whether lines are taken up to what came, instead of up to what was ordered.
    returned: bool = False


TRANSFORMATIONS = {
    ("purchaseorder", "itemreceipt"): Transformation("quantityReceived", "BDE", docked=True),
    ("purchaseorder", "vendorbill"): Transformation("quantityBilled", "BDEF"),
    ("purchaseorder", "vendorreturnauthorization"): Transformation(
        "quantityReceived", "DEFG", docked=True, returned=True
    ),
    ("salesorder", "itemfulfillment"): Transformation("quantityFulfilled", "BDE", docked=True),
    ("salesorder", "invoice"): Transformation("quantityBilled", "BDEF"),
}
_HEADER = ("entity", "subsidiary", "currency", "exchangeRate", "location", "department", "class", "terms")
_LINE = ("item", "units", "rate", "description", "location", "department", "class", "vendorName", "customer")


def transform(store: Store, source: Record, target: str, changes: Values, replace: list[str]) -> Record:
    """Make the target document. Raises `Problem`, and then nothing has changed."""
    if (source.type.key, target) == ("vendor", "purchaseorder"):
        draft = blank(store, target)
        return save(store, merged(draft, {"entity": source.ref, **changes}))
    how = TRANSFORMATIONS.get((source.type.key, target))
    if how is None:
        raise bad_request(f"Transformation of {source.type.name} to {target} is not supported.", "INVALID_REQUEST")
    status = purchase_status if source.type.key == "purchaseorder" else sales_status
    if status(store, source.values) not in how.states:
        raise _nothing_left(source)
    draft = blank(store, target)
    _prefill(store, how, source, draft)
    asked = changes.pop("item", ())
    draft = merged(draft, changes)
    _apply_lines(draft, asked, drop="item" in [name.lower() for name in replace])
    return save(store, draft)


def _nothing_left(source: Record) -> Problem:
    return user_error(f"You have entered an invalid initialization reference {source.id}: nothing is left to process.")


def _prefill(store: Store, how: Transformation, source: Record, draft: Record) -> None:
    shape, values = draft.type.shape, draft.values
    for name in _HEADER:
        if name in source.values and shape.find(name):
            values[name] = source.values[name]
    values[SOURCE] = source.ref
    if shape.find("createdFrom"):
        values["createdFrom"] = source.ref
    element = shape.find("item")
    assert element is not None
    lines: list[Values] = []
    for line in source.values["item"]:
        still = Decimal(line.get(how.counter, ZERO)) if how.returned else open_quantity(line, how.counter)
        if not still or (how.docked and item_kind(store, line) not in RECEIVABLE):
            continue
        taken = {name: copy.copy(line[name]) for name in _LINE if name in line and element.nested.find(name)}
        lines.append({**taken, "line": draft.next_line, "orderLine": line["line"], "quantity": still})
        if element.nested.find("amount") and still == line["quantity"]:
            lines[-1]["amount"] = line["amount"]
        if element.nested.find("itemReceive"):
            lines[-1]["itemReceive"] = True
        draft.next_line += 1
    values["item"] = lines
    if shape.find("expense") and source.type.key == "purchaseorder":
        values["expense"] = [_expense(draft, one) for one in source.values.get("expense", ()) if not one.get("_billed")]
    if not lines and not values.get("expense"):
        raise _nothing_left(source)


def _expense(draft: Record, line: Values) -> Values:
    draft.next_line += 1
    kept: Values = {
        name: line[name] for name in ("account", "amount", "memo", "department", "class", "location") if name in line
    }
    return {**kept, "line": draft.next_line - 1, "_orderLine": line["line"]}


def _apply_lines(draft: Record, asked: list[Values] | tuple[()] | None, *, drop: bool) -> None:
    """Change the prefilled lines; those the body does not name are taken in full, unless `replace=item` drops them.

    `orderLine` is the key; Oracle's own example says `line` for the same thing, so it is taken too (sheet §3).
    """
    named = []
    for index, change in enumerate(asked or ()):
        key = change.get("orderLine", change.get("line"))
        line = next((one for one in draft.values["item"] if one["orderLine"] == key), None)
        if line is None:
            raise user_error("The line does not belong to the order, or nothing is left of it.", f"item.items[{index}]")
        if "quantity" in change and "amount" not in change:
            line.pop("amount", None)
        shape = draft.type.shape.find("item")
        assert shape is not None
        apply(
            draft,
            shape.nested,
            line,
            {name: value for name, value in change.items() if name not in ("line", "orderLine")},
        )
        named.append(key)
    if drop or asked is None:
        draft.values["item"] = [one for one in draft.values["item"] if one["orderLine"] in named]
