"""A table that cannot be a lens is refused when it is built, with everything that is wrong at once."""

from __future__ import annotations

import pytest
from anyerp.lens import (
    Absent,
    Derived,
    Each,
    Join,
    Lens,
    LensError,
    Map,
    Nest,
    Slots,
    absent,
    boolean,
    choice,
    decimal,
    integer,
    iso_day,
    iso_instant,
    text,
)
from anyerp.model.base import Address, Ref
from thing import THING, Part, Thing

LINE = (Map("number", "Pos", integer()), *absent("never: not here", *(set(Part.model_fields) - {"number", "extra"})))


def wrong(*rules):
    """What is wrong with these rules, the rest of the model declared absent."""
    named = {rule.field for rule in rules} | {rule.native for rule in rules if isinstance(rule, Map) and rule.native}
    rest = set(Thing.model_fields) - {name.partition(".")[0] for name in named} - {"raw", "extra"}
    try:
        Lens(Thing, [*rules, absent("never: not here", *sorted(rest))])
    except LensError as error:
        return error.problems
    return []


def test_a_sound_table_has_no_problems():
    assert wrong(Map("name", "N"), Map("extra.a", "A"), Each("parts", "p", LINE, ("number", "Pos"))) == []


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([Map("nmae", "N")], "nmae: Thing has no such field"),
        ([Map("name.first", "N")], "name.first: only custom fields (extra.name, dimensions.name) have a dot"),
        ([Map("home.city", "N")], "home.city: only custom fields (extra.name, dimensions.name) have a dot; make"),
        ([Map("name", "N"), Map("name", "M")], "name: 2 rules for one field"),
        ([Map("name", "N"), Map("code", "C", native="name")], "name: 2 rules for one field"),
        ([Map("extra.a", "N"), Map("extra.a", "M")], "extra.a: 2 rules for one field"),
        ([Absent("name", "because")], "name: a reason begins with one of never:, upstream:, todo:"),
        ([Absent("name", "never: x")], "name: a reason begins with one of never:, upstream:, todo: and says why"),
        ([Nest("name", ())], "name: Thing.name is no nested model"),
        ([Nest("parts", LINE)], "parts: use Each for this field"),
        ([Each("home", "h", (), ("a", "b"))], "home: use Nest for this field"),
        ([Nest("home", (Map("city", "C"),))], "home.name: no rule; map it, or say Absent('name', because=...)"),
        ([Nest("home", (Map("town", "C"),))], "home.town: Address has no such field"),
        ([Each("parts", "p", LINE, ("number", "No"))], "parts: the key ('number', 'No') is no Map of its lines"),
        ([Derived("total", len, uses=("sum",))], "total: derived from sum, which Thing does not have"),
        ([Join("name", ("A", "B"), text())], "name: the codec is one of 1 native values, the rule names 2 paths"),
        ([Map("name", "A", type(text())("two", native=(str, str)))], "name: a codec that joins needs a Join"),
        ([Map("vendor", "V", text())], "vendor: the model holds a reference (a codec such as reference(), or a Nest)"),
        ([Map("vendor", "V", text(), read_only=True)], "vendor: the model holds a reference"),
        ([Map("day", "D", iso_instant())], "day: the model holds a date (a codec such as iso_day()), and iso_instant"),
        ([Map("at", "D", iso_day(), read_only=True)], "at: the model holds a moment"),
        ([Map("price", "P", text())], "price: the model holds a decimal, and text gives text"),
        ([Map("active", "A", choice({"1": "yes"}))], "active: 'yes' is not among true or false"),
        ([Map("kind", "K", choice({"A": "x"}))], "kind: 'x' is not among 'a', 'b'"),
        (
            [Map("kind", "K", choice({"A": "a", "B": "a"}))],
            "kind: not one-to-one, a stands for several native values; put all but one in also=",
        ),
        ([Map("name", "N"), Map("code", "N")], "N: 2 rules write this path"),
        ([Map("name", "N"), Slots("mails", ("N",))], "N: 2 rules write this path"),
        ([Map("name", "a/City"), Nest("home", (
            Map("city", "City"), *absent("never: not here", *(set(Address.model_fields) - {"city"}))), at="a")],
         "a/City: 2 rules write this path"),
        ([Map("name", "N"), Map("count", "N", integer(), read_only=True)], "N: read as str and as int"),
        ([Map("name", "l/0/A"), Map("count", "l/1/A", integer())], "l/1/A: read as str and as int"),
        ([Map("name", "l/K=1/A"), Map("count", "l/0/K", integer())], "l/*/K: read as int and as str"),
        ([Map("name", "a"), Map("code", "a/b")], "a/b: a is read as a value and as what holds values"),
        ([Map("name", "a/0/c"), Map("code", "a/b")], "a/b: a is read as a list and as an object"),
        ([Map("name", "a/100/c")], "a/100/c: a place in a list is below 100; name the object by a key (member=value)"),
        ([Map("name", "a//c")], "'a//c': a path has no empty step"),
        ([Map("name", "")], "'': a path has no empty step"),
    ],
)  # fmt: skip
def test_each_kind_of_mistake_is_named(rules, says):
    assert any(problem.startswith(says) for problem in wrong(*rules)), wrong(*rules)


def test_a_field_that_nobody_speaks_of_is_named():
    with pytest.raises(LensError) as caught:
        Lens(Ref, [Map("id", "K")])
    assert caught.value.problems == [
        "number: no rule; map it, or say Absent('number', because=...)",
        "name: no rule; map it, or say Absent('name', because=...)",
    ]
    assert str(caught.value).startswith("the lens for Ref has 2 problem(s):\n  - number: ")


def test_all_mistakes_are_told_at_once():
    told = wrong(
        Map("nmae", "N"), Map("kind", "K", choice({"A": "a", "B": "a"})), Absent("name", "no"), Map("code", "K")
    )
    assert len(told) == 4


def test_a_table_that_is_only_read_need_not_be_one_to_one():
    assert wrong(Map("kind", "K", choice({"A": "a", "B": "a"}), read_only=True)) == []


def test_two_rules_may_read_one_path():
    assert wrong(Map("name", "N"), Map("code", "N", read_only=True)) == []


def test_an_extension_is_checked_too():
    with pytest.raises(LensError, match="Name: 2 rules write this path"):
        THING.extended(Map("extra.alias", "Name"))
    with pytest.raises(LensError, match="no such field"):
        THING.extended(Map("custom.alias", "ZZ"))


def test_the_codecs_of_one_path_may_differ_as_long_as_the_native_type_is_one():
    assert (
        wrong(
            Map("price", "P", decimal()), Map("rate", "P", decimal(9, 2), read_only=True), Map("active", "A", boolean())
        )
        == []
    )


def test_what_the_model_makes_of_text_and_numbers_by_itself_may_be_read_as_such():
    assert wrong(Map("price", "P", text(), read_only=True), Map("rate", "R", integer())) == []


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([("name", "N")], "'name' is no rule; the rules are Map, Join, Slots, Nest, Each, Derived and Absent"),
        ([Map("day", "D", iso_day)], "day: the codec is a function; call it: iso_day()"),
        ([Nest("home", (Map("city", "C", "text"),))], "home.city: the codec is a str"),
    ],
)
def test_what_is_no_rule_and_no_codec_is_named(rules, says):
    with pytest.raises(LensError) as refused:
        Lens(Thing, rules)
    assert says in refused.value.problems
