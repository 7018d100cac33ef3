"""The OData room against a library that knows nothing of it: odatapy reads our metadata, and we read its filters."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp_dynamics.sandbox.odata import Action, Schema, metadata

xml_io = pytest.importorskip("odatapy.edm.xml_io", reason="odatapy is not installed")
filters = pytest.importorskip("odatapy.client.filters", reason="odatapy is not installed")


def test_a_foreign_library_reads_the_metadata(shop):
    action = Action("go", "Order", parameters={"why": "Edm.String"}, returns="Edm.String")
    (schema,) = xml_io.parse_metadata(metadata(Schema("Shop", shop.schema.sets, shop.schema.enums, (action,))))
    order = next(each for each in schema.entity_types if each.name == "Order")
    assert [part.name for part in order.key] == ["Company", "Number"]
    assert {prop.name: prop.type for prop in order.properties}["Status"] == "Shop.Status"
    assert {prop.name: prop.nullable for prop in order.properties}["Number"] is False
    assert {prop.name: prop.max_length for prop in order.properties}["Number"] == 20
    (lines,) = order.navigation_properties
    assert (lines.type, lines.collection, lines.partner) == ("Shop.Line", True, "Order")
    assert [(member.name, member.value) for member in schema.enum_types[0].members] == [
        ("None", 0),
        ("Open", 1),
        ("Closed", 2),
    ]
    assert [each.name for each in schema.actions] == ["go"]
    assert [each.name for each in schema.entity_container.entity_sets] == ["Orders", "Lines"]


def test_filters_that_a_foreign_library_builds_are_understood(shop):
    number, total = filters.Field("Number"), filters.Field("Total")
    built = (number.eq("O'1") | total.add(1).eq(Decimal("4.0"))) & ~filters.Field("Status").eq(
        filters.EnumValue("Shop.Status", "None")
    )
    assert shop.numbers(str(built)) == ["O'1", "b2"]
