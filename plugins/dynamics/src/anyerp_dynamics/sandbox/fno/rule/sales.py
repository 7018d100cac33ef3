"""The rules of sales orders: defaults from customer and item, totals, the mandatory site (dynamics sheet §1.7)."""

from __future__ import annotations

from decimal import Decimal

from ...odata import Row
from .desk import Desk, fill, line_amount, site_of

_AMOUNT = {
    *("OrderedSalesQuantity", "SalesPrice", "SalesPriceQuantity", "LineDiscountAmount", "LineDiscountPercentage"),
}


def header_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new order from its customer."""
    customer = desk.store.find("customer", row["dataAreaId"], row["OrderingCustomerAccountNumber"])
    row["OrderCreationDateTime"] = desk.now().replace(microsecond=0)
    if customer is None:
        return
    fill(
        row,
        given,
        SalesOrderName=customer["OrganizationName"],
        InvoiceCustomerAccountNumber=customer["InvoiceAccount"] or customer["CustomerAccount"],
        CurrencyCode=customer["SalesCurrencyCode"],
        LanguageId=customer["LanguageId"],
        PaymentTermsName=customer["PaymentTerms"],
        DeliveryTermsCode=customer["DeliveryTerms"],
        DefaultShippingSiteId=customer["SiteId"],
        DefaultShippingWarehouseId=customer["WarehouseId"],
        SalesTaxGroupCode=customer["SalesTaxGroup"],
        RequestedShippingDate=desk.today,
        RequestedReceiptDate=desk.today,
        DeliveryAddressName=customer["OrganizationName"],
        DeliveryAddressStreet=customer["AddressStreet"],
        DeliveryAddressZipCode=customer["AddressZipCode"],
        DeliveryAddressCity=customer["AddressCity"],
        DeliveryAddressCountryRegionId=customer["AddressCountryRegionId"],
    )


def header_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Hold an order to its rules."""
    customer = desk.store.find("customer", row["dataAreaId"], row["OrderingCustomerAccountNumber"])
    if old is None and customer is not None and customer["OnHoldStatus"] == "All":
        raise desk.refuse(f"Error: Customer account {customer['CustomerAccount']} is on hold.")
    if old is not None and old["SalesOrderStatus"] in ("Invoiced", "Canceled"):
        raise desk.refuse(f"Error: Sales order {row['SalesOrderNumber']} has status {old['SalesOrderStatus']}.")
    site_of(desk, row, "DefaultShippingSiteId", "DefaultShippingWarehouseId")


def header_remove(desk: Desk, row: Row) -> None:
    """Take an order away with its lines."""
    if row["SalesOrderStatus"] != "Backorder":
        raise desk.refuse(f"Error: Sales order {row['SalesOrderNumber']} cannot be deleted.", check="validateDelete")
    for line in list(_lines(desk, row)):
        desk.store.remove("sales_order_line", line)


def _lines(desk: Desk, row: Row) -> list[Row]:
    return desk.store.where("sales_order_line", dataAreaId=row["dataAreaId"], SalesOrderNumber=row["SalesOrderNumber"])


def _header(desk: Desk, row: Row) -> Row:
    found = desk.store.find("sales_order", row["dataAreaId"], row["SalesOrderNumber"])
    if found is None:
        raise desk.refuse(f"Error: Sales order {row['SalesOrderNumber']} does not exist.")
    return found


def line_defaults(desk: Desk, row: Row, given: Row) -> None:
    """Fill a new line from its order and its item."""
    header = _header(desk, row)
    row["InventoryLotId"] = desk.sequences.next("sales_order_line", row["dataAreaId"])
    row["CurrencyCode"] = header["CurrencyCode"]
    lines = _lines(desk, row)
    row["LineCreationSequenceNumber"] = max((line["LineCreationSequenceNumber"] for line in lines), default=0) + 1
    fill(
        row,
        given,
        LineNumber=max((line["LineNumber"] for line in lines), default=Decimal(0)) + 1,
        OrderedSalesQuantity=Decimal(1),
        SalesPriceQuantity=Decimal(1),
        RequestedShippingDate=header["RequestedShippingDate"],
        RequestedReceiptDate=header["RequestedReceiptDate"],
        ShippingSiteId=header["DefaultShippingSiteId"] if not given.get("ShippingWarehouseId") else "",
        ShippingWarehouseId=header["DefaultShippingWarehouseId"],
        SalesTaxGroupCode=header["SalesTaxGroupCode"],
    )
    item = desk.store.find("item", row["dataAreaId"], row["ItemNumber"]) if row["ItemNumber"] else None
    if item is not None:
        product = desk.store.find("product", item["ProductNumber"]) or {}
        fill(
            row,
            given,
            LineDescription=product.get("ProductName"),
            SalesUnitSymbol=item["SalesUnitSymbol"],
            SalesPrice=item["SalesPrice"],
            SalesTaxItemGroupCode=item["SalesSalesTaxItemGroupCode"],
        )


def line_check(desk: Desk, row: Row, old: Row | None) -> None:
    """Hold a line to its rules and work out its amount."""
    header = _header(desk, row)
    if not row["ItemNumber"] and not row["SalesProductCategoryName"]:
        raise desk.refuse("Warning: Item number or sales category must be filled in.")
    item = desk.store.find("item", row["dataAreaId"], row["ItemNumber"]) if row["ItemNumber"] else None
    site_of(desk, row, "ShippingSiteId", "ShippingWarehouseId")
    if item is not None and item["ProductType"] == "Item" and not row["ShippingSiteId"]:
        raise desk.refuse("Error: Inventory dimension Site is mandatory and must consequently be specified.")
    if old is not None and old["SalesOrderLineStatus"] != "Backorder":
        raise desk.refuse(f"Error: Line {row['InventoryLotId']} has status {old['SalesOrderLineStatus']}.")
    moved = old is None or any(old[name] != row[name] for name in _AMOUNT)
    if moved and row["LineAmount"] == (old or {"LineAmount": Decimal(0)})["LineAmount"]:
        amount = line_amount(
            row["OrderedSalesQuantity"],
            row["SalesPrice"],
            row["SalesPriceQuantity"],
            row["LineDiscountAmount"],
            row["LineDiscountPercentage"],
        )
        row["LineAmount"] = desk.rounded(amount, header["CurrencyCode"])


def line_written(desk: Desk, row: Row) -> None:
    """Bring the order's total up to date; the order's own record does not move."""
    header = _header(desk, row)
    total = sum((line["LineAmount"] for line in _lines(desk, row)), Decimal(0))
    desk.store.replace("sales_order", header | {"OrderTotalAmount": total}, quietly=True)
