"""Customers: a business partner with its customer, main address and first sales area (sap sheet §12)."""

from __future__ import annotations

from anyerp.lens import Derived, Lens, Map, absent, reference, text
from anyerp.lens.codecs import boolean
from anyerp.model import Customer

from anyerp_sap.s4.header import CREATED_AT, UPDATED_AT, linked
from anyerp_sap.s4.lens.partner import PARTNER, numbered
from anyerp_sap.s4.lens.vendor import status


def _status(orders: str | None, posting: bool | None, deleted: bool | None) -> str:
    return status(bool(orders), posting, deleted)


AREA = "to_Customer/to_CustomerSalesArea/results/0"

CUSTOMER = Lens(Customer, (
    *numbered("Customer"),
    *PARTNER,
    Derived("status", _status, native=(
        ("to_Customer/OrderIsBlockedForCustomer", text(2)), ("to_Customer/PostingIsBlocked", boolean()),
        ("to_Customer/DeletionIndicator", boolean()))),
    Map("native_status", "to_Customer/OrderIsBlockedForCustomer", text(2), read_only=True),
    Map("tax_number", "to_Customer/VATRegistration", text(20), read_only=True),
    # Of the first sales area, which these three name.
    Map("extra.SalesOrganization", f"{AREA}/SalesOrganization", text(4, upper=True), create_only=True),
    Map("extra.DistributionChannel", f"{AREA}/DistributionChannel", text(2, upper=True), create_only=True),
    Map("extra.Division", f"{AREA}/Division", text(2, upper=True), create_only=True),
    Map("currency", f"{AREA}/Currency", text(5, empty="")),
    Map("payment_terms", f"{AREA}/CustomerPaymentTerms", reference(4, upper=True, empty="")),
    Map("incoterms", f"{AREA}/IncotermsClassification", text(3, upper=True, empty="")),
    Map("group", "to_Customer/CustomerAccountGroup", text(4), read_only=True),
    *absent("upstream: limits are kept by credit management, not by this service", "credit_limit"),
    linked("Customer", Customer=("Customer", 10)),
    CREATED_AT,
    UPDATED_AT,
))  # fmt: skip
