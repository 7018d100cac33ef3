"""Posting: receipts, shipments, invoices and stock; what the actions do, and the warehouse behind the API's back.

A purchase order that is invoiced in full is deleted, lines and all; the posted invoice and the receipts name it
(dynamics sheet §2.3). Posting commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..odata import Row
from .document import PURCHASE_INVOICE, PURCHASE_ORDER, SALES_ORDER, Document
from .problem import dialog
from .schema import ZERO, blank_row
from .store import Company
from .total import recalculate, rounded

_NOTHING = "There is nothing to post because the document does not contain a quantity or amount."
_RECEIPT_LINE_TYPES = {
    "Comment": "_x0020_",
    "Account": "G_x002F_L_x0020_Account",
    "Charge": "Charge_x0020__x0028_Item_x0029_",
}
_NONE = Decimal(0)


def _alike(name: str, row: Row, **more: Any) -> Row:
    """A row of another set with every field of the same name taken over."""
    taken = {field: row[field] for field in blank_row(name) if field in row and field not in ("id", "documentId")}
    return taken | more


def _move(company: Company, line: Row, quantity: Decimal, **entry: Any) -> None:
    """Put a stock movement into the item ledger, in base units, and into the item's inventory."""
    item = company.get("items", line["itemId"])
    if item is None or item["type"] != "Inventory" or not quantity:
        return
    base = quantity * item["$units"].get(line["unitOfMeasureCode"], 1)
    ledger(company, item, base, description=line["description"], **entry)
    company.put("items", {**item, "inventory": item["inventory"] + base})


def ledger(company: Company, item: Row, quantity: Decimal, **entry: Any) -> None:
    """Write one item ledger entry."""
    sign = 1 if entry.get("entryType") != "Sale" else -1
    row = company.new(
        "itemLedgerEntries",
        entryNumber=int(company.number("ILE")),
        itemNumber=item["number"],
        quantity=quantity,
        costAmountActual=rounded(quantity * item["unitCost"], 2),
        salesAmountActual=rounded(-quantity * item["unitPrice"], 2) if sign < 0 else _NONE,
    )
    company.put("itemLedgerEntries", row | {"postingDate": company.journal.instant().date()} | entry)


def adjust_inventory(company: Company, item: Row, difference: Decimal) -> Decimal:
    """Post a stock adjustment dated today, and give the new inventory (dynamics sheet §2.4)."""
    kind = "Positive_x0020_Adjmt_x002E_" if difference > 0 else "Negative_x0020_Adjmt_x002E_"
    ledger(company, item, difference, entryType=kind, description=item["displayName"], documentNumber="ADJUST")
    inventory: Decimal = item["inventory"] + difference
    return inventory


def _quantities(company: Company, document: Document, order: Row, name: str) -> dict[str, Decimal]:
    return {line["id"]: line[name] for line in company.of(document.lines, order["id"]) if line[name]}


def _deliver(company: Company, document: Document, order: Row, quantities: Mapping[str, Decimal]) -> None:
    """Count what was delivered, and set the line up for the rest."""
    for line in company.of(document.lines, order["id"]):
        quantity = quantities.get(line["id"], _NONE)
        done = line[document.done] + quantity
        rest = {document.done: done, document.todo: line["quantity"] - done}
        company.put(document.lines, {**line, **rest, "invoiceQuantity": line["quantity"] - line["invoicedQuantity"]})


def receive(company: Company, order: Row, quantities: Mapping[str, Decimal]) -> Row:
    """Post a purchase receipt of these quantities by line id; gives the receipt. The order is released by it."""
    receipt = company.new("purchaseReceipts", **_alike("purchaseReceipts", order))
    receipt |= {
        "number": company.number("P-RCPT"),
        "orderNumber": order["number"],
        "postingDate": company.journal.instant().date(),
    }
    company.put("purchaseReceipts", receipt)
    for line in company.of("purchaseOrderLines", order["id"]):
        quantity = quantities.get(line["id"], _NONE)
        if not quantity and line["lineType"] != "Comment":
            continue
        row = company.new("purchaseReceiptLines", **_alike("purchaseReceiptLines", line))
        row |= {
            "documentId": receipt["id"],
            "lineType": _RECEIPT_LINE_TYPES.get(line["lineType"], line["lineType"]),
            "unitCost": line["directUnitCost"],
            "quantity": quantity,
        }
        company.put("purchaseReceiptLines", row)
        _move(
            company, line, quantity, entryType="Purchase", sourceType="Vendor", sourceNumber=order["vendorNumber"],
            documentType="Purchase_x0020_Receipt", documentNumber=receipt["number"],
        )  # fmt: skip
    _deliver(company, PURCHASE_ORDER, order, quantities)
    whole = all(line["receivedQuantity"] == line["quantity"] for line in company.of("purchaseOrderLines", order["id"]))
    company.put("purchaseOrders", {**order, "status": "Open", "fullyReceived": whole})
    return receipt


def invoice(company: Company, order: Row, quantities: Mapping[str, Decimal]) -> Row:
    """Post a purchase invoice of received quantities by line id; an order invoiced in full is gone afterwards."""
    lines = company.of("purchaseOrderLines", order["id"])
    for line in lines:
        if abs(quantities.get(line["id"], _NONE)) > abs(line["receivedQuantity"] - line["invoicedQuantity"]):
            raise dialog(f"You cannot invoice more than {line['receivedQuantity'] - line['invoicedQuantity']:f} units.")
    today = company.journal.instant().date()
    whole = all(line["invoicedQuantity"] + quantities.get(line["id"], _NONE) == line["quantity"] for line in lines)
    posted = company.new("purchaseInvoices", **_alike("purchaseInvoices", order))
    posted |= {
        "number": company.number("P-INV+"),
        "orderNumber": order["number"],
        "orderId": ZERO if whole else order["id"],
        "postingDate": today,
        "invoiceDate": today,
        "dueDate": company.due(order["payToVendorId"], today),
        "status": "Draft",
        "discountAmount": order["discountAmount"] if whole else _NONE,
    }
    company.put("purchaseInvoices", posted)
    for line in lines:
        quantity = quantities.get(line["id"], _NONE)
        if not quantity and line["lineType"] != "Comment":
            continue
        row = company.new("purchaseInvoiceLines", **_alike("purchaseInvoiceLines", line))
        share = line["discountAmount"] * quantity / line["quantity"] if line["quantity"] else _NONE
        row |= {
            "documentId": posted["id"],
            "unitCost": line["directUnitCost"],
            "quantity": quantity,
            "discountAmount": rounded(share, company.decimals(order["currencyCode"])),
        }
        company.put("purchaseInvoiceLines", row)
        company.put("purchaseOrderLines", {**line, "invoicedQuantity": line["invoicedQuantity"] + quantity})
    _owe(company, company.put("purchaseInvoices", {**recalculate(company, PURCHASE_INVOICE, posted), "status": "Open"}))
    if whole:
        company.remove("purchaseOrders", order)
    else:
        _deliver(company, PURCHASE_ORDER, order, {})
    return posted


def _owe(company: Company, posted: Row) -> None:
    vendor = company.get("vendors", posted["vendorId"])
    if vendor is not None:
        rate = company.rates.get(posted["currencyCode"], Decimal(1))
        owed = rounded(posted["totalAmountIncludingTax"] * rate, company.decimals(company.currency))
        company.put("vendors", {**vendor, "balance": vendor["balance"] + owed})


def receive_and_invoice(company: Company, order: Row) -> None:
    """The bound action of purchase orders: both at once, and there is no other (dynamics sheet §2.4)."""
    if order["status"] == "In_x0020_Review":
        raise dialog("This document can only be released when the approval process is complete.")
    received = _quantities(company, PURCHASE_ORDER, order, "receiveQuantity")
    invoiced = _quantities(company, PURCHASE_ORDER, order, "invoiceQuantity")
    if not received and not invoiced:
        raise dialog(_NOTHING)
    if received:
        receive(company, order, received)
    if invoiced:
        current = company.get("purchaseOrders", order["id"])
        invoice(company, current or order, invoiced)


def receive_only(company: Company, order: Row) -> None:
    """The action of the customer's own API: a receipt without an invoice (dynamics sheet §2.4)."""
    quantities = _quantities(company, PURCHASE_ORDER, order, "receiveQuantity")
    if not quantities:
        raise dialog(_NOTHING)
    receive(company, order, quantities)


def post_invoice(company: Company, draft: Row) -> None:
    """The bound action of purchase invoices: a draft becomes a posted invoice with the same id and a new number."""
    if draft["status"] != "Draft":
        raise dialog("The action can be applied to a draft invoice only.")
    lines = company.of("purchaseInvoiceLines", draft["id"])
    if not any(line["quantity"] for line in lines):
        raise dialog(_NOTHING)
    reference = draft["vendorInvoiceNumber"]
    if not reference:
        raise dialog(
            "You need to enter the document number of the document from the vendor in the Vendor Invoice No. field, "
            "so that this document stays referenced."
        )
    same = {"vendorId": draft["vendorId"], "vendorInvoiceNumber": reference}
    if any(other["status"] != "Draft" for other in company.matching("purchaseInvoices", **same)):
        raise dialog(f"Purchase Invoice {reference} already exists for this vendor.")
    number = company.number("P-INV+")
    for line in lines:
        _move(
            company, line, line["quantity"], entryType="Purchase", sourceType="Vendor",
            sourceNumber=draft["vendorNumber"], documentType="Purchase_x0020_Invoice", documentNumber=number,
        )  # fmt: skip
    _owe(company, company.put("purchaseInvoices", {**draft, "number": number, "status": "Open"}))


def ship(company: Company, order: Row, quantities: Mapping[str, Decimal]) -> Row:
    """Post a sales shipment of these quantities by line id; gives the order as it is then. It has no lines here."""
    number = company.number("S-SHPT")
    posted = company.new("salesShipments", **_alike("salesShipments", order))
    today = company.journal.instant().date()
    company.put("salesShipments", posted | {"number": number, "orderNumber": order["number"], "postingDate": today})
    for line in company.of("salesOrderLines", order["id"]):
        _move(
            company, line, -quantities.get(line["id"], _NONE), entryType="Sale", sourceType="Customer",
            sourceNumber=order["customerNumber"], documentType="Sales_x0020_Shipment", documentNumber=number,
        )  # fmt: skip
    _deliver(company, SALES_ORDER, order, quantities)
    whole = all(line["shippedQuantity"] == line["quantity"] for line in company.of("salesOrderLines", order["id"]))
    return company.put("salesOrders", {**order, "status": "Open", "fullyShipped": whole})


def ship_and_invoice(company: Company, order: Row) -> None:
    """The bound action of sales orders: both at once. The posted invoice is not served."""
    shipped = _quantities(company, SALES_ORDER, order, "shipQuantity")
    invoiced = _quantities(company, SALES_ORDER, order, "invoiceQuantity")
    if not shipped and not invoiced:
        raise dialog(_NOTHING)
    current = ship(company, order, shipped)
    for line in company.of("salesOrderLines", order["id"]):
        done = line["invoicedQuantity"] + invoiced.get(line["id"], _NONE)
        company.put("salesOrderLines", {**line, "invoicedQuantity": done, "invoiceQuantity": line["quantity"] - done})
    lines = company.of("salesOrderLines", order["id"])
    if all(line["invoicedQuantity"] == line["quantity"] for line in lines):
        company.remove("salesOrders", current)


ACTIONS = {
    ("purchaseOrders", "receiveAndInvoice"): receive_and_invoice,
    ("purchaseOrders", "receive"): receive_only,
    ("purchaseInvoices", "post"): post_invoice,
    ("salesOrders", "shipAndInvoice"): ship_and_invoice,
}
