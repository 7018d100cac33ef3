"""Traps of the sheet that no other file meets: what a naive connector falls into, one test for each."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from anyerp import PurchaseOrderLine, Ref
from anyerp.errors import UnexpectedPayload
from anyerp.testing.sandbox import Once
from anyerp.wire import Headers, dump_json
from anyerp_netsuite.sandbox.seed.common import add


def _rows(change):
    def strike(call, proceed):
        answer = proceed()
        body = answer.json()
        return replace(answer, content=dump_json({**body, "items": change(body["items"])}))

    return strike


def _queried(call):
    return "suiteql" in call.target


def test_columns_are_read_in_whatever_case_a_release_has_them(place, erp):
    expected = [order.model_copy(update={"raw": None}) for order in erp.purchase_orders.list()]
    upper = _rows(lambda rows: [{name.upper(): value for name, value in row.items()} for row in rows])
    place.sandbox.faults.append(Once(upper, when=_queried, times=99))
    assert list(erp.purchase_orders.list()) == expected
    assert len(list(erp.purchase_orders.list(page_size=2))) == len(expected)


def test_a_page_that_does_not_go_on_is_not_asked_for_for_ever(place, erp):
    list(erp.purchase_orders.list(page_size=3))
    seen = []

    def again(call, proceed):
        answer = proceed()
        seen.append(answer)
        return seen[0]

    place.sandbox.faults.append(Once(again, when=_queried, times=99))
    with pytest.raises(UnexpectedPayload, match="same page twice"):
        list(erp.purchase_orders.list(page_size=3))


def test_no_list_of_a_query_holds_more_than_a_thousand_values(place, erp, order):
    lines = []
    for number in range(1001):
        one = add(
            place.sandbox.store, "inventoryitem", 20_000 + number, itemId=f"PART-{number}", displayName=f"P{number}"
        )
        lines.append(PurchaseOrderLine(item=Ref(id=one.id), quantity=Decimal(1), unit_price=Decimal(1)))
    made = erp.purchase_orders.create(order(*lines)).record
    assert [line.item.name for line in made.lines[::500]] == ["P0", "P500", "P1000"]
    longest = max(
        len(re.findall(r"\d+", listed)) for q in place.queries() for listed in re.findall(r"IN \(([^)]*)\)", q)
    )
    assert longest <= 1000


def test_several_accounting_books_double_nothing(place):
    place.open(books=3)
    with place.connect() as erp:
        listed = {order.id: (order.total_incl_tax, len(order.lines)) for order in erp.purchase_orders.list()}
        assert len(listed) == 12
        for id in ("2173", "2184"):
            single = erp.purchase_orders.get(id)
            assert listed[id] == (single.total_incl_tax, len(single.lines))


def test_what_was_deleted_is_known_though_no_list_shows_it(erp, order):
    made = erp.purchase_orders.create(order()).record
    state = erp.purchase_orders.changes().state
    erp.purchase_orders.delete(made.id)
    assert made.id in erp.purchase_orders.changes(state, deletions=True).deleted


def test_a_cleared_field_is_sent_as_null_and_an_untouched_one_not_at_all(place, erp):
    found = erp.purchase_orders.get("2173")
    erp.purchase_orders.update(found.model_copy(update={"notes": None}))
    assert place.bodies("PATCH") == [{"memo": None}]
    assert erp.purchase_orders.get("2173").notes is None
    assert erp.purchase_orders.get("2173").vendor_reference == found.vendor_reference


def test_what_netsuite_remarks_on_a_write_is_told(place, erp, order):
    def remark(call, proceed):
        answer = proceed()
        more = {"X-NetSuite-Warning": "Unknown property 'x' was ignored."}
        return replace(answer, headers=Headers([*answer.headers.items_with_repeats(), *more.items()]))

    place.sandbox.faults.append(Once(remark, when=lambda call: call.method == "POST" and "record/v1" in call.target))
    done = erp.purchase_orders.create(order())
    assert [(one.code, one.message) for one in done.warnings] == [
        ("warned_by_erp", "Unknown property 'x' was ignored.")
    ]


def test_taxes_stand_in_a_list_of_their_own_and_are_read_with_their_line(place, erp):
    taxed = erp.purchase_orders.get("2184")
    assert [(line.tax_code, line.tax_amount) for line in taxed.lines] == [("VAT 19 %", Decimal("76.00"))]
    assert taxed.total_tax == Decimal("76.00")
    sold = place.sandbox.store.get("salesorder", "2301")
    sold.values["_tax"] = Decimal("12.5")
    assert [line.tax_amount for line in erp.sales_orders.get("2301").lines] == [Decimal("12.5"), None]


def test_what_is_open_of_a_bill_is_on_its_main_line(erp):
    for bill in erp.vendor_invoices.list():
        assert bill.amount_paid == erp.vendor_invoices.get(bill.id).amount_paid
        assert bill.amount_paid is not None


def test_places_have_their_addresses_in_tables_of_their_own(erp):
    assert next(one for one in erp.companies.list() if one.id == "2").city == "Köln"
    assert all(one.address for one in erp.locations.list() if erp.locations.get(one.id).address)
