"""Vendors (dynamics sheet §2.4)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Nest, absent, choice
from anyerp.model import Vendor

from anyerp_dynamics.bc.codec import code, option
from anyerp_dynamics.bc.lens.common import address, own, ref, text_or_empty

#: Blocked for payments only, a vendor may still be ordered from.
BLOCKED = choice({"_x0020_": "active", "All": "blocked"}, also={"Payment": "active", " ": "active"}, otherwise="other")

VENDOR = Lens(Vendor, (
    *own(page=26),
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
    *absent("never: no field made for it; a key given to create becomes the number", "external_reference"),
    *absent("upstream: API v2.0 shows one name", "legal_name"),
    *absent("upstream: API v2.0 shows neither shipment method nor posting group", "incoterms", "group"),
))  # fmt: skip
