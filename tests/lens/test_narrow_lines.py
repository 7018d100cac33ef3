"""The status of lines comes along only where something of the record is computed from it."""

from __future__ import annotations

from typing import Annotated

import pytest
from anyerp.lens import Derived, Each, Lens, Map, absent, integer, text
from anyerp.model.base import LineNumber, Model, Record, Text
from pydantic import Field


class Row(Model):
    number: LineNumber | None = None
    note: Text | None = None
    status: Text | None = None


class Paper(Record):
    status: Text | None = None
    rows: Annotated[tuple[Row, ...], Field(strict=False)] | None = None


LENS = Lens(
    Paper,
    (
        Map("id", "Id", text()),
        *absent("never: this is only a test", "number", "version", "created_at", "updated_at", "url"),
        Derived("status", lambda rows: "+".join(row["status"] for row in rows), uses=("rows",)),
        Each(
            "rows",
            "Rows",
            (Map("number", "No", integer(1)), Map("note", "Note", text()), Map("status", "State", text())),
            key=("number", "No"),
        ),
    ),
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [(["rows.note"], ["number", "note"]), (["rows.note", "status"], ["number", "note", "status"])],
)
def test_named_fields_of_lines_bring_their_key_and_what_is_computed_from(fields, expected):
    (rows,) = (rule for rule in LENS.only(fields).rules if isinstance(rule, Each))
    assert [rule.field for rule in rows.rules] == expected
