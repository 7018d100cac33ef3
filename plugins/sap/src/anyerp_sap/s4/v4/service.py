"""Reading and writing the V4 service of purchase orders, records in V2's shape (sap sheet §3, §5, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import partial
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Request, Response, ask
from anyerp.errors import UnexpectedPayload
from anyerp.kits import overlay
from anyerp.kits.odata import csrf, v4
from anyerp.wire import dump_json

from anyerp_sap.s4 import custom
from anyerp_sap.s4.auth import explain
from anyerp_sap.s4.metadata import Metadata
from anyerp_sap.s4.v4 import metadata
from anyerp_sap.s4.v4.dialect import ORDER
from anyerp_sap.s4.v4.message import warnings

ROOT = "/sap/opu/odata4/sap/api_purchaseorder_2/srvd_a2x/sap/purchaseorder/0001"
ORDERS = f"{ROOT}/PurchaseOrder"
#: Paths that our own sums need in every read of their navigation, and those that writes need.
BESIDE = (
    "PurchaseOrder",
    "_PurchaseOrderNote/TextObjectType",
    "_PurchaseOrderItem/PurchaseOrderItem",
    "_PurchaseOrderItem/PurchaseOrderQuantityUnit",
    "_PurchaseOrderItem/IsCompletelyDelivered",
    "_PurchaseOrderItem/OrderQuantity",
    "_PurchaseOrderItem/NetAmount",
    "_PurchaseOrderItem/_PurchaseOrderScheduleLineTP/OpenPurchaseOrderQuantity",
)
WRITING = (
    "_PurchaseOrderItem/OrderPriceUnit",
    "_PurchaseOrderItem/DocumentCurrency",
    "_PurchaseOrderItem/AccountAssignmentCategory",
    "_PurchaseOrderItem/_PurchaseOrderScheduleLineTP/ScheduleLine",
    "_PurchaseOrderItem/_PurOrdAccountAssignment/AccountAssignmentNumber",
    "_PurchaseOrderNote/Language",
)
_METADATA, _SET = "metadata of the V4 purchase order", "PurchaseOrder"
_BAD_REQUEST, _WANTS_ETAG = 400, 428


def item(order: str, number: str) -> str:
    """Path of an item."""
    return f"{ROOT}/PurchaseOrderItem{v4.key(PurchaseOrder=order, PurchaseOrderItem=number)}"


def read(ctx: Context, path: str, params: Mapping[str, str], also: Iterable[str] = ()) -> Flow[Response]:
    """A read of what the lens maps; a system that refuses a name is asked which it has (sap sheet §1)."""
    yield from custom.learned(ctx, ROOT, metadata.read, _METADATA)
    for last in (False, True):
        known: Metadata | None = ctx.memory.get(_METADATA)
        own = custom.paths(ctx, known, _SET, ORDER.v4)
        mapped = ORDER.paths(path for path in (*ctx.fields(), *own) if "_anyerp" not in path)
        heads = {path.partition("/")[0] for path in mapped}
        beside = (path for path in BESIDE if "/" not in path or path.partition("/")[0] in heads)
        names = dict.fromkeys((*mapped, *beside, *also))
        if known is not None:
            overlay.hold(ctx, partial(_has, known), _SET)
        wanted = [p for p in names if known is None or known.has(_SET, p.split("/"))]
        accept = () if last or known is not None else (_BAD_REQUEST,)
        response = yield from ask(Request("GET", path, {**params, **v4.select(wanted)}, accept=accept))
        if response.status != _BAD_REQUEST or not accept:
            return response
        document = yield from ask(Request("GET", f"{ROOT}/$metadata", headers={"Accept": "*/*"}))
        ctx.memory[_METADATA] = metadata.read(document.text())
    raise AssertionError("the second answer is returned as it is")


def _has(known: Metadata, path: str) -> bool:
    return all(known.has(_SET, one.split("/")) for one in ORDER.paths([path]))


def gather(ctx: Context, order: dict[str, Any]) -> None:
    """Put an order's custom fields where the lens finds them."""
    order.update(custom.gather(ctx, ctx.memory.get(_METADATA), _SET, order, ORDER.v4))


def page(ctx: Context, query: Query, state: Any) -> Flow[tuple[list[dict[str, Any]], PageAnswer]]:
    """The orders of one page, and where the next one starts: a next link is followed as it is (sap sheet §6)."""
    full = query.page_size
    keyset = ctx.settings.paging == "keyset"
    if isinstance(state, dict) and "link" in state:
        response, full = (yield from ask(Request("GET", state["link"]))), 1
    else:
        after = (state or {}).get("after")
        since = query.updated_since
        changed = f"LastChangeDateTime ge {v4.literal(since.astimezone(UTC))}" if since is not None else ""
        condition = v4.both(changed, v4.after(after) if after else "") if changed or after else ""
        params = {"$filter": condition} if condition else {}
        if keyset:
            params |= {"$top": str(query.page_size), "$orderby": "PurchaseOrder"}
        response = yield from read(ctx, ORDERS, params)
    rows = orders(response)
    link = v4.next_link(response.content)
    if link is not None:
        following = {"link": link if "://" in link or link.startswith("/") else f"{ROOT}/{link}"}
        return rows, PageAnswer(b"", next=following)
    return rows, PageAnswer(b"", full=full, key=("PurchaseOrder",)) if keyset else PageAnswer(b"")


def filled(answer: PageAnswer, rows: list[dict[str, Any]]) -> PageAnswer:
    """A page of these rows, in V2's shape."""
    return PageAnswer(dump_json({"d": {"results": rows}}), answer.next, answer.full, answer.key)


def orders(response: Response) -> list[dict[str, Any]]:
    """The rows of an answer in V2's shape."""
    try:
        found = v4.rows(response.content)
    except ValueError:
        raise UnexpectedPayload("the answer is no OData V4 list", status=response.status) from None
    return [ORDER.to_v2(row) if isinstance(row, dict) else row for row in found]


def order(response: Response) -> dict[str, Any]:
    """The one record of an answer in V2's shape."""
    return ORDER.to_v2(plain(response))


def plain(response: Response) -> dict[str, Any]:
    """The one record of an answer as it came."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict) or "value" in found:
        raise UnexpectedPayload("the answer is no OData V4 record", status=response.status)
    return found


def write(ctx: Context, method: str, path: str, body: Any = None, etag: str | None = None) -> Flow[Response]:
    """A write with token and etag; where the system wants an etag that we were not shown, it is read, once (§8)."""
    response = yield from _sent(ctx, method, path, body, etag, () if etag else (_WANTS_ETAG,))
    if response.status == _WANTS_ETAG:
        found = yield from ask(Request("GET", path))
        etag = found.headers.get("etag") or plain(found).get("@odata.etag")
        response = yield from _sent(ctx, method, path, body, etag, ())
    ctx.warnings += warnings(response)
    return response


def _sent(ctx: Context, method: str, path: str, body: Any, etag: str | None, accept: tuple[int, ...]) -> Flow[Response]:
    headers = {"Content-Type": "application/json", **({"If-Match": etag} if etag else {})}
    request = Request(method, path, json=body, headers=headers, accept=accept)
    return (yield from csrf.write(ctx, ROOT, request, explain))
