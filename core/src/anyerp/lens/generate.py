"""One generated function from a table: rows of native structs to checked records of the model, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from anyerp.lens import construct
from anyerp.lens.codec import Codec
from anyerp.lens.flat import Flat, begin
from anyerp.lens.path import Step, steps
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots
from anyerp.lens.shape import Shape
from anyerp.lens.source import Level, Memo, Source

Known = construct.Form | None


def generate(
    rules: Iterable[Rule], shape: Shape, model: type[BaseModel], flat: Flat | None = None
) -> tuple[Callable[[Any], Iterator[Any]], str]:
    """The function `rows -> records` and its text. `shape` is the row's, its type already made."""
    source = Source()
    source.line(0, "def convert(rows):")
    if flat is None:
        source.line(1, "for row in rows:")
        level = Level(source, shape, "row", 2)
    else:
        level = begin(source, shape, flat)
    source.line(2, f"yield {Made(level, model, ()).of(tuple(rules))}")
    text = "\n".join(source.lines)
    exec(compile(text, "<lens>", "exec"), source.names)  # noqa: S102 - the text comes from rules, names are ours
    convert: Callable[[Any], Iterator[Any]] = source.names["convert"]
    return convert, text


class Made:
    """One object of the model that is made from the native object at a base, statement by statement."""

    def __init__(self, level: Level, model: type[BaseModel], base: tuple[Step, ...]) -> None:
        self.level, self.model, self.base = level, model, base
        self.fields: dict[str, str] = {}
        self.known: dict[str, Known] = {}
        self.mappings: dict[str, list[tuple[str, str]]] = {}
        self.used: set[str] = set()
        self.given: dict[str, str] = {}
        self.made = level.source.fresh("made")
        self.none = ""

    def of(self, rules: tuple[Rule, ...], *, or_none: bool = False) -> str:
        """An expression for the object (None if it is empty and `or_none`); statements for it are written before."""
        self.used = {name for rule in rules if isinstance(rule, Derived) for name in rule.uses}
        for rule in rules:
            self._rule(rule)
        for rule in rules:
            if isinstance(rule, Derived):
                self._derived(rule)
        for head, pairs in self.mappings.items():
            self.fields[head] = _mapping(self.level, pairs, self.fields.get(head))
            self.known[head] = None
        return self._assembled(or_none=or_none)

    def _rule(self, rule: Rule) -> None:
        level, base = self.level, self.base
        match rule:
            case Map(field=field, path=path, codec=codec):
                if "." in field:
                    self._put(field, level.value(path, codec, base), None)
                else:
                    self._put(field, *level.checked(path, codec, base, self.model, field))
                if rule.native:
                    self._put(rule.native, _native_text(level, path, codec, base), "text")
            case Join(field=field, paths=paths, codec=codec):
                self._put(field, _joined(level, paths, codec, base), None)
            case Slots(field=field, paths=paths, codec=codec):
                values = ", ".join(level.value(path, codec, base) for path in paths)
                self._put(field, f"(tuple(s for s in ({values},) if s is not None) or None)", None)
            case Nest(field=field):
                inner = (*base, *(steps(rule.at) if rule.at else ()))
                nested = Made(level, self._inner(field), inner)
                self._put(field, nested.of(rule.rules, or_none=True), "other")
                self.given[field] = f"(None if {nested.none} else {nested.made})"
            case Each(field=field):
                lines, plain = _lines(level, rule, self._inner(field), base, keep=field in self.used)
                self._put(field, lines, "other")
                self.given[field] = plain
            case Derived() | Absent():
                pass

    def _inner(self, field: str) -> type[BaseModel]:
        found = construct.inner_model(self.model.model_fields[field].annotation)
        assert found is not None  # the table was checked against the model when it was built
        return found

    def _derived(self, rule: Derived) -> None:
        compute = self.level.source.bind("derive", rule.compute)
        # What a computation is given of lines and parts are plain mappings, as when a record is read by itself.
        given = [self.given.get(name) or self.fields.get(name, "None") for name in rule.uses]
        given += [
            (self.level.every if "/*/" in path else self.level.value)(path, codec, self.base)
            for path, codec in rule.native
        ]
        self._put(rule.field, f"{compute}({', '.join(given)})", None)

    def _put(self, field: str, expression: str, known: Known) -> None:
        head, _, custom = field.partition(".")
        if custom:
            self.mappings.setdefault(head, []).append((custom, expression))
            return
        if field in self.used:
            expression = self._named("u", expression)
        self.fields[field], self.known[field] = expression, known

    def _named(self, stem: str, expression: str) -> str:
        if expression.isidentifier():
            return expression
        name = self.level.source.fresh(stem)
        self.level.source.line(self.level.depth, f"{name} = {expression}")
        return name

    def _assembled(self, *, or_none: bool) -> str:
        source, depth, made = self.level.source, self.level.depth, self.made
        record, gone = source.fresh("record"), source.fresh("gone")
        empty = construct.defaults(self.model)
        # The values of an empty record, filled where there are some: so they come in the model's order.
        source.line(depth, f"{made} = " + ("{}" if empty is None else f"{source.bind('nothing', empty)}.copy()"))
        source.line(depth, f"{gone} = 0")
        for index, (name, expression) in enumerate(self.fields.items()):
            value = self._named("x", expression)
            source.line(depth, f"if {value} is None: {gone} |= {1 << index}")
            source.line(depth, "else:")
            value = self._checked(name, value)
            source.line(depth + 1, f"{made}[{name!r}] = {value}")
        self.none = f"{gone} == {(1 << len(self.fields)) - 1}"
        if or_none:
            source.line(depth, f"if {self.none}: {record} = None")
            source.line(depth, "else:")
            depth += 1
        if empty is None:
            validate = source.bind("validate", self.model.__pydantic_validator__.validate_python)
            source.line(depth, f"{record} = {validate}({made})")
            return record
        source.line(depth, f"{record} = new({source.bind('Model', self.model)})")
        source.line(depth, f"set_values({record}, {made})")
        # Records are alike in what they have: they share the set that says so.
        sets = source.bind("sets", Memo(construct.sets(tuple(self.fields))))
        source.line(depth, f"set_fields({record}, {sets}[{gone}])")
        source.line(depth, f"set_extra({record}, None)")
        source.line(depth, f"set_private({record}, None)")
        return record

    def _checked(self, field: str, value: str) -> str:
        """An expression for a value after the checks that are left to do."""
        source, depth = self.level.source, self.level.depth + 1
        annotation, known = self.model.model_fields[field].annotation, self.known[field]
        wanted = construct.form(annotation)
        if known == "other" or known == wanted == "text":
            return value
        if known == wanted == "decimal":
            source.line(depth, f"if not ({_BOUNDED.format(v=value)}): unbounded({value})")
            return value
        check = construct.checker(annotation)
        if wanted == "words":
            return f"{source.bind('check', Memo(check))}[{value}]"
        call = f"{source.bind('check', check)}({value})"
        if wanted in _QUICK:
            source.line(depth, f"if not ({_QUICK[wanted].format(v=value)}): {value} = {call}")
            return value
        return call


_BOUNDED = "-100 < {v}.adjusted() < 28 and {v}.is_finite()"
#: What a value has to be to need no call of Pydantic's check, by the form of its field.
_QUICK: dict[str, str] = {"decimal": f"type({{v}}) is Decimal and {_BOUNDED}", "text": "type({v}) is str and {v}"}


def _mapping(level: Level, pairs: list[tuple[str, str]], whole: str | None) -> str:
    """An expression for a mapping of custom fields, over one that a rule reads `whole`."""
    names = []
    for _, expression in pairs:
        name = level.source.fresh("g")
        level.source.line(level.depth, f"{name} = {expression}")
        names.append(name)
    nothing = " and ".join(f"{name} is None" for name in names)
    given = ", ".join(f"({custom!r}, {name})" for (custom, _), name in zip(pairs, names, strict=True))
    if whole is not None:
        return f"{level.source.bind('over', _over)}({whole}, {given})"
    return f"(None if {nothing} else {level.source.bind('gather', _gather)}({given}))"


def _native_text(level: Level, path: str, codec: Codec, base: tuple[Step, ...]) -> str:
    found, _ = level.fetch((*base, *steps(path)))
    return f"({found} or None)" if codec.native is str else f"(str({found}) if {found} is not None else None)"


def _joined(level: Level, paths: tuple[str, ...], codec: Codec, base: tuple[Step, ...]) -> str:
    parts = ", ".join(level.fetch((*base, *steps(path)))[0] for path in paths)
    nothing = (None,) * len(paths)

    def decode(values: tuple[Any, ...]) -> Any:
        return None if values == nothing else codec.decode(values)

    if codec.memo:
        return f"{level.source.bind('memo', Memo(decode))}[{parts},]"
    return f"{level.source.bind('decode', decode)}(({parts},))"


def _lines(level: Level, rule: Each, model: type[BaseModel], base: tuple[Step, ...], *, keep: bool) -> tuple[str, str]:
    """Expressions for the lines, and (where they are to be kept) for the mappings that they were made of."""
    source = level.source
    rows, shape = level.fetch((*base, *steps(rule.path)))
    assert shape.item is not None
    lines, plain, line = source.fresh("lines"), source.fresh("plain"), source.fresh("line")
    source.line(level.depth, f"{lines} = {plain} = None")
    source.line(level.depth, f"if {rows} is not None:")
    source.line(level.depth + 1, f"{lines}, {plain} = [], []")
    source.line(level.depth + 1, f"for {line} in {rows}:")
    inner = Made(level.inner(shape.item, line, level.depth + 2), model, ())
    source.line(level.depth + 2, f"{lines}.append({inner.of(rule.rules)})")
    if keep:
        source.line(level.depth + 2, f"{plain}.append({inner.made})")
    source.line(level.depth + 1, f"{lines} = tuple({lines})")
    return lines, plain


def _gather(*pairs: tuple[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in pairs if value is not None} or None


def _over(whole: dict[str, Any] | None, *pairs: tuple[str, Any]) -> dict[str, Any] | None:
    gathered = _gather(*pairs)
    return whole if gathered is None else {**(whole or {}), **gathered}
