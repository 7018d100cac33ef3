"""Customers: CustomersV3 (dynamics sheet §1.3)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, absent
from anyerp.model import Customer

from anyerp_dynamics.fno.codec import positive
from anyerp_dynamics.fno.lens.party import account

CUSTOMER = Lens(Customer, (
    *account(
        number="CustomerAccount",
        name="OrganizationName",
        orders="active",
        email="PrimaryContactEmail",
        phone="PrimaryContactPhone",
        website="PrimaryContactURL",
        region="AddressState",
        currency="SalesCurrencyCode",
        terms="PaymentTerms",
        delivery="DeliveryTerms",
        group="CustomerGroupId",
        seen=(("NameAlias", 20), ("PartyNumber", 40), ("PartyType", 20)),
    ),
    Map("credit_limit", "CreditLimit", positive(2)),
    *absent("upstream: a customer has no free text for a key of ours; add one by an extension, and an overlay for it",
            "external_reference"),
))  # fmt: skip
