"""Writing: unified values into a native record, new or existing, refusing by name what would not survive.

One function serves creation and update: creation writes into an empty record. What the host left as it was is not
touched, so that native spellings and fields that no rule knows survive. Afterwards everything is read back and
compared: a value that did not arrive is a problem, whoever lost it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from anyerp.errors import Problem
from anyerp.lens.changes import Changes, ListChanges
from anyerp.lens.codec import Codec, Refused
from anyerp.lens.domain import DayDomain, DecimalDomain, InstantDomain, RefDomain
from anyerp.lens.path import look, place
from anyerp.lens.reading import Unreadable, decode, read
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots, writable
from anyerp.model.base import Day, Instant, Number, Ref

Values = Mapping[str, Any]


@dataclass(slots=True)
class Writing:
    """The state of one write: the native record as it grows, what changed, what is refused."""

    native: dict[str, Any]
    new: bool
    changes: Changes = field(default_factory=Changes)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, pointer: str, field: str, paths: str, why: str, code: str = "not_representable") -> None:
        """Note that a field's value cannot be written."""
        names = f"{field} <-> {paths}" if paths else field
        self.problems.append(Problem(f"{names}: {why}", f"{pointer}/{field.replace('.', '/')}", code))

    def put(self, path: str, value: Any) -> None:
        """Write one native value. A new record leaves out what is nothing."""
        if self.new and value is None:
            return
        self.native = place(self.native, path, value)
        self.changes.fields[path] = value


def values_of(record: BaseModel | Values) -> dict[str, Any]:
    """The fields that were set, by name; a field never set is not spoken of."""
    if isinstance(record, BaseModel):
        return {name: getattr(record, name) for name in record.model_fields_set}
    return dict(record)


def pick(values: Values, field: str) -> Any:
    """The value of a field, dotted ones from their mapping; None when it is not there."""
    head, _, custom = field.partition(".")
    found = values.get(head)
    return (found or {}).get(custom) if custom else found


def has(values: Values, field: str) -> bool:
    """Whether a field was set. Of a mapping only the names that it holds are; a mapping that is null has none left."""
    head, _, custom = field.partition(".")
    if not custom or head not in values:
        return head in values
    return values[head] is None or custom in values[head]


def write(rules: Iterable[Rule], values: Values, native: dict[str, Any], *, new: bool, pointer: str = "") -> Writing:
    """Write values over a native record and compare what arrived. Raises nothing: see `Writing.problems`."""
    rules = tuple(rules)
    before = {} if new else read(rules, native)
    writing = Writing(native, new)
    _write(rules, values, before, writing, pointer)
    try:
        after = read(rules, writing.native)
    except Unreadable as error:
        writing.problems.append(Problem(f"cannot be read back: {error}", pointer, "not_representable"))
    else:
        _compare(rules, values, before, after, writing, pointer)
    return writing


def _write(rules: tuple[Rule, ...], values: Values, before: Values, to: Writing, pointer: str) -> None:
    for rule in rules:
        if not has(values, rule.field) and not (isinstance(rule, Map) and rule.native and has(values, rule.native)):
            continue
        value, old = pick(values, rule.field), pick(before, rule.field)
        match rule:
            case Map() if not (rule.read_only or rule.follows):
                _map(rule, value, old, values, before, to, pointer)
            case Join() if not rule.read_only:
                _several(rule, rule.paths, rule.codec, value, old, to, pointer)
            case Slots() if not rule.read_only:
                _slots(rule, value, old, to, pointer)
            case Nest():
                _nest(rule, value, old, to, pointer)
            case Each():
                _each(rule, value, old, to, pointer)
            case _:
                pass  # what is not written is compared afterwards


def _settled(codec: Codec, value: Any) -> Any:
    if value is None:
        return None
    try:
        return codec.settle(value)
    except Exception:  # noqa: BLE001 - a custom field may hold anything; writing it says what is wrong
        return value


def _same(codec: Codec, value: Any, there: Any) -> bool:
    """Whether a value is there, as it was given (an ERP may hold what it would not store today) or settled."""
    return bool(value == there) or bool(_settled(codec, value) == there)


def encoded(codec: Codec, value: Any) -> Any:
    """The native value. Raises `Refused`, also for a value of a type that the codec was not made for."""
    try:
        return codec.encode(value)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        raise Refused(f"{type(value).__name__} cannot be written as {codec.name} ({error})") from None


def natural(field: str, codec: Codec, value: Any) -> Any:
    """A custom field's value in the codec's own type: records kept as JSON have text for numbers and dates."""
    if "." not in field or codec.domain is None:
        return value
    kind = _KINDS.get(type(codec.domain))
    try:
        return value if kind is None else _adapter(kind).validate_python(value)
    except ValidationError:
        return value


_KINDS: dict[type, Any] = {DecimalDomain: Number, DayDomain: Day, InstantDomain: Instant, RefDomain: Ref}


@cache  # each takes milliseconds to make, and few processes write custom fields
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _late(rule: Map | Join, old: Any, to: Writing, pointer: str, paths: str) -> bool:
    if rule.create_only and not to.new:
        to.refuse(pointer, rule.field, paths, f"is set at creation and stays {old!r}", "read_only")
        return True
    return False


def _map(rule: Map, value: Any, old: Any, values: Values, before: Values, to: Writing, pointer: str) -> None:
    value = natural(rule.field, rule.codec, value)
    kept = pick(values, rule.native) if rule.native and has(values, rule.native) else None
    kept_before = pick(before, rule.native) if rule.native else None
    same_text = kept is None or kept == kept_before
    if not has(values, rule.field) and (kept is None or (same_text and not to.new)):
        return  # only the companion is given, and it says nothing new
    if not to.new and _same(rule.codec, value, old) and same_text:
        return
    if value is None and (kept is None or (same_text and not to.new)):
        cleared = old is None or look(to.native, rule.path) == rule.codec.empty
        if not cleared and not _late(rule, old, to, pointer, rule.path):
            to.put(rule.path, rule.codec.empty)
        return
    if _late(rule, old, to, pointer, rule.path):
        return
    try:
        if kept is None or (kept == kept_before and not to.new):
            to.put(rule.path, encoded(rule.codec, value))
        elif value in (None, "other") or decode(rule.field, rule.path, rule.codec, kept) == value:
            to.put(rule.path, kept)
        else:
            to.refuse(pointer, rule.field, rule.path, f"{value!r} is not what {rule.native} {kept!r} means")
    except (Refused, Unreadable) as error:
        to.refuse(pointer, rule.field, rule.path, str(error))


def _several(rule: Join, paths: tuple[str, ...], codec: Codec, value: Any, old: Any, to: Writing, pointer: str) -> None:
    value = natural(rule.field, codec, value)
    if _same(codec, value, old) or _late(rule, old, to, pointer, ", ".join(paths)):
        return
    try:
        natives = (codec.empty,) * len(paths) if value is None else encoded(codec, value)
    except Refused as error:
        to.refuse(pointer, rule.field, ", ".join(paths), str(error))
        return
    for path, native in zip(paths, natives, strict=True):
        to.put(path, native)


def _slots(rule: Slots, value: Any, old: Any, to: Writing, pointer: str) -> None:
    given = tuple(value or ())
    if tuple(_settled(rule.codec, v) for v in given) == tuple(old or ()):
        return
    if len(given) > len(rule.paths):
        paths = ", ".join(rule.paths)
        to.refuse(pointer, rule.field, paths, f"{len(given)} values, this ERP has room for {len(rule.paths)}")
        return
    for index, path in enumerate(rule.paths):
        try:
            to.put(path, encoded(rule.codec, given[index]) if index < len(given) else rule.codec.empty)
        except Refused as error:
            to.refuse(pointer, rule.field, path, str(error))


def _nest(rule: Nest, value: Any, old: Any, to: Writing, pointer: str) -> None:
    inner = dict.fromkeys(old, None) if value is None and old else values_of(value) if value is not None else {}
    if rule.at is None:
        _write(rule.rules, inner, old or {}, to, f"{pointer}/{rule.field}")
        return
    below = look(to.native, rule.at)
    deeper = Writing(below if isinstance(below, dict) else {}, to.new or not isinstance(below, dict))
    _write(rule.rules, inner, old or {}, deeper, f"{pointer}/{rule.field}")
    to.problems += deeper.problems
    for path, native in deeper.changes.fields.items():
        to.put(f"{rule.at}/{path}", native)
    for path, lists in deeper.changes.lists.items():
        to.native = place(to.native, f"{rule.at}/{path}", look(deeper.native, path))
        to.changes.lists[f"{rule.at}/{path}"] = lists


def _each(rule: Each, value: Any, old: Any, to: Writing, pointer: str) -> None:
    if value is None:
        return  # a list that was not read says nothing; an empty one removes every line
    field_name, key_path = rule.key
    present, codec = look(to.native, rule.path), _key_codec(rule)
    # By key in order of place: an ERP may send lines without a key, or one key twice.
    natives: dict[Any, list[tuple[dict[str, Any], Values]]] = {}
    for native, line in zip(present or (), old or (), strict=False):
        natives.setdefault(decode(field_name, key_path, codec, look(native, key_path)), []).append((native, line))
    changes, lines, seen = ListChanges(), [], set()
    for index, line in enumerate(value):
        here = f"{pointer}/{rule.field}/{index}"
        values = values_of(line)
        key = _settled(codec, values.get(field_name))
        left = natives.get(key)
        if key is not None and key in seen and not left:
            to.refuse(here, field_name, key_path, f"{key!r} is given twice", "duplicate")
            continue
        seen.add(key)
        matched, before = left.pop(0) if left else (None, {})
        deeper = Writing(matched if matched is not None else {}, new=matched is None)
        _write(rule.rules, values, before, deeper, here)
        to.problems += deeper.problems
        lines.append(deeper.native)
        if matched is None:
            changes.added.append(deeper.native)
        elif deeper.changes:
            changes.changed.append((matched, deeper.changes))
    changes.removed = [native for left in natives.values() for native, _ in left]
    if changes or (present is not None and lines != list(present)):
        to.native = place(to.native, rule.path, lines)
    if changes:
        to.changes.lists[rule.path] = changes


def _key_codec(rule: Each) -> Codec:
    return next(r.codec for r in rule.rules if isinstance(r, Map) and (r.field, r.path) == rule.key)


def _compare(rules: tuple[Rule, ...], values: Values, before: Values, after: Values, to: Writing, pointer: str) -> None:
    """Every value given must be there after the write, or have been there before where the ERP decides itself."""
    refused = {p.pointer for p in to.problems}
    for rule in rules:
        if not has(values, rule.field):
            continue
        given, now, was = pick(values, rule.field), pick(after, rule.field), pick(before, rule.field)
        here = f"{pointer}/{rule.field.replace('.', '/')}"
        if given is None or here in refused or (isinstance(rule, Map) and rule.follows):
            continue
        match rule:
            case Nest(rules=inner):
                _compare(inner, values_of(given), was or {}, now or {}, to, here)
                _led(inner, values_of(given), now or {}, to, here)
            case Each(rules=inner, key=(key, _)):
                olds = {line.get(key): line for line in was or ()}
                twice = {p.pointer for p in to.problems if p.code == "duplicate"}
                arrived = iter(now or ())
                for index, line in enumerate(given):
                    if f"{here}/{index}/{key}" in twice:
                        continue
                    values_here = values_of(line)
                    _compare(
                        inner, values_here, olds.get(values_here.get(key), {}), next(arrived, {}), to, f"{here}/{index}"
                    )
            case Absent(because=because):
                to.refuse(pointer, rule.field, "", f"this ERP has no place for {_shown(given)} ({because})")
            case Derived():
                if given not in (now, was):
                    to.refuse(
                        pointer, rule.field, "", f"is computed here: {_shown(now)}, not {_shown(given)}", "read_only"
                    )
            case Slots(codec=codec):
                if tuple(_settled(codec, v) for v in given) != tuple(now or ()):
                    to.refuse(pointer, rule.field, ", ".join(rule.paths), f"{_shown(given)} would become {_shown(now)}")
            case Map(codec=codec) | Join(codec=codec):
                wanted = natural(rule.field, codec, given)
                if not _same(codec, wanted, now) and not (rule.read_only and _same(codec, wanted, was)):
                    _lost(rule, given, now, to, pointer)
    for mapping in ("extra", "dimensions"):
        known = {rule.field for rule in rules if not (isinstance(rule, Map) and rule.follows)}
        if mapping in known:
            continue  # one rule carries all its names
        for name in values.get(mapping) or {}:
            if f"{mapping}.{name}" not in known and (before.get(mapping) or {}).get(name) != values[mapping][name]:
                to.refuse(pointer, f"{mapping}.{name}", "", "no rule of this connection maps it; add one by an overlay")


def _led(rules: tuple[Rule, ...], given: Values, now: Values, to: Writing, pointer: str) -> None:
    """A value that follows others means nothing without them: the number of a reference of which no id is given."""
    followers = {rule.field: rule.path for rule in rules if isinstance(rule, Map) and rule.follows}
    if any(value is not None for name, value in given.items() if name not in followers):
        return
    leaders = " or ".join(rule.field for rule in rules if writable(rule))
    for name, path in followers.items():
        value = given.get(name)
        if value is not None and value != now.get(name):
            told = f"{_shown(value)} is not written by itself"
            to.refuse(pointer, name, path, f"{told}; give {leaders}" if leaders else f"the ERP sets it itself; {told}")


def _lost(rule: Map | Join, given: Any, now: Any, to: Writing, pointer: str) -> None:
    paths = rule.path if isinstance(rule, Map) else ", ".join(rule.paths)
    if rule.read_only:
        to.refuse(pointer, rule.field, paths, f"the ERP sets it itself; leave out {_shown(given)}", "read_only")
    else:
        to.refuse(pointer, rule.field, paths, f"{_shown(given)} would become {_shown(now)}")


def _shown(value: Any) -> str:
    shown = str(value) if not isinstance(value, BaseModel) else repr(value.model_dump(exclude_none=True))
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
