"""Lines: matched by key, added, taken away, and what no rule knows of them kept."""

from __future__ import annotations

from decimal import Decimal

from anyerp.model.base import Ref
from thing import THING, Part, Thing
from written import NATIVE, problems, update


def parts_of(native=NATIVE):
    return THING.get(native).parts


def test_lines_are_matched_by_key_whatever_their_order():
    one, two = parts_of()
    written = update(parts=(two.model_copy(update={"quantity": Decimal(9)}), one))
    changes = written.changes.lists["parts/results"]
    assert [(line["Pos"], what.fields) for line, what in changes.changed] == [("00020", {"Qty": "9"})]
    assert (changes.added, changes.removed) == ([], [])
    assert [line["Pos"] for line in written.native["parts"]["results"]] == ["00020", "00010"]
    assert written.native["parts"]["results"][1] == NATIVE["parts"]["results"][0]
    assert not written.problems


def test_lines_that_are_new_or_gone_are_told():
    one, _ = parts_of()
    written = update(parts=(one, Part(number=30, quantity=Decimal(1)), Part(item=Ref(id="x"))))
    changes = written.changes.lists["parts/results"]
    assert changes.added == [{"Pos": "30", "Qty": "1"}, {"Item": "X"}]
    assert [line["Pos"] for line in changes.removed] == ["00020"]
    assert changes.changed == []
    assert not written.problems


def test_no_list_says_nothing_and_an_empty_one_removes_every_line():
    assert not update(parts=None).changes
    assert not update(parts=None).problems
    assert len(update(parts=()).changes.lists["parts/results"].removed) == 2


def test_a_line_that_is_given_twice_is_refused():
    one, two = parts_of()
    written = update(parts=(one, two, one))
    assert problems(written) == {"/parts/2/number": "number <-> Pos: 10 is given twice"}
    assert not written.changes


def test_a_refusal_in_a_line_points_into_the_line_it_was_given_in():
    one, two = parts_of()
    long = two.model_copy(update={"note": "x" * 13})
    assert set(problems(update(parts=(one, one, long)))) == {"/parts/1/number", "/parts/2/note"}
    new = (Part(number=1, quantity=Decimal("0.0001")), Part(number=2))
    assert set(problems(THING.create(Thing(parts=new)))) == {"/parts/0/quantity"}


def test_a_line_keeps_native_fields_that_no_rule_knows():
    one, two = parts_of()
    written = update(parts=(one.model_copy(update={"note": "yo"}), two))
    line = written.native["parts"]["results"][0]
    assert line["zz"] == "kept"
    assert line["plan"] == [{"Due": "2025-02-01"}, {"Due": "x"}]
    assert line["texts"] == [{"Type": "L01", "Text": "yo"}]


def test_lines_without_a_key_on_the_native_side_do_not_vanish_unseen():
    native = {"parts": {"results": [{"Qty": "1"}, {"Qty": "2"}]}}
    written = THING.put(native, Thing(parts=()))
    assert written.changes.lists["parts/results"].removed == [{"Qty": "1"}, {"Qty": "2"}]
