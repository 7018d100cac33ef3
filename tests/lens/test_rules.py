"""Every rule in both directions: what it reads, what it writes, what it refuses."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from anyerp.errors import NotRepresentable
from anyerp.lens import Absent, Derived, Each, Lens, Map, Unreadable, absent, integer, text
from anyerp.model.base import Address
from thing import PART, THING, Part, Thing
from written import NATIVE, problems, update


def test_every_rule_reads():
    thing = THING.get(NATIVE)
    assert thing.model_dump(exclude_none=True) == {
        "id": "K1",
        "number": "42",
        "version": "e1",
        "created_at": datetime(2022, 9, 16, 0, 45, 12, tzinfo=UTC),
        "updated_at": datetime(2025, 1, 31, 9, 30, 0, 123000, tzinfo=UTC),
        "name": "Pump",
        "code": "P1",
        "kind": "b",
        "native_kind": "B",
        "street": "Main 7a",
        "mails": ("a@x",),
        "vendor": {"id": "100", "number": "100"},
        "home": {"city": "Ulm", "country": "DE"},
        "office": {"name": "HQ", "city": "Kiel"},
        "note": "one",
        "price": Decimal("12.5"),
        "rate": Decimal("1.25"),
        "count": 3,
        "day": date(2025, 6, 1),
        "at": datetime(2025, 1, 31, 9, 30, tzinfo=UTC),
        "active": True,
        "total": Decimal("8.0"),
        "parts": (
            {
                "number": 10,
                "item": {"id": "7", "number": "7"},
                "quantity": Decimal("2.500"),
                "due": date(2025, 2, 1),
                "note": "hi",
                "state": "done",
                "extra": {"weight": Decimal("1.25")},
            },
            {"number": 20, "item": {"id": "BOLT", "number": "BOLT"}, "quantity": Decimal(4), "state": "open"},
        ),
        "extra": {"project": "P-9", "due": date(2025, 6, 1)},
    }


def test_an_empty_payload_reads_as_nothing():
    assert THING.get({}).model_dump(exclude_none=True) == {}


def test_writing_back_what_was_read_changes_nothing():
    written = THING.put(copy.deepcopy(NATIVE), THING.get(NATIVE))
    assert (written.native, written.problems, bool(written.changes)) == (NATIVE, (), False)


def test_only_fields_that_were_set_are_written():
    written = update(name="Valve")
    assert written.changes.fields == {"Name": "Valve"}
    assert written.native == {**NATIVE, "Name": "Valve"}


def test_writing_leaves_the_given_payload_as_it_was():
    before = copy.deepcopy(NATIVE)
    THING.put(before, Thing(name="Valve", note="new", parts=()))
    assert before == NATIVE


def test_a_field_set_to_none_is_cleared_in_the_way_of_its_codec():
    assert update(name=None, code=None, rate=None).changes.fields == {"Name": "", "Code": None, "Rate": "0"}


def test_clearing_what_is_empty_already_changes_nothing():
    assert not update({"Key": "K"}, name=None, note=None, street=None, mails=None, home=None, office=None).changes


def test_a_join_is_written_to_all_its_paths_and_cleared_in_all():
    assert update(street="Long Road 12").changes.fields == {"Street": "Long Road", "HouseNo": "12"}
    assert update(street=None).changes.fields == {"Street": "", "HouseNo": ""}
    assert "house number" in problems(update(street="Nowhere"))["/street"]


def test_slots_fill_from_the_left_and_refuse_one_too_many():
    assert update(mails=("b@x", "c@x")).changes.fields == {"Mail1": "b@x", "Mail2": "c@x"}
    assert update(mails=()).changes.fields == {"Mail1": "", "Mail2": ""}
    assert problems(update(mails=("1", "2", "3"))) == {
        "/mails": "mails <-> Mail1, Mail2: 3 values, this ERP has room for 2"
    }


def test_a_slot_refuses_what_its_codec_refuses():
    assert "16 characters" in problems(update(mails=("x" * 16,)))["/mails"]


def test_a_nest_without_a_place_writes_beside_its_parent():
    assert update(home=Address(city="Jena")).changes.fields == {"City": "Jena"}
    assert update(home=None).changes.fields == {"City": "", "Country": ""}


def test_a_nest_names_what_it_has_no_place_for():
    assert problems(update(home=Address(street="X 1"))) == {
        "/home/street": "street: this ERP has no place for X 1 (never: not kept)"
    }


def test_a_keyed_path_finds_the_object_that_is_meant():
    written = update(note="neu", office=Address(city="Lund"))
    assert written.changes.fields == {"texts/Type=F01/Text": "neu", "addresses/role=OFFICE/Town": "Lund"}
    assert written.native["texts"] == [NATIVE["texts"][0], {"Type": "F01", "Text": "neu", "Lang": "DE"}]
    assert written.native["addresses"][1] == {"role": "OFFICE", "Line1": "HQ", "Town": "Lund", "zz": 1}


def test_a_keyed_path_makes_the_object_where_there_is_none():
    assert update({}, note="neu").native == {"texts": [{"Type": "F01", "Text": "neu"}]}
    assert THING.create(Thing(office=Address(name="HQ"))).native == {"addresses": [{"role": "OFFICE", "Line1": "HQ"}]}


def test_the_members_that_keys_look_at_are_among_the_native_fields():
    assert {"texts/*/Type", "addresses/*/role", "texts/Type=F01/Text", "parts/results/*/texts/*/Type"} <= set(
        THING.native_fields
    )


def test_a_new_record_leaves_out_what_is_nothing():
    written = THING.create(Thing(name=None, code="x", parts=None, home=None))
    assert (written.native, written.problems) == ({"Code": "X"}, ())


def test_a_companion_keeps_the_native_word_of_an_unknown_value():
    thing = THING.get({"Kind": "Q"})
    assert (thing.kind, thing.native_kind) == ("other", "Q")
    assert THING.create(thing).native == {"Kind": "Q"}
    assert not THING.put({"Kind": "Q"}, thing).changes


def test_a_companion_that_contradicts_its_field_is_refused():
    assert "is not what native_kind 'B' means" in problems(THING.create(Thing(kind="a", native_kind="B")))["/kind"]


def test_a_spelling_of_the_same_value_is_kept():
    assert THING.create(Thing(kind="a", native_kind="AA")).native == {"Kind": "AA"}
    assert THING.put({"Kind": "AA"}, Thing(kind="a")).native == {"Kind": "AA"}


def test_a_changed_field_wins_over_a_companion_left_as_it_was_read():
    thing = THING.get({"Kind": "Q"}).model_copy(update={"kind": "b"})
    written = THING.put({"Kind": "Q"}, thing)
    assert written.native == {"Kind": "B"}


def test_other_alone_is_no_value_that_can_be_written():
    assert "this ERP knows a, b" in problems(THING.create(Thing(kind="other")))["/kind"]


def test_what_is_set_at_creation_stays():
    assert THING.create(Thing(number="7")).native == {"No": "7"}
    assert "is set at creation and stays '42'" in problems(update(number="7"))["/number"]
    assert not update(number="042").problems


def test_what_the_erp_sets_itself_is_left_to_it():
    assert not update(id="K1").problems
    assert "the ERP sets it itself" in problems(update(id="K2"))["/id"]
    assert "the ERP sets it itself" in problems(THING.create(Thing(id="K2")))["/id"]


def test_a_computed_field_may_be_repeated_but_not_changed():
    assert not update(total=Decimal(8)).problems
    assert "is computed here" in problems(update(total=Decimal(9)))["/total"]


def test_a_computed_field_is_computed_from_what_is_written_with_it():
    parts = (Part(number=10, quantity=Decimal(5)),)
    assert not update(parts=parts, total=Decimal("6.5")).problems


def test_a_field_that_is_absent_refuses_a_value_by_name():
    assert problems(THING.create(Thing(nowhere="x"))) == {
        "/nowhere": "nowhere: this ERP has no place for x (upstream: not in this service)"
    }
    assert not THING.create(Thing(nowhere=None)).problems


def test_all_problems_come_at_once_and_demand_raises_them():
    written = THING.create(Thing(nowhere="x", name="x" * 11, mails=("1", "2", "3"), kind="other"))
    assert set(problems(written)) == {"/nowhere", "/name", "/mails", "/kind"}
    with pytest.raises(NotRepresentable, match="4 values would be lost") as caught:
        written.demand("acme")
    assert caught.value.connector == "acme"
    assert "name <-> Name: 11 characters, this ERP stores 10" in str(caught.value)


def test_demand_gives_itself_where_nothing_is_lost():
    written = THING.create(Thing(name="x"))
    assert written.demand() is written


@pytest.mark.parametrize(
    ("native", "says"),
    [
        ({"Day": "tomorrow"}, "day <-> Day"),
        ({"Name": 5}, "name <-> Name"),
        ({"parts": {"results": "none"}}, "parts <-> parts/results"),
        ({"parts": {"results": [{"Qty": "many"}]}}, "quantity <-> Qty"),
        ({"Street": 5}, "street <-> Street"),
        ({"parts": {"results": [{"Pos": "1_0"}]}}, "number <-> Pos"),
    ],
)
def test_a_value_that_cannot_be_read_names_both_sides(native, says):
    with pytest.raises(Unreadable, match=says):
        THING.get(native)


@pytest.mark.parametrize(
    "native", [{"texts": "x"}, {"texts": [None, 5]}, {"texts": {"Type": "F01"}}, {"meta": []}, {"addresses": 1}]
)
def test_a_way_that_is_blocked_reads_as_nothing(native):
    assert THING.get(native).model_dump(exclude_none=True) == {}


def test_a_key_matches_text_only():
    assert THING.get({"texts": [{"Type": None, "Text": "a"}, {"Text": "b"}, {"Type": 1, "Text": "c"}]}).note is None


def test_a_write_that_does_not_read_back_is_a_problem():
    lying = integer()
    lens = Lens(
        Thing,
        (
            Map("count", "N", type(lying)("lying", encode=str, native=int)),
            *absent("never: not here", *(f for f in Thing.model_fields if f not in ("count", "extra", "raw"))),
        ),
    )
    (problem,) = lens.create(Thing(count=5)).problems
    assert "cannot be read back" in problem.message


def test_a_write_that_comes_back_as_something_else_is_a_problem():
    lens = Lens(
        Thing,
        (
            Map("name", "N", type(text())("cutting", encode=lambda value: value[:3])),
            *absent("never: not here", *(f for f in Thing.model_fields if f not in ("name", "extra", "raw"))),
        ),
    )
    assert problems(lens.create(Thing(name="abcdef"))) == {"/name": "name <-> N: abcdef would become abc"}


def test_the_coverage_says_what_each_field_can_do():
    modes = {field.field: field.mode for field in THING.coverage}
    assert modes["name"] == "rw"
    assert modes["number"] == "create"
    assert modes["id"] == "read"
    assert modes["total"] == "read"
    assert modes["nowhere"] == "absent"
    assert modes["parts.quantity"] == "rw"
    assert modes["home.street"] == "absent"
    assert modes["native_kind"] == "rw"
    assert modes["extra.project"] == "rw"


def test_an_extension_takes_the_place_of_the_rule_for_the_same_field():
    lens = THING.extended(Map("nowhere", "ZZNow"), Map("extra.project", "ZZP2"))
    assert lens.create(Thing(nowhere="x", extra={"project": "p"})).native == {"ZZNow": "x", "ZZP2": "p"}
    assert THING.create(Thing(nowhere="x")).problems


def test_rules_say_what_they_are():
    assert isinstance(THING.rules[0], Map)
    assert {type(rule).__name__ for rule in THING.rules} == {
        "Map", "Join", "Slots", "Nest", "Each", "Derived", "Absent",
    }  # fmt: skip
    assert [type(rule) for rule in (Absent("a", "never: b"), Derived("a", len), Each("a", "b", PART, ("c", "d")))]
