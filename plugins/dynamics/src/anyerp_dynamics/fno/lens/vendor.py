"""Vendors: VendorsV3 (dynamics sheet §1.11)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Nest, absent, choice, reference, text
from anyerp.model import Vendor

from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.lens.master import ETAG, NO_EXTRA

#: Whether orders may be placed: an account may be held for invoices or payments alone. `Never` is never to be held.
HOLD = choice(
    {"No": "active", "All": "blocked"},
    also={"PurchOrder": "blocked", "Invoice": "active", "Payment": "active", "Requisition": "active",
          "Never": "active"},
    otherwise="other",
)  # fmt: skip

VENDOR = Lens(Vendor, (
    Map("id", "VendorAccountNumber", text(20), read_only=True),
    Map("number", "VendorAccountNumber", text(20), read_only=True),
    ETAG,
    Map("name", "VendorOrganizationName", text(100)),
    Map("status", "OnHoldStatus", HOLD, native="native_status"),
    Map("tax_number", "TaxExemptNumber", text(20, empty="")),
    Map("email", "PrimaryEmailAddress", text(255, empty="")),
    Map("phone", "PrimaryPhoneNumber", text(255, empty="")),
    Map("website", "PrimaryURL", text(255, empty="")),
    Nest("address", (
        Map("street", "AddressStreet", text(250, empty="")),
        Map("city", "AddressCity", text(60, empty="")),
        Map("postal_code", "AddressZipCode", text(10, empty="")),
        Map("region", "AddressStateId", text(10, empty="")),
        Map("country", "AddressCountryRegionId", country()),
        *absent("never: the name of the main address is a description that nobody sends letters to", "name"),
    )),
    Map("currency", "CurrencyCode", text(3, upper=True, empty="")),
    Map("payment_terms", "DefaultPaymentTermsName", reference(10, empty="")),
    Map("incoterms", "DefaultDeliveryTermsCode", text(10, empty="")),
    Map("group", "VendorGroupId", text(10, empty="")),
    # Our own account number with the vendor: the one free text of a vendor that no process of the ERP reads.
    Map("external_reference", "OurAccountNumber", text(20, empty="")),
    Map("extra.VendorSearchName", "VendorSearchName", text(20), read_only=True),
    Map("extra.VendorPartyNumber", "VendorPartyNumber", text(40), read_only=True),
    Map("extra.VendorPartyType", "VendorPartyType", text(20), read_only=True),
    *absent("never: a party has one name, and another that it is known as", "legal_name"),
    *NO_EXTRA,
))  # fmt: skip
