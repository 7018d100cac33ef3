"""The unified data model: one Pydantic class per resource, published as JSON Schema in `schemas/`."""

from anyerp.model.base import Address, Model, Record, Ref
from anyerp.model.company import Company
from anyerp.model.customer import Customer
from anyerp.model.goods_receipt import GoodsReceipt, GoodsReceiptLine
from anyerp.model.item import Item
from anyerp.model.location import Location
from anyerp.model.payment_term import PaymentTerm
from anyerp.model.purchase_order import PurchaseOrder, PurchaseOrderLine
from anyerp.model.sales_order import SalesOrder, SalesOrderLine
from anyerp.model.stock_level import StockLevel
from anyerp.model.unit import Unit
from anyerp.model.vendor import Vendor
from anyerp.model.vendor_invoice import VendorInvoice, VendorInvoiceLine

#: Every resource by the name under which a connection offers it.
RESOURCES: dict[str, type[Record]] = {
    "companies": Company,
    "locations": Location,
    "vendors": Vendor,
    "customers": Customer,
    "items": Item,
    "units": Unit,
    "payment_terms": PaymentTerm,
    "purchase_orders": PurchaseOrder,
    "goods_receipts": GoodsReceipt,
    "vendor_invoices": VendorInvoice,
    "sales_orders": SalesOrder,
    "stock_levels": StockLevel,
}

__all__ = [
    "RESOURCES",
    "Address",
    "Company",
    "Customer",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "Item",
    "Location",
    "Model",
    "PaymentTerm",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Record",
    "Ref",
    "SalesOrder",
    "SalesOrderLine",
    "StockLevel",
    "Unit",
    "Vendor",
    "VendorInvoice",
    "VendorInvoiceLine",
]
