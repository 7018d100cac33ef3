"""Vendors: a supplier cannot be created itself, so its business partner is, with its roles (sap sheet §12)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Resource
from anyerp.errors import ConfigError

from anyerp_sap.s4 import header
from anyerp_sap.s4.lens.vendor import VENDOR
from anyerp_sap.s4.partner import SERVICE, Side
from anyerp_sap.s4.service import EntitySet

KEPT = dict.fromkeys(("delete", "cancel", "close"), "never: master data is flagged, not deleted")


def _organization(ctx: Context, given: dict[str, Any]) -> dict[str, Any]:
    found = given.get("PurchasingOrganization") or ctx.settings.purchasing_organization
    if found is None:
        raise ConfigError(
            "currency, payment terms and incoterms of a vendor belong to a purchasing organization",
            hint="set settings.purchasing_organization, or extra.PurchasingOrganization of a new vendor",
        )
    return {"PurchasingOrganization": str(found)}


SUPPLIER = Side(
    number="Supplier",
    roles=("FLVN00", "FLVN01"),  # for accounting and for purchasing
    area="to_Supplier/to_SupplierPurchasingOrg",
    areas=EntitySet(SERVICE, "A_SupplierPurchasingOrg", ("Supplier", "PurchasingOrganization")),
    organization=_organization,
)
PARTNERS = SUPPLIER.partners

VENDORS = Resource(
    lens=VENDOR,
    given=header.given,
    rows="d/results",
    page=PARTNERS.page,
    get=SUPPLIER.get,
    create=SUPPLIER.create,
    update=SUPPLIER.update,
    find=SUPPLIER.find,
    because=KEPT,
)
