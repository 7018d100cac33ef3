"""Purchase orders by the V4 service: deep insert, then each part by its own request (sap sheet §5, §12).

Every flow here takes and gives records in the shape of the V2 service, which the lens reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, PageAnswer, Query, Request, ask
from anyerp.errors import AnyErpError, UnexpectedPayload
from anyerp.kits.odata import batch, csrf, v4
from anyerp.lens import Changes

from anyerp_sap.s4 import bulk, progress
from anyerp_sap.s4.auth import explain
from anyerp_sap.s4.purchase_order import complete
from anyerp_sap.s4.refusal import named
from anyerp_sap.s4.service import etag_of
from anyerp_sap.s4.v4 import service
from anyerp_sap.s4.v4.dialect import ORDER
from anyerp_sap.s4.v4.message import warnings
from anyerp_sap.s4.v4.step import in_turn, steps

_KEYS = 25
Native = dict[str, Any]


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of orders, with what was received and billed."""
    rows, answer = yield from service.page(ctx, query, state)
    known = [row for row in rows if isinstance(row, dict) and isinstance(row.get("PurchaseOrder"), str)]
    yield from _progress(ctx, known, whole_range=query.updated_since is None)
    return service.filled(answer, rows)


def get(ctx: Context, id: str) -> Flow[Native]:
    """One order with its parts."""
    reading = service.read(ctx, f"{service.ORDERS}{v4.key(id)}", {}, service.WRITING)
    response = yield from named(reading, f"purchase order {id}")
    order = service.order(response)
    yield from _progress(ctx, [order])
    return order


def find(ctx: Context, key: str) -> Flow[Native | None]:
    """The order whose `CorrespncExternalReference` is the caller's key."""
    params = {"$filter": f"CorrespncExternalReference eq {v4.literal(key)}", "$top": "1", "$orderby": "PurchaseOrder"}
    response = yield from service.read(ctx, service.ORDERS, params, service.WRITING)
    rows = service.orders(response)
    yield from _progress(ctx, rows[:1])
    return rows[0] if rows else None


def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, Native]]:
    """The orders that carry these keys: their numbers and keys."""
    found: dict[str, Native] = {}
    for start in range(0, len(keys), _KEYS):
        alike = (f"CorrespncExternalReference eq {v4.literal(key)}" for key in keys[start : start + _KEYS])
        chosen = {"$select": "PurchaseOrder,CorrespncExternalReference", "$orderby": "PurchaseOrder"}
        response = yield from ask(Request("GET", service.ORDERS, {"$filter": " or ".join(alike), **chosen}))
        for row in service.orders(response):
            found.setdefault(str(row.get("CorrespncExternalReference")), row)
    return found


def create(ctx: Context, native: Native) -> Flow[Native]:
    """Send the whole order at once; it is read back as it became."""
    response = yield from service.write(ctx, "POST", service.ORDERS, new(ctx, native))
    return (yield from get(ctx, str(_made(service.order(response))["PurchaseOrder"])))


def create_batch(ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
    """Many orders in one `$batch`, each in a change set of its own."""
    answers: dict[int, BatchAnswer] = {}
    parts: dict[int, batch.Part] = {}
    for place, native in enumerate(natives):
        try:
            parts[place] = batch.Part("POST", "PurchaseOrder", new(ctx, native))
        except AnyErpError as error:
            answers[place] = BatchAnswer(error=error)
    if parts:
        request = batch.request(f"{service.ROOT}/$batch", list(parts.values()))
        response = yield from csrf.write(ctx, service.ROOT, request, explain)
        came = batch.answers_of(response, len(parts))
        said = batch.created(ctx, came, lambda one: _made(service.order(one)), explain, warnings)
        answers |= zip(parts, said, strict=True)
    return [answers[place] for place in range(len(natives))]


def _made(order: Native) -> Native:
    if not order.get("PurchaseOrder"):
        raise UnexpectedPayload("a new order was answered without its number")
    return order


def new(ctx: Context, native: Native) -> Native:
    """A new order as V4 takes it: with unit and currency beside every quantity and amount (sap sheet §5)."""
    order = complete(ctx, bulk.copied(native))
    for item in (order.get("to_PurchaseOrderItem") or {}).get("results") or ():
        if order.get("DocumentCurrency"):
            item.setdefault("DocumentCurrency", order["DocumentCurrency"])
        scheduled = (item.get("to_ScheduleLine") or {}).get("results") or ()
        for line in scheduled if len(scheduled) == 1 else ():
            line.setdefault("ScheduleLineOrderQuantity", item.get("OrderQuantity"))
            line.setdefault("PurchaseOrderQuantityUnit", item.get("PurchaseOrderQuantityUnit"))
    return ORDER.to_v4(order)


def update(ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
    """The header by one PATCH, then each part by its own: nesting is refused, new parts go through navigations."""
    yield from in_turn(ctx, steps(ctx, id, native, changes))


def cancel(ctx: Context, id: str, native: Native) -> Flow[None]:
    """DELETE sets the deletion codes of the items (sap sheet §10)."""
    yield from service.write(ctx, "DELETE", f"{service.ORDERS}{v4.key(id)}", etag=etag_of(native))


def close(ctx: Context, id: str, native: Native) -> Flow[None]:
    """Every item that is still open is set to completely delivered and finally invoiced."""
    yield from in_turn(ctx, _closing(id, native))


def _closing(id: str, native: Native) -> Iterator[tuple[str, str, Any, Native]]:
    for item in (native.get("to_PurchaseOrderItem") or {}).get("results") or ():
        wanted = {flag: True for flag in ("IsCompletelyDelivered", "IsFinallyInvoiced") if not item.get(flag)}
        if wanted and not item.get("PurchasingDocumentDeletionCode"):
            yield "PATCH", service.item(id, str(item["PurchaseOrderItem"])), wanted, item


def _progress(ctx: Context, orders: list[Native], *, whole_range: bool = False) -> Flow[None]:
    """Received and billed by documents, or received by open quantities where those are closed; the net amounts."""
    yield from progress.complete(ctx, orders, whole_range=whole_range)
    for order in orders:
        service.gather(ctx, order)
        for item in (order.get("to_PurchaseOrderItem") or {}).get("results") or ():
            known = item.setdefault("_anyerp", {"received": None, "billed": None})
            if known["received"] is None:
                known["received"] = _received(item)
            known["net"] = item.get("NetAmount")


def _received(item: Native) -> str | None:
    """What the order's own open quantities say was received; nothing where a flag may have closed them."""
    lines = (item.get("to_ScheduleLine") or {}).get("results") or ()
    quantities = [line.get("OpenPurchaseOrderQuantity") for line in lines]
    if not quantities or None in quantities or item.get("OrderQuantity") is None:
        return None
    still = sum((Decimal(str(one)) for one in quantities), Decimal(0))
    if not still and item.get("IsCompletelyDelivered"):
        return None
    return format(Decimal(item["OrderQuantity"]) - still, "f")
