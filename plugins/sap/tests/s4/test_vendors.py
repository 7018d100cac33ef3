"""Vendors written: the business partner is created and changed, the supplier comes with its roles (sap sheet §12)."""

from __future__ import annotations

import json

import pytest
from anyerp import Address, Ref, Vendor
from anyerp.errors import ConfigError, Conflict, InvalidRecord, NotRepresentable, NotSupported
from anyerp.testing.sandbox import Once, lose_after
from anyerp_sap.s4.lens.partner import NAME, STREET


def acme(**values):
    given = {
        "name": "Acme Tools GmbH",
        "email": "orders@acme.example",
        "phone": "+49 30 1234",
        "address": Address(street="Hauptstraße 5", city="Berlin", postal_code="10115", country="DE"),
        "currency": "EUR",
        "payment_terms": Ref(id="NT30"),
        "incoterms": "DAP",
    }
    return Vendor.model_validate({**given, **values})


def test_a_vendor_is_created_with_all_that_hangs_on_it(system, erp):
    done = erp.vendors.create(acme(), key="v-1")
    vendor = done.record
    assert done.settled == "answer"
    assert vendor.external_reference == "V-1"  # a field of capitals
    for name in ("name", "email", "phone", "currency", "payment_terms", "incoterms"):
        assert getattr(vendor, name) in (getattr(acme(), name), Ref(id="NT30", number="NT30"))
    assert vendor.address == Address(
        name="Acme Tools GmbH", street="Hauptstraße 5", city="Berlin", postal_code="10115", country="DE"
    )
    assert vendor.status == "active"
    assert erp.vendors.get(vendor.id) == vendor
    sent = json.loads(system.calls("POST")[0].content)
    assert {role["BusinessPartnerRole"] for role in sent["to_BusinessPartnerRole"]["results"]} == {"FLVN00", "FLVN01"}
    assert "BusinessPartnerName" not in sent
    assert len(system.calls("POST")) == 1


def test_an_order_can_be_placed_with_a_new_vendor_at_once(erp, say):
    vendor = erp.vendors.create(acme()).record
    order = erp.purchase_orders.create(say.order(vendor=Ref(id=vendor.id))).record
    assert (order.vendor.id, order.payment_terms.id) == (vendor.id, "NT30")


def test_the_same_key_gives_the_same_vendor_in_capitals_or_not(system, erp):
    first = erp.vendors.create(acme(), key="v-1").record
    again = erp.vendors.create(acme(name="Other"), key="v-1")
    assert (again.settled, again.record.id) == ("before", first.id)
    assert len(system.calls("POST")) == 1


def test_a_lost_answer_is_settled_by_looking(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    done = erp.vendors.create(acme(), key="v-2")
    assert (done.settled, done.record.name) == ("look", "Acme Tools GmbH")
    assert len(system.calls("POST")) == 1


def test_each_part_is_changed_by_its_own_request(system, erp):
    vendor = erp.vendors.get("17300080")  # its partner has another number
    wanted = vendor.model_copy(
        update={
            "name": "Pacific Fasteners Inc.",
            "email": "new@pacific.example",
            "address": vendor.address.model_copy(update={"city": "Oakland", "name": "Pacific Fasteners Inc."}),
            "payment_terms": Ref(id="NT30"),
        }
    )
    with pytest.raises(NotRepresentable, match="FullName"):  # made from the name by the system
        erp.vendors.update(wanted)
    wanted = wanted.model_copy(update={"address": vendor.address.model_copy(update={"city": "Oakland"})})
    now = erp.vendors.update(wanted).record
    assert (now.id, now.name, now.email, now.address.city) == (
        "17300080",
        "Pacific Fasteners Inc.",
        "new@pacific.example",
        "Oakland",
    )
    assert (now.extra["PurchasingOrganization"], now.payment_terms.id) == ("1010", "NT30")
    assert now.phone == vendor.phone
    assert now.address.street == vendor.address.street
    assert system.row("A_BusinessPartnerAddress", "9980000042", "23004")["HouseNumber"] != ""  # not touched
    assert len(system.calls("PATCH")) == 4


def test_what_a_vendor_lacks_is_made(system, erp):
    bare = erp.vendors.create(Vendor(name="Bare Ltd")).record
    assert (bare.address, bare.currency, bare.email) == (None, None, None)
    wanted = acme(name="Bare Ltd").model_copy(update={"id": bare.id})
    made = erp.vendors.update(wanted).record
    assert (made.email, made.phone, made.address.city) == ("orders@acme.example", "+49 30 1234", "Berlin")
    assert (made.currency, made.payment_terms.id) == ("EUR", "NT30")
    contactless = erp.vendors.create(acme(email=None, phone=None)).record
    assert erp.vendors.update(contactless.model_copy(update={"email": "a@b.example"})).record.email == "a@b.example"


def test_a_vendor_that_somebody_changed_is_a_conflict(erp):
    vendor = erp.vendors.get("10300001")
    erp.vendors.update(vendor.model_copy(update={"name": "First"}))
    with pytest.raises(Conflict) as caught:
        erp.vendors.update(vendor.model_copy(update={"name": "Second"}))
    assert caught.value.current.name == "First"


def test_a_part_is_not_written_over_a_change_that_came_in_between(system, erp):
    def meanwhile(call, proceed):
        system.put("A_BusinessPartner", ("10300001",), ETag="MOVED")
        return proceed()

    vendor = erp.vendors.get("10300001")
    system.sandbox.faults = [Once(meanwhile, when=lambda c: c.method == "PATCH")]
    with pytest.raises(Conflict):
        erp.vendors.update(vendor.model_copy(update={"email": "mine@x.example"}))
    assert erp.vendors.get("10300001").email == vendor.email


def test_purchasing_data_needs_a_purchasing_organisation(system):
    with system.connect(purchasing_organization=None) as erp:
        with pytest.raises(ConfigError, match="purchasing organization"):
            erp.vendors.create(acme())
        assert not system.calls("POST")
        named = erp.vendors.create(acme(extra={"PurchasingOrganization": "1710"})).record
        assert (named.extra["PurchasingOrganization"], named.currency) == ("1710", "EUR")
        plain = acme(currency=None, payment_terms=None, incoterms=None)
        assert erp.vendors.create(plain).record.name == "Acme Tools GmbH"


def test_the_grouping_of_the_settings_is_sent(system):
    with system.connect(partner_grouping="BPEX") as erp:
        partner = erp.vendors.create(acme()).record.extra["BusinessPartner"]
    assert system.row("A_BusinessPartner", partner)["BusinessPartnerGrouping"] == "BPEX"


def test_refusals_are_in_the_systems_own_words(erp):
    with pytest.raises(InvalidRecord) as caught:
        erp.vendors.create(acme(payment_terms=Ref(id="ZZZZ")))
    assert caught.value.problems[0].native.code == "R1/112"
    with pytest.raises(NotSupported, match="flagged"):
        erp.vendors.delete("10300001")


def test_a_long_name_is_parted_at_a_blank_and_comes_back_whole(system, erp):
    name = "Vereinigte Großhandelsgesellschaft für Schrauben und Muttern Nord"
    vendor = erp.vendors.create(acme(name=name)).record
    assert vendor.name == name
    row = system.row("A_BusinessPartner", vendor.extra["BusinessPartner"])
    assert row["OrganizationBPName1"] == "Vereinigte Großhandelsgesellschaft für"
    for impossible in ("x" * 41, "a" * 30 + " " + "b" * 30 + " " + "c" * 30, "a" * 30 + "  " + "b" * 30):
        with pytest.raises(NotRepresentable, match="name"):
            erp.vendors.create(acme(name=impossible))


def test_a_person_is_named_by_what_the_system_shows():
    assert NAME.decode(("", "", "Maria Example")) == "Maria Example"
    assert NAME.decode(("", "", "")) is None


def test_a_street_is_stored_whole():
    assert STREET.encode("Hauptstraße 5") == ("Hauptstraße 5", "")
    for impossible in ("x" * 61, "One\nTwo"):
        with pytest.raises(ValueError, match="store"):
            STREET.encode(impossible)


def test_a_vendors_home_page_is_read(erp):
    found = {vendor.id: vendor.website for vendor in erp.vendors.list()}
    assert found["17300080"] == "https://supplier-23004.example"
    assert found["10300001"] is None
    with pytest.raises(NotRepresentable, match="website"):
        erp.vendors.create(acme(website="https://acme.example"))
