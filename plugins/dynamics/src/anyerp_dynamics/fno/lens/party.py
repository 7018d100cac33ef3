"""What vendors and customers have alike, under names of their own (dynamics sheet §1.3, §1.11)."""

from __future__ import annotations

from anyerp.lens import Codec, Map, Nest, Rule, absent, choice, reference, text

from anyerp_dynamics.fno.country import country
from anyerp_dynamics.fno.lens.master import ETAG, NO_EXTRA


def hold(*, orders: str) -> Codec:
    """Whether orders may be placed or taken. An account may be held for some things only; `Never` is never to be held.

    `orders` is what a hold for purchase orders means.
    """
    partly = dict.fromkeys(("Invoice", "Payment", "Requisition", "Never"), "active")
    return choice({"No": "active", "All": "blocked"}, also={**partly, "PurchOrder": orders}, otherwise="other")


def account(
    *,
    number: str,
    name: str,
    orders: str,
    email: str,
    phone: str,
    website: str,
    region: str,
    currency: str,
    terms: str,
    delivery: str,
    group: str,
    seen: tuple[tuple[str, int], ...],
) -> tuple[Rule, ...]:
    """The rules of an account: each field's native name, what a hold for orders means, and what is only `seen`."""
    return (
        Map("id", number, text(20), read_only=True),
        Map("number", number, text(20), read_only=True),
        ETAG,
        Map("name", name, text(100)),
        Map("status", "OnHoldStatus", hold(orders=orders), native="native_status"),
        Map("tax_number", "TaxExemptNumber", text(20, empty="")),
        Map("email", email, text(255, empty="")),
        Map("phone", phone, text(255, empty="")),
        Map("website", website, text(255, empty="")),
        Nest("address", (
            Map("street", "AddressStreet", text(250, empty="")),
            Map("city", "AddressCity", text(60, empty="")),
            Map("postal_code", "AddressZipCode", text(10, empty="")),
            Map("region", region, text(10, empty="")),
            Map("country", "AddressCountryRegionId", country()),
            *absent("never: the name of the main address is a description that nobody sends letters to", "name"),
        )),
        Map("currency", currency, text(3, upper=True, empty="")),
        Map("payment_terms", terms, reference(10, empty="")),
        Map("incoterms", delivery, text(10, empty="")),
        Map("group", group, text(10, empty="")),
        *(Map(f"extra.{path}", path, text(length), read_only=True) for path, length in seen),
        *absent("never: a party has one name, and another that it is known as", "legal_name"),
        *NO_EXTRA,
    )  # fmt: skip
