"""The quick way to write a new record: generated code for records in which nothing is wrong.

It does what `anyerp.lens.writing` does with an empty record, and checks on the way what the model asks of each field.
Hosts write many records in which the same fields are set, so for each such set straight code is made once
(`anyerp.lens.straight`). Where anything is refused, lost, computed, absent, unusual or not as the model has it, it
gives up with `Hard`: the careful way says what and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from anyerp.lens import carry, construct
from anyerp.lens.carry import Hard
from anyerp.lens.changes import Changes, ListChanges
from anyerp.lens.codec import unchanged
from anyerp.lens.fields import members
from anyerp.lens.path import Step, look
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots, writable
from anyerp.lens.straight import NAMES, Function, firsts, name_of, planting, simple
from anyerp.model.scalar import ExtraType

__all__ = ["Fresh", "Hard", "changes"]

Write = Callable[[Mapping[str, Any], dict[str, Any]], None]
_NEVER_WRITTEN = frozenset({"raw"})
#: Sets of fields that code is made for; what has other fields set then is written by the code for all fields.
_SHAPES = 100


class Fresh:
    """Writes new objects of one model by one table: a record, or the value of a nest or a line."""

    def __init__(self, model: type[BaseModel], rules: Iterable[Rule], prefix: str = "", shared: Any = None) -> None:
        self.model, self.rules, self.prefix = model, tuple(rules), prefix
        self._nested = shared is not None
        self._shared: Counter[Step] = firsts(self.rules, prefix) if shared is None else shared
        self._shapes: dict[frozenset[str], Write] = {}
        self._orders: dict[tuple[str, ...], Write] = {}
        self._names: dict[str, Any] = dict(NAMES)

    def native(self, given: Any, key: tuple[str, str] | None = None) -> dict[str, Any]:
        """The native form of a new record, or of its values by name. Raises `Hard`.

        `key` is a field and the text that stands there instead of the record's own.
        """
        native: dict[str, Any] = {}
        try:
            if key is not None:
                given = self._keyed(given, *key)
            self.write(given, native)
        except Hard:
            raise
        except Exception:  # noqa: BLE001 - a record may hold anything; the careful way says what is wrong
            raise Hard from None
        return native

    def write(self, given: Any, native: dict[str, Any]) -> None:
        """Write a nested value into the object that grows. Raises whatever: see `native`."""
        if given.__class__ is dict:
            (self._orders.get(tuple(given)) or self._ordered(given))(given, native)
        else:
            values, shape = self._opened(given)
            (self._shapes.get(shape) or self._made(shape))(values, native)

    def lines(self, given: Any, key: str, settle: Callable[[Any], Any]) -> list[dict[str, Any]]:
        """The native objects of lines, no two of them with one key. Raises whatever: see `native`."""
        if given.__class__ is not tuple and given.__class__ is not list:
            raise Hard
        made, keys = [], []
        orders, shapes, model = self._orders, self._shapes, self.model
        for line in given:
            native: dict[str, Any] = {}
            if line.__class__ is dict:
                values = line
                code = orders.get(tuple(line)) or self._ordered(line)
            elif line.__class__ is model:
                values, shape = line.__dict__, frozenset(line.__pydantic_fields_set__)
                code = shapes.get(shape) or self._made(shape)
            else:
                raise Hard
            code(values, native)
            made.append(native)
            if (name := values.get(key)) is not None:
                keys.append(name if settle is unchanged else settle(name))
        if len(set(keys)) != len(keys):
            raise Hard
        return made

    def _opened(self, given: Any) -> tuple[Mapping[str, Any], frozenset[str]]:
        """The values given, and which fields are."""
        if given.__class__ is self.model:
            return given.__dict__, frozenset(given.__pydantic_fields_set__)
        if given.__class__ is dict:
            return given, frozenset(given)
        raise Hard

    def _keyed(self, given: Any, field: str, text: str) -> Any:
        if given.__class__ is dict and given.get(field) == text:
            return given
        values, shape = self._opened(given)
        there = values.get(field)
        if there == text and field in shape:
            return given
        if not isinstance(there, str | None):
            raise Hard  # it would not have been taken
        return {**{name: values[name] for name in shape}, field: text}

    def _ordered(self, given: dict[str, Any]) -> Write:
        """The code for values by name, found again by the order in which a host puts them."""
        shape = frozenset(given)
        code = self._shapes.get(shape) or self._made(shape)
        if len(self._orders) < _SHAPES:
            self._orders[tuple(given)] = code
        return code

    def _made(self, shape: frozenset[str]) -> Write:
        if not self._plain or not shape <= self.model.model_fields.keys():
            raise Hard  # only Pydantic itself can say whether such a record is one
        if len(self._shapes) < _SHAPES:
            self._shapes[shape] = made = self._code(shape)
            return made
        every = frozenset(self.model.model_fields) - _NEVER_WRITTEN
        code = self._shapes.get(every) or self._shapes.setdefault(every, self._code(every))
        return lambda values, native: code({name: values[name] if name in shape else None for name in every}, native)

    @cached_property
    def _plain(self) -> bool:
        """Whether the model is no more than its fields."""
        return construct.defaults(self.model) is not None

    def _code(self, shape: frozenset[str]) -> Write:
        source, spoken = Function(self._names), set(_NEVER_WRITTEN)
        heads = {rule.field.partition(".")[0] for rule in self.rules}
        if self._nested:
            self._led(source, shape)
        for mapping in ("extra", "dimensions"):
            if mapping in shape:
                spoken.add(mapping)
                self._only(source, mapping)
        for index, rule in enumerate(self.rules):
            head, _, name = rule.field.partition(".")
            companion = rule.native if isinstance(rule, Map) else None
            if head not in shape and companion not in shape:
                continue
            spoken |= {head, companion or head}
            if name:
                self._custom(source, index, rule, head, name)
            else:
                self._rule(source, index, rule, shape)
        for field in sorted(shape - spoken - heads):
            self._nothing(source, field)
        return source.made()

    def _led(self, source: Function, shape: frozenset[str]) -> None:
        """What follows other values of a nest is lost without them."""
        followers = {rule.field for rule in self.rules if isinstance(rule, Map) and rule.follows} & shape
        if followers:
            alone = [f"d[{field!r}] is None" for field in sorted(shape - followers)]
            given = " or ".join(f"d[{field!r}] is not None" for field in sorted(followers))
            source(0, f"if {' and '.join([*alone, f'({given})'])}: raise Hard")

    def _only(self, source: Function, mapping: str) -> None:
        """Custom fields without a rule are refused, unless one rule carries them all."""
        whole = any(rule.field == mapping and writable(rule) for rule in self.rules)
        if not whole:
            known = frozenset(r.field.partition(".")[2] for r in self.rules if r.field.startswith(f"{mapping}."))
            exact = any(isinstance(kind, ExtraType) for kind in members(self.model.model_fields[mapping].annotation))
            source.names[f"only_{mapping}"] = carry.only(known, text=not exact)
            source(0, f"v = d[{mapping!r}]")
            source(0, f"if v is not None: only_{mapping}(v)")

    def _custom(self, source: Function, index: int, rule: Rule, head: str, name: str) -> None:
        source(0, f"v = d[{head!r}]")
        source(0, f"v = None if v is None else v.get({name!r})")
        source(0, "if v is not None:")
        if not isinstance(rule, Map) or rule.native or not writable(rule):
            source(1, "raise Hard")
            return
        source.names.setdefault(f"carry{index}", carry.custom(rule.field, rule.codec))
        source(1, f"x = carry{index}(v)")
        planting(source, self.prefix + rule.path, self._shared, 1, "x")

    def _nothing(self, source: Function, field: str) -> None:
        source(0, f"if d[{field!r}] is not None: raise Hard")

    def _value(self, source: Function, field: str) -> None:
        """The lines before those for a value that is there."""
        source(0, f"v = d[{field!r}]")
        if type(None) not in members(self.model.model_fields[field].annotation):
            source(0, "if v is None: raise Hard")
        source(0, "if v is not None:")

    def _rule(self, source: Function, index: int, rule: Rule, shape: frozenset[str]) -> None:
        match rule:
            case Map(follows=True):
                source.names.setdefault(f"check{index}", self._check(rule.field))
                self._value(source, rule.field)
                text = construct.form(self.model.model_fields[rule.field].annotation) == "text"
                source(1, f"if not v or v.__class__ is not str: check{index}(v)" if text else f"check{index}(v)")
            case Absent() | Derived() | Map(read_only=True) | Join(read_only=True) | Slots(read_only=True):
                for field in {rule.field, rule.native or rule.field if isinstance(rule, Map) else rule.field} & shape:
                    self._nothing(source, field)
            case Map():
                self._map(source, index, rule, shape)
            case Join():
                self._join(source, index, rule)
            case Slots():
                self._slots(source, index, rule)
            case Nest(rules=inner, at=at):
                self._nest(source, index, rule.field, inner, at)
            case Each():
                self._each(source, index, rule)

    def _check(self, field: str) -> Callable[[Any], Any]:
        """What Pydantic makes of a value, and of what is in it: a copy may have been changed unchecked."""
        check = construct.rare_checker(self.model, field)
        inner = construct.inner_model(self.model.model_fields[field].annotation)
        if inner is None:
            return check
        known: type[BaseModel] = inner
        return lambda value: check(
            value.model_dump(exclude_unset=True, warnings=False) if isinstance(value, known) else value
        )

    def _map(self, source: Function, index: int, rule: Map, shape: frozenset[str]) -> None:
        depth = 0
        if rule.native is not None and rule.native in shape:
            validate = self.model.__pydantic_validator__.validate_python
            kept = source.names.setdefault(f"kept{index}", carry.Kept(rule.codec, validate, rule.field, rule.native))
            source.names[f"both{index}"] = kept.memo
            source(0, f"k = d[{rule.native!r}]")
            source(0, "if k is not None:")
            source(1, f"v = {f'd[{rule.field!r}]' if rule.field in shape else 'None'}")
            source(1, f"x = both{index}.get((v, k)) or kept{index}(v, k)")
            planting(source, self.prefix + rule.path, self._shared, 1, "x")
            if rule.field not in shape:
                return
            source(0, "else:")
            depth = 1
        source(depth, f"v = d[{rule.field!r}]")
        annotation = self.model.model_fields[rule.field].annotation
        source(depth, "if v is not None:")
        self._carried(source, index, rule.field, rule.codec, depth + 1)
        planting(source, self.prefix + rule.path, self._shared, depth + 1, "x")
        if type(None) not in members(annotation):
            source(depth, "else: raise Hard")

    def _carried(self, source: Function, index: int, field: str, codec: Any, depth: int) -> None:
        """Lines that make `x` of `v`."""
        annotation = self.model.model_fields[field].annotation
        by, expression = name_of(annotation)
        carrier = source.names.setdefault(f"carry{index}", carry.Carrier(codec, self._check(field), by))
        test = simple(annotation, codec)
        if test is None:
            source.names[f"memo{index}"] = carrier.memo
            source(depth, f"x = memo{index}.get({expression})")
            source(depth, f"if x is None: x = carry{index}(v)")
            return
        source.names[f"simple{index}"], text, as_it_stands = test
        source(depth, f"t = {text}")
        source(depth, f"x = {as_it_stands} if simple{index}(t) else carry{index}(v)")

    def _join(self, source: Function, index: int, rule: Join) -> None:
        by, expression = name_of(self.model.model_fields[rule.field].annotation)
        made = carry.Parts(rule.codec, self._check(rule.field), by, len(rule.paths))
        carrier = source.names.setdefault(f"carry{index}", made)
        source.names[f"memo{index}"] = carrier.memo
        self._value(source, rule.field)
        source(1, f"p = memo{index}.get({expression}) or carry{index}(v)")
        source(1, f"if len(p) != {len(rule.paths)}: raise Hard")
        for place, path in enumerate(rule.paths):
            source(1, f"x = p[{place}]")
            source(1, "if x is not None:")
            planting(source, self.prefix + path, self._shared, 2, "x")

    def _slots(self, source: Function, index: int, rule: Slots) -> None:
        """The values of a list are checked together; each is carried by itself."""
        source.names.setdefault(f"check{index}", self._check(rule.field))
        source.names.setdefault(f"carry{index}", carry.Carrier(rule.codec, lambda value: value, carry.never))
        source.names[f"empty{index}"] = rule.codec.empty
        self._value(source, rule.field)
        source(1, f"v = tuple(check{index}(v))")
        source(1, f"if len(v) > {len(rule.paths)}: raise Hard")
        source(1, "if v:")
        for place, path in enumerate(rule.paths):
            source(2, f"x = carry{index}(v[{place}]) if len(v) > {place} else empty{index}")
            source(2, "if x is not None:")
            planting(source, self.prefix + path, self._shared, 3, "x")

    def _nest(self, source: Function, index: int, field: str, rules: tuple[Rule, ...], at: str | None) -> None:
        model = construct.inner_model(self.model.model_fields[field].annotation)
        assert model is not None
        prefix = self.prefix if at is None else f"{self.prefix}{at}/"
        nest = source.names.setdefault(f"nest{index}", Fresh(model, rules, prefix, self._shared))
        source.names[f"write{index}"] = nest.write
        self._value(source, field)
        source(1, f"write{index}(v, n)")

    def _each(self, source: Function, index: int, rule: Each) -> None:
        model = construct.inner_model(self.model.model_fields[rule.field].annotation)
        assert model is not None
        codec = next(r.codec for r in rule.rules if isinstance(r, Map) and (r.field, r.path) == rule.key)
        each = source.names.setdefault(f"each{index}", Fresh(model, rule.rules))
        source.names[f"lines{index}"], source.names[f"settle{index}"] = each.lines, codec.settle
        self._value(source, rule.field)
        source(1, f"x = lines{index}(v, {rule.key[0]!r}, settle{index})")
        source(1, "if x:")
        planting(source, self.prefix + rule.path, self._shared, 2, "x")


def changes(rules: Iterable[Rule], native: dict[str, Any], prefix: str = "") -> Changes:
    """What a new record changes: everything that is in it."""
    found = Changes()
    for rule in rules:
        if not writable(rule):
            continue
        match rule:
            case Map(path=path):
                paths: tuple[str, ...] = (path,)
            case Join(paths=paths) | Slots(paths=paths):
                pass
            case Nest(rules=inner, at=at):
                below = changes(inner, native, prefix if at is None else f"{prefix}{at}/")
                found.fields |= below.fields
                found.lists |= below.lists
                continue
            case Each(path=path):
                if lines := look(native, prefix + path):
                    found.lists[prefix + path] = ListChanges(added=list(lines))
                continue
            case _:
                continue
        for one in paths:
            if (value := look(native, prefix + one)) is not None:
                found.fields[prefix + one] = value
    return found
