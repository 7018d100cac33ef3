"""What is served against the field tables of the fact sheet: same names, types, lengths, options, read-only fields."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from anyerp_dynamics.sandbox.bc.schema import SCHEMA, facts, page

SHARED = Path(os.environ.get("ANYERP_SHARED", Path(__file__).parents[6] / "shared")) / "erp" / "dynamics"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
#: Media that this sandbox does not serve.
LEFT_OUT = {"companyInformation": {"picture"}}

if not SHARED.is_dir():
    pytest.skip("the fact sheets are not here (ANYERP_SHARED)", allow_module_level=True)


@pytest.fixture(scope="module")
def tables():
    return json.loads((SHARED / "bc_api_v2_entities.json").read_text())


@pytest.fixture(scope="module")
def document():
    return ET.parse(SHARED / "bc_api_v2_metadata.constructed.xml").getroot()


def bare(type_name):
    return type_name.removeprefix("Microsoft.NAV.")


@pytest.mark.parametrize("name", SCHEMA.sets)
def test_a_set_has_the_fields_of_the_sheet_and_no_others(tables, name):
    entity_set, known = SCHEMA.sets[name], tables["entitySets"][name]
    assert entity_set.type.name == known["entityType"]
    wanted = {field["name"]: field for field in known["fields"]}
    assert set(entity_set.type.by_name) == set(wanted) - LEFT_OUT.get(name, set())
    for prop in entity_set.type.properties:
        field = wanted[prop.name]
        assert (prop.type, prop.max_length) == (bare(field["type"]), field.get("maxLength")), prop.name


@pytest.mark.parametrize("name", [name for name in SCHEMA.sets if not page(SCHEMA.sets[name]).companyless])
def test_what_can_be_written_is_what_the_sheet_says(tables, name):
    entity_set, known = SCHEMA.sets[name], tables["entitySets"][name]
    page_facts = page(entity_set)
    assert (page_facts.insert, page_facts.update, page_facts.delete) == (
        known["insertable"],
        known["updatable"],
        known["deletable"],
    )
    for field in known["fields"]:
        if field["name"] in entity_set.type.by_name and field["name"] != "id":
            assert facts(entity_set, field["name"]).read_only == field["readOnly"], field["name"]


def test_what_is_held_back_beyond_the_sheet_is_only_what_posting_and_rules_work_out():
    held = {prop.name for entity_set in SCHEMA.sets.values() for prop in entity_set.type.properties if prop.facts.held}
    assert held == {
        *("fullyReceived", "receivedQuantity", "fullyShipped", "shippedQuantity", "invoicedQuantity"),
        *("amountExcludingTax", "amountIncludingTax", "invoiceDiscountAllocation"),
        *("netAmount", "netTaxAmount", "netAmountIncludingTax"),
    }


def test_options_are_those_of_the_sheet(tables):
    for name, enum in SCHEMA.enums.items():
        known = tables["enumTypes"][name]
        members = list(zip(known["members"], known["values"], strict=True))
        assert enum.numbered() == members[: len(enum.members)], name
        assert len(enum.members) == len(members) or name == "dimensionSetEntryBufferParentType"


def test_actions_are_those_of_the_sheet(tables):
    for name, entity_set in SCHEMA.sets.items():
        mine = {action.name for action in SCHEMA.actions if action.bound_to == entity_set.type.name}
        assert mine == set(tables["entitySets"][name]["boundActions"])


def test_navigations_are_those_of_the_constructed_metadata(document):
    types = {found.get("Name"): found for found in document.iter(f"{EDM}EntityType")}
    for entity_set in SCHEMA.sets.values():
        there = {
            found.get("Name"): found.get("Type")
            for found in types[entity_set.type.name].iter(f"{EDM}NavigationProperty")
        }
        for navigation in entity_set.type.navigations:
            target = f"Microsoft.NAV.{SCHEMA.sets[navigation.target].type.name}"
            wanted = f"Collection({target})" if navigation.many else target
            assert there[navigation.name] == wanted, (entity_set.name, navigation.name)


def test_the_seeds_of_the_sheet_have_no_field_that_is_not_served():
    seeds = json.loads((SHARED / "bc_seed.json").read_text())
    for name, rows in seeds.items():
        if isinstance(rows, list):
            assert {field for row in rows for field in row} <= set(SCHEMA.sets[name].type.by_name), name
