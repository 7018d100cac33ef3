"""Many writes of values by name: the same as of records, to the letter of the report."""

from __future__ import annotations

from anyerp.model import Vendor
from many import WAYS, agree


@WAYS
def test_values_by_name_are_taken_as_the_records_that_they_make(tiny, opened, way):
    given = [
        {"name": "N0"},
        {"name": 5},
        {"name": "N2", "bogus": 1},
        {"name": "x" * 11},
        {"name": "N4"},
        Vendor(name="N5"),
    ]
    report = opened(way).vendors.create_many(given)
    assert [one.outcome for one in report] == ["applied", *["not_applied"] * 3, "applied", "applied"]
    assert [(one.error.code, one.error.problems[0].pointer) for one in report.not_applied] == [
        ("invalid_record", "/name"),
        ("invalid_record", "/bogus"),
        ("not_representable", "/name"),
    ]
    agree(tiny, report)


@WAYS
def test_values_go_on_from_the_report_of_records_and_records_from_that_of_values(tiny, opened, tmp_path, way):
    path = tmp_path / "r.jsonl"
    values = [{"name": f"N{n}"} for n in range(5)]
    opened(way).vendors.create_many(values[:3], report=path)
    again = opened(way).vendors.create_many([Vendor(**one) for one in values], report=path)
    assert [one.resumed for one in again] == [True] * 3 + [False] * 2
    last = opened(way).vendors.create_many(values, report=path)
    assert all(one.resumed for one in last)
    assert len(tiny.rows) == 5


def test_values_with_an_id_are_an_update_and_those_that_are_none_are_told(tiny, opened):
    erp = opened()
    one = erp.vendors.create(Vendor(name="A")).record
    report = erp.vendors.update_many([{"id": one.id, "name": "B"}, {"id": 5}])
    assert [found.outcome for found in report] == ["applied", "not_applied"]
    assert [row["name"] for row in tiny.rows.values()] == ["B"]
