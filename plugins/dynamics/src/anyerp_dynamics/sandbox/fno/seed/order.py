"""Seeded documents: purchase orders in every status, a requisition, an invoice, sales orders; and many generated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ...odata import Row
from ..schema import blank
from ..store import Store

#: The clock while the seed is laid: the same on every run.
SEEDED_AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
Create = Callable[[str, str, Row], Row]
#: number: (company, vendor, status, header fields, lines of (item, quantity, price, further fields))
ORDERS: dict[str, tuple[str, str, str, dict[str, Any], list[tuple[str, str, str, dict[str, Any]]]]] = {
    "00000001": ("usmf", "US-101", "open", {"VendorOrderReference": "REQ-1"},
                 [("D0001", "10", "150", {}), ("D0002", "4", "45.50", {})]),
    "00000002": ("usmf", "US-102", "received", {}, [("D0005", "25", "12.8", {"PurchasePriceQuantity": Decimal(10)})]),
    "00000003": ("usmf", "DE-001", "confirmed", {"DeliveryTermsId": "DDP"},
                 [("D0003", "2500", "3.75", {"PurchasePriceQuantity": Decimal(100)})]),
    "00000004": ("usmf", "JP-001", "partly", {}, [("D0007", "300", "980", {}), ("D0001", "20", "14900", {})]),
    "00000005": ("usmf", "KW-001", "open", {},
                 [("D0004", "1234.5", "0.4275", {"LineDiscountPercentage": Decimal("2.5")})]),
    "00000006": ("usmf", "TN-001", "draft", {}, [("D0008", "40", "21.375", {})]),
    "00000007": ("usmf", "TN-001", "InReview", {}, [("D0006", "12", "54.125", {})]),
    "00000008": ("usmf", "TN-001", "Rejected", {}, [("D0006", "7", "54.125", {})]),
    "00000009": ("usmf", "US-101", "canceled", {}, [("D0001", "1", "150", {})]),
    "00000010": ("usmf", "US-103", "invoiced", {}, [("D0002", "8", "44", {"LineDiscountAmount": Decimal("1.5")})]),
    "00000011": ("usmf", "US-103", "Finalized", {},
                 [("S0001", "16", "85", {}), ("", "1", "240", {"ProcurementProductCategoryName": "Freight"})]),
    "00000012": ("usmf", "O'B-7/2", "open", {"PurchaseOrderName": 'Größe "L" <50 mm>'}, []),
    "00000013": ("demf", "DE-001", "open", {}, [("D0003", "1000", "3.2", {"PurchasePriceQuantity": Decimal(100)})]),
    "00000014": ("jpmf", "JP-001", "confirmed", {}, [("D0007", "15", "980", {})]),
}  # fmt: skip


def fill_documents(store: Store, create: Create, world: Any) -> None:
    """Lay the documents through the business rules; `create(set, company, values)` writes, `world` moves them on."""
    for place, (number, (company, vendor, status, further, lines)) in enumerate(ORDERS.items()):
        day = SEEDED_AT.replace(hour=12, minute=0) + timedelta(days=place)
        header = {
            "PurchaseOrderNumber": number,
            "OrderVendorAccountNumber": vendor,
            "DefaultReceivingWarehouseId": "11",
            "AccountingDate": day,
            "RequestedDeliveryDate": day + timedelta(days=14),
        }
        create("PurchaseOrderHeadersV2", company, header | further)
        for item, quantity, price, more in lines:
            line = {
                "PurchaseOrderNumber": number,
                "OrderedPurchaseQuantity": Decimal(quantity),
                "PurchasePrice": Decimal(price),
            }
            create("PurchaseOrderLinesV2", company, line | ({"ItemNumber": item} if item else {}) | more)
        _move_on(world, number, company, status)
    _others(store, create)


def _move_on(world: Any, number: str, company: str, status: str) -> None:
    if status in ("confirmed", "partly", "received", "invoiced"):
        world.touch(
            number,
            company,
            DocumentApprovalStatus="Confirmed",
            ConfirmedDeliveryDate=SEEDED_AT.replace(day=30, hour=12),
        )
    if status == "partly":
        world.receive(number, 1, "120", company)
        world.receive(number, 1, "30.5", company)
    if status in ("received", "invoiced"):
        ordered = world.store.find("purchase_order_line", company, number, 1)["OrderedPurchaseQuantity"]
        world.receive(number, 1, ordered, company)
    if status == "invoiced":
        world.invoice(number, company)
    if status == "canceled":
        world.cancel(number, company)
    if status in ("InReview", "Rejected", "Finalized"):
        world.touch(number, company, DocumentApprovalStatus=status)


def _others(store: Store, create: Create) -> None:
    day = SEEDED_AT.replace(hour=12, minute=0)
    create(
        "VendorInvoiceHeaders",
        "usmf",
        {
            "InvoiceAccount": "US-102",
            "InvoiceNumber": "INV-7781",
            "InvoiceDate": day,
            "PurchaseOrderNumber": "00000002",
        },
    )
    create(
        "VendorInvoiceLines", "usmf", {"HeaderReference": "000001", "PurchaseOrder": "00000002", "PurchLineNumber": 1}
    )
    for customer, item, quantity in (("US-001", "D0001", "2"), ("US-002", "D0006", "30")):
        header = {
            "OrderingCustomerAccountNumber": customer,
            "DefaultShippingWarehouseId": "11",
            "RequestedShippingDate": day,
        }
        made = create("SalesOrderHeadersV2", "usmf", header)
        line = {
            "SalesOrderNumber": made["SalesOrderNumber"],
            "ItemNumber": item,
            "OrderedSalesQuantity": Decimal(quantity),
        }
        create("SalesOrderLines", "usmf", line)
    for place, status in enumerate(("Draft", "Approved"), 1):
        requisition = {
            "RequisitionNumber": "R-000001",
            "RequisitionLineNumber": place,
            "BuyingLegalEntityId": "usmf",
            "LineStatus": status,
            "ItemNumber": f"D000{place}",
            "RequestedPurchaseQuantity": Decimal(3 * place),
            "PurchaseUnitSymbol": "ea",
            "PurchasePrice": Decimal(100),
            "PurchasePriceQuantity": Decimal(1),
            "LineAmount": Decimal(300 * place),
            "CurrencyCode": "USD",
            "RequestedDate": day + timedelta(days=20),
        }
        store.insert("purchase_requisition_line", blank("PurchaseRequisitionLinesV2") | requisition)


def generate(store: Store, count: int) -> None:
    """Add so many open orders of two lines to `usmf`, cheaply: copies of one order, numbered from 10000001 on."""
    header = store.find("purchase_order", "usmf", "00000001")
    lines = store.where("purchase_order_line", dataAreaId="usmf", PurchaseOrderNumber="00000001")
    if header is None:
        raise LookupError("the seeded order is missing")
    vendors = [row["VendorAccountNumber"] for row in store.rows("vendor") if row["dataAreaId"] == "usmf"]
    for place in range(1, count + 1):
        number = f"{10_000_000 + place}"
        vendor = {"OrderVendorAccountNumber": vendors[place % len(vendors)], "VendorOrderReference": f"GEN-{place}"}
        store.insert("purchase_order", header | vendor | {"PurchaseOrderNumber": number})
        for line in lines:
            store.insert("purchase_order_line", line | {"PurchaseOrderNumber": number})
