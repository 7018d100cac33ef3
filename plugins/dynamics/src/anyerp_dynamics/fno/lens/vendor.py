"""Vendors: VendorsV3 (dynamics sheet §1.11)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, text
from anyerp.model import Vendor

from anyerp_dynamics.fno.lens.party import account

VENDOR = Lens(Vendor, (
    *account(
        number="VendorAccountNumber",
        name="VendorOrganizationName",
        orders="blocked",
        email="PrimaryEmailAddress",
        phone="PrimaryPhoneNumber",
        website="PrimaryURL",
        region="AddressStateId",
        currency="CurrencyCode",
        terms="DefaultPaymentTermsName",
        delivery="DefaultDeliveryTermsCode",
        group="VendorGroupId",
        seen=(("VendorSearchName", 20), ("VendorPartyNumber", 40), ("VendorPartyType", 20)),
    ),
    # Our own account number with the vendor: the one free text of a vendor that no process of the ERP reads.
    Map("external_reference", "OurAccountNumber", text(20, empty="")),
))  # fmt: skip
