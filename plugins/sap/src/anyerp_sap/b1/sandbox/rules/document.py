"""Documents: created, changed, never deleted (sap sheet §13). DocEntry is the key; DocNum is what people read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import ApprovalNeeded, Refused, bad_payload, business, invalid
from anyerp_sap.b1.sandbox.payload import GIVEN, Writing, reset
from anyerp_sap.b1.sandbox.rules import stock
from anyerp_sap.b1.sandbox.rules.base import draw, settle
from anyerp_sap.b1.sandbox.rules.header import complete
from anyerp_sap.b1.sandbox.rules.line import fill
from anyerp_sap.b1.sandbox.rules.master import number
from anyerp_sap.b1.sandbox.rules.total import total
from anyerp_sap.b1.sandbox.schema import DRAFTS, KINDS, DocumentKind
from anyerp_sap.b1.sandbox.world import World

#: DocNum runs ahead of DocEntry, so that one taken for the other finds a document, and the wrong one.
NUMBERS_AHEAD = 5
_COLLECTIONS = ("DocumentLines", "DocumentAdditionalExpenses")
_SETTLED = (
    "ItemCode",
    "Quantity",
    "UnitPrice",
    "DiscountPercent",
    "WarehouseCode",
    "UoMEntry",
    "LineTotal",
    "VatGroup",
)
_FREIGHT = ("LineNum", "LineTotal", "LineTotalFC", "VatGroup")


def create(world: World, entity_set: str, body: Mapping[str, Any]) -> Row:
    """A new document with its effects. Raises `Refused`, and `ApprovalNeeded` when it became a draft instead."""
    row = world.types["Document"].blank()
    Writing(world.types, creating=True).lay(world.types["Document"], row, body)
    kind = _kind(entity_set, row)
    _compute(world, kind, row)
    if entity_set == DRAFTS:
        return save(world, DRAFTS, row)
    limit = world.approval_above
    if kind.name == world.approval_of and limit is not None and row["DocTotal"] > limit:
        row["AuthorizationStatus"] = "dasPending"
        save(world, DRAFTS, row)
        raise ApprovalNeeded(not_found=world.approval_answers_not_found)
    draw(world, row)
    stock.move(world, kind, None, row)
    return save(world, kind.name, row)


def update(
    world: World, entity_set: str, old: Row, body: Mapping[str, Any], writing: Writing, *, resetting: bool
) -> Row:
    """A changed document. Raises `Refused`: closed and posted documents keep their lines."""
    type_ = world.types["Document"]
    kind = _kind(entity_set, old)
    row = {**old, **{name: [dict(each) for each in old[name]] for name in _COLLECTIONS}}
    if resetting:
        reset(type_, row, body)
    writing.lay(type_, row, body)
    _check(kind, old, row)
    if old["DocumentStatus"] == "bost_Open" and entity_set != DRAFTS and not kind.posted:
        _compute(world, kind, row)
        settle(world, row)
        stock.move(world, kind, old, row)
    elif entity_set == DRAFTS:
        _compute(world, kind, row)
    for line in row["DocumentLines"]:
        line.pop(GIVEN, None)
    world.touched(row)
    world.store.put(entity_set, row["DocEntry"], row)
    return row


def _kind(entity_set: str, row: Row) -> DocumentKind:
    """The kind by its set; of a draft, by the object that it is to become."""
    if entity_set != DRAFTS:
        return KINDS[entity_set]
    found = next((kind for kind in KINDS.values() if kind.object_type == row["DocObjectCode"]), None)
    if found is None:
        raise bad_payload("Property 'DocObjectCode' of 'Document' is missing or invalid")
    return found


def _compute(world: World, kind: DocumentKind, row: Row) -> None:
    complete(world, kind, row)
    if not row["DocumentLines"]:
        raise invalid(f"Document has no rows [{kind.line_table}]")
    number(world, row["DocumentLines"], "LineNum", shared=False)
    for place, line in enumerate(row["DocumentLines"]):
        if GIVEN in line:
            fill(world, kind, row, line, place + 1)
        line["VisualOrder"] = place
    number(world, row["DocumentAdditionalExpenses"], "LineNum", shared=False)
    for expense in row["DocumentAdditionalExpenses"]:
        world.require("VatGroups", expense["VatGroup"])
    total(world, row)


def _check(kind: DocumentKind, old: Row, new: Row) -> None:
    """What was received, invoiced or closed stays as it is; remarks may change. Raises `Refused`."""
    kept = {line["LineNum"]: line for line in new["DocumentLines"] if line["LineNum"] is not None}
    added = len(new["DocumentLines"]) - len(kept)
    fixed = kind.posted or old["DocumentStatus"] == "bost_Close"
    if fixed and _money(old) != _money(new):
        raise _closed(kind)
    if fixed and (added or len(kept) < len(old["DocumentLines"])):
        raise _closed(kind)
    for line in old["DocumentLines"]:
        now, taken = kept.get(line["LineNum"]), line.get("_taken", Decimal(0))
        changed = now is None or any(now[name] != line[name] for name in _SETTLED)
        if changed and (fixed or line["LineStatus"] == "bost_Close"):
            raise _closed(kind)
        if taken and (now is None or now["ItemCode"] != line["ItemCode"] or now["Quantity"] < taken):
            raise business(f"10000871 - Row was already copied to a target document [{kind.line_table}.LineNum]")


def _money(document: Row) -> list[Any]:
    """What the head says about amounts."""
    freight = [[each[name] for name in _FREIGHT] for each in document["DocumentAdditionalExpenses"]]
    return [document["DocDate"], document["DiscountPercent"], document["DocRate"], freight]


def _closed(kind: DocumentKind) -> Refused:
    return business(f"10000866 - Cannot change rows of a closed or posted document [{kind.table}.DocStatus]")


def save(world: World, entity_set: str, row: Row) -> Row:
    """Give a new document its numbers and stamps, and keep it."""
    entry = world.store.next(entity_set)
    row["DocEntry"], row["DocNum"] = entry, entry + NUMBERS_AHEAD
    for line in row["DocumentLines"]:
        line["DocEntry"] = entry
    row["Reference1"] = str(row["DocNum"])
    row["CreationDate"] = row["UpdateDate"] = world.today()
    row["DocTime"] = row["UpdateTime"] = world.time()
    row["DataVersion"], row["UserSign"] = 1, 1
    world.store.put(entity_set, entry, row)
    return row
