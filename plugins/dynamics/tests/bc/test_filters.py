"""Filters: fields of the model by value, in what Business Central's filters can say (dynamics sheet §2.3)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from anyerp.errors import ConfigError


def numbers(collection, **filters):
    return {record.number for record in collection.list(filters=filters)}


def test_orders_of_a_vendor_by_number_or_id(erp):
    by_number = numbers(erp.purchase_orders, vendor="10000")
    vendor = next(one for one in erp.vendors.list() if one.number == "10000")
    assert by_number == numbers(erp.purchase_orders, vendor=vendor.id)
    assert "106001" in by_number
    assert "106002" not in by_number


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"native_status": "In Review"}, {"106003"}),
        ({"order_date": "2026-03-03"}, {"106002"}),
        ({"currency": "kwd"}, {"106005"}),
        ({"number": "10600*", "native_status": "Draft"}, {"106001", "106004"}),
        ({"number": "*13"}, {"106013"}),
        ({"total_excl_tax": "0"}, {"106013"}),
        ({"buyer": "RL"}, {"106011"}),
    ],
)
def test_orders_by_what_their_header_says(erp, filters, found):
    assert numbers(erp.purchase_orders, **filters) == found


def test_a_blank_option_is_asked_for_by_shutting_out_the_others(place, erp):
    active = numbers(erp.vendors, status="active")
    assert {"10000", "80000"} <= active
    assert "90000" not in active
    assert "blocked ne 'All'" in unquote(place.calls("GET", "/vendors")[0].target)
    assert numbers(erp.vendors, status="blocked") == {"90000"}
    assert numbers(erp.items, status="blocked") == {"1999"}


def test_text_is_quoted(erp):
    assert numbers(erp.vendors, name="O'Reilly*") == {"70000"}


def test_filters_and_pages_and_a_moment_go_together(place, erp):
    moment = place.clock()
    for number in ("106001", "106004", "106010", "106011"):
        place.sandbox.release(number)
    place.sandbox.touch("106013", purchaser="RL")
    found = erp.purchase_orders.list(filters={"native_status": "Open"}, updated_since=moment, page_size=2)
    assert {order.number for order in found} == {"106001", "106004", "106010", "106011"}


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"status": "draft"}, "cannot filter by 'status'"),
        ({"ship_to": "x"}, "cannot filter by 'ship_to'"),
        ({"nonsense": "x"}, "cannot filter by 'nonsense'"),
        ({"order_date": "soon"}, "filter order_date: 'soon' is no value of orderDate"),
        ({"total_tax": "much"}, "filter total_tax"),
    ],
)
def test_what_cannot_be_filtered_by_is_refused_and_never_ignored(place, erp, filters, said):
    with pytest.raises(ConfigError, match=said):
        numbers(erp.purchase_orders, **filters)
    assert not place.calls("GET", "purchaseOrders")


def test_a_choice_that_there_is_not_is_told_with_those_that_there_are(erp):
    with pytest.raises(ConfigError, match="one of active, blocked was expected"):
        numbers(erp.vendors, status="inactive")


def test_companies_are_listed_whole(erp):
    with pytest.raises(ConfigError, match="cannot be filtered"):
        numbers(erp.companies, name="CRONUS*")
