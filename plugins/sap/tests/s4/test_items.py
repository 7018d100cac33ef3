"""Items written: the product and its text, each by its own request (sap sheet §10, §12)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from anyerp import Item
from anyerp.errors import InvalidRecord, NotRepresentable
from anyerp.testing.sandbox import Once, lose_after


def gasket(**values):
    given = {
        "name": "Gasket 12 mm",
        "kind": "goods",
        "unit": "C62",
        "group": "L001",
        "gross_weight": Decimal("0.120"),
        "weight_unit": "KGM",
    }
    return Item.model_validate({**given, **values})


def test_an_item_is_created_with_its_english_text_and_gets_a_number(system, erp):
    made = erp.items.create(gasket()).record
    assert (made.id, made.number) == ("1000001", "1000001")
    assert (made.name, made.kind, made.native_kind, made.unit, made.native_unit) == (
        "Gasket 12 mm",
        "goods",
        "HAWA",
        "C62",
        "PC",
    )
    assert (made.gross_weight, made.net_weight, made.weight_unit) == (Decimal("0.12"), None, "KGM")
    assert erp.items.get(made.id) == made
    sent = json.loads(system.calls("POST")[0].content)
    assert sent["to_Description"]["results"] == [{"Language": "EN", "ProductDescription": "Gasket 12 mm"}]
    assert "_anyerp" not in sent


def test_a_number_of_ones_own_is_kept_in_capitals(erp):
    made = erp.items.create(gasket(number="gk-12")).record
    assert made.id == "GK-12"
    assert erp.items.get("GK-12").name == "Gasket 12 mm"


def test_the_key_is_the_number_and_settles_a_lost_answer(system, erp):
    system.sandbox.faults = [Once(lose_after, when=lambda c: c.method == "POST")]
    assert erp.items.create(gasket(), key="GK-7").settled == "look"
    assert erp.items.create(gasket(), key="GK-7").settled == "before"
    assert len(system.calls("POST")) == 1


def test_product_and_text_are_changed_apart_and_the_other_language_stays(system, erp):
    before = erp.items.get("TG11")
    after = erp.items.update(before.model_copy(update={"name": "Trading good", "net_weight": Decimal("0.2")})).record
    assert (after.name, after.net_weight, after.gross_weight) == ("Trading good", Decimal("0.2"), before.gross_weight)
    assert [call.method for call in system.calls("PATCH")] == ["PATCH", "PATCH"]
    assert system.row("A_ProductDescription", "TG11", "DE")["ProductDescription"] == "Handelsware 11"
    assert "A_ProductDescription(" in system.calls("PATCH")[1].target


def test_an_item_without_an_english_text_reads_as_another_and_gets_one_when_it_is_named(system, erp):
    system.sandbox.world.store.remove("A_ProductDescription", ("66", "EN"))
    assert erp.items.get("66").name == "Zinkgranulat"
    assert {item.id: item.name for item in erp.items.list()}["66"] == "Zinkgranulat"
    erp.items.update(erp.items.get("66").model_copy(update={"name": "Zinc"}))
    assert erp.items.get("66").name == "Zinc"
    assert system.row("A_ProductDescription", "66", "DE")["ProductDescription"] == "Zinkgranulat"


def test_a_weight_is_cleared_to_none(erp):
    erp.items.update(erp.items.get("TG11").model_copy(update={"net_weight": None}))
    assert erp.items.get("TG11").net_weight is None


def test_a_change_moves_the_stamp_that_changed_since_asks_for(system, erp):
    system.clock.advance(days=1)
    erp.items.update(erp.items.get("66").model_copy(update={"name": "Zinc"}))
    since = dt.datetime(2025, 6, 3, tzinfo=dt.UTC)
    assert [item.id for item in erp.items.list(updated_since=since)] == ["66"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": "x" * 41}, NotRepresentable),
        ({"cost": Decimal(3)}, NotRepresentable),
        ({"kind": "other"}, NotRepresentable),
        ({"group": "NONE"}, InvalidRecord),
        ({"unit": None}, InvalidRecord),
        ({"name": None}, InvalidRecord),
    ],
)
def test_what_has_no_place_or_is_refused_is_named(erp, values, error):
    with pytest.raises(error):
        erp.items.create(gasket(**values))


@pytest.mark.parametrize("change", [{"unit": "KGM"}, {"kind": "service"}, {"number": "OTHER"}])
def test_number_kind_and_unit_stay_as_they_were_made(erp, change):
    with pytest.raises(NotRepresentable, match="set at creation"):
        erp.items.update(erp.items.get("TG11").model_copy(update={**change, "native_unit": None, "native_kind": None}))
