"""Purchase orders: deep insert, then each part changed by its own request (sap sheet §4, §12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import ConfigError
from anyerp.kits.odata import v2
from anyerp.lens import Changes, ListChanges

from anyerp_sap.s4 import bulk, custom, header, progress
from anyerp_sap.s4.lens.purchase_order import PURCHASE_ORDER
from anyerp_sap.s4.service import EntitySet, etag_of, new_key, rewritten
from anyerp_sap.s4.step import Step, add, in_turn

SERVICE = "API_PURCHASEORDER_PROCESS_SRV"
_OWN = (progress.RECEIVED, progress.BILLED, progress.NET, custom.CUSTOM)
ORDERS = EntitySet(
    SERVICE,
    "A_PurchaseOrder",
    ("PurchaseOrder",),
    called="purchase order",
    changed="LastChangeDateTime",
    also=(
        "to_PurchaseOrderItem/results/*/to_ScheduleLine/results/*/ScheduleLine",
        "to_PurchaseOrderItem/results/*/to_AccountAssignment/results/*/AccountAssignmentNumber",
        "to_PurchaseOrderItem/results/*/AccountAssignmentCategory",
        "to_PurchaseOrderNote/results/*/Language",
    ),
    lacks=frozenset(f"to_PurchaseOrderItem/results/*/{path}" for path in _OWN),
)
ITEMS = EntitySet(SERVICE, "A_PurchaseOrderItem", ("PurchaseOrder", "PurchaseOrderItem"))
SCHEDULES = EntitySet(SERVICE, "A_PurchaseOrderScheduleLine", ("PurchasingDocument",))
ASSIGNMENTS = EntitySet(SERVICE, "A_PurOrdAccountAssignment", ("PurchaseOrder",))

NOTES = EntitySet(SERVICE, "A_PurchaseOrderNote", ("PurchaseOrder", "TextObjectType", "Language"))

_HEADER_TEXT = "F01"
_NOTES = "to_PurchaseOrderNote"
_ITEMS = "to_PurchaseOrderItem/results"
_SCHEDULE = "to_ScheduleLine"
_ASSIGNMENT = "to_AccountAssignment"


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of orders, and three requests for what was received and billed of all of them."""
    answer = yield from ORDERS.page(ctx, query, state)
    if custom.paths(ctx, ctx.memory.get(ORDERS.metadata), ORDERS.name):
        answer = rewritten(answer, ORDERS, partial(ORDERS.gathered, ctx), state)
    return (yield from progress.completed(ctx, query, answer))


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order with its items, schedule lines and account assignments, and what was received and billed."""
    order = ORDERS.gathered(ctx, (yield from ORDERS.one(ctx, PurchaseOrder=id)))
    yield from progress.complete(ctx, [order])
    return order


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order whose `CorrespncExternalReference` is the caller's key (sap sheet §6)."""
    order = yield from ORDERS.first(ctx, f"CorrespncExternalReference eq {v2.literal(key)}")
    if order is None:
        return None
    order = ORDERS.gathered(ctx, order)
    yield from progress.complete(ctx, [order])
    return order


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Send the whole order at once; the system gives the number, and the order is read back as it became."""
    response = yield from ORDERS.add(ctx, complete(ctx, native))
    (number,) = new_key(response, "PurchaseOrder")
    return (yield from get(ctx, number))


def create_batch(ctx: Context, natives: Sequence[dict[str, Any]]) -> Flow[list[BatchAnswer]]:
    """Many orders in one `$batch`, each apart from the others."""
    return bulk.create(ctx, ORDERS, natives, complete)


def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
    """The orders that carry these keys, by number."""
    return bulk.find_many(ctx, ORDERS, "CorrespncExternalReference", keys)


def complete(ctx: Context, native: dict[str, Any]) -> dict[str, Any]:
    """A new order with what the settings say of every order; the given one is left as it is."""
    order = {"PurchaseOrderType": ctx.settings.order_type, **native}
    if "PurchasingOrganization" not in order:
        if ctx.settings.purchasing_organization is None:
            raise ConfigError(
                "a purchasing organization is missing",
                hint="set settings.purchasing_organization, or extra.PurchasingOrganization of the order",
            )
        order["PurchasingOrganization"] = ctx.settings.purchasing_organization
    for item in _own(order, "to_PurchaseOrderItem"):
        _complete_item(ctx, item)
    for note in _own(order, _NOTES):
        note.setdefault("Language", ctx.settings.language)
    return order


def _own(order: dict[str, Any], navigation: str) -> list[dict[str, Any]]:
    """The parts of an order, copied into it so that they may be changed."""
    parts = [dict(part) for part in _parts(order, navigation)]
    if parts:
        order[navigation] = {**order[navigation], "results": parts}
    return parts


def _complete_item(ctx: Context, item: dict[str, Any]) -> None:
    if not item.get("Material") and ctx.settings.material_group:
        item.setdefault("MaterialGroup", ctx.settings.material_group)
    unit = item.get("PurchaseOrderQuantityUnit")
    if unit:
        item.setdefault("OrderPriceUnit", unit)
    for assignment in _parts(item, _ASSIGNMENT) if _ASSIGNMENT in item else ():
        item.setdefault("AccountAssignmentCategory", _category(assignment))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """The header by one PATCH, then each item, schedule line and assignment by its own: nesting is refused."""
    yield from in_turn(ctx, "order", _steps(ctx, id, native, changes))


def _steps(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Iterator[Step]:
    if changes.own:
        yield Step(ORDERS, "PATCH", ORDERS.at(PurchaseOrder=id), changes.own, native)
    text = changes.under(f"{_NOTES}/results/TextObjectType={_HEADER_TEXT}")
    if text:
        yield _change_note(ctx, id, native, text)
    lists = changes.lists.get(_ITEMS, ListChanges())
    for before, what in lists.changed:
        yield from _item_steps(ctx, id, before, what)
    for added in lists.added:
        item = {**bulk.copied(added), "PurchaseOrder": id}
        _complete_item(ctx, item)
        number = item.get("PurchaseOrderItem")
        yield add(ITEMS, item, ITEMS.at(PurchaseOrder=id, PurchaseOrderItem=str(number)) if number else "")
    for gone in lists.removed:
        if not gone.get("PurchasingDocumentDeletionCode"):
            path = ITEMS.at(PurchaseOrder=id, PurchaseOrderItem=str(gone["PurchaseOrderItem"]))
            yield Step(ITEMS, "DELETE", path, seen=gone)


def _item_steps(ctx: Context, id: str, before: dict[str, Any], what: Changes) -> Iterator[Step]:
    number = str(before["PurchaseOrderItem"])
    item = ITEMS.at(PurchaseOrder=id, PurchaseOrderItem=number)
    date, assignment = what.under(f"{_SCHEDULE}/results/0"), what.under(f"{_ASSIGNMENT}/results/0")
    schedules, assignments = _parts(before, _SCHEDULE), _parts(before, _ASSIGNMENT)
    if date and schedules:
        key = {"PurchasingDocument": id, "PurchasingDocumentItem": number}
        path = SCHEDULES.at(**key, ScheduleLine=str(schedules[0]["ScheduleLine"]))
        yield Step(SCHEDULES, "PATCH", path, date, schedules[0])
    if assignment and assignments:
        count = str(assignments[0]["AccountAssignmentNumber"])
        path = ASSIGNMENTS.at(PurchaseOrder=id, PurchaseOrderItem=number, AccountAssignmentNumber=count)
        yield Step(ASSIGNMENTS, "PATCH", path, assignment, assignments[0])
    own = dict(what.own)
    if assignment and not assignments and not before.get("AccountAssignmentCategory"):
        own["AccountAssignmentCategory"] = _category(assignment)
    # The item comes after them: a new quantity makes the system change the schedule line, and with it that line's etag.
    if own:
        yield Step(ITEMS, "PATCH", item, own, before)
    if date and not schedules:
        yield add(SCHEDULES, {"PurchasingDocument": id, "PurchasingDocumentItem": number, **date})
    if assignment and not assignments:
        yield add(ASSIGNMENTS, {"PurchaseOrder": id, "PurchaseOrderItem": number, **assignment})


def _change_note(ctx: Context, id: str, native: dict[str, Any], text: dict[str, Any]) -> Step:
    """The header text, changed in the language that it has, else made in the connection's."""
    for note in _parts(native, _NOTES):
        if note.get("TextObjectType") == _HEADER_TEXT:
            path = NOTES.at(PurchaseOrder=id, TextObjectType=_HEADER_TEXT, Language=str(note["Language"]))
            return Step(NOTES, "PATCH", path, text, note)
    made = {"PurchaseOrder": id, "TextObjectType": _HEADER_TEXT, "Language": ctx.settings.language, **text}
    key = {name: str(made[name]) for name in NOTES.key}
    return add(NOTES, made, NOTES.at(**key))


def _parts(native: dict[str, Any], navigation: str) -> list[dict[str, Any]]:
    return (native.get(navigation) or {}).get("results") or []


def _category(assignment: dict[str, Any]) -> str:
    """The account assignment category that an assignment's own fields mean (sap sheet §10)."""
    if assignment.get("OrderID"):
        return "F"
    return "P" if assignment.get("WBSElementExternalID") else "K"


def cancel(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """DELETE sets the deletion code; SAP refuses it once something was received or invoiced (sap sheet §10)."""
    yield from ORDERS.write(ctx, "DELETE", ORDERS.at(PurchaseOrder=id), etag=etag_of(native))


def close(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Every item that is still open is set to completely delivered and finally invoiced."""
    yield from in_turn(ctx, "order", _closing(id, native))


def _closing(id: str, native: dict[str, Any]) -> Iterator[Step]:
    for item in _parts(native, "to_PurchaseOrderItem"):
        wanted = {flag: True for flag in ("IsCompletelyDelivered", "IsFinallyInvoiced") if not item.get(flag)}
        if wanted and not item.get("PurchasingDocumentDeletionCode"):
            path = ITEMS.at(PurchaseOrder=id, PurchaseOrderItem=str(item["PurchaseOrderItem"]))
            yield Step(ITEMS, "PATCH", path, wanted, item)


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="d/results",
    page=page,
    get=get,
    create=create,
    create_batch=create_batch,
    find_many=find_many,
    update=update,
    cancel=cancel,
    close=close,
    find=find,
    given=header.given,
    updated_since="native",
    because={"delete": "never: an order is cancelled by its deletion code and does not vanish"},
)
