"""Customers (dynamics sheet §2.4)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Derived, Lens, Map, Nest, absent, choice, text
from anyerp.model import Customer

from anyerp_dynamics.bc.codec import ZERO, code, number, option
from anyerp_dynamics.bc.lens.common import address, own, ref, text_or_empty

#: Blocked for shipments or invoices only, a customer may still order.
BLOCKED = choice(
    {"_x0020_": "active", "All": "blocked"},
    also={"Ship": "active", "Invoice": "active", " ": "active"},
    otherwise="other",
)


def _limit(amount: Decimal | None, currency: str | None) -> Decimal | None:
    """The limit is kept in the local currency; nothing is said of it in another one. Zero is no limit."""
    return amount if amount and currency == ZERO else None


CUSTOMER = Lens(Customer, (
    *own(page=21),
    Map("name", "displayName", text_or_empty(100)),
    Map("status", "blocked", BLOCKED),
    Map("native_status", "blocked", option(), read_only=True),
    Map("tax_number", "taxRegistrationNumber", text_or_empty(50)),
    Map("email", "email", text_or_empty(80)),
    Map("phone", "phoneNumber", text_or_empty(30)),
    Map("website", "website", text_or_empty(255)),
    Nest("address", address("", postal="postalCode", name=None)),
    Map("currency", "currencyCode", code(10)),
    ref("payment_terms", "paymentTermsId", "paymentTerm"),
    Map("incoterms", "shipmentMethod/code", code(10)),
    Derived("credit_limit", _limit, native=(("creditLimit", number()), ("currencyId", text()))),
    Map("extra.credit_limit_in_local_currency", "creditLimit", number()),
    *absent("never: no field made for it; a key given to create becomes the number", "external_reference"),
    *absent("upstream: API v2.0 shows one name", "legal_name"),
    *absent("upstream: API v2.0 does not show the posting group", "group"),
))  # fmt: skip
