"""The schema of the sandbox: the API v2.0 pages it serves, as one `Schema` of the OData room."""

from __future__ import annotations

from ...odata import Action, EntitySet, Row, Schema
from . import (
    codes,
    dimension,
    item,
    organisation,
    party,
    purchase_invoice,
    purchase_order,
    purchase_receipt,
    sales_order,
    sales_shipment,
    subscription,
)
from .enums import ENUMS, decode, encode
from .extension import FIELDS, extended
from .table import BLANK, EMPTY, NO_DATE, NO_INSTANT, ZERO, Field, Page

__all__ = [
    "BLANK", "EMPTY", "EXTENDED", "NO_DATE", "NO_INSTANT", "SCHEMA", "ZERO", "Field", "Page", "blank_row", "decode",
    "encode", "facts", "page",
]  # fmt: skip

_SETS: tuple[EntitySet, ...] = (
    organisation.COMPANIES, organisation.COMPANY_INFORMATION, organisation.GENERAL_LEDGER_SETUP,
    organisation.LOCATIONS, organisation.ACCOUNTS, dimension.DIMENSIONS, dimension.DIMENSION_VALUES,
    dimension.DEFAULT_DIMENSIONS, dimension.DIMENSION_SET_LINES, codes.UNITS, codes.PAYMENT_TERMS,
    codes.PAYMENT_METHODS, codes.SHIPMENT_METHODS, codes.CURRENCIES, codes.TAX_GROUPS, codes.ITEM_CATEGORIES,
    party.VENDORS, party.CUSTOMERS, item.ITEMS, item.ITEM_VARIANTS, item.ITEM_LEDGER_ENTRIES,
    purchase_order.PURCHASE_ORDERS, purchase_order.PURCHASE_ORDER_LINES, purchase_receipt.PURCHASE_RECEIPTS,
    purchase_receipt.PURCHASE_RECEIPT_LINES, purchase_invoice.PURCHASE_INVOICES,
    purchase_invoice.PURCHASE_INVOICE_LINES, sales_order.SALES_ORDERS, sales_order.SALES_ORDER_LINES,
    sales_shipment.SALES_SHIPMENTS, subscription.SUBSCRIPTIONS,
)  # fmt: skip

SCHEMA = Schema(
    namespace="Microsoft.NAV",
    sets={entity_set.name: entity_set for entity_set in _SETS},
    enums=ENUMS,
    actions=(
        Action("receiveAndInvoice", "purchaseOrder"),
        Action("post", "purchaseInvoice"),
        Action("shipAndInvoice", "salesOrder"),
    ),
    container="NAV",
)

#: What a customer's own API serves.
EXTENDED = extended(SCHEMA)


def page(entity_set: EntitySet) -> Page:
    """What the product knows of a set."""
    known: Page = entity_set.facts
    return known


def facts(entity_set: EntitySet, name: str) -> Field:
    """What the product knows of a property."""
    known: Field = entity_set.type.by_name[name].facts
    return known


def _empty(type_name: str) -> object:
    return ENUMS[type_name].members[0] if type_name in ENUMS else EMPTY[type_name]


_BLANK_ROWS: dict[str, Row] = {
    entity_set.name: {prop.name: _empty(prop.type) for prop in entity_set.type.properties} | page(entity_set).blanks
    for entity_set in _SETS
}
_BLANK_ROWS["purchaseOrders"] |= {prop.name: _empty(prop.type) for prop in FIELDS}


def blank_row(set_name: str) -> Row:
    """A new row with nothing entered yet: empty text, zero GUID, `0001-01-01` (dynamics sheet §2.2)."""
    return dict(_BLANK_ROWS[set_name])
