"""Purchase orders: a header, then lines, then what came of them, gathered page by page (dynamics sheet §1.5, §1.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import InvalidRecord
from anyerp.kits.odata import v4
from anyerp.lens import Changes, ListChanges
from anyerp.wire import dump_json

from anyerp_dynamics.fno import saga
from anyerp_dynamics.fno.lens.purchase_order import PURCHASE_ORDER
from anyerp_dynamics.fno.saga import Document, Step
from anyerp_dynamics.fno.service import AREA, EntitySet, Row, etag_of

_NUMBER, _LINES, _LINE = "PurchaseOrderNumber", "PurchaseOrderLines", "LineNumber"
_RECEIVED, _VERSION = "@anyerp.received", "@anyerp.version"
HEADERS = EntitySet(
    "PurchaseOrderHeadersV2",
    "PurchaseOrderHeaderV2",
    (_NUMBER,),
    enums={"PurchaseOrderStatus": "PurchStatus", "DocumentApprovalStatus": "VersioningDocumentState"},
)
LINES = EntitySet("PurchaseOrderLinesV2", "PurchaseOrderLineV2", (_NUMBER, _LINE))
RECEIPTS = EntitySet("ProductReceiptLinesV2", "ProductReceiptLineV2", ("RecordId",))
ORDER = Document("purchase order", HEADERS, LINES, _LINES, _LINE)


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """A page of headers, then the lines and receipts of just these orders, by their range of numbers."""
    rows, following = yield from HEADERS.slice(ctx, query, (state or {}).get("after"), ctx.fields())
    yield from _complete(ctx, rows)
    return PageAnswer(dump_json({"value": rows}), next={"after": following} if following else None)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One order with its lines."""
    order = yield from HEADERS.one(ctx, id)
    yield from _complete(ctx, [order])
    return order


def _complete(ctx: Context, orders: list[Row]) -> Flow[None]:
    """Put lines, received quantities and versions into orders."""
    numbers = [order[_NUMBER] for order in orders if isinstance(order.get(_NUMBER), str)]
    if not numbers:
        return
    those = _between(numbers)
    wanted = [path.rpartition("/")[2] for path in ctx.fields() if path.startswith(f"{_LINES}/*/")]
    lines = yield from LINES.every(ctx, those, wanted)
    received: dict[Any, Decimal] = defaultdict(Decimal)
    if _RECEIVED in wanted:
        # The order line has no received quantity: it is summed over the receipts (dynamics sheet §1.7).
        names = (_NUMBER, "PurchaseOrderLineNumber", "ReceivedPurchaseQuantity")
        for row in (yield from RECEIPTS.every(ctx, those, names)):
            received[row[_NUMBER], row["PurchaseOrderLineNumber"]] += row["ReceivedPurchaseQuantity"]
        for line in lines:
            line[_RECEIVED] = received[line[_NUMBER], line[_LINE]]
    belonging = defaultdict(list)
    for line in lines:
        belonging[str(line[_NUMBER])].append(line)
    for order in orders:
        own = belonging[str(order.get(_NUMBER))]
        order[_LINES] = own
        order[_VERSION] = _version([order, *own])


def _between(numbers: list[str]) -> str:
    if len(numbers) == 1:
        return f"{_NUMBER} eq {v4.literal(numbers[0])}"
    return f"{_NUMBER} ge {v4.literal(numbers[0])} and {_NUMBER} le {v4.literal(numbers[-1])}"


def _version(rows: Iterable[Row]) -> str:
    """One version for header and lines: another's change of a line does not move the header's own etag."""
    return sha256(" ".join(etag_of(row) or "" for row in rows).encode()).hexdigest()[:32]


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The whole order that carries a key; one that is only begun is not found, and gone on with by `create`."""
    number = yield from saga.find(ctx, ORDER, key)
    return None if number is None else (yield from get(ctx, number))


def create(ctx: Context, native: Row) -> Flow[Row]:
    """The header, which gives the number, then each line; everything, or nothing and an error that says so."""
    own = {name: value for name, value in native.items() if name != AREA}
    company = native.get(AREA)
    if company is not None and company != ctx.settings.data_area:
        raise InvalidRecord(
            f"the record is of company {company}, this connection of {ctx.settings.data_area}",
            hint="make a connection for each company: they differ in settings.company only",
        )
    own[_LINES] = [_tidied(line) for line in own.get(_LINES) or ()]
    number = yield from saga.create(ctx, ORDER, _addressed(own))
    return (yield from get(ctx, number))


def _tidied(line: Row) -> Row:
    """A new line without an empty site: the ERP derives it from the warehouse."""
    return {name: value for name, value in line.items() if name != "ReceivingSiteId" or value}


def _addressed(header: Row) -> Row:
    """A header whose own delivery address, if there is one, is said to be its own."""
    if any(name.startswith("DeliveryAddress") for name in header):
        return {**header, "IsDeliveryAddressOrderSpecific": "Yes"}
    return header


def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """The header by one PATCH, then each line by its own request."""
    yield from saga.in_turn(ctx, ORDER, id, list(_steps(id, native, changes)))


def _steps(id: str, native: Row, changes: Changes) -> Iterator[Step]:
    if changes.own:
        yield Step(HEADERS, "PATCH", (id,), _addressed(changes.own), native)
    lists = changes.lists.get(_LINES, ListChanges())
    for before, what in lists.changed:
        yield Step(LINES, "PATCH", (id, before[_LINE]), what.own, before)
    for gone in lists.removed:
        yield Step(LINES, "DELETE", (id, gone[_LINE]), seen=gone)
    last = max((line[_LINE] for line in native.get(_LINES) or ()), default=0)
    for added in ORDER.numbered(lists.added, last):
        yield Step(LINES, "POST", values={**_tidied(added), _NUMBER: id})


def delete(ctx: Context, id: str, native: Row) -> Flow[None]:
    """The order goes with its lines; the ERP refuses once something was received."""
    yield from HEADERS.remove(ctx, (id,), etag_of(native))


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=page,
    get=get,
    create=create,
    update=update,
    delete=delete,
    find=find,
    because={
        "cancel": "upstream: the status is the result of a process inside the ERP; an order without receipts can be "
        "deleted, which `delete` does",
        "close": "upstream: finalizing is a process inside the ERP",
    },
)
