"""Pending vendor invoices and credit memos: header, then lines; the ERP posts them itself (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.lens import Changes

from anyerp_dynamics.fno.document import Documents
from anyerp_dynamics.fno.lens.vendor_invoice import KIND, TURNED, VENDOR_INVOICE
from anyerp_dynamics.fno.saga import Document
from anyerp_dynamics.fno.service import EntitySet, Row, number_of

_NUMBER, _LINES, _LINE = "HeaderReference", "VendorInvoiceLines", "InvoiceLineNumber"
_MEMO = "credit_memo"
HEADERS = EntitySet(
    "VendorInvoiceHeaders",
    "VendorInvoiceHeader",
    (_NUMBER,),
    enums={"VendorInvoiceReviewStatus": "VendInvoiceRequestStatus", "VendorInvoiceType": "PurchInvoiceType"},
)
LINES = EntitySet("VendorInvoiceLines", "VendorInvoiceLine", (_NUMBER, _LINE), also=("NetAmount",))


def complete(ctx: Context, invoices: list[Row], those: str) -> Flow[None]:
    """Say which are credit memos, and turn those round."""
    for invoice in invoices:
        lines = invoice.get(_LINES) or []
        memo = sum((number_of(line, "NetAmount") for line in lines), Decimal(0)) < 0
        invoice[KIND] = _MEMO if memo else "invoice"
        if memo:
            invoice[_LINES] = [turned(line) for line in lines]
    return
    yield


def turned(line: Row) -> Row:
    """A line with the opposite sign; zero has none."""
    return {name: -value if name in TURNED and value else value for name, value in line.items()}


def _site(line: Row) -> Row:
    """A new line without an empty site: the ERP derives it from the warehouse."""
    return {name: value for name, value in line.items() if name != "InventorySiteId" or value}


INVOICES = Documents(Document("vendor invoice", HEADERS, LINES, _LINES, _LINE), complete, line=_site)


def create(ctx: Context, native: Row) -> Flow[Row]:
    """An invoice, or a credit memo of lines below zero."""
    own = {name: value for name, value in native.items() if name != KIND}
    if native.get(KIND) == _MEMO:
        own[_LINES] = [turned(line) for line in own.get(_LINES) or ()]
    return (yield from INVOICES.create(ctx, own))


def update(ctx: Context, id: str, native: Row, changes: Changes) -> Flow[None]:
    """What changed; of a credit memo with the sign that it has in the ERP."""
    if native.get(KIND) == _MEMO and _LINES in changes.lists:
        lists = changes.lists[_LINES]
        lists.changed = [(turned(before), Changes(turned(what.fields), what.lists)) for before, what in lists.changed]
        lists.added = [turned(line) for line in lists.added]
    yield from INVOICES.update(ctx, id, native, changes)


VENDOR_INVOICES: Resource[Any] = Resource(
    lens=VENDOR_INVOICE,
    rows="value",
    page=INVOICES.page,
    get=INVOICES.get,
    create=create,
    update=update,
    delete=INVOICES.delete,
    find=INVOICES.find,
    find_many=INVOICES.find_many,
    because={
        "cancel": "never: a pending invoice is deleted; a posted one is reversed inside the ERP",
        "close": "never: an invoice is posted inside the ERP, and then leaves this set",
    },
)
