"""Units of measure: one set for all companies, each known by its symbol."""

from __future__ import annotations

import pytest
from anyerp import Unit
from anyerp.errors import InvalidRecord, NotFound


def test_a_unit_says_its_symbol_its_code_and_what_it_measures(erp):
    kilogram = erp.units.get("kg")
    assert (kilogram.number, kilogram.code, kilogram.name, kilogram.dimension) == ("kg", "KGM", "Kilogram", "Mass")
    assert kilogram.extra == {"DecimalPrecision": 3, "IsBaseUnit": "No"}


def test_a_symbol_that_the_table_does_not_know_has_no_code(erp):
    assert (erp.units.get("ste").symbol, erp.units.get("ste").code) == ("ste", None)


def test_units_belong_to_no_company(system, erp):
    assert [one.id for one in erp.units.list()] == [one.id for one in system.connect(company="demf").units.list()]
    assert not [call for call in system.calls("GET", "UnitsOfMeasure") if "dataAreaId" in call.target]


def test_a_unit_is_made_changed_and_deleted_by_its_symbol(erp):
    made = erp.units.create(Unit(name="Barrel of oil", extra={"DecimalPrecision": 2}), key="bbl").record
    assert (made.id, made.dimension, made.extra["DecimalPrecision"]) == ("bbl", "Quantity", 2)
    assert erp.units.create(Unit(name="Barrel of oil"), key="bbl").settled == "before"
    erp.units.update(made.model_copy(update={"name": "Barrel"}))
    assert erp.units.get("bbl").name == "Barrel"
    erp.units.delete("bbl")
    with pytest.raises(NotFound):
        erp.units.get("bbl")


def test_a_symbol_that_is_taken_is_refused(erp):
    with pytest.raises(InvalidRecord):
        erp.units.create(Unit(number="kg", name="Another"))
