"""The rules of purchase orders: defaults from vendor and item, and what a status forbids (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

from ...odata import Row
from .desk import COUNTRIES, Desk, fill, formatted, line_amount, site_of

_CLOSED = ("Received", "Invoiced", "Canceled")
_AMOUNT = {
    *(
        "OrderedPurchaseQuantity",
        "PurchasePrice",
        "PurchasePriceQuantity",
        "LineDiscountAmount",
        "LineDiscountPercentage",
    ),
    "FixedPriceCharges",
}


def header_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new order from its vendor."""
    vendor = desk.store.find("vendor", row["dataAreaId"], row["OrderVendorAccountNumber"])
    if vendor is None:
        return
    fill(
        row,
        given,
        PurchaseOrderName=vendor["VendorOrganizationName"],
        InvoiceVendorAccountNumber=vendor["InvoiceVendorAccountNumber"] or vendor["VendorAccountNumber"],
        CurrencyCode=vendor["CurrencyCode"],
        LanguageId=vendor["LanguageId"],
        PaymentTermsName=vendor["DefaultPaymentTermsName"],
        VendorPaymentMethodName=vendor["DefaultVendorPaymentMethodName"],
        DeliveryTermsId=vendor["DefaultDeliveryTermsCode"],
        DeliveryModeId=vendor["DefaultDeliveryModeId"],
        DefaultReceivingSiteId=vendor["DefaultPurchaseSiteId"],
        DefaultReceivingWarehouseId=vendor["DefaultProcumentWarehouseId"],
        BuyerGroupId=vendor["BuyerGroupId"],
        SalesTaxGroupCode=vendor["SalesTaxGroupCode"],
        IsChangeManagementActive=vendor["IsChangeManagementActivated"],
        AccountingDate=desk.today,
        RequestedDeliveryDate=desk.today,
    )
    row["IsOneTimeVendor"] = vendor["IsOneTimeVendor"]
    if row["IsChangeManagementActive"] == "Yes":
        row["DocumentApprovalStatus"] = "Draft"


def header_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Hold an order to its rules, and derive what is derived."""
    vendor = desk.store.find("vendor", row["dataAreaId"], row["OrderVendorAccountNumber"])
    if old is None and vendor is not None and vendor["OnHoldStatus"] in ("All", "PurchOrder"):
        raise desk.refuse(f"Error: Vendor account {vendor['VendorAccountNumber']} is on hold.")
    if old is not None:
        _open(desk, old)
    site_of(desk, row, "DefaultReceivingSiteId", "DefaultReceivingWarehouseId")
    row["DeliveryAddressCountryRegionISOCode"] = COUNTRIES.get(row["DeliveryAddressCountryRegionId"], "")
    row["FormattedDeliveryAddress"] = formatted(
        row["DeliveryAddressStreet"],
        row["DeliveryAddressZipCode"],
        row["DeliveryAddressCity"],
        row["DeliveryAddressCountryRegionId"],
    )


def header_remove(desk: Desk, row: Row) -> None:
    """Take an order away with its lines, unless something was received."""
    _open(desk, row)
    number = row["PurchaseOrderNumber"]
    if desk.store.where("receipt_line", dataAreaId=row["dataAreaId"], PurchaseOrderNumber=number):
        raise desk.refuse(
            f"Error: Purchase order {number} has product receipts and cannot be deleted.", check="validateDelete"
        )
    for line in list(desk.store.where("purchase_order_line", dataAreaId=row["dataAreaId"], PurchaseOrderNumber=number)):
        desk.store.remove("purchase_order_line", line)


def _open(desk: Desk, header: Row) -> None:
    number, status, approval = (
        header["PurchaseOrderNumber"],
        header["PurchaseOrderStatus"],
        header["DocumentApprovalStatus"],
    )
    if status in ("Invoiced", "Canceled"):
        raise desk.refuse(f"Error: Purchase order {number} has status {status} and cannot be changed.")
    if approval in ("InReview", "Finalized"):
        raise desk.refuse(f"Error: Purchase order {number} cannot be changed while its approval status is {approval}.")


def _header(desk: Desk, row: Row) -> Row:
    found = desk.store.find("purchase_order", row["dataAreaId"], row["PurchaseOrderNumber"])
    if found is None:
        raise desk.refuse(f"Error: Purchase order {row['PurchaseOrderNumber']} does not exist.")
    return found


def line_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new line from its order and its item."""
    header = _header(desk, row)
    company, number = row["dataAreaId"], row["PurchaseOrderNumber"]
    if "LineNumber" not in given:
        lines = desk.store.where("purchase_order_line", dataAreaId=company, PurchaseOrderNumber=number)
        row["LineNumber"] = max((line["LineNumber"] for line in lines), default=0) + 1
    fill(
        row,
        given,
        RequestedDeliveryDate=header["RequestedDeliveryDate"],
        ConfirmedDeliveryDate=header["ConfirmedDeliveryDate"],
        ReceivingSiteId=header["DefaultReceivingSiteId"] if not given.get("ReceivingWarehouseId") else "",
        ReceivingWarehouseId=header["DefaultReceivingWarehouseId"],
        SalesTaxGroupCode=header["SalesTaxGroupCode"],
        PurchasePriceQuantity=Decimal(1),
        OrderedPurchaseQuantity=Decimal(1),
        DefaultLedgerDimensionDisplayValue=header["DefaultLedgerDimensionDisplayValue"],
        DeliveryAddressName=header["DeliveryAddressName"],
    )
    item = desk.store.find("item", company, row["ItemNumber"]) if row["ItemNumber"] else None
    if item is not None:
        product = desk.store.find("product", item["ProductNumber"]) or {}
        fill(
            row,
            given,
            LineDescription=product.get("ProductName"),
            PurchaseUnitSymbol=item["PurchaseUnitSymbol"],
            SalesTaxItemGroupCode=item["PurchaseSalesTaxItemGroupCode"],
        )
        if "PurchasePrice" not in given:
            fill(row, given, PurchasePrice=item["PurchasePrice"], PurchasePriceQuantity=item["PurchasePriceQuantity"])
        if item["ProductType"] == "Item":
            row["InventoryLotId"] = desk.sequences.next("lot", company)


def line_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Hold a line to its rules and work out its amount."""
    header = _header(desk, row)
    _open(desk, header)
    if not row["ItemNumber"] and not row["ProcurementProductCategoryName"]:
        raise desk.refuse("Warning: Item number or procurement category must be filled in.")
    item = desk.store.find("item", row["dataAreaId"], row["ItemNumber"]) if row["ItemNumber"] else None
    if item is not None and item.get("_stopped"):
        raise desk.refuse(f"Warning: Item '{item['ItemNumber']}' is blocked for 'Purchase order'.")
    site_of(desk, row, "ReceivingSiteId", "ReceivingWarehouseId")
    if item is not None and item["ProductType"] == "Item" and not row["ReceivingSiteId"]:
        raise desk.refuse("Error: Inventory dimension Site is mandatory and must consequently be specified.")
    if old is not None:
        if old["PurchaseOrderLineStatus"] in _CLOSED:
            raise desk.refuse(f"Error: Line {row['LineNumber']} has status {old['PurchaseOrderLineStatus']}.")
        if row["OrderedPurchaseQuantity"] < received(desk, row):
            raise desk.refuse("Error: The quantity cannot be less than the quantity that was received.")
    moved = old is None or any(old[name] != row[name] for name in _AMOUNT)
    if moved and row["LineAmount"] == (old or {"LineAmount": Decimal(0)})["LineAmount"]:
        amount = line_amount(
            row["OrderedPurchaseQuantity"],
            row["PurchasePrice"],
            row["PurchasePriceQuantity"],
            row["LineDiscountAmount"],
            row["LineDiscountPercentage"],
        )
        row["LineAmount"] = desk.rounded(amount + row["FixedPriceCharges"], header["CurrencyCode"])


def received(desk: Desk, line: Row) -> Decimal:
    """Sum what was received for a line: the line itself has no such field (dynamics sheet §1.7)."""
    rows = desk.store.where(
        "receipt_line", dataAreaId=line["dataAreaId"], PurchaseOrderNumber=line["PurchaseOrderNumber"]
    )
    found = (row["ReceivedPurchaseQuantity"] for row in rows if row["PurchaseOrderLineNumber"] == line["LineNumber"])
    return sum(found, Decimal(0))


def line_remove(desk: Desk, row: Row) -> None:
    """Take a line away, unless something was received."""
    _open(desk, _header(desk, row))
    if received(desk, row):
        raise desk.refuse("Error: The line has product receipts and cannot be deleted.", check="validateDelete")
