"""Changes of one V4 order as requests, one for each part, in an order that keeps etags good (sap sheet §5, §8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import AnyErpError, Conflict, InvalidRecord, NotFound, NotSupported, PermissionDenied
from anyerp.kits.odata import v4
from anyerp.lens import Changes, ListChanges

from anyerp_sap.s4 import bulk
from anyerp_sap.s4.purchase_order import NOTES, _category, _complete_item
from anyerp_sap.s4.service import etag_of
from anyerp_sap.s4.step import differs, raced
from anyerp_sap.s4.v4 import service
from anyerp_sap.s4.v4.dialect import ASSIGNMENT, ITEM, ORDER, SCHEDULE

_HEADER_TEXT = "F01"
_STALE = 412
_KINDS = {
    "PurchaseOrder": ORDER,
    "PurchaseOrderItem": ITEM,
    "PurchaseOrderScheduleLine": SCHEDULE,
    "PurchaseOrderAccountAssignment": ASSIGNMENT,
}
Native = dict[str, Any]
#: Method, path, body in V4's shape, and the entity as it was read (empty for a new one).
Step = tuple[str, str, Any, Mapping[str, Any]]
#: What must be sent with each quantity and amount of an item.
_WITH = {
    "OrderQuantity": "PurchaseOrderQuantityUnit",
    "NetPriceAmount": "DocumentCurrency",
    "NetPriceQuantity": "OrderPriceUnit",
}


def in_turn(ctx: Context, wanted: Iterable[Step]) -> Flow[None]:
    """Send steps one after the other; an error says how many were done before it."""
    every = list(wanted)
    for count, step in enumerate(every):
        try:
            if step[1].startswith(NOTES.root):
                yield from _note_by_v2(ctx, step)
            else:
                yield from _send(ctx, step, first=not count)
        except AnyErpError as error:
            if count:
                error.hint = f"{count} of {len(every)} changes of the order are written already: read it again"
            raise


def _send(ctx: Context, step: Step, *, first: bool) -> Flow[None]:
    method, path, body, seen = step
    etag = etag_of(seen)
    try:
        yield from service.write(ctx, method, path, body, etag)
    except InvalidRecord as error:
        yield from raced(error, _taken(path, body) if method == "POST" else "")
    except Conflict as error:
        if first or etag is None or error.status != _STALE:
            raise
        # A service may make a part's etag from the whole document, which our own writes have just changed. If nothing
        # that we know of the part is different, it was us.
        response = yield from ask(Request("GET", path))
        kind = _KINDS[path.rpartition("/")[2].partition("(")[0]]
        now = kind.to_v2(service.plain(response))
        if differs(now, {name: value for name, value in seen.items() if name not in kind.beside}):
            raise error from None
        yield from service.write(ctx, method, path, body, etag_of(now) or response.headers.get("etag"))


def _taken(path: str, body: Mapping[str, Any]) -> str:
    """The path of what a new part becomes, where its key is not the system's to choose."""
    header, _, navigation = path.rpartition("/")
    order = header.partition("('")[2].removesuffix("')")
    if navigation == "_PurchaseOrderNote":
        key = {"PurchaseOrder": order, "TextObjectType": _HEADER_TEXT, "Language": body["Language"]}
        return f"{service.ROOT}/PurchaseOrderNote{v4.key(**key)}"
    if navigation == "_PurchaseOrderItem" and body.get("PurchaseOrderItem"):
        return service.item(order, str(body["PurchaseOrderItem"]))
    return ""


def _note_by_v2(ctx: Context, step: Step) -> Flow[None]:
    """V4 makes notes and changes none (sap sheet, Purchase order V4); the V2 service of the same system does."""
    method, path, body, _ = step
    try:
        yield from NOTES.write(ctx, method, path, body)
    except (PermissionDenied, NotFound) as error:
        raise NotSupported(
            "notes (PlainLongText) of an order cannot be changed: SAP's V4 service has no update of them, "
            "and its V2 service is closed to this connection",
            status=error.status,
            hint="leave notes as they are, or have API_PURCHASEORDER_PROCESS_SRV opened",
        ) from None


def steps(ctx: Context, id: str, native: Native, changes: Changes) -> Iterator[Step]:
    """The requests that carry these changes, parts that the header's stamp does not guard before it would move."""
    header = f"{service.ORDERS}{v4.key(id)}"
    text = changes.under(f"to_PurchaseOrderNote/results/TextObjectType={_HEADER_TEXT}")
    if changes.own:
        yield "PATCH", header, ORDER.to_v4(changes.own), native
    if text:
        yield _note_step(ctx, id, header, native, text)
    currency = str(changes.own.get("DocumentCurrency") or native.get("DocumentCurrency") or "")
    lists = changes.lists.get("to_PurchaseOrderItem/results", ListChanges())
    for before, what in lists.changed:
        yield from _item_steps(id, before, what, currency)
    for added in lists.added:
        item = bulk.copied(added)
        _complete_item(ctx, item)
        item |= {"DocumentCurrency": currency} if currency else {}
        yield "POST", f"{header}/_PurchaseOrderItem", ITEM.to_v4(_scheduled(item)), {}
    for gone in lists.removed:
        if not gone.get("PurchasingDocumentDeletionCode"):
            yield "DELETE", service.item(id, str(gone["PurchaseOrderItem"])), None, gone


def _note_step(ctx: Context, id: str, header: str, native: Native, text: Native) -> Step:
    for note in _parts(native, "to_PurchaseOrderNote"):
        if note.get("TextObjectType") == _HEADER_TEXT:
            path = NOTES.at(PurchaseOrder=id, TextObjectType=_HEADER_TEXT, Language=str(note["Language"]))
            return "PATCH", path, text, note
    made = {"TextObjectType": _HEADER_TEXT, "Language": ctx.settings.language, **text}
    return "POST", f"{header}/_PurchaseOrderNote", made, {}


def _item_steps(id: str, before: Native, what: Changes, currency: str) -> Iterator[Step]:
    number = str(before["PurchaseOrderItem"])
    path = service.item(id, number)
    date, assignment = what.under("to_ScheduleLine/results/0"), what.under("to_AccountAssignment/results/0")
    schedules, assignments = _parts(before, "to_ScheduleLine"), _parts(before, "to_AccountAssignment")
    key = {"PurchaseOrder": id, "PurchaseOrderItem": number}
    if date and schedules:
        at = v4.key(**key, ScheduleLine=str(schedules[0]["ScheduleLine"]))
        yield "PATCH", f"{service.ROOT}/PurchaseOrderScheduleLine{at}", SCHEDULE.to_v4(date), schedules[0]
    if assignment and assignments:
        at = v4.key(**key, AccountAssignmentNumber=str(assignments[0]["AccountAssignmentNumber"]))
        address = f"{service.ROOT}/PurchaseOrderAccountAssignment{at}"
        yield "PATCH", address, ASSIGNMENT.to_v4(assignment), assignments[0]
    own = dict(what.own)
    if assignment and not assignments and not before.get("AccountAssignmentCategory"):
        own["AccountAssignmentCategory"] = _category(assignment)
    if own:
        held = {**before, "DocumentCurrency": currency}
        units = {unit: held[unit] for name, unit in _WITH.items() if name in own and held.get(unit)}
        yield "PATCH", path, ITEM.to_v4({**units, **own}), before
    if date and not schedules:
        yield "POST", f"{path}/_PurchaseOrderScheduleLineTP", SCHEDULE.to_v4(date), {}
    if assignment and not assignments:
        yield "POST", f"{path}/_PurOrdAccountAssignment", ASSIGNMENT.to_v4(assignment), {}


def _scheduled(item: Native) -> Native:
    """A new item whose only schedule line has its quantity and unit."""
    lines = _parts(item, "to_ScheduleLine")
    for line in lines if len(lines) == 1 else ():
        line.setdefault("ScheduleLineOrderQuantity", item.get("OrderQuantity"))
        line.setdefault("PurchaseOrderQuantityUnit", item.get("PurchaseOrderQuantityUnit"))
    return item


def _parts(native: Native, navigation: str) -> list[Native]:
    return (native.get(navigation) or {}).get("results") or []
