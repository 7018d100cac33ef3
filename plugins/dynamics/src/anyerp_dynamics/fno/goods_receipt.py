"""Goods receipts: product receipt headers and their lines, page by page (dynamics sheet §1.3, §1.7)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.wire import dump_json

from anyerp_dynamics.fno.document import between, line_fields, parts
from anyerp_dynamics.fno.lens.goods_receipt import GOODS_RECEIPT
from anyerp_dynamics.fno.service import EntitySet, Row, number_of

_ID, _LINES, _HEADER = "RecordId", "ProductReceiptLines", "ProductReceiptHeaderRecordId"
HEADERS = EntitySet("ProductReceiptHeaders", "ProductReceiptHeader", (_ID,))
LINES = EntitySet(
    "ProductReceiptLinesV2",
    "ProductReceiptLineV2",
    (_ID,),
    also=(_HEADER,),
    older=EntitySet("ProductReceiptLines", "ProductReceiptLine", (_ID,), also=(_HEADER,)),
)


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """A page of receipts in the order in which they were posted."""
    rows, following = yield from HEADERS.slice(ctx, query, (state or {}).get("after"), ctx.fields())
    for part in parts(rows, query):
        yield from _gather(ctx, part)
    return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One receipt by its record id: its number is the vendor's, and may come twice."""
    if not (id.isascii() and id.isdecimal() and int(id) < 2**63):
        raise NotFound(f"{id[:40]!r} is no id of a receipt, which are whole numbers")
    row = yield from HEADERS.one(ctx, int(id))
    yield from _gather(ctx, [row])
    return row


def _gather(ctx: Context, headers: list[Row]) -> Flow[None]:
    ids = [row[_ID] for row in headers if isinstance(row.get(_ID), int)]
    wanted = line_fields(ctx, _LINES)
    if not ids or not wanted:
        return
    belonging = defaultdict(list)
    for line in (yield from LINES.every(ctx, between(_HEADER, ids), wanted)):
        belonging[int(number_of(line, _HEADER))].append(line)
    for row in headers:
        row[_LINES] = belonging.get(row[_ID], []) if isinstance(row.get(_ID), int) else []


POSTED = "upstream: the data entity only reads; receipts are posted by a service of the customer's own"

GOODS_RECEIPTS = Resource(
    lens=GOODS_RECEIPT,
    rows="value",
    page=page,
    get=get,
    because=dict.fromkeys(("create", "update", "delete", "cancel", "close"), POSTED)
    | {"find": "never: nobody writes these here, so there is no lost answer to settle"},
)
