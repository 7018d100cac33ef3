"""The tables of Brickworks: each field once."""

from anyerp.lens import Absent, Lens, Map, Nest, Rule, absent, choice, iso_instant, text
from anyerp.model import Vendor

RULES: tuple[Rule, ...] = (
    Map("id", "id", text(10), read_only=True),
    Map("number", "id", text(10), read_only=True),
    Map("version", "revision", text(10), read_only=True),
    Map("updated_at", "changed", iso_instant(1000), read_only=True),
    Map("name", "supplier_name", text(40)),
    Map("tax_number", "vat_no", text(20)),
    Map("email", "mail", text(80)),
    Map(
        "status", "state", choice({"ACTIVE": "active", "BLOCKED": "blocked"}, otherwise="other"), native="native_status"
    ),
    Map("currency", "currency", text(3, upper=True)),
    Map("external_reference", "our_ref", text(24)),
    Nest(
        "address",
        (
            Map("street", "street", text(40)),
            Map("city", "town", text(30)),
            Map("postal_code", "zip", text(10)),
            Map("country", "country", text(2, upper=True)),
            *absent("never: Brickworks has no such field", "name", "region"),
        ),
        at="address",
    ),
    Absent("url", "never: Brickworks has no pages to link to"),
    *absent("never: Brickworks has no such field", "created_at", "legal_name", "phone", "website"),
    *absent("never: Brickworks has no such field", "payment_terms", "incoterms", "group"),
)

VENDOR: Lens[Vendor] = Lens(Vendor, RULES)
