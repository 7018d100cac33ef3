"""Query options, paths, keys and what is written back."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from anyerp.wire import dump_json
from anyerp_dynamics.sandbox.odata import (
    Dialect,
    Format,
    ODataError,
    Segment,
    Writer,
    key_text,
    matches,
    preferences,
    read_body,
    read_key,
    require_json,
    segments,
    split_target,
    unwrap,
    wanted_format,
    weak,
)


def test_rows_are_ordered_skipped_cut_and_counted_in_this_order(shop):
    chosen, options = shop.ask("$orderby=Status desc,Total&$skip=1&$top=2&$count=true")
    rows, more = chosen.window(options.skip, options.top, 10)
    assert ([row["Number"] for row in rows], more, chosen.count) == (["O'1", "c4"], False, 4)
    rows, more = chosen.window(0, None, 3)
    assert (len(rows), more) == (3, True)


def test_nulls_sort_first(shop):
    assert [row["Number"] for row in shop.ask("$orderby=Day")[0].rows] == ["c4", "O'1", "b2", "B3"]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("$top=-1", "syntax"),
        ("$skip=x", "syntax"),
        ("$count=maybe", "syntax"),
        ("$foo=1", "unknown_option"),
        ("$top=1&$top=2", "syntax"),
        ("$select=Nothing", "unknown_property"),
        ("$orderby=Nothing", "unknown_property"),
        ("$expand=Nothing", "unknown_property"),
        ("$expand=Lines(nonsense=1)", "syntax"),
        ("$expand=Lines(", "syntax"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(shop, query, kind):
    with pytest.raises(ODataError) as caught:
        shop.ask(query)
    assert caught.value.kind == kind


def test_options_without_a_dollar_are_anybodys(shop):
    assert shop.ask("cross-company=true")[1].custom == {"cross-company": "true"}


def test_expand_goes_as_deep_as_the_dialect_lets_it(shop):
    query = "$expand=Lines($expand=Order($select=Total);$filter=Qty gt 4;$orderby=Line desc)&$select=Number"
    chosen, options = shop.ask(query)
    writer = Writer(shop.schema, "https://h/data", follow=shop.follow)
    body = writer.collection(shop.orders, chosen.rows, options)
    assert body["@odata.context"].endswith("#Orders(Number,Lines(Order(Total)))")
    assert body["value"][0]["Lines"] == [
        {"Number": "O'1", "Line": 2, "Qty": Decimal("4.5"), "Order": {"Total": Decimal("10.50")}}
    ]
    for shallow in (Dialect(levels=1), Dialect(expand_options=False)):
        with pytest.raises(ODataError):
            shop.ask(query, shallow)


def test_the_three_metadata_levels_say_more_and_more(shop):
    row = shop.rows["Orders"][0]

    def written(level, **more):
        writer = Writer(shop.schema, "https://h/data", Format(level, **more), etag=lambda s, r: weak("1,2"))
        return json.loads(dump_json(writer.single(shop.orders, row)))

    assert not [name for name in written("none") if "@" in name]
    assert [name for name in written("minimal") if "@" in name] == ["@odata.context", "@odata.etag"]
    full = written("full")
    assert full["@odata.type"] == "#Shop.Order"
    assert full["@odata.editLink"] == "Orders(Company='a',Number='O''1')"
    assert full["@odata.id"] == "https://h/data/Orders(Company='a',Number='O''1')"
    assert (full["Status@odata.type"], full["Rows@odata.type"]) == ("#Shop.Status", "#Int64")
    assert (full["Total"], full["Rows"], full["At"]) == (10.5, 5637144576, "2026-01-01T12:00:00.25Z")
    exact = written("minimal", ieee754=True)
    assert (exact["Total"], exact["Rows"]) == ("10.50", "5637144576")


def test_paths_are_split_before_they_are_decoded():
    path, query = split_target("https://h/data/Orders(Company='a%2Fb/c',Number='O''x')/Lines/Ns.go?$top=1")
    assert query == "$top=1"
    assert segments(path) == [
        Segment("data"),
        Segment("Orders", "Company='a/b/c',Number='O''x'"),
        Segment("Lines"),
        Segment("Ns.go"),
    ]


def test_keys_are_read_back_as_they_are_written(shop):
    row = {"Company": "", "Number": "1,=2)'(/ü"}
    text = key_text(shop.orders.type, row)
    (segment,) = segments("/Orders" + text)
    assert read_key(segment.key, shop.orders.type, shop.schema) == row


@pytest.mark.parametrize(
    "text",
    ["", "'a'", "Company='a'", "Company='a',Number=1", "Company='a',Number='1',X='y'", "Company='a',Company='a'"],
)
def test_a_key_must_be_whole(shop, text):
    with pytest.raises(ODataError):
        read_key(text, shop.orders.type, shop.schema)


def test_tags_hide_their_text_and_let_the_right_writes_pass():
    tag = weak("1,68719482833")
    assert tag == 'W/"JzEsNjg3MTk0ODI4MzMn"'
    assert unwrap(tag) == "1,68719482833"
    assert unwrap('W/"?"') is None
    assert unwrap("nonsense") is None
    assert matches(tag, tag)
    assert matches("*", tag)
    assert matches(f'W/"x", {tag}', tag)
    assert not matches(weak("2,1"), tag)


def test_a_body_is_read_value_by_value_in_the_order_it_was_written(shop):
    body = read_body(
        {
            "@odata.type": "#Shop.Order",
            "Total": 3,
            "Status": "Open",
            "At": "2026-01-15T10:00:00+02:00",
            "Day": None,
            "Id": "0000000000000000000000000000000A",
            "Lines": [{"Line": 1}],
            "Number": "x",
        },
        shop.orders.type,
        shop.schema,
    )
    assert list(body.values) == ["Total", "Status", "At", "Day", "Id", "Number"]
    assert body.values["Total"] == Decimal(3)
    assert body.values["At"].isoformat() == "2026-01-15T08:00:00+00:00"
    assert body.values["Id"] == "00000000-0000-0000-0000-00000000000a"
    assert body.nested == {"Lines": [{"Line": 1}]}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([], "syntax"),
        ({"Nothing": 1}, "unknown_property"),
        ({"Number": 1}, "type"),
        ({"Number": "x" * 21}, "too_long"),
        ({"Number": None}, "null"),
        ({"Total": "3"}, "type"),
        ({"Total": True}, "type"),
        ({"Rows": 1.5}, "type"),
        ({"Rows": 2**63}, "type"),
        ({"Status": "Ajar"}, "enum"),
        ({"At": "2026-01-15"}, "type"),
        ({"At": "2026-01-15T10:00:00"}, "type"),
        ({"Day": "2026-01-15T10:00:00Z"}, "type"),
        ({"Id": "x"}, "type"),
        ({"Open": "true"}, "type"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(shop, body, kind):
    with pytest.raises(ODataError) as caught:
        read_body(body, shop.orders.type, shop.schema)
    assert caught.value.kind == kind


def test_long_numbers_may_be_text_only_where_the_client_said_so(shop):
    assert require_json("application/json;IEEE754Compatible=true") is True
    assert require_json("application/json") is False
    read = read_body({"Total": "3.10", "Rows": "5637144576"}, shop.orders.type, shop.schema, numbers_as_text=True)
    assert read.values == {"Total": Decimal("3.10"), "Rows": 5637144576}
    with pytest.raises(ODataError) as caught:
        require_json("text/plain")
    assert caught.value.status == 415


def test_the_wanted_form_comes_from_the_option_before_the_header():
    assert wanted_format("application/json;odata.metadata=full") == Format("full")
    assert wanted_format("text/html, application/json; odata.metadata=none;q=0.5") == Format("none")
    assert wanted_format("application/json;odata.metadata=full", "json") == Format()
    assert wanted_format(None) == Format()
    with pytest.raises(ODataError) as caught:
        wanted_format("application/atom+xml")
    assert caught.value.status == 406


def test_preferences_are_told_apart():
    assert preferences('return=minimal, odata.maxpagesize="100", odata.continue-on-error') == {
        "return": "minimal",
        "odata.maxpagesize": "100",
        "odata.continue-on-error": "",
    }
