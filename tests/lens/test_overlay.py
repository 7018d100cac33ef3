"""Overlays as data: made into rules and back, refused all at once, applied, previewed."""

# ruff: noqa: E501 - tables of mistakes

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from anyerp.kits.odata import v2
from anyerp.lens import Derived, Join, Lens, Map, OverlayError, boolean, choice, decimal, overlaid, preview, text
from anyerp.lens.codec import Codec
from anyerp.lens.codecs import codec_from_data, name_codec
from anyerp.lens.overlay import data_from_rules, rules_from_data
from thing import THING, Part, Thing

DATA = [
    {"rule": "map", "field": "extra.plant", "path": "YY1_Plant", "codec": {"codec": "text", "max_length": 4}},
    {"rule": "map", "field": "extra.start", "path": "YY1_Start", "codec": {"codec": "odata_v2_day"}, "create_only": True},
    {"rule": "map", "in": "parts", "field": "extra.cost", "path": "ZZ_Cost",
     "codec": {"codec": "decimal", "digits": 9, "places": 2}},
    {"rule": "map", "in": "home", "field": "street", "path": "ZZ_Street"},
    {"rule": "map", "field": "extra.grade", "path": "ZZ_Grade",
     "codec": {"codec": "choice", "table": {"1": "good", "2": "bad"}, "native": "int"}},
    {"rule": "absent", "field": "note", "because": "never: this tenant keeps no notes"},
]  # fmt: skip


def wrong(*data):
    with pytest.raises(OverlayError) as caught:
        overlaid(THING, list(data))
    return caught.value.problems


def test_an_overlay_writes_and_reads():
    lens = overlaid(THING, json.loads(json.dumps(DATA)))
    thing = Thing(
        extra={"plant": "1010", "start": date(2025, 6, 1), "grade": "bad"},
        parts=[Part(number=1, extra={"cost": Decimal("1.5")})],
    )
    written = lens.create(thing).demand()
    assert written.native == {
        "YY1_Plant": "1010",
        "YY1_Start": "/Date(1748736000000)/",
        "ZZ_Grade": 2,
        "parts": {"results": [{"Pos": "1", "ZZ_Cost": Decimal("1.5")}]},
    }
    back = lens.get(written.native)
    assert back.extra == {"plant": "1010", "start": date(2025, 6, 1), "grade": "bad"}
    assert back.parts[0].extra == {"cost": Decimal("1.5")}
    assert lens.create(Thing(note="x")).problems
    assert "ZZ_Street" in lens.native_fields


def test_what_the_overlay_does_not_speak_of_stays():
    lens = overlaid(THING, DATA)
    assert lens.create(Thing(name="x", extra={"project": "p"})).native == {"Name": "x", "ZZProject": "P"}
    assert THING.create(Thing(extra={"plant": "1010"})).problems


def test_data_is_made_again_from_the_rules():
    rules = rules_from_data(DATA)
    again = data_from_rules(rules)
    assert data_from_rules(rules_from_data(json.loads(json.dumps(again)))) == again
    assert [(inside, rule.field) for inside, rule in rules] == [
        (entry.get("in"), entry["field"]) for entry in DATA
    ]  # fmt: skip


def test_whole_tables_of_lines_are_data_too():
    each = next(rule for rule in THING.rules if rule.field == "parts")
    nest = next(rule for rule in THING.rules if rule.field == "office")
    slots = next(rule for rule in THING.rules if rule.field == "mails")
    data = json.loads(json.dumps(data_from_rules([each, nest, slots])))
    lens = overlaid(THING, data)
    assert [entry.field for entry in lens.coverage if entry.field.startswith("parts.")] == [
        entry.field for entry in THING.coverage if entry.field.startswith("parts.")
    ]
    thing = Thing(parts=[Part(number=1, state="done", note="n")], office={"city": "Kiel"}, mails=("a",))
    assert lens.create(thing).native == THING.create(thing).native


def test_a_rule_that_needs_a_function_is_no_data():
    join = next(rule for rule in THING.rules if isinstance(rule, Join))
    derived = next(rule for rule in THING.rules if isinstance(rule, Derived))
    with pytest.raises(OverlayError, match="a Join needs a function") as caught:
        data_from_rules([join, derived, Map("name", "N", Codec("own"))])
    assert len(caught.value.problems) == 3


def test_everything_wrong_is_told_at_once():
    told = wrong(
        {"rule": "mapp", "field": "a", "path": "b"},
        {"rule": "map", "feild": "extra.a", "path": "b"},
        {"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "txt"}},
        {"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "text", "max_length": "20"}},
        {"rule": "map", "field": "extra.a", "path": 5, "read_only": "yes"},
        {"rule": "slots", "field": "mails", "paths": "Mail"},
        "map",
    )
    assert [line.partition(":")[0] for line in told] == [
        "[0].rule", "[1]", "[1]", "[2].codec", "[3].codec", "[4].path", "[4].read_only", "[5].paths", "[6]",
    ]  # fmt: skip
    assert told[1] == (
        "[1]: a map rule has no 'feild'; it has field, path, codec, read_only, create_only, native, follows"
    )
    assert told[2] == "[1]: a map rule needs 'field'"
    assert "codec text: max_length" in told[4]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"rule": "map", "field": "colour", "path": "C"}, "colour: Thing has no such field"),
        ({"rule": "map", "field": "extra.alias", "path": "Name"}, "Name: 2 rules write this path"),
        ({"rule": "map", "field": "extra.n", "path": "Name", "codec": {"codec": "integer"}, "read_only": True}, "Name: read as"),
        ({"rule": "map", "in": "lines", "field": "extra.a", "path": "b"}, "in lines: this lens has no list"),
        ({"rule": "map", "in": 5, "field": "extra.a", "path": "b"}, "[0].in: the name of a list"),
        ({"rule": "absent", "field": "name", "because": "no"}, "name: a reason begins with"),
        ({"rule": "map", "field": "extra.a", "path": "l/999999999/x"}, "l/999999999/x: a place in a list is below 100"),
        ({"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "text", "size": 1}}, "[0].codec: codec text: there is no"),
        ({"rule": "map", "field": "extra.a", "path": "b", "codec": {"codec": "reference"}}, "[0].codec: codec reference: needs max_length"),
        ({"rule": "map", "field": "extra.a", "path": "b", "codec": "text"}, "[0].codec: an object that names its codec"),
        ({"rule": "map", "field": "extra.a", "path": ""}, "[0].path: text, not"),
        ({"rule": "each", "field": "parts", "path": "p", "rules": [5], "key": ["a"]}, "[0].rules[0]: a rule is an object"),
    ],
)  # fmt: skip
def test_each_mistake_is_named(entry, says):
    assert any(problem.startswith(says) for problem in wrong(entry)), wrong(entry)


@pytest.mark.parametrize("data", [None, {}, "x", 5])
def test_an_overlay_is_a_list(data):
    with pytest.raises(OverlayError, match="an overlay is a list of rules"):
        overlaid(THING, data)


def test_nesting_has_an_end():
    entry = {"rule": "map", "field": "city", "path": "C"}
    for _ in range(20):
        entry = {"rule": "nest", "field": "home", "rules": [entry]}
    assert "nested too deeply" in wrong(entry)[0]


def test_a_preview_says_what_changes_and_nothing_else():
    changes = {change.field: change for change in preview(THING, DATA)}
    assert set(changes) == {"extra.plant", "extra.start", "extra.grade", "parts.extra.cost", "home.street", "note"}
    assert (changes["extra.plant"].before, changes["extra.plant"].after.mode) == (None, "rw")
    assert changes["extra.start"].after.mode == "create"
    assert (changes["home.street"].before.mode, changes["home.street"].after.mode) == ("absent", "rw")
    assert (changes["note"].before.mode, changes["note"].after.because) == ("rw", "never: this tenant keeps no notes")
    assert preview(THING, []) == ()


def test_a_kit_names_its_codecs_and_nobody_takes_a_name_twice():
    assert codec_from_data({"codec": "odata_v2_instant"}).name == v2.instant().name
    name_codec("odata_v2_day", v2.day)
    with pytest.raises(ValueError, match="is called 'text' already"):
        name_codec("text", boolean)


def test_a_table_of_truths_travels_as_json():
    codec = choice({True: "done", False: "open"}, native=bool)
    (data,) = data_from_rules([Map("state", "Done", codec)])
    again = codec_from_data(json.loads(json.dumps(data["codec"])))
    assert (again.decode(True), again.encode("open"), again.native) == ("done", False, bool)


def test_rules_alone_suffice_for_the_names_in_use():
    assert isinstance(
        overlaid(THING, data_from_rules([Map("extra.x", "X", text(3)), Map("extra.y", "Y", decimal())])), Lens
    )
