"""Flat rows: grouped by the record's key, read by the same lens that reads the nested record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from anyerp.lens import Absent, Codec, Derived, Each, Flat, Lens, Map, decimal, text
from anyerp.model import PurchaseOrder
from anyerp.model.purchase_order import PurchaseOrderLine


def _total(lines: Any) -> Decimal | None:
    return sum((line["amount"] for line in lines), Decimal(0)) if lines else None


def _rest(model: type[Any], *spoken: str) -> list[Absent]:
    skipped = {"raw", "extra", "dimensions", *spoken}
    return [Absent(field, "never: not in this test") for field in model.model_fields if field not in skipped]


NUMBER = Codec("number", decode=int, encode=int, native=Decimal)
LENS = Lens(
    PurchaseOrder,
    [
        Map("id", "id", read_only=True),
        Map("notes", "memo/text", text()),
        Derived("total_excl_tax", _total, uses=("lines",)),
        Each(
            "lines",
            "lines",
            (
                Map("number", "line", NUMBER),
                Map("amount", "amount", decimal()),
                *_rest(PurchaseOrderLine, "number", "amount"),
            ),
            key=("number", "line"),
        ),
        *_rest(PurchaseOrder, "id", "notes", "total_excl_tax", "lines"),
    ],
)
FLAT = Flat(lambda path: path.replace("/", "_").replace("*", "x"), lines="lines", line_key="lines/*/line")


def row(id: Any, **columns: Any) -> dict[str, Any]:
    return {"id": id, **{f"lines_x_{name}" if name != "memo_text" else name: v for name, v in columns.items()}}


REPEATED = [
    row("1", memo_text="first", line="1", amount="2.50"),
    row("1", memo_text="first", line="3", amount="4"),
    row("2", memo_text="second", line="1", amount="7"),
]
APART = [row("1", memo_text="first"), *(row("1", line=n, amount=a) for n, a in (("1", "2.50"), ("3", "4")))]
APART += [row("2", memo_text="second"), row("2", line="1", amount="7"), row("3")]


@pytest.mark.parametrize("rows", [REPEATED, APART], ids=["repeated header", "header in a row of its own"])
def test_rows_of_one_key_are_one_record_with_its_lines(rows: list[dict[str, Any]]) -> None:
    fast = LENS.compile("items", FLAT)
    content = msgspec.json.encode({"items": rows})
    found = fast.records(fast.rows(content))
    assert [record.id for record in found] == sorted({one["id"] for one in rows})
    assert found[0].notes == "first"
    assert [line.number for line in found[0].lines or ()] == [1, 3]
    assert found[0].total_excl_tax == Decimal("6.50")
    assert fast.careful(content) == (found, [])


def test_a_record_without_lines_is_read() -> None:
    fast = LENS.compile("items", FLAT)
    (record,) = fast.records(fast.rows(msgspec.json.encode({"items": [row("3", memo_text="bare")]})))
    assert (record.id, record.lines) == ("3", ())


def test_a_row_whose_key_is_spoilt_takes_its_lines_with_it_and_no_others() -> None:
    fast = LENS.compile("items", FLAT)
    rows = [{**APART[0], "id": {"spoilt": True}}, *APART[1:]]
    good, bad = fast.careful(msgspec.json.encode({"items": rows}))
    assert [record.id for record in good] == ["2", "3"]
    assert len(bad) == 1


def test_rows_become_the_nested_record_and_rows_again() -> None:
    paths = LENS.native_fields
    nested = FLAT.native(APART[:3], paths)
    assert nested == {
        "id": "1",
        "memo": {"text": "first"},
        "lines": [{"line": "1", "amount": "2.50"}, {"line": "3", "amount": "4"}],
    }
    assert FLAT.native(FLAT.rows(nested, paths), paths) == nested


def test_only_some_fields_are_read_of_flat_rows_too() -> None:
    narrow = LENS.only(["notes"]).compile("items", FLAT)
    found = narrow.records(narrow.rows(msgspec.json.encode({"items": REPEATED})))
    assert [(record.id, record.notes, record.lines) for record in found] == [
        ("1", "first", None),
        ("2", "second", None),
    ]
