"""Vendor invoices: one deep insert posts one, a function import reverses it; two sets of items are one list."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import UnexpectedPayload
from anyerp.kits.odata import v2

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.vendor_invoice import OWN, TAX, VENDOR_INVOICE
from anyerp_sap.s4.service import EntitySet, entity, new_key, rewritten, total

SERVICE = "API_SUPPLIERINVOICE_PROCESS_SRV"
_ORDERED, _ACCOUNTS, _TAXES = "to_SuplrInvcItemPurOrdRef", "to_SupplierInvoiceItemGLAcct", "to_SupplierInvoiceTax"
#: Fields of an account item, by those of the list that both kinds share.
_SHARED = {
    "SupplierInvoiceItem": "SupplierInvoiceItem",
    "SupplierInvoiceItemAmount": "SupplierInvoiceItemAmount",
    "SupplierInvoiceItemText": "SupplierInvoiceItemText",
    "TaxCode": "TaxCode",
    "QuantityInPurchaseOrderUnit": "Quantity",
    "PurchaseOrderQuantityUnit": "QuantityUnit",
}
_ASSIGNED = ("GLAccount", "CostCenter", "InternalOrder")
Row = dict[str, Any]


def _text_stamp(moment: datetime) -> str:
    return v2.literal(f"{moment:%Y%m%d%H%M%S}.{moment.microsecond:06}0")


def _day(moment: datetime) -> str:
    return v2.literal(moment.date() - timedelta(days=1))


INVOICES = EntitySet(
    SERVICE,
    "A_SupplierInvoice",
    ("SupplierInvoice", "FiscalYear"),
    called="invoice",
    changed="SuplrInvcLstChgDteTmeTxt",
    stamp=_text_stamp,
    older=("CreationDate", _day),
    beside=(
        *(f"{_ACCOUNTS}/results/*/{name}" for name in (*_SHARED.values(), *_ASSIGNED, "DebitCreditCode")),
        f"{_TAXES}/results/*/TaxAmount",
    ),
    lacks=frozenset({TAX, *(f"{_ORDERED}/results/*/{path}" for path in OWN)}),
)


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page of invoices, credit memos and reversals."""
    answer = yield from INVOICES.page(ctx, query, state)
    return rewritten(answer, INVOICES, _whole, state)


def get(ctx: Context, id: str) -> Flow[Row]:
    """One document by number and year, `5105600101~2025`."""
    number, _, year = id.partition("~")
    return _whole((yield from INVOICES.one(ctx, SupplierInvoice=number, FiscalYear=year)))


def find(ctx: Context, key: str) -> Flow[Row | None]:
    """The invoice whose header text is the caller's key."""
    found = yield from INVOICES.first(ctx, f"DocumentHeaderText eq {v2.literal(key)}")
    return None if found is None else _whole(found)


def _parts(invoice: Row, navigation: str) -> list[Row]:
    return (invoice.get(navigation) or {}).get("results") or []


def _whole(invoice: Row) -> Row:
    """An invoice with the items of both sets in one list, and its taxes added up."""
    credit = bool(invoice.get("SupplierInvoiceIsCreditMemo"))
    items = [{**item, "_anyerp": {"id": str(item.get("SupplierInvoiceItem"))}} for item in _parts(invoice, _ORDERED)]
    for item in _parts(invoice, _ACCOUNTS):
        shared = {name: item.get(theirs) for name, theirs in _SHARED.items()}
        if not item.get("QuantityUnit"):
            shared["QuantityInPurchaseOrderUnit"] = None
        if (item.get("DebitCreditCode") == "H") != credit:
            shared["SupplierInvoiceItemAmount"] = _turned(item.get("SupplierInvoiceItemAmount"))
        own = {"id": f"G{item.get('SupplierInvoiceItem')}", **{name: item.get(name) for name in _ASSIGNED}}
        items.append({**shared, "_anyerp": own})
    taxes = {"tax": total(row.get("TaxAmount") for row in _parts(invoice, _TAXES))} if _TAXES in invoice else {}
    return {**invoice, _ORDERED: {"results": items}, "_anyerp": taxes}


def _turned(amount: Any) -> str:
    found = total([amount])
    if not found.strip("0."):
        return found
    return found.removeprefix("-") if found.startswith("-") else f"-{found}"


def create(ctx: Context, native: Row) -> Flow[Row]:
    """Post an invoice; it is read back as it became."""
    response = yield from INVOICES.add(ctx, complete(ctx, native))
    return (yield from get(ctx, "~".join(new_key(response, *INVOICES.key))))


def complete(ctx: Context, native: Row) -> Row:
    """A new invoice with each item in its own set, today's date, and taxes left to the system (sap sheet §12)."""
    today = v2.day().encode(ctx.now().date())
    posted = native.get("PostingDate") or today
    invoice = {"TaxIsCalculatedAutomatically": True, **native, "PostingDate": posted}
    invoice["DocumentDate"] = native.get("DocumentDate") or posted
    credit = bool(native.get("SupplierInvoiceIsCreditMemo"))
    ordered: list[Row] = []
    accounts: list[Row] = []
    for item in _parts(native, _ORDERED):
        own = {name: value for name, value in (item.get("_anyerp") or {}).items() if value not in ("", None)}
        plain = {name: value for name, value in item.items() if name != "_anyerp"}
        if own and not plain.get("PurchaseOrder"):
            accounts.append(_account_item(plain, own, credit=credit, place=len(accounts) + 1))
        else:
            ordered.append({"SupplierInvoiceItem": str(len(ordered) + 1), **plain, **own})
    invoice.pop(_ORDERED, None)
    return {**invoice, **{n: {"results": rows} for n, rows in ((_ORDERED, ordered), (_ACCOUNTS, accounts)) if rows}}


def _account_item(plain: Row, own: Row, *, credit: bool, place: int) -> Row:
    item = {theirs: plain[name] for name, theirs in _SHARED.items() if name in plain}
    total = Decimal(item.get("SupplierInvoiceItemAmount") or 0)
    side = "H" if credit != (total < 0) else "S"
    found = {"SupplierInvoiceItem": str(place), **item, **own, "DebitCreditCode": side}
    return {**found, "SupplierInvoiceItemAmount": f"{abs(total):f}"}


def cancel(ctx: Context, id: str, native: Row) -> Flow[None]:
    """Reverse the document by another one of the opposite kind, under the original's own posting date."""
    number, _, year = id.partition("~")
    day = v2.day().decode(native["PostingDate"])
    reason = ctx.settings.reversal_reason
    key = {"SupplierInvoice": number, "FiscalYear": year}
    response = yield from INVOICES.call(ctx, "Cancel", **key, ReversalReason=reason, PostingDate=day)
    said = entity(response).get("Cancel", entity(response))
    if said.get("Success") is False:
        raise UnexpectedPayload(f"invoice {id} was not reversed, and no reason was given", status=response.status)


NEVER = "never: a posted invoice is never changed, only reversed by another"
VENDOR_INVOICES = Resource(
    lens=VENDOR_INVOICE,
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
