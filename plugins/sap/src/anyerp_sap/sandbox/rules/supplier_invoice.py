"""Supplier invoices: balance, taxes, numbers, reversal; they set flags of the orders that they bill (sap sheet §12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from anyerp_sap.sandbox.codes import CURRENCIES, commercial, decimals, iso_unit
from anyerp_sap.sandbox.customizing import PAYMENT_TERMS, TAX_CODES, TAX_RATES, rate
from anyerp_sap.sandbox.draft import Draft
from anyerp_sap.sandbox.edm import Entity, Row, Value
from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.rules.base import text
from anyerp_sap.sandbox.rules.purchase_order import terms
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.world import Work

INVOICE, ORDER_ITEM = "A_SupplierInvoice", "A_SuplrInvcItemPurOrdRef"
ACCOUNT_ITEM, TAX = "A_SupplierInvoiceItemGLAcct", "A_SupplierInvoiceTax"
LABEL = "Supplier invoice"
#: Status of a document that is in the books, and of those that are not yet (sheet §10).
POSTED, WAITING = "5", frozenset("ABD")
_NEEDED = {
    "CompanyCode": "Company Code",
    "DocumentDate": "Document Date",
    "PostingDate": "Posting Date",
    "InvoicingParty": "Invoicing Party",
    "DocumentCurrency": "Currency",
}


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


class SupplierInvoiceRules:
    """An invoice is made by one deep insert; it cannot be changed, only reversed, or deleted while it is parked."""

    def create(self, work: Work, draft: Draft) -> Row:
        """Post or park an invoice."""
        row = _header(work, draft.values)
        work.enter(INVOICE, text(row["SupplierInvoice"]), LABEL)
        work.insert(INVOICE, row, LABEL)
        items = [
            _order_item(work, row, c.values, n)
            for n, c in enumerate(draft.children.get("to_SuplrInvcItemPurOrdRef", []), 1)
        ]
        items += [
            _account_item(work, row, c.values, n)
            for n, c in enumerate(draft.children.get("to_SupplierInvoiceItemGLAcct", []), 1)
        ]
        if not items:
            work.problem("06/042", target="to_SuplrInvcItemPurOrdRef")
        taxes = [child.values for child in draft.children.get("to_SupplierInvoiceTax", [])]
        tax = _taxes(work, row, items, taxes)
        net = sum((_signed(item) for item in items), _number(row.get("UnplannedDeliveryCost")))
        gross = _number(row.get("InvoiceGrossAmount"))
        if row["SupplierInvoiceStatus"] == POSTED and gross != net + tax:
            work.problem("M8/001", gross - net - tax, net + tax, gross, target="InvoiceGrossAmount")
        _warn_of_double(work, row)
        work.settle()
        if row["SupplierInvoiceStatus"] == POSTED:
            follow(work, items)
        return row

    def change(self, work: Work, entity: Entity, row: Row, changes: Row) -> None:
        """Never called: no set here is updatable."""
        raise NotImplementedError(entity.name)

    def delete(self, work: Work, entity: Entity, row: Row) -> None:
        """Remove a document that is held or parked."""
        if row.get("SupplierInvoiceStatus") not in WAITING:
            work.problem("M8/224", row["SupplierInvoice"])
            return
        for navigation in entity.navigations.values():
            for part in work.store.related(entity, row, navigation):
                work.store.remove(navigation.target, work.store.entities[navigation.target].key_of(part))
        work.store.remove(INVOICE, entity.key_of(row))


def _header(work: Work, values: Row) -> Row:
    for name, label in _NEEDED.items():
        if not values.get(name):
            work.problem("ME/083", label, target=name)
    if values.get("CompanyCode"):
        work.exists("Company code", "A_CompanyCode", values["CompanyCode"])
    if values.get("InvoicingParty") and work.store.find("A_Supplier", values["InvoicingParty"]) is None:
        work.problem("06/023", values["InvoicingParty"], target="InvoicingParty")
    currency = text(values.get("DocumentCurrency"))
    if currency and currency not in CURRENCIES:
        work.problem("ME/013", "Currency", currency, target="DocumentCurrency")
    if _number(values.get("InvoiceGrossAmount")) != round(
        _number(values.get("InvoiceGrossAmount")), decimals(currency)
    ):
        work.problem("06/036", values["InvoiceGrossAmount"], currency, target="InvoiceGrossAmount")
    party = work.store.find("A_SupplierCompany", values.get("InvoicingParty", ""), values.get("CompanyCode", "")) or {}
    payment = text(values.get("PaymentTerms")) or party.get("PaymentTerms", "")
    if payment and payment not in PAYMENT_TERMS:
        work.problem("ME/013", "Terms of payment", payment, target="PaymentTerms")
    company = work.store.find("A_CompanyCode", values.get("CompanyCode", "")) or {}
    day = values.get("PostingDate")
    return {
        "SupplierInvoiceStatus": POSTED,
        "AccountingDocumentType": "RE",
        "SupplierInvoiceOrigin": "6",
        "DueCalculationBaseDate": values.get("DocumentDate"),
        "DirectQuotedExchangeRate": Decimal(rate(currency, text(company.get("Currency")))),
        **terms(payment),
        **{name: value for name, value in values.items() if value not in ("", None)},
        "PaymentTerms": payment,
        "SupplierInvoice": work.world.next_number(INVOICE),
        "FiscalYear": str(day.year if isinstance(day, date) else work.world.now().year),
        "CreationDate": work.world.now().date(),
        "SuplrInvcLstChgDteTmeTxt": stamp(work),
    }


def stamp(work: Work) -> str:
    """The change stamp as text, `YYYYMMDDhhmmss.mmmuuun` (sheet §11)."""
    now = work.world.now()
    return f"{now:%Y%m%d%H%M%S}.{now.microsecond:06}0"


def _order_item(work: Work, header: Row, values: Row, place: int) -> Row:
    order, number = values.get("PurchaseOrder", ""), values.get("PurchaseOrderItem", "0")
    target = f"to_SuplrInvcItemPurOrdRef({place})"
    item = work.store.find("A_PurchaseOrderItem", order, number)
    if item is None:
        work.problem("ME/013", "Purchase order item", f"{order} {number}", target=target)
        item = {}
    elif item.get("PurchasingDocumentDeletionCode"):
        work.problem("06/032", number, target=target)
    unit = text(values.get("PurchaseOrderQuantityUnit")) or text(item.get("PurchaseOrderQuantityUnit"))
    row: Row = {
        "Plant": item.get("Plant", ""),
        "TaxCode": item.get("TaxCode", ""),
        "PurchaseOrderPriceUnit": item.get("OrderPriceUnit", ""),
        "PurchasingDocumentItemCategory": item.get("PurchaseOrderItemCategory", ""),
        "QtyInPurchaseOrderPriceUnit": values.get("QuantityInPurchaseOrderUnit"),
        **values,
        **_keys(header, values, place),
        "PurchaseOrderQuantityUnit": unit,
        "PurchaseOrderQtyUnitSAPCode": unit,
        "PurchaseOrderQtyUnitISOCode": iso_unit(unit),
    }
    _check_item(work, row, target)
    return work.insert(ORDER_ITEM, row, "Item")


def _account_item(work: Work, header: Row, values: Row, place: int) -> Row:
    target = f"to_SupplierInvoiceItemGLAcct({place})"
    row: Row = {
        "DebitCreditCode": "S",
        "CompanyCode": header.get("CompanyCode", ""),
        **values,
        **_keys(header, values, place),
    }
    if not row.get("GLAccount"):
        work.problem("ME/083", "G/L Account", target=target)
    _check_item(work, row, target)
    return work.insert(ACCOUNT_ITEM, row, "Item")


def _keys(header: Row, values: Row, place: int) -> Row:
    number = text(values.get("SupplierInvoiceItem"))
    return {
        "SupplierInvoice": header["SupplierInvoice"],
        "FiscalYear": header["FiscalYear"],
        "SupplierInvoiceItem": str(place) if number in ("", "0") else number,
        "DocumentCurrency": header.get("DocumentCurrency", ""),
    }


def _check_item(work: Work, row: Row, target: str) -> None:
    amount = _number(row.get("SupplierInvoiceItemAmount"))
    if amount != round(amount, decimals(text(row["DocumentCurrency"]))):
        work.problem("06/036", amount, row["DocumentCurrency"], target=target)
    if row.get("TaxCode", "") not in TAX_CODES:
        work.problem("ME/013", "Tax code", row["TaxCode"], target=target)


def _signed(item: Row) -> Decimal:
    amount = _number(item.get("SupplierInvoiceItemAmount"))
    return -amount if item.get("DebitCreditCode") == "H" else amount


def _taxes(work: Work, header: Row, items: list[Row], given: list[Row]) -> Decimal:
    """Write the taxes: calculated from the codes of the items where that was asked for, else as they were sent."""
    places = decimals(text(header.get("DocumentCurrency")))
    if header.get("TaxIsCalculatedAutomatically"):
        bases: dict[str, Decimal] = {}
        for item in items:
            code = text(item.get("TaxCode"))
            bases[code] = bases.get(code, Decimal(0)) + _signed(item)
        given = [
            {
                "TaxCode": code,
                "TaxAmount": commercial(base * TAX_RATES[code] / 100, places),
                "TaxBaseAmountInTransCrcy": base,
            }
            for code, base in bases.items()
            if code in TAX_RATES
        ]
    total = Decimal(0)
    for count, values in enumerate(given, 1):
        row: Row = {**values, **_keys(header, {}, count), "SupplierInvoiceTaxCounter": str(count)}
        row.pop("SupplierInvoiceItem")
        work.insert(TAX, row, "Tax")
        total += _number(row.get("TaxAmount"))
    return total


def _warn_of_double(work: Work, row: Row) -> None:
    same = ("InvoicingParty", "CompanyCode", "SupplierInvoiceIDByInvcgParty", "DocumentDate", "InvoiceGrossAmount")
    for other in work.store.rows(INVOICE):
        double = all(other.get(name) == row.get(name) for name in same)
        if double and row.get(same[2]) and other["SupplierInvoice"] != row["SupplierInvoice"]:
            work.warn("M8/108", other["SupplierInvoice"], target=same[2])


def billed(store: Store, order: Value, item: Value) -> Decimal:
    """The net quantity that posted documents bill of an order's item."""
    total = Decimal(0)
    for row in store.rows(ORDER_ITEM):
        if (row.get("PurchaseOrder"), row.get("PurchaseOrderItem")) != (order, item):
            continue
        header = store.find(INVOICE, row["SupplierInvoice"], row["FiscalYear"]) or {}
        counts = header.get("SupplierInvoiceStatus") == POSTED and not header.get("ReverseDocument")
        if counts and not row.get("IsSubsequentDebitCredit"):
            quantity = _number(row.get("QuantityInPurchaseOrderUnit"))
            total += -quantity if header.get("SupplierInvoiceIsCreditMemo") else quantity
    return total


def follow(work: Work, items: list[Row]) -> None:
    """Set the flag of the orders' items that are billed as a whole, and move the orders' stamps."""
    for row in items:
        item = work.store.find("A_PurchaseOrderItem", row.get("PurchaseOrder", ""), row.get("PurchaseOrderItem", ""))
        order = work.store.find("A_PurchaseOrder", row.get("PurchaseOrder", ""))
        if item is None or order is None:
            continue
        whole = billed(work.store, item["PurchaseOrder"], item["PurchaseOrderItem"]) >= _number(
            item.get("OrderQuantity")
        )
        work.change("A_PurchaseOrderItem", item, {"IsFinallyInvoiced": whole or row.get("IsFinallyInvoiced") is True})
        work.change("A_PurchaseOrder", order, {"LastChangeDateTime": work.world.after(order.get("LastChangeDateTime"))})


def _called(work: Work, given: Row) -> Row:
    row = work.store.find(INVOICE, given["SupplierInvoice"], given["FiscalYear"])
    if row is None:
        raise SapError(400, [say("ME/013", LABEL, f"{given['SupplierInvoice']} {given['FiscalYear']}")])
    work.enter(INVOICE, text(row["SupplierInvoice"]), LABEL)
    return row


def post(work: Work, given: Row) -> Row:
    """Post a parked invoice."""
    row = _called(work, given)
    if row.get("SupplierInvoiceStatus") not in WAITING:
        raise SapError(400, [say("M8/224", row["SupplierInvoice"])])
    work.change(INVOICE, row, {"SupplierInvoiceStatus": POSTED, "SuplrInvcLstChgDteTmeTxt": stamp(work)})
    entity = work.store.entities[INVOICE]
    follow(work, work.store.related(entity, row, entity.navigations["to_SuplrInvcItemPurOrdRef"]))
    return {"Success": True}


def release(work: Work, given: Row) -> Row:
    """Lift the payment block of an invoice."""
    row = _called(work, given)
    work.change(INVOICE, row, {"PaymentBlockingReason": "", "SuplrInvcLstChgDteTmeTxt": stamp(work)})
    return {"Success": True}


def cancel(work: Work, given: Row) -> Row:
    """Reverse a posted document by another of the opposite kind; both name each other."""
    row = _called(work, given)
    if row.get("SupplierInvoiceStatus") != POSTED:
        raise SapError(400, [say("M8/223", row["SupplierInvoice"])])
    if row.get("ReverseDocument"):
        raise SapError(400, [say("M8/223", row["SupplierInvoice"])])
    day = given["PostingDate"]
    year = str(day.year if isinstance(day, date) else row["FiscalYear"])
    made: Row = {
        **row,
        "SupplierInvoice": work.world.next_number(INVOICE),
        "FiscalYear": year,
        "PostingDate": day,
        "CreationDate": work.world.now().date(),
        "SuplrInvcLstChgDteTmeTxt": stamp(work),
        "SupplierInvoiceIsCreditMemo": "" if row.get("SupplierInvoiceIsCreditMemo") else "X",
        "IsReversal": True,
        "ReverseDocument": row["SupplierInvoice"],
        "ReverseDocumentFiscalYear": row["FiscalYear"],
    }
    work.insert(INVOICE, made, LABEL)
    back: Row = {
        "ReverseDocument": made["SupplierInvoice"],
        "ReverseDocumentFiscalYear": year,
        "IsReversed": True,
        "SuplrInvcLstChgDteTmeTxt": stamp(work),
    }
    work.change(INVOICE, row, back)
    entity = work.store.entities[INVOICE]
    for navigation in entity.navigations.values():
        for part in work.store.related(entity, row, navigation):
            copy: Row = {**part, "SupplierInvoice": made["SupplierInvoice"], "FiscalYear": year}
            work.insert(navigation.target, copy, "Item")
    follow(work, work.store.related(entity, row, entity.navigations["to_SuplrInvcItemPurOrdRef"]))
    return {"ReverseDocument": made["SupplierInvoice"], "FiscalYear": year, "Success": True}
