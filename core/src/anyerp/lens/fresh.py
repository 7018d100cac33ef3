"""The quick way to write a new record: prepared once from the table, for records in which nothing is wrong.

It does what `anyerp.lens.writing` does with an empty record, value by value, each read back and compared at once. Where
anything is refused, lost, computed, absent or unusual it gives up with `Hard`, and the careful way says what and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from pydantic import BaseModel

from anyerp.lens.changes import Changes, ListChanges
from anyerp.lens.codec import Codec, unchanged
from anyerp.lens.path import Keyed, Step, steps
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots
from anyerp.lens.writing import natural
from anyerp.model.base import Ref

#: Writes one field: the record's values, its names that were set, the native record, and what changed in it.
Put = Callable[[Mapping[str, Any], Any, dict[str, Any], Changes], None]
_REMEMBERED = 4096


class Hard(Exception):
    """Not for the quick way."""


def writer(rules: Iterable[Rule]) -> Callable[[BaseModel], tuple[dict[str, Any], Changes]]:
    """A function that makes the native form of a new record, or raises `Hard`."""
    puts = _prepared(tuple(rules), "")

    def write(record: BaseModel) -> tuple[dict[str, Any], Changes]:
        native: dict[str, Any] = {}
        changes = Changes()
        _run(puts, record, native, changes)
        return native, changes

    return write


def _run(puts: list[tuple[str, Put]], record: Any, native: dict[str, Any], changes: Changes) -> None:
    if not isinstance(record, BaseModel):
        raise Hard
    values, given = record.__dict__, record.model_fields_set
    for head, put in puts:
        if head in given:
            put(values, given, native, changes)


def _prepared(rules: tuple[Rule, ...], prefix: str) -> list[tuple[str, Put]]:
    """The rules in the table's order, each under the name of the field that must have been set."""
    puts: list[tuple[str, Put]] = []
    customs: dict[str, set[str]] = {}
    for rule in rules:
        head, _, custom = rule.field.partition(".")
        if custom:
            customs.setdefault(head, set()).add(custom)
            puts.append((head, _custom(rule, head, custom, prefix)))
            continue
        put = _put(rule, prefix)
        puts.append((head, put))
        if isinstance(rule, Map) and rule.native and not rule.read_only and not rule.follows:
            puts.append((rule.native, _unless_set(head, put)))
    puts += [(mapping, _known_only(mapping, customs.get(mapping, set()))) for mapping in ("extra", "dimensions")]
    return puts


def _unless_set(head: str, put: Put) -> Put:
    """The companion of a field, where only the companion is given."""

    def alone(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        if head not in given:
            put(values, given, native, changes)

    return alone


def _known_only(mapping: str, known: set[str]) -> Put:
    def check(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        found = values.get(mapping)
        if found is not None and (
            not isinstance(found, Mapping) or any(name not in known and v is not None for name, v in found.items())
        ):
            raise Hard

    return check


def _custom(rule: Rule, head: str, custom: str, prefix: str) -> Put:
    """A rule for a custom field, which stands in a mapping."""
    if not isinstance(rule, Map) or rule.native or rule.read_only or rule.follows:
        return _only_if_nothing(lambda values: (values.get(head) or {}).get(custom))
    carry, plant, path = _carrier(rule.codec), _planter(prefix + rule.path), prefix + rule.path

    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        value = (values.get(head) or {}).get(custom)
        if value is not None:
            changes.fields[path] = there = carry(natural(rule.field, rule.codec, value))
            plant(native, there)

    return put


def _only_if_nothing(value_of: Callable[[Mapping[str, Any]], Any]) -> Put:
    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        if value_of(values) is not None:
            raise Hard

    return put


def _put(rule: Rule, prefix: str) -> Put:
    field = rule.field
    match rule:
        case Map(follows=True):
            return lambda values, given, native, changes: None
        case Absent() | Derived() | Map(read_only=True) | Join(read_only=True) | Slots(read_only=True):
            return _only_if_nothing(lambda values: values.get(field))
        case Map():
            return _map(rule, prefix)
        case Join():
            return _join(rule, prefix)
        case Slots():
            return _slots(rule, prefix)
        case Nest(rules=inner, at=at):
            puts = _prepared(inner, prefix if at is None else f"{prefix}{at}/")

            def nest(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
                value = values.get(field)
                if value is not None:
                    _run(puts, value, native, changes)

            return nest
        case Each():
            return _each(rule, prefix)


def _map(rule: Map, prefix: str) -> Put:
    field, companion, path = rule.field, rule.native, prefix + rule.path
    carry, plant, held = _carrier(rule.codec), _planter(path), _holder(rule.codec)

    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        value = values.get(field) if field in given else None
        kept = values.get(companion) if companion is not None and companion in given else None
        if kept is not None:
            if value is not None:
                held(kept, value)
            there = kept
        elif value is not None:
            there = carry(value)
        else:
            return
        changes.fields[path] = there
        plant(native, there)

    return put


def _holder(codec: Codec) -> Callable[[Any, Any], None]:
    """Checks that a native text, kept beside a value, means that value."""

    def held(kept: Any, value: Any) -> None:
        try:
            means = codec.decode(msgspec.convert(kept, codec.native, strict=True))
            fits = means == value or means == codec.settle(value)
        except Exception:  # noqa: BLE001 - the careful way says what is wrong
            raise Hard from None
        if not fits:
            raise Hard

    return held


def _carrier(codec: Codec) -> Callable[[Any], Any]:
    """Makes the native value of a value, having seen that it reads back as it was given."""
    remembered: dict[Any, Any] = {}
    encode, decode, settle, kind = codec.encode, codec.decode, codec.settle, codec.native

    def carry(value: Any) -> Any:
        # Decimals are not remembered: equal ones may be written differently.
        exact = type(value)
        name: Any = value if exact is str or exact is date else None
        if exact is Ref:
            name = (value.id, value.number, value.name)
        if name is not None and name in remembered:
            return remembered[name]
        try:
            there = encode(value)
            back = None if there is None else decode(msgspec.convert(there, kind, strict=True))
            arrived = there is not None and bool(back == value or (settle is not unchanged and back == settle(value)))
        except Exception:  # noqa: BLE001 - as above
            raise Hard from None
        if not arrived:
            raise Hard
        if name is not None:
            if len(remembered) >= _REMEMBERED:
                remembered.clear()
            remembered[name] = there
        return there

    return carry


def _join(rule: Join, prefix: str) -> Put:
    field, codec = rule.field, rule.codec
    paths = tuple(prefix + path for path in rule.paths)
    plants = tuple(map(_planter, paths))
    kinds = codec.native if isinstance(codec.native, tuple) else (codec.native,) * len(paths)

    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        value = values.get(field)
        if value is None:
            return
        try:
            parts = tuple(codec.encode(value))
            back = [
                None if part is None else msgspec.convert(part, kind, strict=True)
                for part, kind in zip(parts, kinds, strict=True)
            ]
            found = None if all(part is None for part in back) else codec.decode(tuple(back))
            arrived = found is not None and bool(found == value or found == codec.settle(value))
        except Exception:  # noqa: BLE001 - as above
            raise Hard from None
        if not arrived or len(parts) != len(paths):
            raise Hard
        for path, plant, part in zip(paths, plants, parts, strict=True):
            if part is not None:
                changes.fields[path] = part
                plant(native, part)

    return put


def _slots(rule: Slots, prefix: str) -> Put:
    field, carry, empty = rule.field, _carrier(rule.codec), rule.codec.empty
    paths = tuple(prefix + path for path in rule.paths)
    plants = tuple(map(_planter, paths))

    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        found = tuple(values.get(field) or ())
        if not found:
            return
        if len(found) > len(paths):
            raise Hard
        for index, (path, plant) in enumerate(zip(paths, plants, strict=True)):
            there = carry(found[index]) if index < len(found) else empty
            if there is not None:
                changes.fields[path] = there
                plant(native, there)

    return put


def _each(rule: Each, prefix: str) -> Put:
    field, path, puts = rule.field, prefix + rule.path, _prepared(rule.rules, "")
    plant, key = _planter(path), rule.key[0]
    settle = next(r.codec for r in rule.rules if isinstance(r, Map) and (r.field, r.path) == rule.key).settle

    def put(values: Mapping[str, Any], given: Any, native: dict[str, Any], changes: Changes) -> None:
        lines = values.get(field)
        if not lines:
            return
        made: list[dict[str, Any]] = []
        seen = set()
        for line in lines:
            own: dict[str, Any] = {}
            _run(puts, line, own, Changes())
            name = getattr(line, key) if key in line.model_fields_set else None
            if name is not None:
                name = settle(name)
                if name in seen:
                    raise Hard
                seen.add(name)
            made.append(own)
        changes.lists[path] = ListChanges(added=made[:])
        plant(native, made)

    return put


def _planter(path: str) -> Callable[[dict[str, Any], Any], None]:
    """Puts a value at a path of a record that is ours alone; what is missing on the way is made."""
    way = steps(path)
    if len(way) == 1 and isinstance(way[0], str):
        only = way[0]

        def simply(native: dict[str, Any], value: Any) -> None:
            native[only] = value

        return simply

    def plant(native: dict[str, Any], value: Any) -> None:
        _plant(native, way, value)

    return plant


def _plant(native: dict[str, Any], way: tuple[Step, ...], value: Any) -> None:
    here: Any = native
    for step, after in zip(way, (*way[1:], None), strict=True):
        at: Any = step
        if isinstance(step, Keyed):
            at = next((n for n, item in enumerate(here) if item.get(step.member) == step.value), len(here))
            if at == len(here):
                here.append({step.member: step.value})
        elif isinstance(step, int):
            while len(here) <= step:
                here.append({})
        if after is None:
            here[at] = value
            return
        here = here.setdefault(at, {} if isinstance(after, str) else []) if isinstance(here, dict) else here[at]
        if isinstance(here, dict) is not isinstance(after, str):
            raise Hard  # two shapes at one path
