"""Values for the laws: the edges lie where the domains say, and what is unknown is refused rather than skipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from acme_erp.lens import ORDER, ORDER_RULES
from anyerp.lens import Lens
from anyerp.lens.domain import ChoiceDomain, DayDomain, DecimalDomain, IntegerDomain, RefDomain, TextDomain
from anyerp.model import PurchaseOrder
from anyerp.testing.native import damaged, leaves, overlaid, without
from anyerp.testing.values import UnknownPattern, each, edges, places, strategy
from pydantic import Field


def fates(domain: object) -> dict[object, str]:
    return {edge.value: edge.fate for edge in edges(domain)}  # type: ignore[arg-type]


def test_text_is_tried_at_its_length_and_one_beyond() -> None:
    found = edges(TextDomain(10))
    assert {len(edge.value) for edge in found if edge.fate == "accept"} >= {1, 10}
    assert [len(edge.value) for edge in found if edge.fate == "refuse"] == [11]


def test_decimals_are_tried_at_every_digit_and_one_beyond() -> None:
    found = fates(DecimalDomain(5, 2))
    assert found[Decimal("999.99")] == "accept"
    assert found[Decimal("0.01")] == "accept"
    assert found[Decimal(1000)] == "refuse"
    assert found[Decimal("1.001")] == "refuse"


def test_a_least_decimal_is_kept_to() -> None:
    found = fates(DecimalDomain(5, 0, minimum=Decimal(1)))
    assert found[Decimal(0)] == "refuse"
    assert all(value >= 1 for value, fate in found.items() if fate == "accept")


def test_a_most_decimal_is_kept_to() -> None:
    found = fates(DecimalDomain(8, 5, minimum=Decimal(0), maximum=Decimal(100)))
    assert found[Decimal(100)] == "accept"
    assert found[Decimal("100.00001")] == "refuse"
    assert all(value <= 100 for value, fate in found.items() if fate == "accept")


def test_whole_numbers_days_and_choices_are_tried_to_their_ends() -> None:
    assert fates(IntegerDomain(1, 9)) == {1: "accept", 2: "accept", 9: "accept", 0: "refuse", 10: "refuse"}
    assert fates(DayDomain())[date(2024, 2, 29)] == "accept"
    assert fates(ChoiceDomain(("a", "b"))) == {"a": "accept", "b": "accept"}
    assert {edge.fate for edge in edges(RefDomain(TextDomain(4)))} == {"accept", "refuse", "either"}


def test_every_writable_place_has_edges_that_the_model_takes() -> None:
    found = {place.name: place for place in places(ORDER)}
    assert {"notes", "ship_to.street", "lines.number", "lines.unit"} <= set(found)
    assert "status" not in found
    for place in found.values():
        assert any(edge.fate == "accept" for edge in place.edges()), place.name
    assert [e.value for e in found["currency"].edges() if e.fate == "accept"] == ["EUR", "JPY", "KWD", "USD"]


def test_a_pattern_that_is_not_known_is_refused_rather_than_left_out() -> None:
    class Odd(PurchaseOrder):
        notes: Annotated[str, Field(pattern="^[0-9]{7}$")] | None = None

    odd = next(place for place in places(Lens(Odd, ORDER_RULES)) if place.name == "notes")
    with pytest.raises(UnknownPattern, match="notes"):
        odd.edges()


def test_random_records_reach_lines_and_nested_fields() -> None:
    seen: set[str] = set()

    def look(record: PurchaseOrder) -> None:
        seen.update(record.model_fields_set)
        seen.update(f"lines.{name}" for line in record.lines or () for name in line.model_fields_set)

    each(strategy(ORDER), look, 40)
    assert {"notes", "ship_to", "lines", "lines.number", "lines.unit_price", "exchange_rate"} <= seen


def test_foreign_fields_are_laid_on_at_every_depth() -> None:
    native = {"a": {"b": 1}, "rows": [{"n": 1}, {"n": 2}]}
    found = overlaid(native)
    marks = [path for path in leaves(found) if path[-1] == "ZKitField"]
    assert {path[:-1] for path in marks} == {(), ("a",), ("rows", 0), ("rows", 1)}
    assert native == {"a": {"b": 1}, "rows": [{"n": 1}, {"n": 2}]}


def test_values_are_taken_out_by_path_line_and_key() -> None:
    native = {"rows": [{"n": 1, "k": "x"}, {"n": 2, "k": "y"}]}
    assert without(native, "rows/*/n") == {"rows": [{"k": "x"}, {"k": "y"}]}
    assert without(native, "rows/k=x/n") == {"rows": [{"n": 2, "k": "y"}]}


def test_damage_is_done_to_every_mapped_path() -> None:
    found = list(damaged({"a": 1, "rows": [{"n": 2}]}, ("a", "rows/*/n")))
    assert {"rows": [{"n": 2}]} in found
    assert {"a": 1, "rows": [{}]} in found
    assert {"a": 1, "rows": [{"n": {"x": 1}}]} in found
