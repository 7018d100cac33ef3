"""Filters: what they select, and what is refused before any row is looked at."""

from __future__ import annotations

import pytest
from anyerp_dynamics.sandbox.odata import (
    STANDARD,
    Binary,
    Compiler,
    Dialect,
    Literal,
    ODataError,
    Path,
    Unary,
    fields,
    parse_filter,
)
from anyerp_dynamics.sandbox.odata.dialect import OPERATORS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Number eq 'O''1'", ["O'1"]),
        ("Number ne 'b2'", ["O'1", "B3", "c4"]),
        ("Total gt 3", ["O'1", "c4"]),
        ("Total ge 3.00", ["O'1", "b2", "c4"]),
        ("Total eq -7.25", ["B3"]),
        ("Total mul 2 eq 21 or Total div 4 eq 25", ["O'1", "c4"]),
        ("Total add 1 eq 4 and Total sub 1 eq 2", ["b2"]),
        ("Total mod 10 eq 0.5", ["O'1"]),
        ("-Total eq 7.25", ["B3"]),
        ("Rows eq 5637144576 and Rows gt 4294967296", ["O'1", "b2", "B3", "c4"]),
        ("Status eq Shop.Status'Open'", ["O'1", "c4"]),
        ("Status ne Shop.Status'Open'", ["b2", "B3"]),
        ("At lt 2026-01-02T12:00:00.25Z", ["O'1"]),
        ("At ge 2026-01-03T13:00:00%2B01:00", ["B3", "c4"]),
        ("At ge 2026-01-04", ["c4"]),
        ("Day eq 2026-01-02", ["b2"]),
        ("Day eq null", ["c4"]),
        ("Day ne null", ["O'1", "b2", "B3"]),
        ("Day gt 2026-01-01", ["b2", "B3"]),
        ("Id eq 00000000-0000-0000-0000-000000000003", ["B3"]),
        ("Open", ["O'1", "c4"]),
        ("not Open", ["b2", "B3"]),
        ("Open eq true and not (Total gt 50)", ["O'1"]),
        ("Number in ('b2','c4')", ["b2", "c4"]),
        ("contains(Number,'2') or startswith(Number,'c') or endswith(Number,'3')", ["b2", "B3", "c4"]),
        ("tolower(Number) eq 'b3' or toupper(Number) eq 'B2'", ["b2", "B3"]),
        ("length(Number) eq 3 and indexof(Number,'1') eq 2", ["O'1"]),
        ("substring(Number,1) eq '2' or substring(Number,0,1) eq 'c'", ["b2", "c4"]),
        ("trim(concat(Number,' ')) eq 'b2'", ["b2"]),
        ("year(At) eq 2026 and month(Day) eq 1 and day(At) eq 3", ["B3"]),
        ("hour(At) eq 12 and minute(At) eq 0 and second(At) eq 0", ["O'1", "b2", "B3", "c4"]),
        ("date(At) eq 2026-01-04", ["c4"]),
        ("round(Total) eq 11 or floor(Total) eq -8 or ceiling(Total) eq 100", ["O'1", "B3", "c4"]),
        ("Lines/any()", ["O'1", "c4"]),
        ("Lines/any(l: l/Qty gt 4)", ["O'1", "c4"]),
        ("Lines/any(l: l/Qty gt 4 and Total lt 50)", ["O'1"]),
        ("Lines/all(l: l/Qty gt 3)", ["b2", "B3", "c4"]),
    ],
)
def test_a_filter_selects(shop, text, found):
    assert shop.numbers(text) == found


def test_or_binds_weaker_than_and_and_not_stronger_than_both():
    tree = parse_filter("a eq 1 or b eq 2 and not c")
    assert tree == Binary(
        "or",
        Binary("eq", Path(("a",)), Literal(1, "Edm.Int32")),
        Binary("and", Binary("eq", Path(("b",)), Literal(2, "Edm.Int32")), Unary("not", Path(("c",)))),
    )


def test_a_plus_in_a_query_is_a_space(shop):
    assert shop.numbers("Number+eq+'b2'") == ["b2"]


def test_an_order_of_the_other_set_is_reached_through_a_navigation(shop):
    test = Compiler(shop.schema, shop.lines.type, STANDARD, shop.follow).predicate(
        parse_filter("Order/Status eq Shop.Status'Open'")
    )
    assert [test(row) for row in shop.rows["Lines"]] == [True, True, True]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nothing eq 1", "unknown_property"),
        ("Total eq '3'", "incompatible_types"),
        ("Number eq 3", "incompatible_types"),
        ("Status eq 'Open'", "incompatible_types"),
        ("Status gt Shop.Status'Open'", "incompatible_types"),
        ("Status eq Shop.Status'Ajar'", "enum"),
        ("Number add 1 eq 2", "incompatible_types"),
        ("not Total", "incompatible_types"),
        ("Total", "incompatible_types"),
        ("Number and Open", "incompatible_types"),
        ("nonsense(Number)", "not_supported"),
        ("contains(Total,'1')", "incompatible_types"),
        ("contains(Number)", "incompatible_types"),
        ("Number eq", "syntax"),
        ("Number eq 'b2", "syntax"),
        ("Number eq 'b2')", "syntax"),
        ("(Number eq 'b2'", "syntax"),
        ("Number eq 'b2' 'c'", "syntax"),
        ("At gt 2026-13-01T00:00:00Z", "syntax"),
        ("Number ~ 'x'", "syntax"),
        ("Number in 'b2'", "syntax"),
        ("Number/x eq 1", "syntax"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_even_over_no_rows(shop, text, kind):
    shop.rows["Orders"].clear()
    with pytest.raises(ODataError) as caught:
        shop.numbers(text)
    assert caught.value.kind == kind


def test_a_dialect_takes_words_away_and_reads_text_its_own_way(shop):
    poor = Dialect(
        operators=OPERATORS - {"in"}, functions=frozenset(), lambdas="refuse", fold=str.casefold, enum_as_text=True
    )
    for text in ("Number in ('b2')", "contains(Number,'2')", "Lines/any()"):
        with pytest.raises(ODataError) as caught:
            shop.numbers(text, poor)
        assert caught.value.kind == "not_supported"
    assert shop.numbers("Status eq 'Open'", poor) == ["O'1", "c4"]
    with pytest.raises(ODataError):
        shop.numbers("Status eq 'Ajar'", poor)
    assert [row["Number"] for row in shop.ask("$orderby=Number", poor)[0].rows] == ["b2", "B3", "c4", "O'1"]
    assert shop.numbers("Lines/any(l: l/Qty gt 1000)", Dialect(lambdas="ignore")) == ["O'1", "b2", "B3", "c4"]


def test_a_dialect_sees_which_fields_a_filter_reads():
    assert fields(parse_filter("a eq 1 and (contains(b,'x') or vendor/number eq '7')")) == {"a", "b", "vendor/number"}
