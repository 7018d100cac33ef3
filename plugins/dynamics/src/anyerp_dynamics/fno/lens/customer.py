"""Customers: CustomersV3 (dynamics sheet §1.3)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Nest, absent, choice, reference, text
from anyerp.model import Customer

from anyerp_dynamics.fno.codec import positive
from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.lens.master import ETAG, NO_EXTRA

#: Whether orders may be taken: an account may be held for invoices or payments alone. `Never` is never to be held.
HOLD = choice(
    {"No": "active", "All": "blocked"},
    also={"Invoice": "active", "Payment": "active", "Requisition": "active", "PurchOrder": "active",
          "Never": "active"},
    otherwise="other",
)  # fmt: skip

CUSTOMER = Lens(Customer, (
    Map("id", "CustomerAccount", text(20), read_only=True),
    Map("number", "CustomerAccount", text(20), read_only=True),
    ETAG,
    Map("name", "OrganizationName", text(100)),
    Map("status", "OnHoldStatus", HOLD, native="native_status"),
    Map("tax_number", "TaxExemptNumber", text(20, empty="")),
    Map("email", "PrimaryContactEmail", text(255, empty="")),
    Map("phone", "PrimaryContactPhone", text(255, empty="")),
    Map("website", "PrimaryContactURL", text(255, empty="")),
    Nest("address", (
        Map("street", "AddressStreet", text(250, empty="")),
        Map("city", "AddressCity", text(60, empty="")),
        Map("postal_code", "AddressZipCode", text(10, empty="")),
        Map("region", "AddressState", text(10, empty="")),
        Map("country", "AddressCountryRegionId", country()),
        *absent("never: the name of the main address is a description that nobody sends letters to", "name"),
    )),
    Map("currency", "SalesCurrencyCode", text(3, upper=True, empty="")),
    Map("payment_terms", "PaymentTerms", reference(10, empty="")),
    Map("incoterms", "DeliveryTerms", text(10, empty="")),
    Map("credit_limit", "CreditLimit", positive(2)),
    Map("group", "CustomerGroupId", text(10, empty="")),
    Map("extra.NameAlias", "NameAlias", text(20), read_only=True),
    Map("extra.PartyNumber", "PartyNumber", text(40), read_only=True),
    Map("extra.PartyType", "PartyType", text(20), read_only=True),
    *absent("never: a party has one name, and another that it is known as", "legal_name"),
    *absent("upstream: a customer has no free text for a key of ours; add one by an extension, and an overlay for it",
            "external_reference"),
    *NO_EXTRA,
))  # fmt: skip
