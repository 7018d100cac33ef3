"""Items: one table to list, a record type for each to open, make and change (netsuite sheet §3, §4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp import Item
from anyerp.errors import InvalidRecord, NotFound, NotRepresentable
from anyerp_netsuite.flow.item import TYPES

RECORDS = "/services/rest/record/v1/"


@pytest.mark.parametrize(
    ("id", "record_type"), [("84", "inventoryItem"), ("86", "lotNumberedInventoryItem"), ("93", "servicePurchaseItem")]
)
def test_an_item_is_opened_through_its_own_record_type(place, erp, id, record_type):
    assert erp.items.get(id).id == id
    assert place.calls("GET", f"/{record_type}/{id}")


def test_the_record_type_is_looked_up_once(place, erp):
    erp.items.get("86")
    before = len(place.sandbox.calls)
    erp.items.get("86")
    assert [call.method for call in place.sandbox.calls[before:]] == ["GET"]


def test_an_item_that_the_record_service_does_not_have_is_read_by_suiteql_and_not_written(erp, monkeypatch):
    monkeypatch.setitem(TYPES, "OthCharge", ())
    freight = erp.items.get("94")
    assert (freight.number, freight.kind, freight.native_kind) == ("FREIGHT", "other", "OthCharge")
    with pytest.raises(InvalidRecord, match="itemType"):
        erp.items.update(freight.model_copy(update={"name": "Carriage"}))
    with pytest.raises(InvalidRecord, match="itemType"):
        erp.items.delete("94")


def test_there_is_no_item_without_an_id_of_digits(erp):
    for id in ("4711", "BOLT-M8"):
        with pytest.raises(NotFound):
            erp.items.get(id)


def test_a_new_item_gets_the_units_type_that_has_its_units(place, erp):
    new = Item(
        number="NUT-M8", name="Nut M8", kind="goods", unit="EA", native_purchase_unit="Hundred", cost=Decimal("0.05")
    )
    done = erp.items.create(new)
    assert place.bodies("POST", f"{RECORDS}inventoryItem")[-1]["unitsType"] == {"id": "1"}
    found = erp.items.get(done.record.id)
    assert (found.unit, found.purchase_unit, found.cost, found.native_kind) == (
        "EA",
        "CEN",
        Decimal("0.05"),
        "InvtPart",
    )


def test_netsuite_s_own_word_chooses_the_record_type(place, erp):
    done = erp.items.create(Item(number="GREASE", native_kind="NonInvtPart"))
    assert place.calls("POST", f"{RECORDS}nonInventoryPurchaseItem")
    assert done.record.kind == "goods"


def test_an_item_without_a_kind_is_refused_with_the_kinds_there_are(place, erp):
    with pytest.raises(InvalidRecord, match=r"kind <-> itemType: .*InvtPart.*OthCharge") as caught:
        erp.items.create(Item(number="WHAT"))
    assert caught.value.problems[0].pointer == "/kind"
    assert not place.calls("POST", RECORDS)


def test_units_of_two_types_are_refused_by_name(place, erp):
    with pytest.raises(InvalidRecord, match="no units types have Kilogram and Litre"):
        erp.items.create(Item(number="ODD", kind="goods", unit="KGM", purchase_unit="LTR"))


def test_a_number_that_an_item_has_is_refused_in_netsuite_s_words(erp):
    with pytest.raises(InvalidRecord, match="already an item"):
        erp.items.create(Item(number="BOLT-M8", kind="goods"))


def test_the_number_is_the_key_by_which_a_lost_answer_is_settled(erp):
    one = erp.items.create(Item(kind="service", name="Survey"), key="SURVEY")
    two = erp.items.create(Item(kind="service", name="Survey"), key="SURVEY")
    assert (two.settled, two.record.id, two.record.number) == ("before", one.record.id, "SURVEY")


def test_a_purchase_unit_changes_within_the_item_s_own_units_type(place, erp):
    item = erp.items.get("84")
    erp.items.update(item.model_copy(update={"purchase_unit": "DZN", "native_purchase_unit": None}))
    assert place.bodies("PATCH", "/inventoryItem/84") == [{"purchaseUnit": "20"}]
    with pytest.raises(InvalidRecord, match="not counted in 'Litre'"):
        erp.items.update(erp.items.get("84").model_copy(update={"purchase_unit": "LTR", "native_purchase_unit": None}))


def test_the_kind_of_an_item_cannot_be_changed(erp):
    with pytest.raises(NotRepresentable, match="kind"):
        erp.items.update(erp.items.get("84").model_copy(update={"kind": "service", "native_kind": None}))


def test_weights_are_read_from_the_record_only(erp):
    changed = erp.items.get("84").model_copy(update={"gross_weight": Decimal("0.012"), "weight_unit": "KGM"})
    assert erp.items.update(changed).record.gross_weight == Decimal("0.012")
    covered = {one.field: one for one in erp.items.coverage}
    assert not covered["gross_weight"].listed
    assert covered["cost"].listed


def test_an_item_is_deleted_while_nothing_names_it(erp):
    new = erp.items.create(Item(number="GONE", kind="service")).record
    erp.items.delete(new.id)
    with pytest.raises(NotFound):
        erp.items.get(new.id)
    with pytest.raises(InvalidRecord, match="dependent"):
        erp.items.delete("84")
