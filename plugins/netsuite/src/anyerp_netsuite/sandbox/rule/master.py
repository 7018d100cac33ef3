"""Master data: what must be there, and names that follow from others."""

from __future__ import annotations

from anyerp_netsuite.sandbox.field import Values
from anyerp_netsuite.sandbox.merge import CHANGED
from anyerp_netsuite.sandbox.problem import user_error
from anyerp_netsuite.sandbox.rule.common import bad_value, missing, units_of
from anyerp_netsuite.sandbox.schema import of_family
from anyerp_netsuite.sandbox.store import Record, Store


def party(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a vendor or a customer. Raises `Problem`."""
    values = draft.values
    if not values.get("isPerson") and "companyName" not in values:
        raise missing("Company Name")
    if values.get("isPerson") and not ("firstName" in values and "lastName" in values):
        raise missing("Name")
    if "subsidiary" not in values and store.one_world:
        raise missing("Primary Subsidiary")
    company = store.at(values["subsidiary"]) if "subsidiary" in values else next(store.all("subsidiary"))
    values.setdefault("subsidiary", company.ref)
    values.setdefault("currency", company.values["currency"])
    lines: list[Values] = values.setdefault("currencyList", [])
    if values["currency"] not in {one.get("currency") for one in lines}:
        lines.insert(0, {"currency": values["currency"]})
    if "entityId" not in values:
        values["entityId"] = f"{draft.type.prefix}{store.new_number(draft.type.prefix)}"
    _settle_lines(draft)


def employee(store: Store, draft: Record, old: Record | None) -> None:
    """Settle an employee: the name is made from first and last name."""
    _required(draft)
    draft.values.setdefault("entityId", f"{draft.values['firstName']} {draft.values['lastName']}")


def item(store: Store, draft: Record, old: Record | None) -> None:
    """Settle an item of any type. Raises `Problem`."""
    _required(draft)
    values = draft.values
    twins = (one for kind in of_family("item") for one in store.all(kind))
    if any(one.values["itemId"] == values["itemId"] and one.id != draft.id for one in twins):
        raise user_error("Uniqueness error - There is already an item with that name or external ID.", "itemId")
    units = units_of(store, draft)
    for name in ("stockUnit", "purchaseUnit", "saleUnit"):
        if name in values and values[name] not in units:
            raise bad_value(values[name], name, name)
    draft.values.setdefault("subsidiary", [one.ref for one in store.all("subsidiary")])
    _settle_lines(draft)


def listed(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a record of a plain list. Raises `Problem`."""
    _required(draft)
    values, shape = draft.values, draft.type.shape
    if draft.type.key == "account":
        values["fullName"] = " ".join(values[name] for name in ("acctNumber", "acctName") if name in values)
    elif shape.find("fullName"):
        parent = store.at(values["parent"]).values["fullName"] + " : " if "parent" in values else ""
        values["fullName"] = parent + values["name"]
    _settle_lines(draft)


def _required(draft: Record) -> None:
    absent = [one.name for one in draft.type.shape.fields if one.required and one.name not in draft.values]
    if absent:
        raise missing(*absent)


def _settle_lines(draft: Record) -> None:
    for known in draft.type.shape.fields:
        if known.kind == "sublist":
            for line in draft.values.get(known.name, ()):
                line.pop(CHANGED, None)
                absent = [one.name for one in known.nested.fields if one.required and one.name not in line]
                if absent:
                    raise missing(*absent)
