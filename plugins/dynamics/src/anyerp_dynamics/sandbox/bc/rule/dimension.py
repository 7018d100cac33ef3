"""Dimensions on masters, documents and lines: by id or by code, one value for each, inside their parent only."""

from __future__ import annotations

from ..document import BY_LINES, DOCUMENTS
from ..problem import dialog
from ..schema import ZERO
from .draft import Draft, Rules

_READ_ONLY = "Parent with ID {} does not exist or dimension set lines are read only for parent type {}."


def _dimension(draft: Draft, name: str, value: str) -> None:
    found = draft.company.find("dimensions", **{name: value})
    if found is None:
        raise dialog(f'The "{name}" does not match to a Dimension.')
    if not draft.new and draft.row[name] != value:
        raise dialog('The "id" and "code" fields cannot be modified.')
    other = "code" if name == "id" else "id"
    if draft.given.get(other, found[other]) != found[other]:
        raise dialog("The dimension field values do not match to a specific Dimension.")
    draft.fill(
        id=found["id"],
        code=found["code"],
        displayName=found["displayName"],
        consolidationCode=found["consolidationCode"],
    )


def _value(draft: Draft, name: str, value: str) -> None:
    """The value is looked up within the dimension, which must stand before it."""
    field = {"valueId": "id", "valueCode": "code"}[name]
    found = draft.company.find("dimensionValues", **{field: value, "dimensionId": draft.row["id"]})
    if found is None:
        raise dialog(f'The "{name}" does not match to a Dimension Value.')
    other, its = ("valueCode", "code") if name == "valueId" else ("valueId", "id")
    if draft.given.get(other, found[its]) != found[its]:
        raise dialog(
            'The values of the "dimensionCode" field and the "dimensionId" field do not refer to the same '
            "Dimension Value."
        )
    draft.fill(
        valueId=found["id"],
        valueCode=found["code"],
        valueDisplayName=found["displayName"],
        valueConsolidationCode=found["consolidationCode"],
    )


def _start(draft: Draft) -> None:
    parent, company = draft.row["parentId"], draft.company
    for document in DOCUMENTS.values():
        if company.get(document.set, parent) is not None:
            draft.fill(parentType=document.dimension_parent)
            return
    for lines, document in BY_LINES.items():
        if company.get(lines, parent) is not None:
            draft.fill(parentType=f"{document.dimension_parent}_x0020_Line")
            return
    raise dialog(_READ_ONLY.format(parent, "_x0020_"))


def _check(draft: Draft) -> None:
    if not draft.row["code"]:
        raise dialog('The "id" or "code" field must be filled in.')
    if draft.row["valueId"] == ZERO:
        raise dialog('The "valueId" or "valueCode" field must be filled in.')
    if draft.new and draft.company.get("dimensionSetLines", draft.row["id"], draft.row["parentId"]) is not None:
        raise dialog(
            "The dimension set line already exists. Check existing dimension set lines and the default dimension set "
            "lines on the parent."
        )


def _default_dimension(draft: Draft, value: str) -> None:
    found = draft.company.get("dimensions", value)
    if found is None:
        raise dialog('The "dimensionId" does not match to a Dimension.')
    draft.fill(dimensionId=value, dimensionCode=found["code"])


def _default_value(draft: Draft, value: str) -> None:
    found = draft.company.find("dimensionValues", id=value, dimensionId=draft.row["dimensionId"])
    if found is None:
        raise dialog('The "dimensionValueId" does not match to a Dimension Value.')
    draft.fill(dimensionValueId=value, dimensionValueCode=found["code"])


def _default_start(draft: Draft) -> None:
    kinds = {"vendors": "Vendor", "customers": "Customer", "items": "Item"}
    kind = next((kind for name, kind in kinds.items() if draft.company.get(name, draft.row["parentId"])), "_x0020_")
    draft.fill(parentType=kind)


DIMENSIONS: dict[str, Rules] = {
    "dimensionSetLines": Rules(
        {
            "id": lambda draft, value: _dimension(draft, "id", value),
            "code": lambda draft, value: _dimension(draft, "code", value),
            "valueId": lambda draft, value: _value(draft, "valueId", value),
            "valueCode": lambda draft, value: _value(draft, "valueCode", value),
        },
        _start,
        _check,
    ),
    "defaultDimensions": Rules({"dimensionId": _default_dimension, "dimensionValueId": _default_value}, _default_start),
}
