"""Purchase orders, what was received for their lines, and the totals of their confirmations (dynamics sheet §1.7)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, Resource

from anyerp_dynamics.fno.document import RECEIVED, Documents, line_fields
from anyerp_dynamics.fno.goods_receipt import LINES as RECEIPTS
from anyerp_dynamics.fno.lens.purchase_order import PURCHASE_ORDER
from anyerp_dynamics.fno.saga import Document
from anyerp_dynamics.fno.service import EntitySet, Row, number_of, text_of

_NUMBER, _LINES, _LINE = "PurchaseOrderNumber", "PurchaseOrderLines", "LineNumber"
_TOTALS = {"@anyerp.tax": "TotalTaxAmount", "@anyerp.total": "TotalConfirmedAmount"}
HEADERS = EntitySet(
    "PurchaseOrderHeadersV2",
    "PurchaseOrderHeaderV2",
    (_NUMBER,),
    also=("DocumentApprovalStatus",),
    enums={"PurchaseOrderStatus": "PurchStatus", "DocumentApprovalStatus": "VersioningDocumentState"},
)
LINES = EntitySet("PurchaseOrderLinesV2", "PurchaseOrderLineV2", (_NUMBER, _LINE))
CONFIRMATIONS = EntitySet(
    "PurchaseOrderConfirmationHeaders",
    "PurchaseOrderConfirmationHeader",
    (_NUMBER, "ConfirmationNumber", "ConfirmationDate"),
)
#: States in which an order is as it was confirmed last.
_AS_CONFIRMED = ("Confirmed", "Finalized")


def complete(ctx: Context, orders: list[Row], those: str) -> Flow[None]:
    """What was received, and the totals that only a confirmation has; each is asked for where the lens reads it."""
    if ctx.settings.received == "read" and RECEIVED in line_fields(ctx, _LINES):
        yield from _receive(ctx, orders, those)
    confirmed = {str(order[_NUMBER]): order for order in orders if order.get("DocumentApprovalStatus") in _AS_CONFIRMED}
    if confirmed and set(_TOTALS) & set(ctx.fields()):
        # In key order, so that the last confirmation of an order wins.
        for row in (yield from CONFIRMATIONS.every(ctx, those, tuple(_TOTALS.values()))):
            order = confirmed.get(text_of(row, _NUMBER), {})
            order.update({name: row.get(path) for name, path in _TOTALS.items()})


def _receive(ctx: Context, orders: list[Row], those: str) -> Flow[None]:
    """The order line has no received quantity: it is summed over the receipts."""
    received: dict[Any, Decimal] = defaultdict(Decimal)
    fields = (_NUMBER, "PurchaseOrderLineNumber", "ReceivedPurchaseQuantity")
    for row in (yield from RECEIPTS.every(ctx, those, fields)):
        place = text_of(row, _NUMBER), number_of(row, "PurchaseOrderLineNumber")
        received[place] += number_of(row, "ReceivedPurchaseQuantity")
    for order in orders:
        for line in order[_LINES]:
            line[RECEIVED] = received[text_of(line, _NUMBER), number_of(line, _LINE)]


def tidied(line: Row) -> Row:
    """A new line without an empty site: the ERP derives it from the warehouse."""
    return {name: value for name, value in line.items() if name != "ReceivingSiteId" or value}


def addressed(header: Row) -> Row:
    """A header whose own delivery address, if there is one, is said to be its own."""
    if any(name.startswith("DeliveryAddress") for name in header):
        return {**header, "IsDeliveryAddressOrderSpecific": "Yes"}
    return header


ORDERS = Documents(Document("purchase order", HEADERS, LINES, _LINES, _LINE), complete, addressed, tidied)

PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=ORDERS.page,
    get=ORDERS.get,
    create=ORDERS.create,
    update=ORDERS.update,
    delete=ORDERS.delete,
    find=ORDERS.find,
    find_many=ORDERS.find_many,
    because={
        "cancel": "upstream: the status is the result of a process inside the ERP; an order without receipts can be "
        "deleted, which `delete` does",
        "close": "upstream: finalizing is a process inside the ERP",
    },
)
