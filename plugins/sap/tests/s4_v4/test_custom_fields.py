"""Custom fields of a customer (`YY1_...`): read unmapped and alike by either service, written where mapped."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from anyerp import NotRepresentable, PurchaseOrder
from anyerp.connection import Connection
from anyerp_sap.s4 import custom
from anyerp_sap.sandbox.app import S4Sandbox

ORDER = "4500000001"
PROJECT = {"rule": "map", "field": "extra.project", "path": "YY1_Project_PDH", "codec": {"codec": "text", "empty": ""}}
CHARGE = {"rule": "map", "in": "lines", "field": "extra.charge", "path": "YY1_Charge_PDI",
          "codec": {"codec": "text", "empty": ""}}  # fmt: skip


def filled(sandbox: S4Sandbox) -> None:
    store = sandbox.world.store
    header, item = store.find("A_PurchaseOrder", ORDER), store.find("A_PurchaseOrderItem", ORDER, "10")
    store.put("A_PurchaseOrder", {**header, "YY1_Project_PDH": "NORTH", "YY1_NeededBy_PDH": dt.date(2025, 5, 9)})
    store.put("A_PurchaseOrderItem", {**item, "YY1_Charge_PDI": "B-7"})


@pytest.fixture(params=["v2", "v4"])
def given(system, request):
    filled(system.sandbox)
    return {"purchase_orders": request.param, "custom_fields": True}


def test_they_arrive_in_extra_of_the_order_and_of_its_lines(system, given):
    erp = system.connect(**given)
    listed = next(order for order in erp.purchase_orders.list() if order.id == ORDER)
    for order in (listed, erp.purchase_orders.get(ORDER)):
        assert order.extra == {
            "YY1_Project_PDH": "NORTH",
            "YY1_NeededBy_PDH": "2025-05-09",
            "PurchaseOrderType": "NB",
            "PurchasingOrganization": "1010",
        }
        assert order.lines[0].extra == {"YY1_Charge_PDI": "B-7"}
    assert len(system.calls("GET", "$metadata")) == 1


def test_an_order_found_by_its_key_has_them_too(system, given):
    system.sandbox.touch(ORDER, CorrespncExternalReference="MINE")
    found = system.connect(**given).purchase_orders.create(PurchaseOrder(), key="MINE")
    assert (found.settled, found.record.extra["YY1_Project_PDH"]) == ("before", "NORTH")


def test_they_are_left_out_where_nobody_wants_them(system, given):
    without = system.connect(purchase_orders=given["purchase_orders"])
    assert "YY1_Project_PDH" not in without.purchase_orders.get(ORDER).extra
    list(system.connect(**given).purchase_orders.list(fields=("number", "order_date")))
    assert not system.calls("GET", "$metadata")


def test_they_are_written_by_an_overlay_and_refused_without_one(system, given):
    plain = system.connect(**given)
    with pytest.raises(NotRepresentable, match="YY1_Project_PDH"):
        plain.purchase_orders.update(PurchaseOrder(id=ORDER, extra={"YY1_Project_PDH": "SOUTH"}))
    rules = {"purchase_orders": [PROJECT, CHARGE]}
    erp = Connection(plain.connector, plain._context, plain._transport, overlays=rules)
    order = erp.purchase_orders.get(ORDER)
    assert (order.extra["project"], order.lines[0].extra) == ("NORTH", {"charge": "B-7"})
    assert "YY1_Project_PDH" not in order.extra
    line = order.lines[0].model_copy(update={"extra": {"charge": "C-8"}})
    erp.purchase_orders.update(order.model_copy(update={"extra": {"project": "SOUTH"}, "lines": (line,)}))
    assert system.row("A_PurchaseOrder", ORDER)["YY1_Project_PDH"] == "SOUTH"
    assert system.row("A_PurchaseOrderItem", ORDER, "10")["YY1_Charge_PDI"] == "C-8"
    assert system.row("A_PurchaseOrder", ORDER)["YY1_NeededBy_PDH"] == dt.date(2025, 5, 9)


def test_an_unmapped_one_stays_through_a_change_of_something_else(system, given):
    erp = system.connect(**given)
    order = erp.purchase_orders.get(ORDER)
    changed = erp.purchase_orders.update(order.model_copy(update={"vendor_reference": "Q-9"})).record
    assert changed.extra == order.extra


@pytest.mark.parametrize(
    ("native", "of", "plain"),
    [
        ("12.50", "Edm.Decimal", Decimal("12.50")),
        ("12.50", "Edm.String", "12.50"),
        ("/Date(1746748800000)/", "Edm.DateTime", "2025-05-09"),
        ("/Date(1746792000000+0000)/", "Edm.DateTimeOffset", "2025-05-09T12:00:00Z"),
        (Decimal("1.5"), "Edm.Decimal", Decimal("1.5")),
        (False, "Edm.Boolean", False),
    ],
)
def test_values_are_plain_by_their_types(native, of, plain):
    assert custom._plain(native, of) == plain
