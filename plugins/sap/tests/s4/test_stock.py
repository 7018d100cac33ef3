"""Stock levels: eleven key fields, most of them empty, read page by page (sap sheet §6, §10, §12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from anyerp import Ref
from anyerp.errors import NotFound, NotSupported
from anyerp_sap.s4.lens.stock_level import KEY, key_id, key_of

QUANTITY = "MatlWrhsStkQtyInMatlBaseUnit"


def test_stock_is_told_apart_by_place_lot_and_type(erp):
    levels = list(erp.stock_levels.list())
    found = {(s.item.id, s.location.id, s.lot_number, s.status): s.quantity_on_hand for s in levels}
    assert found["TG11", "1010~QUAR", None, "quality_inspection"] == 4
    assert found["RM-M8X20", "1010~101A", None, "blocked"] == 5000
    assert (found["66", "1010~101A", "LOT-7", "available"], found["66", "1010~101A", "LOT-8", "available"]) == (
        Decimal("812.5"),
        90,
    )


def test_a_receipt_adds_to_the_stock_in_base_units(system, erp):
    bolts = next(s for s in erp.stock_levels.list() if s.item.id == "RM-M8X20" and s.status == "available")
    system.sandbox.receive("4500000002", "10", Decimal(1))  # a carton of 200
    now = erp.stock_levels.get(bolts.id)
    assert (now.quantity_on_hand - bolts.quantity_on_hand, now.unit, now.native_unit) == (200, "C62", "PC")


@pytest.mark.parametrize("size", range(1, 13))
def test_every_row_comes_once_at_any_page_size(erp, size):
    ids = [one.id for one in erp.stock_levels.list(page_size=size)]
    assert len(ids) == len(set(ids)) == 11


def test_the_url_of_a_page_stays_short_for_so_long_a_key(system, erp):
    list(erp.stock_levels.list(page_size=2))
    asked = system.calls("GET", "A_MatlStkInAcctMod")
    assert max(len(call.target) for call in asked) < 1200
    assert "$skip=" in asked[-1].target.replace("%24", "$")


def test_a_row_that_comes_in_before_a_material_is_not_met_and_shifts_nothing(system, erp):
    page = erp.stock_levels.page(page_size=5)
    ids = [one.id for one in page.records]
    row = {**system.sandbox.world.store.rows("A_MatlStkInAcctMod")[0], "Material": "11"}
    system.sandbox.world.store.put("A_MatlStkInAcctMod", row)
    while page.cursor:
        page = erp.stock_levels.page(page.cursor, page_size=5)
        ids += [one.id for one in page.records]
    assert len(ids) == len(set(ids)) == 11


def test_stock_of_others_says_whose_it_is(system, erp):
    place = {"Material": "TG11", "Plant": "1010", "StorageLocation": "101A", "InventoryStockType": "01"}
    theirs = {"InventorySpecialStockType": "K", "Supplier": "10300001"}
    row = {**place, **theirs, "MaterialBaseUnit": "ST", QUANTITY: Decimal(6)}
    system.sandbox.world.store.put("A_MatlStkInAcctMod", row)
    (level,) = (s for s in erp.stock_levels.list() if (s.extra or {}).get("InventorySpecialStockType") == "K")
    assert (level.extra["Supplier"], level.quantity_on_hand) == ("10300001", 6)
    assert erp.stock_levels.get(level.id) == level


@pytest.mark.parametrize("odd", ["a~b", "it's", "x y/z", "100%", "日本", ""])
def test_an_id_is_reversible_whatever_its_parts_hold(odd):
    parts = ["TG11", "1010", odd, *[""] * 7, "01"]
    assert list((key_of(key_id(parts)) or {}).values()) == parts
    assert len(KEY) == len(parts)


@pytest.mark.parametrize("id", ["TG11", "TG11~1010", "TG11~1010~ZZZZ~~~~0~~0~~01", "~" * 40])
def test_no_such_stock_is_not_found(erp, id):
    with pytest.raises(NotFound):
        erp.stock_levels.get(id)


def test_an_unknown_stock_type_is_other_with_its_own_code(system, erp):
    row = {**system.sandbox.world.store.rows("A_MatlStkInAcctMod")[0], "InventoryStockType": "09"}
    system.sandbox.world.store.put("A_MatlStkInAcctMod", row)
    assert [(s.status, s.native_status) for s in erp.stock_levels.list() if s.native_status == "09"] == [
        ("other", "09")
    ]


def test_stock_is_only_read(erp):
    with pytest.raises(NotSupported, match="goods movements"):
        erp.stock_levels.create(erp.stock_levels.page(page_size=1).records[0].model_copy(update={"item": Ref(id="66")}))
