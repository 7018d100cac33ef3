"""What is served against the entity tables of the fact sheet: same names, types, keys and members."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from anyerp_dynamics.sandbox.fno.schema import schema
from anyerp_dynamics.sandbox.odata import metadata

SHARED = Path(os.environ.get("ANYERP_SHARED", Path(__file__).parents[6] / "shared")) / "erp" / "dynamics"
#: Served from a public documentation of its requests and answers, and not on the sheet.
BEYOND = {"UnitsOfMeasure"}
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"

if not SHARED.is_dir():
    pytest.skip("the fact sheets are not here (ANYERP_SHARED)", allow_module_level=True)


@pytest.fixture(scope="module")
def tables():
    return json.loads((SHARED / "fno_entities.json").read_text(encoding="utf-8"))


def types(root):
    return {
        element.get("Name"): {prop.get("Name"): prop.attrib for prop in element.iter(f"{EDM}Property")}
        for element in root.iter(f"{EDM}EntityType")
    }


@pytest.fixture(scope="module")
def documents():
    return ET.fromstring(metadata(schema())), ET.parse(SHARED / "fno_metadata.constructed.xml").getroot()


@pytest.mark.parametrize("name", sorted(set(schema().sets) - BEYOND))
def test_a_set_has_the_type_key_and_field_types_of_the_sheet(tables, name):
    entity_set, known = schema().sets[name], tables["entitySets"][name]
    assert entity_set.type.name == known["entityType"]
    assert list(entity_set.type.key) == known["key"]
    wanted = {field["name"]: field["type"] for field in known["fields"]}
    served = {prop.name: schema().qualified(prop.type) for prop in entity_set.type.properties}
    assert served == {prop: wanted.get(prop) for prop in served}


def test_the_document_agrees_with_the_sheets_property_by_property(documents):
    served, wanted = map(types, documents)
    assert set(served) - set(wanted) == {schema().sets[name].type.name for name in BEYOND}
    for name, properties in served.items():
        if name not in wanted:
            continue
        for prop, attributes in properties.items():
            known = wanted[name][prop]
            assert attributes["Type"] == known["Type"], (name, prop)
            assert attributes.get("Nullable", "true") == known.get("Nullable", "true"), (name, prop)


def test_navigations_are_those_that_the_sheet_knows(documents):
    def navigations(root):
        return {
            (element.get("Name"), each.get("Name"), each.get("Type"))
            for element in root.iter(f"{EDM}EntityType")
            for each in element.iter(f"{EDM}NavigationProperty")
        }

    served, wanted = map(navigations, documents)
    assert served <= wanted


def test_enumerations_have_all_members_in_order(tables):
    for name, enum in schema().enums.items():
        known = tables["enums"][name]
        if name == "Timezone":
            assert {known.index(member): member for member in enum.members} == {
                number: member for member, number in enum.numbered()
            }
        else:
            assert list(enum.members) == known


def test_the_fields_of_the_unified_model_are_served():
    sheet = (SHARED.parent / "dynamics.md").read_text(encoding="utf-8")
    part = sheet.partition("### 1.11")[2].partition("---")[0]
    header = part.partition("- PO header: ")[2].partition("DeliveryAddress*")[0]
    names = {word.strip(" .,") for word in header.split(",") if word.strip(" .,")}
    assert names <= set(schema().sets["PurchaseOrderHeadersV2"].type.by_name)
