"""The unified data model: one Pydantic class per resource, published as JSON Schema in `schemas/`."""

from anyerp.model.base import Address, Model, Record, Ref
from anyerp.model.company import Company
from anyerp.model.item import Item
from anyerp.model.location import Location
from anyerp.model.payment_term import PaymentTerm
from anyerp.model.purchase_order import PurchaseOrder, PurchaseOrderLine
from anyerp.model.unit import Unit
from anyerp.model.vendor import Vendor

#: Every resource by the name under which a connection offers it.
RESOURCES: dict[str, type[Record]] = {
    "companies": Company,
    "locations": Location,
    "vendors": Vendor,
    "items": Item,
    "units": Unit,
    "payment_terms": PaymentTerm,
    "purchase_orders": PurchaseOrder,
}

__all__ = [
    "RESOURCES",
    "Address",
    "Company",
    "Item",
    "Location",
    "Model",
    "PaymentTerm",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Record",
    "Ref",
    "Unit",
    "Vendor",
]
