"""OData V4 as text: what a filter, a key and an expansion look like, and where the next page is named."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from anyerp.kits.odata import v4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("O'Neil", "'O''Neil'"),
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, 10, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T08:00:00Z"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (v4.Raw("NS.Status'Open'"), "NS.Status'Open'"),
    ],
)
def test_each_kind_of_value_has_its_literal(value: object, text: str) -> None:
    assert v4.literal(value) == text


def test_a_key_of_several_parts_names_them() -> None:
    assert v4.key(dataAreaId="usmf", PurchaseOrderNumber="1") == "(dataAreaId='usmf',PurchaseOrderNumber='1')"
    assert v4.key("1") == "('1')"


def test_the_rows_behind_a_key_of_two_parts_are_those_behind_either_part() -> None:
    assert v4.after({"a": "x", "b": 1}) == "(a gt 'x') or (a eq 'x' and b gt 1)"


def test_conditions_are_joined_and_empty_ones_fall_away() -> None:
    assert v4.both("", "a eq 1") == "a eq 1"
    assert v4.both("a eq 1", "b eq 2 or c eq 3") == "(a eq 1) and (b eq 2 or c eq 3)"
    assert v4.both() == ""


def test_what_a_lens_reads_is_selected_at_every_depth() -> None:
    paths = ["@odata.etag", "No", "_Item/*/Line", "_Item/*/_Date/0/Day", "_Item/*/@odata.etag", "Address/Type=S/City"]
    assert v4.select(paths, complex=["Address"]) == {
        "$select": "No,Address",
        "$expand": "_Item($select=Line;$expand=_Date($select=Day))",
    }


def test_the_next_link_is_found_before_and_behind_the_rows() -> None:
    assert v4.next_link(b'{"value": [], "@odata.nextLink": "x?a=\\u0026"}') == "x?a=&"
    assert v4.next_link(b'{"@odata.nextLink": "x", "value": ["' + b"y" * 9000 + b'"]}') == "x"
    assert v4.next_link(b'{"value": []}') is None


def test_an_answer_without_rows_is_said_to_have_none() -> None:
    assert v4.rows(b'{"value": [{"a": 1}]}') == [{"a": 1}]
    with pytest.raises(ValueError, match="no value"):
        v4.rows(b"[]")
