"""Purchase orders, sales orders, vendor invoices and stock: what each can do."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Resource

from anyerp_netsuite import document
from anyerp_netsuite.flow.bulk import documents
from anyerp_netsuite.flow.order import Documents, operations
from anyerp_netsuite.flow.table import listed
from anyerp_netsuite.lens import purchase_order, sales_order, stock
from anyerp_netsuite.paging import pages

_BOTH = "item,expense"
PURCHASES = Documents("purchaseOrder", purchase_order.TABLE, "vendor", "vendor", _BOTH)
SALES = Documents("salesOrder", sales_order.TABLE, "customer", "customer")

PURCHASE_ORDERS = Resource(
    lens=purchase_order.PURCHASE_ORDER,
    rows="items",
    flat=purchase_order.TABLE.flat,
    listed=purchase_order.TABLE.listed,
    page=pages(purchase_order.TABLE, purchase_order.PURCHASE_ORDER),
    close=PURCHASES.close,
    updated_since="native",
    because={"cancel": "never: an order is closed, or deleted while nothing has come of it"},
    **operations(PURCHASES),
    **documents("purchaseOrder", document.created, "PurchOrd").operations(),
)
SALES_ORDERS = Resource(
    lens=sales_order.SALES_ORDER,
    rows="items",
    flat=sales_order.TABLE.flat,
    listed=sales_order.TABLE.listed,
    page=pages(sales_order.TABLE, sales_order.SALES_ORDER),
    close=SALES.close,
    updated_since="native",
    because={"cancel": "never: an order is closed, or deleted while nothing has come of it"},
    **operations(SALES),
    **documents("salesOrder", document.created, "SalesOrd").operations(),
)

RESOURCES: dict[str, Resource[Any]] = {
    "purchase_orders": PURCHASE_ORDERS,
    "sales_orders": SALES_ORDERS,
    "stock_levels": listed(
        stock.STOCK_LEVEL, stock.TABLE, "never: stock follows from receipts, fulfillments and adjustments"
    ),
}
