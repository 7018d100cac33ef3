"""The compiled path gives what the interpreted one gives, page for page, damaged pages included."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal

import pytest
from anyerp.lens import BadPage, Codec, Derived, Lens, Map, Unreadable, absent, source, text, trimmed
from anyerp.wire import dump_json, load_json
from hypothesis import given
from hypothesis import strategies as st
from test_laws import natives
from thing import NATIVE, THING, Thing

COMPILED = THING.compile("d/results")
ONE = load_json(json.dumps(NATIVE))

WRONG = [None, "", "x", 5, -1, 1.5, True, [], {}, [None], [5], ["x"], [[]], [{}], {"results": 5}, {"results": [None]},
         {"results": [5, {}]}, "0001-01-01", "9" * 400, Decimal("1E+999"), "1E+999999", 10**30]  # fmt: skip


def page(*rows):
    return dump_json({"d": {"results": list(rows)}, "other": {"x": 1}})


def interpreted(row):
    """A record, or None where the row cannot be read."""
    try:
        return THING.get(load_json(dump_json(row)))
    except (Unreadable, ValueError):
        return None


def quickly(content):
    """The records of the fast path, or None where it gives up on the page."""
    try:
        return COMPILED.records(COMPILED.rows(content))
    except Exception:  # noqa: BLE001 - whatever it raises, the careful way follows
        return None


def spots(value, path=()):
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        found += spots(inner, (*path, step))
    return found


def damage(row, path, value):
    row = copy.deepcopy(row)
    here = row
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return row


@given(st.lists(natives, max_size=3))
def test_a_page_reads_alike_both_ways(rows):
    assert quickly(page(*rows)) == [interpreted(row) for row in rows]


@pytest.mark.parametrize("path", spots(ONE), ids=lambda path: "/".join(map(str, path)))
def test_whatever_stands_in_a_place_both_ways_say_the_same(path):
    for value in WRONG:
        row = damage(ONE, path, value)
        expected = interpreted(row)
        content = page(ONE, row)
        fast = quickly(content)
        assert fast is None or (expected is not None and fast == [interpreted(ONE), expected]), value
        good, bad = COMPILED.careful(content)
        assert good == [record for record in (interpreted(ONE), expected) if record is not None], value
        assert len(good) + len(bad) == 2


@given(natives, st.data())
def test_random_damage_is_judged_alike(row, data):
    for _ in range(data.draw(st.integers(1, 3))):
        row = damage(row, data.draw(st.sampled_from(spots(row))), data.draw(st.sampled_from(WRONG)))
    expected = interpreted(row)
    fast, (good, _) = quickly(page(row)), COMPILED.careful(page(row))
    assert good == ([] if expected is None else [expected])
    assert fast is None or fast == good


def test_one_bad_record_is_set_aside_with_its_payload_and_reasons_and_the_others_go_on():
    bad = {**ONE, "Day": "tomorrow"}
    good, rejected = COMPILED.careful(page(ONE, bad, ONE))
    assert good == [THING.get(ONE)] * 2
    assert [entry.raw for entry in rejected] == [load_json(dump_json(bad))]
    (reason,) = rejected[0].reasons
    assert "day <-> Day" in reason.message
    assert "tomorrow" in reason.message


@pytest.mark.parametrize("row", ["null", "5", '"x"', "[]", "true"])
def test_a_row_that_is_no_record_is_rejected_and_never_read_as_an_empty_one(row):
    good, rejected = COMPILED.careful(b'{"d":{"results":[%b,{"Key":"1"}]}}' % row.encode())
    assert len(good) == 1
    assert [entry.raw for entry in rejected] == [json.loads(row)]
    assert "a record was expected" in rejected[0].reasons[0].message


def test_a_record_that_the_model_refuses_says_where():
    _, rejected = COMPILED.careful(page({"parts": {"results": [{}, {"Pos": "99999999999"}]}, "Count": 10**40}))
    assert {reason.pointer for reason in rejected[0].reasons} == {"/parts/1/number", "/count"}
    assert all("99999" not in reason.message for reason in rejected[0].reasons)


@pytest.mark.parametrize("number", [b"1E+999999", b"1E-999999", b"1e999999999", b'"1E+999999"', b"9" * 5000])
def test_a_number_beyond_all_bounds_is_never_written_out(number):
    content = b'{"d":{"results":[{"Key":"1"},{"Price":%b,"Key":"2"},{"Key":"3"}]}}' % number
    good, rejected = COMPILED.careful(content)
    assert len(good) + len(rejected) == 3
    for thing in good:
        if thing.price is not None:
            with pytest.raises(ValueError, match="beyond 28 digits"):
                thing.model_dump_json()
            assert THING.create(thing).problems


def test_a_huge_number_that_nobody_maps_does_no_harm():
    content = b'{"d":{"results":[{"Key":"1","Other":1E+999999},{"Key":"2","Day":"x"}]}}'
    good, rejected = COMPILED.careful(content)
    assert ([thing.id for thing in good], len(rejected)) == (["1"], 1)


def test_a_deeply_nested_page_is_a_bad_page_or_a_bad_record_but_no_crash():
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(BadPage):
        COMPILED.careful(b'{"d":{"results":' + deep + b"}}")
    try:
        good, bad = COMPILED.careful(b'{"d":{"results":[{"Key":"1"},{"Other":' + deep + b"}]}}")
    except BadPage:
        return
    assert len(good) + len(bad) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"d":null}', b'{"d":{}}', b'{"d":{"results":null}}', b'{"d":{"results":5}}', b"\xff",
     b'{"d":{"results":{}}}', b"<html>"],
)  # fmt: skip
def test_a_page_without_rows_is_a_bad_page(content):
    with pytest.raises(BadPage):
        COMPILED.careful(content)


def test_rows_that_are_no_objects_are_set_aside():
    good, rejected = COMPILED.careful(page(ONE, None, 5, [], "x"))
    assert len(good) + len(rejected) == 5
    assert good[0] == THING.get(ONE)


def test_the_native_payload_comes_along_when_asked_for():
    (record,), _ = COMPILED.careful(page(ONE), raw=True)
    assert record.raw == ONE
    assert COMPILED.careful(page(ONE))[0][0].raw is None


def test_rows_may_stand_at_the_top_or_anywhere():
    assert THING.compile("").records(THING.compile("").rows(dump_json([ONE]))) == [THING.get(ONE)]
    assert THING.compile("a/b/c").rows(b'{"a":{"b":{"c":[]}}}') == []
    assert THING.compile("") is THING.compile("")


def test_values_of_a_native_row_are_found_for_the_next_page():
    (row,) = COMPILED.rows(page(ONE))
    assert COMPILED.native_value(row, "Key") == "K1"
    assert COMPILED.native_value(row, "meta/@etag") == "e1"
    assert COMPILED.native_value(row, "texts/Type=F01/Text") is None  # keys of pages are plain


def test_loose_rows_are_given_whatever_they_hold():
    assert COMPILED.loose(b'{"d":{"results":[{"Key":5},{"a":1E+999999}]}}') == [{"Key": 5}, {}]


def counting():
    """A codec that repeats itself, and how often it was asked."""
    asked = []

    def decode(value):
        asked.append(value)
        return value or None

    codec = Codec("counting", decode=decode, memo=True)
    return Lens(Thing, (Map("name", "N", codec), *absent("never: not here", *REST))), asked


REST = sorted(set(Thing.model_fields) - {"name", "raw", "extra"})


def test_a_repeated_value_is_decoded_once():
    lens, asked = counting()
    compiled = lens.compile("")
    records = compiled.records(compiled.rows(dump_json([{"N": "a"}, {"N": "b"}, {"N": "a"}, {}] * 50)))
    assert sorted(asked) == ["a", "b"]
    assert [record.name for record in records[:4]] == ["a", "b", "a", None]


def test_the_memory_of_repeated_values_is_bounded(monkeypatch):
    monkeypatch.setattr(source, "KEEP_AT_MOST", 100)
    memo = source.Memo(str.upper)
    for number in range(1000):
        assert memo[f"n{number}"] == f"N{number}"
        assert len(memo) <= 100
    assert memo[None] is None


def test_a_codec_that_fails_is_not_remembered():
    memo = source.Memo(int)
    with pytest.raises(ValueError, match="invalid"):
        memo["x"]
    assert "x" not in memo


def test_two_fields_of_one_codec_share_its_memory():
    codec = trimmed(5)
    rest = [name for name in REST if name != "code"]
    lens = Lens(Thing, (Map("name", "A", codec), Map("code", "B", codec), *absent("never: not here", *rest)))
    text = lens.compile("").text
    assert len(set(re.findall(r"memo\d+", text))) == 1
    assert len(re.findall(r"memo\d+", text)) == 2


@pytest.mark.parametrize(
    "error", [ValueError, IndexError, AttributeError, ZeroDivisionError, RuntimeError, RecursionError]
)
def test_whatever_a_foreign_codec_raises_it_costs_one_record(error):
    def decode(value):
        if value == "bad":
            raise error("oh")
        return value

    lens = Lens(Thing, (Map("name", "N", Codec("foreign", decode=decode)), *absent("never: not here", *REST)))
    good, rejected = lens.compile("").careful(b'[{"N":"a"},{"N":"bad"},{"N":"c"}]')
    assert [record.name for record in good] == ["a", "c"]
    assert "name <-> N" in rejected[0].reasons[0].message


def test_a_derived_field_that_cannot_be_computed_costs_one_record():
    def compute(name):
        return {"a": "A"}[name]

    rest = [name for name in REST if name != "code"]
    lens = Lens(
        Thing, (Map("name", "N", text()), Derived("code", compute, uses=("name",)), *absent("never: not here", *rest))
    )
    good, rejected = lens.compile("").careful(b'[{"N":"a"},{"N":"b"}]')
    assert [record.code for record in good] == ["A"]
    assert "code: cannot be computed" in rejected[0].reasons[0].message


def test_an_ordinary_path_is_a_plain_attribute_in_the_generated_function():
    compiled = Lens(Thing, (Map("name", "N", text()), *absent("never: not here", *REST))).compile("")
    assert "find" not in compiled.text
    assert "row.f0" in compiled.text


@pytest.mark.parametrize("row", [{}, {"all": {"b": "1"}}, {"a": "2"}, {"all": {"a": "1", "b": "1"}, "a": "2"}])
def test_custom_fields_by_name_lie_over_a_mapping_that_is_read_whole(row):
    rest = [field for field in Thing.model_fields if field not in ("extra", "raw")]
    whole = Map("extra", "all", Codec("whole", native=dict), follows=True)
    lens = Lens(Thing, [whole, Map("extra.a", "a"), *absent("never: not here", *rest)])
    (found,) = lens.compile("rows").careful(dump_json({"rows": [row]}))[0]
    assert found == lens.get(row)
    assert found.extra == ({**row.get("all", {}), **({"a": row["a"]} if "a" in row else {})} or None)
