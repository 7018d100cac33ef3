"""Overlays: a tenant's own fields as data (JSON), so that they can be stored, versioned and previewed.

    [{"rule": "map", "field": "extra.project", "path": "YY1_Project", "codec": {"codec": "text", "max_length": 20}},
     {"rule": "map", "in": "lines", "field": "extra.cost_object", "path": "ZZ_CostObject"}]

Rules that need a function (`Join`, `Derived`) are no data: they belong to a connector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from anyerp.lens.check import LensError, fields_of
from anyerp.lens.codec import Codec
from anyerp.lens.codecs import codec_from_data
from anyerp.lens.coverage import FieldCoverage
from anyerp.lens.lens import Lens
from anyerp.lens.rule import Absent, Each, Map, Nest, Rule, Slots
from anyerp.model.base import Record

R = TypeVar("R", bound=Record)

KINDS: dict[str, type[Rule]] = {"map": Map, "slots": Slots, "nest": Nest, "each": Each, "absent": Absent}
NAMES = {kind: name for name, kind in KINDS.items()}
_NEEDED = {
    Map: ("field", "path"),
    Slots: ("field", "paths"),
    Nest: ("field", "rules"),
    Each: ("field", "path", "rules", "key"),
    Absent: ("field", "because"),
}
_DEPTH = 8


class OverlayError(ValueError):
    """An overlay that cannot be applied. `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"the overlay has {len(problems)} problem(s):\n  - " + "\n  - ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CoverageChange:
    """What an overlay does to one field: its coverage before (None: not there) and after (None: no more)."""

    field: str
    before: FieldCoverage | None
    after: FieldCoverage | None


def rules_from_data(data: Any) -> tuple[tuple[str | None, Rule], ...]:
    """Each rule, with the list or nested value that it belongs `in`. Raises `OverlayError` with all that is wrong."""
    wrong: list[str] = []
    found: list[tuple[str | None, Rule]] = []
    if not isinstance(data, (list, tuple)):
        raise OverlayError([f"an overlay is a list of rules, not {_kind(data)}"])
    for index, entry in enumerate(data):
        inside = entry.get("in") if isinstance(entry, Mapping) else None
        if inside is not None and not (isinstance(inside, str) and inside):
            wrong.append(f"[{index}].in: the name of a list or nested field, not {_kind(inside)}")
            inside = None
        rest = {k: v for k, v in entry.items() if k != "in"} if isinstance(entry, Mapping) else entry
        rule = _rule(rest, f"[{index}]", wrong, _DEPTH)
        if rule is not None:
            found.append((inside, rule))
    if wrong:
        raise OverlayError(wrong)
    return tuple(found)


def data_from_rules(rules: Iterable[Rule | tuple[str | None, Rule]]) -> list[dict[str, Any]]:
    """Rules as data, what is default left out. Raises `OverlayError` for a rule or codec that data cannot say."""
    wrong: list[str] = []
    found = []
    for entry in rules:
        inside, rule = entry if isinstance(entry, tuple) else (None, entry)
        made = _data(rule, wrong)
        found.append(made if inside is None else {"rule": made.pop("rule", None), "in": inside, **made})
    if wrong:
        raise OverlayError(wrong)
    return found


def overlaid(lens: Lens[R], data: Any) -> Lens[R]:
    """The lens with an overlay. Raises `OverlayError`, also for what the lens itself refuses."""
    rules = rules_from_data(data)
    own = [rule for inside, rule in rules if inside is None]
    wrong: list[str] = []
    for inside in dict.fromkeys(inside for inside, _ in rules if inside is not None):
        outer = next((r for r in (*own, *lens.rules) if r.field == inside and isinstance(r, (Nest, Each))), None)
        if outer is None:
            wrong.append(f"in {inside}: this lens has no list or nested value of that name")
            continue
        more = [rule for where, rule in rules if where == inside]
        taken = {field for rule in more for field in fields_of(rule)}
        kept = [rule for rule in outer.rules if not taken.intersection(fields_of(rule))]
        own = [rule for rule in own if rule is not outer]
        own.append(replace(outer, rules=(*kept, *more)))
    if wrong:
        raise OverlayError(wrong)
    try:
        return lens.extended(*own)
    except LensError as error:
        raise OverlayError(error.problems) from None


def preview(lens: Lens[Any], data: Any) -> tuple[CoverageChange, ...]:
    """What an overlay changes in a lens's coverage, field by field. Raises `OverlayError`."""
    before = {entry.field: entry for entry in lens.coverage}
    after = {entry.field: entry for entry in overlaid(lens, data).coverage}
    names = sorted(before.keys() | after.keys())
    return tuple(
        CoverageChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _rule(entry: Any, where: str, wrong: list[str], depth: int) -> Rule | None:
    if not isinstance(entry, Mapping):
        wrong.append(f"{where}: a rule is an object, not {_kind(entry)}")
        return None
    name = entry.get("rule")
    kind: Any = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        wrong.append(f"{where}.rule: one of {', '.join(KINDS)}, not {name!r}")
        return None
    if depth == 0:
        wrong.append(f"{where}: nested too deeply")
        return None
    before = len(wrong)
    known = [field.name for field in fields(kind)]
    unknown = [key for key in entry if key not in ("rule", *known)]
    wrong += [f"{where}: a {name} rule has no {key!r}; it has {', '.join(known)}" for key in unknown]
    wrong += [f"{where}: a {name} rule needs {key!r}" for key in _NEEDED[kind] if key not in entry]
    values: dict[str, Any] = {}
    for key in known:
        if key in entry:
            values[key] = _value(key, entry[key], f"{where}.{key}", wrong, depth)
    return None if len(wrong) > before else kind(**values)


def _value(key: str, value: Any, where: str, wrong: list[str], depth: int) -> Any:
    match key:
        case "codec":
            try:
                if isinstance(value, Mapping):
                    return codec_from_data(value)
                wrong.append(f"{where}: an object that names its codec, not {_kind(value)}")
            except ValueError as error:
                wrong.append(f"{where}: {error}")
            return None
        case "rules" if isinstance(value, (list, tuple)):
            return tuple(_rule(inner, f"{where}[{index}]", wrong, depth - 1) for index, inner in enumerate(value))
        case "paths" | "key" if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
            if key == "key" and len(value) != 2:
                wrong.append(f"{where}: a pair of unified field and native path")
            return tuple(value)
        case "read_only" | "create_only" | "follows" if isinstance(value, bool):
            return value
        case "native" | "at" if value is None:
            return None
        case "field" | "path" | "because" | "native" | "at" if isinstance(value, str) and value:
            return value
        case "rules" | "paths" | "key":
            wrong.append(f"{where}: a list, not {_kind(value)}")
        case "read_only" | "create_only" | "follows":
            wrong.append(f"{where}: true or false, not {_kind(value)}")
        case _:
            wrong.append(f"{where}: text, not {_kind(value)}")
    return None


def _data(rule: Rule, wrong: list[str]) -> dict[str, Any]:
    name = NAMES.get(type(rule))
    if name is None:
        wrong.append(f"{rule.field}: a {type(rule).__name__} needs a function, which is no data")
        return {}
    made: dict[str, Any] = {"rule": name}
    for field in fields(rule):
        value = getattr(rule, field.name)
        if value == field.default and not isinstance(value, Codec):
            continue
        match value:
            case Codec():
                value = _codec_data(rule.field, value, wrong)
            case tuple() if field.name == "rules":
                value = [_data(inner, wrong) for inner in value]
            case tuple():
                value = list(value)
        made[field.name] = value
    return made


def _codec_data(field: str, codec: Codec, wrong: list[str]) -> dict[str, Any]:
    made = {k: _keyed(v) if isinstance(v, Mapping) else v for k, v in codec.data.items()}
    try:
        codec_from_data(made)
    except ValueError:
        wrong.append(f"{field}: the codec {codec.name} has no name that data could say")
    return made


def _keyed(table: Mapping[Any, Any]) -> dict[str, Any]:
    """A table with its keys as JSON has them."""
    return {str(key).lower() if isinstance(key, bool) else str(key): value for key, value in table.items()}


def _kind(value: Any) -> str:
    return {type(None): "null", str: "text", dict: "an object", list: "a list", bool: "true or false"}.get(
        type(value), f"a {type(value).__name__}"
    )
