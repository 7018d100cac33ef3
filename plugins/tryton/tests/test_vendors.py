"""Vendors of a live Tryton: made once for a key, changed, refused by name; their tax numbers."""

from collections.abc import Callable

import pytest
from anyerp.connection.connection import Connection
from anyerp.errors import InvalidRecord, NotRepresentable
from anyerp.model import Address, PurchaseOrder, Ref, Vendor
from anyerp_tryton.lens.tax_number import compact, kind_of

pytestmark = pytest.mark.live

Order = Callable[..., PurchaseOrder]


def test_a_vendor_is_made_changed_and_made_only_once(own: Connection) -> None:
    wanted = Vendor(
        name="Lübeck Ventile",
        tax_number="DE136695976",
        email="a@ventile.example",
        phone="+49 451 1",
        currency="EUR",
        payment_terms=Ref(number="Net 60"),
        address=Address(street="Am Kai 1\nTor 2", city="Lübeck", postal_code="23552"),
    )
    made = own.vendors.create(wanted, key="V-2001").record
    assert (made.number, made.name, made.status) == ("V-2001", "Lübeck Ventile", "active")
    assert (made.tax_number, made.email, made.phone) == ("DE136695976", "a@ventile.example", "+49 451 1")
    assert (made.currency, made.payment_terms.name) == ("EUR", "Net 60")
    assert (made.address.street, made.address.city) == ("Am Kai 1\nTor 2", "Lübeck")
    assert own.vendors.create(wanted, key="V-2001").settled == "before"

    changed = own.vendors.update(
        made.model_copy(
            update={
                "name": "Lübeck Ventile AG",
                "status": "inactive",
                "email": "b@ventile.example",
                "phone": None,
                "website": "https://ventile.example",
                "tax_number": None,
                "address": made.address.model_copy(update={"city": "Kiel", "postal_code": None}),
            }
        )
    ).record
    assert (changed.name, changed.status, changed.email) == ("Lübeck Ventile AG", "inactive", "b@ventile.example")
    assert (changed.phone, changed.website, changed.tax_number) == (None, "https://ventile.example", None)
    assert (changed.address.street, changed.address.city, changed.address.postal_code) == (
        "Am Kai 1\nTor 2",
        "Kiel",
        None,
    )
    assert own.vendors.get(made.id) == changed


def test_a_vendor_without_an_address_gets_one(own: Connection, order: Order) -> None:
    made = own.vendors.create(Vendor(name="Bare")).record
    assert made.number
    changed = own.vendors.update(made.model_copy(update={"address": Address(city="Essen")})).record
    assert changed.address.city == "Essen"
    assert own.purchase_orders.create(order(vendor=Ref(id=made.id))).record.vendor.name == "Bare"


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"status": "blocked"}, NotRepresentable, "status <-> active"),
        ({"tax_number": "12-3456789"}, InvalidRecord, "give address.country"),
        ({"tax_number": "GB980780684"}, InvalidRecord, "of which country"),
        ({"tax_number": "?!"}, NotRepresentable, "letters and figures"),
        ({"currency": "XXX"}, InvalidRecord, "currency <-> supplier_currency.code"),
        ({"address": Address(city="Essen", country="DE")}, InvalidRecord, "country <-> country.code"),
        ({"tax_number": "DE123456789"}, InvalidRecord, "is not valid"),
        ({"number": "V-1001"}, InvalidRecord, "must be unique"),
    ],
)
def test_a_vendor_that_tryton_cannot_hold_is_refused(
    own: Connection, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        own.vendors.create(Vendor(name="Never", **changes))


@pytest.mark.parametrize(
    "number",
    [
        "DE136695976",
        "ATU13585627",
        "FR40303265045",
        "NL004495445B01",
        "BE0428759497",
        "be 0428 759 497",
        "CHE-107.787.577 IVA",
    ],
)
def test_a_tax_number_with_its_check_digits_is_taken(own: Connection, number: str) -> None:
    made = own.vendors.create(Vendor(name="Taxed", tax_number=number)).record
    assert made.tax_number == compact(number)


def test_a_tax_number_is_of_the_kind_of_its_country() -> None:
    assert kind_of("DE136695976", None) == kind_of("EL094259216", "GR") == "eu_vat"
    assert kind_of("123456789", "US") == "us_ein"
    assert kind_of("980780684", "GB") == "gb_vat"
    assert kind_of("ATAT1234567", "CO") == "co_nit"
    assert kind_of("NO995525828MVA", None) == "no_mva"
    assert kind_of("123456789", None) is kind_of("GB980780684", "GB") is None
