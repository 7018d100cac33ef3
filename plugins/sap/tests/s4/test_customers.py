"""Customers written: the business partner is created and changed, the customer comes with its roles (sap sheet §12)."""

from __future__ import annotations

import json

import pytest
from anyerp import Address, Customer, Ref
from anyerp.errors import ConfigError, Conflict, InvalidRecord
from anyerp.testing.sandbox import Once, lose_after


def bakery(**values):
    given = {
        "name": "Bäckerei Vogel KG",
        "email": "einkauf@vogel.example",
        "phone": "+49 30 555",
        "address": Address(street="Torstraße 9", city="Berlin", postal_code="10119", country="DE"),
        "currency": "EUR",
        "payment_terms": Ref(id="NT30"),
        "incoterms": "DAP",
    }
    return Customer.model_validate({**given, **values})


def test_a_customer_is_created_with_both_roles_and_the_sales_area_of_the_settings(system, erp):
    made = erp.customers.create(bakery(), key="c-1").record
    assert (made.name, made.currency, made.payment_terms.id, made.incoterms) == (
        "Bäckerei Vogel KG",
        "EUR",
        "NT30",
        "DAP",
    )
    area = {name: made.extra[name] for name in ("SalesOrganization", "DistributionChannel", "Division")}
    assert area == {"SalesOrganization": "1010", "DistributionChannel": "10", "Division": "00"}
    assert (made.status, made.external_reference) == ("active", "C-1")
    assert erp.customers.get(made.id) == made
    sent = json.loads(system.calls("POST")[0].content)
    assert {role["BusinessPartnerRole"] for role in sent["to_BusinessPartnerRole"]["results"]} == {"FLCU00", "FLCU01"}


def test_a_sales_area_of_ones_own_goes_before_the_settings(erp):
    made = erp.customers.create(bakery(currency="USD", extra={"SalesOrganization": "1710"})).record
    assert (made.extra["SalesOrganization"], made.extra["DistributionChannel"]) == ("1710", "10")


def test_without_a_sales_organization_nothing_is_sent(system):
    with system.connect(sales_organization=None) as erp, pytest.raises(ConfigError, match="sales area"):
        erp.customers.create(bakery())
    assert not system.calls("POST")


def test_customers_and_vendors_are_told_apart_though_both_are_partners(erp):
    vendor = erp.vendors.get("10300001")
    assert vendor.id not in {customer.id for customer in erp.customers.list()}
    assert not {v.id for v in erp.vendors.list()} & {c.id for c in erp.customers.list()}


def test_blocked_flagged_and_open_customers_are_told_apart(system, erp):
    states = {customer.id: customer.status for customer in erp.customers.list()}
    assert states["17100001"] == "active"
    assert states["17100005"] == "blocked"
    system.put("A_Customer", ("17100001",), DeletionIndicator=True)
    assert erp.customers.get("17100001").status == "inactive"


def test_an_update_sends_each_part_by_itself_and_keeps_the_rest(system, erp):
    before = erp.customers.get("17100001")
    address = before.address.model_copy(update={"city": "Leipzig", "name": None})
    changed = before.model_copy(update={"phone": "555 1", "address": address, "payment_terms": Ref(id="NT60")})
    after = erp.customers.update(changed).record
    assert (after.phone, after.address.city, after.payment_terms.id) == ("555 1", "Leipzig", "NT60")
    assert (after.name, after.email, after.currency) == (before.name, before.email, before.currency)
    assert all(
        "PATCH" in (c.method, "PATCH") and "to_Customer" not in c.content.decode() for c in system.calls("PATCH")
    )


def test_somebody_elses_change_is_a_conflict(system, erp):
    before = erp.customers.get("17100001")
    erp.customers.update(before.model_copy(update={"phone": "555 1"}))
    with pytest.raises(Conflict):
        erp.customers.update(before.model_copy(update={"incoterms": "EXW"}))


def test_a_lost_answer_is_settled_by_the_key(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    done = erp.customers.create(bakery(), key="c-2")
    assert (done.settled, done.record.name) == ("look", "Bäckerei Vogel KG")
    assert len(system.calls("POST")) == 1


def test_what_the_system_refuses_names_the_field(erp):
    with pytest.raises(InvalidRecord) as caught:
        erp.customers.create(bakery(payment_terms=Ref(id="XX99")))
    assert any("XX99" in problem.message for problem in caught.value.problems)
