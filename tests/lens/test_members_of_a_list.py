"""A computed field may be given one member of all objects of a list, in both ways of reading."""

from __future__ import annotations

import pytest
from anyerp.lens import Derived, Lens, Unreadable, text
from anyerp.wire import dump_json
from thing import THING, Thing


def joined(own, members):
    return "+".join([own or "-", *(each or "-" for each in members)])


LENS = Lens(
    Thing,
    [
        Derived("version", joined, native=(("Tag", text()), ("items/results/*/Tag", text())))
        if rule.field == "version"
        else rule
        for rule in THING.rules
    ],
)
READERS = {"whole": LENS, "narrow": LENS.only(["name"])}


@pytest.mark.parametrize("lens", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("row", "version"),
    [
        ({"Tag": "h", "items": {"results": [{"Tag": "a"}, {}, {"Tag": ""}]}}, "h+a+-+-"),
        ({"items": {"results": []}}, "-"),
        ({"Tag": "h", "items": {}}, "h"),
        ({"Tag": "h"}, "h"),
    ],
)
def test_both_ways_of_reading_give_a_computation_the_same_members(lens, row, version):
    compiled = lens.compile("")
    content = dump_json([row])
    assert compiled.records(compiled.rows(content))[0].version == lens.get(row).version == version
    assert compiled.careful(content)[0][0].version == version


@pytest.mark.parametrize("lens", READERS.values(), ids=READERS)
@pytest.mark.parametrize("items", [7, "x", {"Tag": "a"}, [{"Tag": 7}]])
def test_what_is_no_list_of_such_objects_is_rejected_and_said(lens, items):
    row = {"Key": "1", "items": {"results": items}}
    with pytest.raises(Unreadable, match="items/results"):
        lens.get(row)
    good, bad = lens.compile("").careful(dump_json([row, {"Key": "2"}]))
    assert ([record.id for record in good], len(bad)) == (["2"], 1)
