"""A company's setup is written as it is read: branches, warehouses and bins, units, payment terms (sap sheet §13)."""

from __future__ import annotations

import pytest
from anyerp import Address, Company, InvalidRecord, Location, NotFound, NotRepresentable, PaymentTerm, Ref, Unit
from anyerp.wire import load_json


def test_a_warehouse_is_made_by_its_code_changed_and_removed(system, erp):
    given = Location(
        name="Entrepôt Nord",
        company=Ref(id="1"),
        address=Address(street="12 quai Nord", city="Lille", postal_code="59000", country="FR"),
    )
    made = erp.locations.create(given, key="NORD").record
    assert (made.id, made.number, made.kind, made.active, made.address) == (
        "NORD", "NORD", "warehouse", True, given.address,
    )  # fmt: skip
    assert erp.locations.create(given, key="NORD").settled == "before"
    now = erp.locations.update(Location(id="NORD", name="Nord", active=False)).record
    assert (now.name, now.active, now.address) == ("Nord", False, given.address)
    assert load_json(system.calls("PATCH")[0].content) == {"WarehouseName": "Nord", "Inactive": "tYES"}
    erp.locations.delete("NORD")
    with pytest.raises(NotFound):
        erp.locations.get("NORD")


def test_a_bin_is_renamed_and_has_no_address_of_its_own(system, erp):
    bin_ = next(one for one in erp.locations.list() if one.kind == "bin")
    assert erp.locations.update(Location(id=bin_.id, name="Top shelf")).record.name == "Top shelf"
    assert load_json(system.calls("PATCH")[0].content) == {"Description": "Top shelf"}
    with pytest.raises(InvalidRecord, match="City"):
        erp.locations.update(Location(id=bin_.id, address=Address(city="Lyon")))
    with pytest.raises(NotRepresentable, match="kind"):
        erp.locations.create(Location(kind="bin", name="A"), key="02-C-1")


def test_a_unit_that_was_made_is_ordered_at_once(erp):
    order = next(order for order in erp.purchase_orders.list() if order.status == "open")
    assert not [unit for unit in erp.units.list() if unit.code == "TNE"]
    made = erp.units.create(Unit(name="Tonne", code="TNE"), key="T").record
    assert (made.number, made.symbol, made.code) == ("T", "T", "TNE")
    line = order.lines[0].model_copy(update={"unit": "TNE", "native_unit": None})
    plan = erp.purchase_orders.update(order.model_copy(update={"lines": (line, *order.lines[1:])}), dry_run=True)
    assert plan.requests[-1].body["DocumentLines"][0]["UoMEntry"] == int(made.id)


def test_a_unit_that_would_be_read_as_another_is_refused(system, erp):
    with pytest.raises(NotRepresentable, match="read as another unit"):
        erp.units.create(Unit(name="Piece", code="PC"), key="PCE")
    assert not system.calls("POST", "/UnitOfMeasurements")


def test_terms_are_days_and_those_with_months_keep_them(erp):
    made = erp.payment_terms.create(PaymentTerm(net_days=14), key="14 jours").record
    assert (made.name, made.net_days) == ("14 jours", 14)
    months = next(term for term in erp.payment_terms.list() if term.name == "60 days")
    now = erp.payment_terms.update(PaymentTerm(id=months.id, name="2 mois")).record
    assert (now.net_days, now.extra["NumberOfAdditionalMonths"]) == (None, 2)
    assert erp.payment_terms.update(PaymentTerm(id=months.id, net_days=60)).record.net_days == 60


@pytest.mark.parametrize(("resource", "id"), [("locations", "01"), ("units", "1"), ("payment_terms", "1")])
def test_what_is_used_is_not_removed(erp, resource, id):
    with pytest.raises(InvalidRecord, match="linked to"):
        erp.collection(resource).delete(id)
    assert erp.collection(resource).get(id).id == id


def test_a_branch_is_made_and_moves(erp):
    made = erp.companies.create(Company(city="Nantes", country="FR"), key="Lumière Ouest").record
    assert (made.name, made.city) == ("Lumière Ouest", "Nantes")
    assert erp.companies.update(Company(id=made.id, city="Rennes")).record.city == "Rennes"
