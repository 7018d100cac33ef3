"""What is wrong with a table, all of it at once, when the lens is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from anyerp.lens.codec import Codec
from anyerp.lens.fields import is_list, is_mapping, model_of
from anyerp.lens.path import general, keys_of, steps
from anyerp.lens.rule import REASONS, Absent, Derived, Each, Join, Map, Nest, Rule, Slots, writable
from anyerp.lens.suit import misfit

#: Fields that no rule has to speak of: `raw` is the payload itself, custom fields are named one by one.
UNRULED = frozenset({"raw", "extra", "dimensions"})

#: A list is filled up to a place that is written, so that places are few.
PLACES = 100

#: Fewer letters are no reason.
LEAST = 3


class LensError(ValueError):
    """A table that cannot be a lens. `problems` lists everything that is wrong with it."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"the lens for {name} has {len(problems)} problem(s):\n  - " + "\n  - ".join(problems))
        self.problems = problems


def problems(model: type[BaseModel], rules: Iterable[Rule]) -> list[str]:
    """Everything wrong with a table for a model."""
    rules = tuple(rules)
    if strange := list(_strange(rules)):
        return strange
    return [*_level(model, rules, ""), *_paths(rules)]


def _strange(rules: Iterable[Any], prefix: str = "") -> Iterator[str]:
    """What is no rule, and codecs that are none: nothing else can be said of such a table."""
    for rule in rules:
        if not isinstance(rule, Rule):
            yield f"{prefix}{rule!r} is no rule; the rules are Map, Join, Slots, Nest, Each, Derived and Absent"
        elif isinstance(rule, Nest | Each):
            yield from _strange(rule.rules, f"{prefix}{rule.field}.")
        elif isinstance(rule, Map | Join | Slots) and not isinstance(rule.codec, Codec):
            name = getattr(rule.codec, "__name__", "")
            told = f"a function; call it: {name}()" if name else f"a {type(rule.codec).__name__}"
            yield f"{prefix}{rule.field}: the codec is {told}"


def fields_of(rule: Rule) -> tuple[str, ...]:
    """The unified fields that a rule fills."""
    return (rule.field, rule.native) if isinstance(rule, Map) and rule.native else (rule.field,)


def _level(model: type[BaseModel], rules: tuple[Rule, ...], prefix: str) -> Iterator[str]:
    spoken = Counter(field for rule in rules for field in fields_of(rule))
    for field, times in spoken.items():
        head, _, custom = field.partition(".")
        if head not in model.model_fields:
            yield f"{prefix}{field}: {model.__name__} has no such field"
        elif custom and not is_mapping(model, head):
            told = "only custom fields (extra.name, dimensions.name) have a dot"
            nested = f"; make it a Nest of {head} with a rule for {custom}" if model_of(model, head) else ""
            yield f"{prefix}{field}: {told}{nested}"
        if times > 1:
            yield f"{prefix}{field}: {times} rules for one field"
    heads = {field.partition(".")[0] for field in spoken}
    for field in model.model_fields:
        if field not in heads and field not in UNRULED:
            yield f"{prefix}{field}: no rule; map it, or say Absent({field!r}, because=...)"
    for rule in rules:
        yield from _rule(model, rule, prefix)


def _rule(model: type[BaseModel], rule: Rule, prefix: str) -> Iterator[str]:
    where = f"{prefix}{rule.field}"
    match rule:
        case Absent(because=because):
            if not because.startswith(REASONS) or len(because.split(":", 1)[1].strip()) < LEAST:
                told = f"a reason begins with one of {', '.join(REASONS)} and says why in {LEAST} letters or more"
                yield f"{where}: {told}; this one is {because!r}"
        case Nest() | Each():
            inner = model_of(model, rule.field) if rule.field in model.model_fields else None
            if inner is None:
                if rule.field in model.model_fields:
                    yield f"{where}: {model.__name__}.{rule.field} is no nested model"
                return
            if isinstance(rule, Each) != is_list(model, rule.field):
                yield f"{where}: use {'Nest' if isinstance(rule, Each) else 'Each'} for this field"
            yield from _level(inner, rule.rules, f"{where}.")
            if isinstance(rule, Each) and not any(
                isinstance(line, Map) and (line.field, line.path) == rule.key for line in rule.rules
            ):
                yield f"{where}: the key {rule.key} is no Map of its lines"
        case Derived():
            for used in rule.uses:
                if used not in model.model_fields:
                    yield f"{where}: derived from {used}, which {model.__name__} does not have"
        case Join():
            if not isinstance(rule.codec.native, tuple) or len(rule.codec.native) != len(rule.paths):
                joined = len(rule.codec.native) if isinstance(rule.codec.native, tuple) else 1
                yield f"{where}: the codec is one of {joined} native values, the rule names {len(rule.paths)} paths"
        case Map() | Slots():
            if isinstance(rule.codec.native, tuple):
                yield f"{where}: a codec that joins needs a Join"
            if rule.codec.name == "choice":
                yield from _table(rule.codec, where, read_only=not writable(rule))
    if (
        isinstance(rule, Map | Join)
        and rule.field in model.model_fields
        and (why := misfit(model, rule.field, rule.codec, written=writable(rule)))
    ):
        yield f"{where}: {why}"


def _table(codec: Codec, where: str, *, read_only: bool) -> Iterator[str]:
    table = codec.data.get("table", {})
    twice = [str(value) for value, times in Counter(table.values()).items() if times > 1]
    if twice and not read_only:
        yield f"{where}: not one-to-one, {', '.join(twice)} stands for several native values; put all but one in also="


def native_types(rules: Iterable[Rule], prefix: str = "") -> Iterator[tuple[str, type]]:
    """Every native path that a table reads, with the type it is read as; lines below their list's path and a star."""
    for rule in rules:
        match rule:
            case Map(path=path, codec=codec):
                assert isinstance(codec.native, type)
                yield prefix + path, codec.native
            case Join(paths=paths, codec=codec):
                kinds = codec.native if isinstance(codec.native, tuple) else (codec.native,)
                yield from ((prefix + path, kind) for path, kind in zip(paths, kinds, strict=False))
            case Slots(paths=paths, codec=codec):
                assert isinstance(codec.native, type)
                yield from ((prefix + path, codec.native) for path in paths)
            case Nest(rules=inner, at=at):
                yield from native_types(inner, prefix + (f"{at}/" if at else ""))
            case Each(path=path, rules=inner):
                yield from native_types(inner, f"{prefix}{path}/*/")
            case Derived(native=native):
                for path, codec in native:
                    assert isinstance(codec.native, type)
                    yield prefix + path, codec.native
            case Absent():
                pass


def _writes(rules: Iterable[Rule], prefix: str = "") -> Iterator[str]:
    for rule in rules:
        if not writable(rule):
            continue
        match rule:
            case Map(path=path):
                yield prefix + path
            case Join(paths=paths) | Slots(paths=paths):
                yield from (prefix + path for path in paths)
            case Nest(rules=inner, at=at):
                yield from _writes(inner, prefix + (f"{at}/" if at else ""))
            case Each(path=path, rules=inner):
                yield from _writes(inner, f"{prefix}{path}/*/")
            case Derived() | Absent():
                pass


def _paths(rules: tuple[Rule, ...]) -> Iterator[str]:
    for path, times in Counter(_writes(rules)).items():
        if times > 1:
            yield f"{path}: {times} rules write this path"
    try:
        pairs = list(native_types(rules))
    except AssertionError:
        return  # a codec of the wrong shape is reported where it stands
    yield from _places(dict.fromkeys(path for path, _ in pairs))
    # The items of a list have one shape, whichever of them a path means.
    kinds: dict[str, type] = {}
    pairs += [(key, str) for path, _ in pairs for key in keys_of(path)]
    for path, kind in pairs:
        same = general(path)
        if kinds.setdefault(same, kind) is not kind:
            yield f"{path}: read as {kinds[same].__name__} and as {kind.__name__}"
    inside: dict[str, bool] = {}
    for path in kinds:
        parts = path.split("/")
        for end in range(1, len(parts)):
            above, as_list = "/".join(parts[:end]), parts[end] == "*"
            if above in kinds:
                yield f"{path}: {above} is read as a value and as what holds values"
            if inside.setdefault(above, as_list) is not as_list:
                yield f"{path}: {above} is read as a list and as an object"


def _places(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if any(isinstance(step, int) and step >= PLACES for step in steps(path)):
            yield f"{path}: a place in a list is below {PLACES}; name the object by a key (member=value)"
        if "" in path.split("/"):
            yield f"{path!r}: a path has no empty step"
