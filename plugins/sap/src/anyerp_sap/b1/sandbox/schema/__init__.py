"""Everything served, as data: the types by name and the entity sets with what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anyerp_sap.b1.sandbox.edm import Type
from anyerp_sap.b1.sandbox.schema import company, document, item, organisation, partner

TYPES: Mapping[str, Type] = {
    found.name: found
    for module in (document, partner, item, organisation, company)
    for found in vars(module).values()
    if isinstance(found, Type)
}

#: Entity set → type, for what is no document.
MASTER_SETS: Mapping[str, str] = {
    "BusinessPartners": "BusinessPartner",
    "Items": "Item",
    "Warehouses": "Warehouse",
    "BinLocations": "BinLocation",
    "BusinessPlaces": "BusinessPlace",
    "UnitOfMeasurements": "UnitOfMeasurement",
    "UnitOfMeasurementGroups": "UnitOfMeasurementGroup",
    "PaymentTermsTypes": "PaymentTermsType",
    "VatGroups": "VatGroup",
    "ChartOfAccounts": "ChartOfAccount",
    "Currencies": "Currency",
}


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document: its set, object code, the member of BoObjectTypes, its table, and whom it is with.

    `based_on` are the object codes that its lines may be copied from. `posted` documents (receipts, invoices) move
    stock or money and are undone by a cancellation document only.
    """

    name: str
    code: int
    object_type: str
    table: str
    partner: str | None
    based_on: tuple[int, ...] = ()
    posted: bool = False

    @property
    def line_table(self) -> str:
        """The table of its lines, as error texts name it."""
        return self.table[1:] + "1"


KINDS: Mapping[str, DocumentKind] = {
    kind.name: kind
    for kind in (
        DocumentKind("PurchaseRequests", 1470000113, "oPurchaseRequest", "OPRQ", None),
        DocumentKind("PurchaseOrders", 22, "oPurchaseOrders", "OPOR", "cSupplier", (1470000113,)),
        DocumentKind("PurchaseDeliveryNotes", 20, "oPurchaseDeliveryNotes", "OPDN", "cSupplier", (22,), posted=True),
        DocumentKind("PurchaseInvoices", 18, "oPurchaseInvoices", "OPCH", "cSupplier", (22, 20), posted=True),
        DocumentKind("Orders", 17, "oOrders", "ORDR", "cCustomer"),
    )
}

#: Documents waiting for approval or saved unfinished; of any kind (`DocObjectCode`).
DRAFTS = "Drafts"

SETS: Mapping[str, str] = {**dict.fromkeys([*KINDS, DRAFTS], "Document"), **MASTER_SETS}


def kind_of(code: int) -> DocumentKind | None:
    """The kind with an object code."""
    return next((kind for kind in KINDS.values() if kind.code == code), None)
