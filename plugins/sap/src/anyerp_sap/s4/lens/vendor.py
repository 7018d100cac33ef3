"""Vendors: a business partner with its supplier, main address and first purchasing organisation (sap sheet §12)."""

from __future__ import annotations

from anyerp.lens import Derived, Lens, Map, reference, text
from anyerp.lens.codecs import boolean
from anyerp.model import Vendor

from anyerp_sap.s4.header import CREATED_AT, UPDATED_AT, linked
from anyerp_sap.s4.lens.partner import PARTNER, numbered


def status(blocked: bool | None, posting: bool | None, deleted: bool | None) -> str:
    """Whether business may be done with a partner."""
    if deleted:
        return "inactive"
    return "blocked" if blocked or posting else "active"


ORGANIZATION = "to_Supplier/to_SupplierPurchasingOrg/results/0"

VENDOR = Lens(Vendor, (
    *numbered("Supplier"),
    *PARTNER,
    Derived("status", status, native=(
        ("to_Supplier/PurchasingIsBlocked", boolean()), ("to_Supplier/PostingIsBlocked", boolean()),
        ("to_Supplier/DeletionIndicator", boolean()))),
    Map("native_status", "to_Supplier/SupplierProcurementBlock", text(2), read_only=True),
    Map("tax_number", "to_Supplier/VATRegistration", text(20), read_only=True),
    # Of the first purchasing organisation, which this one names.
    Map("extra.PurchasingOrganization", f"{ORGANIZATION}/PurchasingOrganization", text(4, upper=True),
        create_only=True),
    Map("currency", f"{ORGANIZATION}/PurchaseOrderCurrency", text(5, empty="")),
    Map("payment_terms", f"{ORGANIZATION}/PaymentTerms", reference(4, upper=True, empty="")),
    Map("incoterms", f"{ORGANIZATION}/IncotermsClassification", text(3, upper=True, empty="")),
    Map("group", "to_Supplier/SupplierAccountGroup", text(4), read_only=True),
    linked("Supplier", Supplier=("Supplier", 10)),
    CREATED_AT,
    UPDATED_AT,
))  # fmt: skip
