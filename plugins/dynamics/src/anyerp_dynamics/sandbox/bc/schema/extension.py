"""A customer's extension: an API of its own beside the standard one, with two more fields and a receipt-only action.

Pages of API v2.0 cannot be extended, so what the standard lacks (goods receipts without an invoice, the caller's own
reference on an order) comes as a custom API `/api/<publisher>/<group>/<version>` (dynamics sheet §2.4).
"""

from __future__ import annotations

from dataclasses import replace

from ...odata import Action, EntitySet, EntityType, Property, Schema
from .table import Field

#: Fields of the extension: they are kept with every order, and shown on this API only.
FIELDS = (
    Property("yourReference", "Edm.String", max_length=35, facts=Field()),
    Property("vendorOrderNumber", "Edm.String", max_length=35, facts=Field(code=True)),
)
RECEIVE = Action("receive", "purchaseOrder")


def extended(schema: Schema) -> Schema:
    """Give the schema of the custom API: the standard one, with the extension's fields and action."""
    orders: EntitySet = schema.sets["purchaseOrders"]
    known = orders.type
    entity_type = EntityType(known.name, known.properties + FIELDS, known.key, known.navigations)
    sets = {**schema.sets, orders.name: replace(orders, type=entity_type)}
    return replace(schema, sets=sets, actions=(*schema.actions, RECEIVE))
