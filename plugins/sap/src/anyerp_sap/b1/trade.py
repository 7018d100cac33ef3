"""What comes after and beside purchase orders: receipts, vendor invoices, sales orders (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Request, Resource, ask
from anyerp.errors import InvalidRecord, UnexpectedPayload

from anyerp_sap.b1.document import ACTION_ONLY, DOCUMENT, LINES
from anyerp_sap.b1.flow import acting, operations
from anyerp_sap.b1.lens.goods_receipt import GOODS_RECEIPT
from anyerp_sap.b1.lens.sales_order import SALES_ORDER
from anyerp_sap.b1.lens.vendor_invoice import VENDOR_INVOICE
from anyerp_sap.b1.resolve import resolving
from anyerp_sap.b1.service import EntitySet

_ORDER, _RECEIPT = 22, 20
_SOURCES = {_ORDER: "PurchaseOrders", _RECEIPT: "PurchaseDeliveryNotes"}
_NOT_FOUND = 404
_BATCHES = "BatchNumbers"


def _documents(name: str) -> EntitySet:
    return EntitySet(name, "DocEntry", DOCUMENT, numeric=True, created="CreationDate")


RECEIPTS = _documents("PurchaseDeliveryNotes")
INVOICES = _documents("PurchaseInvoices")
SALES = _documents("Orders")


def copied(ctx: Context, body: dict[str, Any]) -> Flow[dict[str, Any]]:
    """A body with what its source says where it says nothing itself: the vendor and the currency.

    A batch counts in stock units, which the order's line knows. Raises `InvalidRecord` for a source that is not there.
    """
    sources: dict[tuple[int, int], dict[str, Any]] = {}
    for line in body[LINES]:
        which = (line.get("BaseType"), line.get("BaseEntry"))
        if which[0] in _SOURCES and which not in sources:
            sources[which] = yield from _source(ctx, *which)
        _measure(line, sources.get(which, {}))
    for source in sources.values():
        for field in ("CardCode", "DocCurrency"):
            if source.get(field) is not None:
                body.setdefault(field, source[field])
    return body


def _source(ctx: Context, kind: int, entry: int) -> Flow[dict[str, Any]]:
    path, params = f"{_SOURCES[kind]}({entry})", {"$select": f"CardCode,DocCurrency,{LINES}"}
    response = yield from ask(Request("GET", path, params, accept=(_NOT_FOUND,)))
    if response.status == _NOT_FOUND:
        raise InvalidRecord(f"there is no {_SOURCES[kind]} {entry} to copy from", status=response.status)
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnexpectedPayload(f"{path}: one document was expected", status=response.status)
    return found


def _measure(line: dict[str, Any], source: Mapping[str, Any]) -> None:
    rows = source.get(LINES)
    base = [row for row in rows if row.get("LineNum") == line.get("BaseLine")] if isinstance(rows, list) else []
    factor = base[0].get("UnitsOfMeasurment") if base else None
    for batch in line.get(_BATCHES, ()):
        if line.get("Quantity") is not None:
            batch.setdefault("Quantity", line["Quantity"] * (factor or 1))


GOODS_RECEIPTS = Resource(
    lens=GOODS_RECEIPT,
    rows="value",
    **operations(RECEIPTS, "oPurchaseDeliveryNotes", copied),
    cancel=acting(RECEIPTS, "CreateCancellationDocument"),
    close=acting(RECEIPTS, "Close"),
    resolve=resolving("purchase_order"),
    because=ACTION_ONLY,
)
VENDOR_INVOICES = Resource(
    lens=VENDOR_INVOICE,
    rows="value",
    **operations(INVOICES, "oPurchaseInvoices", copied),
    cancel=acting(INVOICES, "CreateCancellationDocument"),
    resolve=resolving("purchase_order", "goods_receipt"),
    because=ACTION_ONLY | {"close": "never: an invoice closes by being paid"},
)
SALES_ORDERS = Resource(
    lens=SALES_ORDER,
    rows="value",
    **operations(SALES, "oOrders"),
    cancel=acting(SALES, "Cancel"),
    close=acting(SALES, "Close"),
    because=ACTION_ONLY,
)
