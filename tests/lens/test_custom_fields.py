"""Custom fields: by name or all by one rule, both ways, and none lost unsaid."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import pytest
from anyerp.lens import Codec, Map
from thing import THING, Part, Thing
from written import NATIVE, problems, update


def test_custom_fields_travel_both_ways():
    assert THING.create(Thing(extra={"project": "p1", "due": date(2025, 1, 1)})).native == {
        "ZZProject": "P1",
        "ZZDue": "2025-01-01",
    }


def test_of_custom_fields_only_those_that_are_named_change_and_null_clears():
    assert update(extra={"project": "Q"}).changes.fields == {"ZZProject": "Q"}
    assert update(extra={"due": None}).changes.fields == {"ZZDue": None}
    assert update(extra={}).changes.fields == {}
    assert update(extra=None).changes.fields == {"ZZProject": None, "ZZDue": None}


def test_one_rule_may_carry_every_custom_field():
    lens = THING.extended(Map("extra", "ZZAll", Codec("names", native=dict)))
    written = lens.create(Thing(extra={"colour": "red"}))
    assert not written.problems
    assert written.native == {"ZZAll": {"colour": "red"}}


def test_a_rule_that_only_reads_every_custom_field_lets_none_get_lost():
    lens = THING.extended(Map("extra", "ZZAll", Codec("names", native=dict), follows=True))
    native = {**NATIVE, "ZZAll": {"colour": "red"}}
    assert not lens.put(native, Thing(extra={"colour": "red"})).problems
    assert problems(lens.put(native, Thing(extra={"colour": "blue"}))).keys() == {"/extra/colour"}
    assert problems(lens.create(Thing(extra={"colour": "red"}))).keys() == {"/extra/colour"}


def test_a_custom_field_that_nobody_maps_is_refused_by_name():
    assert problems(THING.create(Thing(extra={"colour": "red"}))) == {
        "/extra/colour": "extra.colour: no rule of this connection maps it; add one by an overlay"
    }


def test_a_custom_field_may_come_in_its_json_form():
    thing = Thing.model_validate_json(THING.get(NATIVE).model_dump_json())
    assert thing.extra["due"] == "2025-06-01"
    written = THING.put(copy.deepcopy(NATIVE), thing)
    assert (written.problems, bool(written.changes)) == ((), False)
    assert THING.create(Thing(parts=[Part(extra={"weight": "1.50"})])).native["parts"]["results"] == [
        {"Weight": Decimal("1.50")}
    ]


@pytest.mark.parametrize("value", [["x"], {"a": "b"}, 5, True, Decimal("1.5")])
def test_a_custom_field_of_another_type_is_refused_and_not_a_crash(value):
    assert THING.create(Thing(extra={"due": value})).problems
    assert THING.create(Thing(extra={"project": value})).problems
