"""Vendors and customers: `party.party`. Nothing marks a party as either, so that both list all (wire §12)."""

from __future__ import annotations

from anyerp.lens import Lens, Map, Nest, Rule, absent, choice
from anyerp.model import Customer, Vendor

from anyerp_tryton.codec import char
from anyerp_tryton.lens.common import OWN, ref
from anyerp_tryton.lens.line import paragraph
from anyerp_tryton.lens.tax_number import tax_number

MECHANISMS = ("email", "phone", "website")
ADDRESS = "addresses./0"
#: What is written through the party needs the ids and stamps of what is there.
ALSO = {
    "addresses./0/street": ("addresses._timestamp",),
    **dict.fromkeys(MECHANISMS, ("contact_mechanisms.type", "contact_mechanisms._timestamp")),
    "tax_identifier./code": ("tax_identifier",),
}
PARTY: tuple[Rule, ...] = (
    *OWN,
    Map("number", "code", char()),
    Map("name", "name", char()),
    Map("status", "active", choice({True: "active", False: "inactive"}, native=object)),
    Map("tax_number", "tax_identifier./code", tax_number()),
    *(Map(field, field, char()) for field in MECHANISMS),
    Nest("address", at=ADDRESS, rules=(
        Map("name", "party_name", char()),
        Map("street", "street", paragraph()),
        Map("city", "city", char()),
        Map("postal_code", "postal_code", char()),
        Map("region", "subdivision./code", char()),
        Map("country", "country./code", char()),
    )),
    *absent("never: a party has one name", "legal_name"),
    *absent("never: a party is active or not, in no words of Tryton's", "native_status"),
    *absent("never: no field made for it; a key given to create becomes the code", "external_reference"),
    *absent("never: a party belongs to any number of categories", "group"),
    *absent("upstream: a module of its own adds incoterms", "incoterms"),
)  # fmt: skip

VENDOR = Lens(Vendor, (
    *PARTY,
    Map("currency", "supplier_currency./code", char()),
    ref("payment_terms", "supplier_payment_term", number="name"),
))  # fmt: skip

CUSTOMER = Lens(Customer, (
    *PARTY,
    ref("payment_terms", "customer_payment_term", number="name"),
    Map("currency", "customer_currency./code", char()),
    *absent("upstream: a module of its own adds credit limits", "credit_limit"),
))  # fmt: skip
