"""The rules of pending vendor invoices: the set holds no posted ones (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

from ...odata import Row
from .desk import Desk, fill, line_amount

_AMOUNT = {"ReceiveNow", "UnitPrice", "PriceUnit", "Discount", "DiscountPercent"}


def header_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new invoice from its invoice account."""
    vendor = desk.store.find("vendor", row["dataAreaId"], row["InvoiceAccount"])
    if vendor is None:
        return
    fill(
        row,
        given,
        VendorAccount=vendor["VendorAccountNumber"],
        Currency=vendor["CurrencyCode"],
        TermsOfPayment=vendor["DefaultPaymentTermsName"],
        InvoiceDate=desk.today,
        Date=desk.today,
        SalesTaxGroup=vendor["SalesTaxGroupCode"],
    )
    row["VendorName"] = vendor["VendorOrganizationName"]


def header_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Refuse an invoice of a vendor whose invoices are held."""
    vendor = desk.store.find("vendor", row["dataAreaId"], row["InvoiceAccount"])
    if vendor is not None and vendor["OnHoldStatus"] in ("All", "Invoice"):
        raise desk.refuse(f"Error: Vendor account {vendor['VendorAccountNumber']} is on hold for invoices.")


def header_remove(desk: Desk, row: Row) -> None:
    """Take an invoice away with its lines."""
    lines = desk.store.where(
        "vendor_invoice_line", dataAreaId=row["dataAreaId"], HeaderReference=row["HeaderReference"]
    )
    for line in list(lines):
        desk.store.remove("vendor_invoice_line", line)


def line_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new line from its invoice and from the order line that it names."""
    store, company = desk.store, row["dataAreaId"]
    header = store.find("vendor_invoice", company, row["HeaderReference"])
    if header is None:
        raise desk.refuse(f"Error: Vendor invoice {row['HeaderReference']} does not exist.")
    lines = store.where("vendor_invoice_line", dataAreaId=company, HeaderReference=row["HeaderReference"])
    number = max((line["InvoiceLineNumber"] for line in lines), default=Decimal(0)) + 1
    fill(row, given, InvoiceLineNumber=number, PriceUnit=Decimal(1), Currency=header["Currency"])
    row["LineNumber"] = row["InvoiceLineNumber"]
    row["InvoiceAccount"], row["VendorAccount"] = header["InvoiceAccount"], header["VendorAccount"]
    order_line = store.find("purchase_order_line", company, row["PurchaseOrder"], row["PurchLineNumber"])
    if order_line is not None:
        fill(
            row,
            given,
            ItemNumber=order_line["ItemNumber"],
            LineDescription=order_line["LineDescription"],
            Unit=order_line["PurchaseUnitSymbol"],
            UnitPrice=order_line["PurchasePrice"],
            PriceUnit=order_line["PurchasePriceQuantity"],
            ReceiveNow=order_line["OrderedPurchaseQuantity"],
            InventorySiteId=order_line["ReceivingSiteId"],
            InventoryWarehouseId=order_line["ReceivingWarehouseId"],
        )


def line_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Work out the amount of a line."""
    moved = old is None or any(old[name] != row[name] for name in _AMOUNT)
    if moved and row["NetAmount"] == (old or {"NetAmount": Decimal(0)})["NetAmount"]:
        amount = line_amount(
            row["ReceiveNow"], row["UnitPrice"], row["PriceUnit"], row["Discount"], row["DiscountPercent"]
        )
        row["NetAmount"] = desk.rounded(amount, row["Currency"])
    row["Amount"] = row["NetAmount"]
