"""Goods receipts: one deep insert posts a material document, a function import reverses it (sap sheet §12)."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.kits.odata import v2

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.goods_receipt import GOODS_RECEIPT, STATUS
from anyerp_sap.s4.service import EntitySet, new_key, rewritten

SERVICE = "API_MATERIAL_DOCUMENT_SRV"
_ITEMS = "to_MaterialDocumentItem"


def _day(moment: datetime) -> str:
    """Documents have the day of their creation, in a zone that nobody tells: ask from the day before."""
    return v2.literal(moment.date() - timedelta(days=1))


DOCUMENTS = EntitySet(
    SERVICE,
    "A_MaterialDocumentHeader",
    ("MaterialDocumentYear", "MaterialDocument"),
    called="material document",
    changed="CreationDate",
    stamp=_day,
    beside=(f"{_ITEMS}/results/*/GoodsMovementIsCancelled",),
    lacks=frozenset({STATUS}),
)
Row = dict[str, Any]


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of material documents, without those that move nothing for an order: a page may come out short."""
    answer = yield from DOCUMENTS.page(ctx, query, state)
    return rewritten(answer, DOCUMENTS, _receipt, state)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One document by year and number, `2025~5000000001`."""
    year, _, number = id.partition("~")
    found = _receipt((yield from DOCUMENTS.one(ctx, MaterialDocumentYear=year, MaterialDocument=number)))
    if found is None:
        raise NotFound(f"material document {id} receives nothing for a purchase order")
    return found


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The receipt whose header text is the caller's key."""
    found = yield from DOCUMENTS.first(ctx, f"MaterialDocumentHeaderText eq {v2.literal(key)}")
    return None if found is None else _receipt(found)


def _receipt(document: Row) -> Row | None:
    """A document with its items for orders and what is to be said of the whole; None where it has no such items."""
    every = (document.get(_ITEMS) or {}).get("results") or []
    items = [item for item in every if item.get("PurchaseOrder")]
    if not items:
        return None
    gone = all(item.get("GoodsMovementIsCancelled") for item in items)
    status = {"status": "cancelled" if gone else "posted"}
    return {**document, _ITEMS: {"results": items}, "_anyerp": status}


def create(ctx: Context, native: Row) -> Flow[Row]:
    """Post a receipt for orders; the document is read back as it became."""
    response = yield from DOCUMENTS.add(ctx, complete(ctx, native))
    return (yield from get(ctx, "~".join(new_key(response, *DOCUMENTS.key))))


def complete(ctx: Context, native: Row) -> Row:
    """A new document with what every receipt for an order says (sap sheet §12)."""
    today = v2.day().encode(ctx.now().date())
    posted = native.get("PostingDate") or native.get("DocumentDate") or today
    dates = {"GoodsMovementCode": "01", "PostingDate": posted, "DocumentDate": native.get("DocumentDate") or posted}
    document = {**copy.deepcopy(native), **dates}
    for item in (document.get(_ITEMS) or {}).get("results") or []:
        item.setdefault("GoodsMovementType", "101")
        item["GoodsMovementRefDocType"] = "B"
    return document


def cancel(ctx: Context, id: str, native: Row) -> Flow[None]:
    """Reverse the whole document by another one, which comes into the list beside it."""
    year, _, number = id.partition("~")
    yield from DOCUMENTS.call(ctx, "Cancel", MaterialDocumentYear=year, MaterialDocument=number)


NEVER = "never: a material document is never changed, only reversed by another"
GOODS_RECEIPTS = Resource(
    lens=GOODS_RECEIPT,
    given=header.given,
    rows="d/results",
    page=page,
    get=get,
    create=create,
    cancel=cancel,
    find=find,
    updated_since="native",
    because=dict.fromkeys(("update", "delete", "close"), NEVER),
)
