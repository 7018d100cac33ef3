"""The account's own fields in lists: found by the catalog, shown by SuiteQL, the same as in single records (§4, §6)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from anyerp.errors import ConfigError, PermissionDenied, Unavailable
from anyerp.testing.sandbox import Once, answer_with
from anyerp.wire import Headers, Response
from anyerp_netsuite.custom import Own
from anyerp_netsuite.sandbox.sql.table import COLUMNS, TABLES


def _catalog(place):
    return [call.target.rpartition("/")[2] for call in place.calls("GET", "metadata-catalog")]


def test_a_list_has_each_own_field_as_the_record_has_it(erp):
    order = next(iter(erp.purchase_orders.list()))
    assert order.extra == erp.purchase_orders.get(order.id).extra
    assert order.extra == {
        "custbody2": "free text custom field",
        "custbody_is_expense_po": False,
        "custbody_purchase_order_type": {"id": "2", "refName": "Stock"},
        "custbody_report_timestamp": "19/12/2025 6:6:29",
        "custbody_requestor": [{"id": "159", "refName": "Sam Buyer"}],
    }
    assert order.lines[0].extra == {"custcol_est_delivery_date": "2026-03-19", "custcol_scm_track_landed_cost": True}


def test_an_expense_line_has_no_own_fields_of_item_lines(erp):
    order = next(order for order in erp.purchase_orders.list() if order.id == "2183")
    assert [line.extra for line in order.lines if line.account] == [None]


def test_the_catalog_is_asked_once_for_a_connection(place, erp):
    for _ in range(2):
        list(erp.purchase_orders.list(page_size=5))
    assert _catalog(place) == ["purchaseOrder", "purchaseOrder-itemElement", "purchaseOrder-expenseElement"]


def test_who_does_not_ask_for_own_fields_does_not_wait_for_the_catalog(place, erp):
    list(erp.purchase_orders.list(fields=["number", "lines.quantity"]))
    assert not _catalog(place)


def test_a_field_that_suiteql_does_not_show_comes_by_get_only_and_spoils_no_list(place, monkeypatch):
    monkeypatch.setitem(TABLES, "transaction", {k: v for k, v in TABLES["transaction"].items() if k != "custbody2"})
    monkeypatch.setitem(COLUMNS, "transaction", COLUMNS["transaction"] - {"custbody2"})
    place.open()
    with place.connect() as erp:
        order = next(iter(erp.purchase_orders.list()))
        assert "custbody2" not in order.extra
        assert order.extra["custbody_purchase_order_type"]["refName"] == "Stock"
        assert erp.purchase_orders.get(order.id).extra["custbody2"] == "free text custom field"


def test_an_outage_while_fields_are_looked_up_is_an_outage_and_not_an_order_without_them(place, erp):
    down = Response(503, Headers({"Content-Type": "text/html"}), b"down")
    place.sandbox.faults.append(Once(lambda call, answer: down, when=lambda call: "catalog" in call.target, times=9))
    with pytest.raises(Unavailable):
        list(erp.purchase_orders.list())


def test_a_catalog_that_is_denied_is_told_but_for_one_of_many_record_types(place, erp):
    denied = answer_with(Response(403, Headers({"Content-Type": "text/html"}), b"denied"))
    place.sandbox.faults.append(Once(denied, when=lambda call: "metadata-catalog/kitItem" in call.target))
    (bolt,) = [item for item in erp.items.list() if item.number == "BOLT-M8"]
    assert bolt.extra == {"custitem_hs_code": "73181595"}
    place.sandbox.faults.append(Once(denied, when=lambda call: "metadata-catalog/vendor" in call.target))
    with pytest.raises(PermissionDenied):
        list(erp.vendors.list())


def test_items_and_parties_have_theirs(erp):
    bolt = next(item for item in erp.items.list() if item.number == "BOLT-M8")
    assert bolt.extra["custitem_hs_code"] == "73181595"


def test_a_list_that_is_asked_for_what_only_get_has_says_so(place, erp):
    with pytest.raises(ConfigError, match=r"lists leave out lines\.vendor_item_number, incoterms") as caught:
        erp.purchase_orders.list(fields=["lines.vendor_item_number", "incoterms", "number"])
    assert "get" in str(caught.value.hint)
    assert not place.queries()


@pytest.mark.parametrize(
    ("kind", "row", "value"),
    [
        ("text", {"c0": "1"}, "1"),
        ("text", {}, None),
        ("boolean", {"c0": "T"}, True),
        ("reference", {"c0": "7"}, {"id": "7"}),
        ("references", {"c0": "7, 8", "c0_df": "A, B"}, [{"id": "7", "refName": "A"}, {"id": "8", "refName": "B"}]),
        # Names with commas cannot be told apart: ids are surer than names.
        ("references", {"c0": "7, 8", "c0_df": "A, Inc, B"}, [{"id": "7"}, {"id": "8"}]),
        ("number", {"c0": "not one"}, "not one"),
    ],
)
def test_a_column_says_what_the_record_would(kind, row, value):
    assert Own("custbody_x", kind, within=False, alias="c0", column="t.custbody_x").value(row) == value


def test_a_number_keeps_its_digits():
    number = Own("custbody_x", "number", within=False, alias="c0", column="t.custbody_x")
    assert bytes(number.value({"c0": ".50"})) == b"0.50"


def test_dates_are_asked_for_in_one_form_whatever_the_role_shows(place):
    place.open(date_format="D/M/YYYY")
    with place.connect() as erp:
        order = next(iter(erp.purchase_orders.list()))
    assert date.fromisoformat(order.lines[0].extra["custcol_est_delivery_date"]) == date(2026, 3, 19)
    assert order.updated_at > datetime(2026, 1, 1, tzinfo=UTC)
    assert order.lines[0].unit_price == Decimal("0.118")
