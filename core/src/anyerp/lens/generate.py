"""One generated function from a table: rows of native structs to plain dicts, ready for one validation call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from anyerp.lens.codec import Codec
from anyerp.lens.path import Keyed, Step, steps
from anyerp.lens.rule import Absent, Derived, Each, Join, Map, Nest, Rule, Slots
from anyerp.lens.shape import Shape

KEEP_AT_MOST = 4096


class Memo(dict[Any, Any]):
    """Few distinct values occur in many records: each is decoded once, a bounded number is kept."""

    def __init__(self, decode: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self.decode = decode

    def __missing__(self, key: Any) -> Any:
        if len(self) >= KEEP_AT_MOST:
            self.clear()
            self[None] = None
        value = self[key] = self.decode(key)
        return value


class Source:
    """The text of the function while it grows, and the objects that it names."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._count = itertools.count()
        self._memos: dict[int, str] = {}

    def fresh(self, stem: str) -> str:
        """A name that was not used before."""
        return f"{stem}{next(self._count)}"

    def bind(self, stem: str, value: Any) -> str:
        """A name for an object."""
        name = self.fresh(stem)
        self.names[name] = value
        return name

    def memo(self, codec: Codec) -> str:
        """The name of a codec's memory; one codec has one."""
        # By identity: a codec whose description holds a mapping has no hash.
        if id(codec) not in self._memos:
            self._memos[id(codec)] = self.bind("memo", Memo(codec.decode))
        return self._memos[id(codec)]

    def line(self, depth: int, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * depth + text)


class Level:
    """One native object whose fields are read: the function's variable for it, and what was fetched already."""

    def __init__(self, source: Source, shape: Shape, variable: str, depth: int) -> None:
        self.source, self.shape, self.variable, self.depth = source, shape, variable, depth
        self.fetched: dict[tuple[Step, ...], tuple[str, Shape]] = {}

    def fetch(self, path: tuple[Step, ...]) -> tuple[str, Shape]:
        """An expression for the value at a path, None where the way is broken. Long ways are walked once."""
        if not path:
            return self.variable, self.shape
        if path in self.fetched:
            return self.fetched[path]
        parent, shape = self.fetch(path[:-1])
        step = path[-1]
        if not isinstance(step, str):
            assert shape.item is not None
            found = shape.item
            if isinstance(step, Keyed):
                find = self.source.bind("find", _finder(found.names[step.member], step.value))
                access = f"{find}({parent}) if {parent} else None"
            else:
                access = f"{parent}[{step}] if {parent} and len({parent}) > {step} else None"
        else:
            found = shape.members[step]
            access = f"{parent}.{shape.names[step]}"
            if len(path) == 1:
                self.fetched[path] = access, found
                return access, found
            access += f" if {parent} is not None else None"
        name = self.source.fresh("v")
        self.source.line(self.depth, f"{name} = {access}")
        self.fetched[path] = name, found
        return name, found

    def value(self, path: str, codec: Codec, base: tuple[Step, ...]) -> str:
        """An expression for a decoded value."""
        found, _ = self.fetch((*base, *steps(path)))
        if codec.inline is not None:
            return codec.inline.format(v=found)
        if codec.memo:
            return f"{self.source.memo(codec)}[{found}]"
        decode = self.source.bind("decode", codec.plain or codec.decode)
        if "." in found:
            name = self.source.fresh("v")
            self.source.line(self.depth, f"{name} = {found}")
            found = name
        return f"({decode}({found}) if {found} is not None else None)"


def generate(rules: Iterable[Rule], shape: Shape) -> tuple[Callable[[Any], list[dict[str, Any]]], str]:
    """The function `rows -> dicts` and its text. `shape` is the row's, its type already made."""
    source = Source()
    source.line(0, "def convert(rows):")
    source.line(1, "out = []")
    source.line(1, "append = out.append")
    source.line(1, "for row in rows:")
    level = Level(source, shape, "row", 2)
    source.line(2, f"append({_object(level, tuple(rules), ())})")
    source.line(1, "return out")
    text = "\n".join(source.lines)
    exec(compile(text, "<lens>", "exec"), source.names)  # noqa: S102 - the text comes from rules, names are ours
    convert: Callable[[Any], list[dict[str, Any]]] = source.names["convert"]
    return convert, text


def _object(level: Level, rules: tuple[Rule, ...], base: tuple[Step, ...]) -> str:
    """An expression for the dict of one object's fields; statements that it needs are written before it."""
    used = {name for rule in rules if isinstance(rule, Derived) for name in rule.uses}
    fields: dict[str, str] = {}
    mappings: dict[str, list[tuple[str, str]]] = {}

    def put(field: str, expression: str) -> None:
        head, _, custom = field.partition(".")
        if custom:
            mappings.setdefault(head, []).append((custom, expression))
            return
        if field in used:
            name = level.source.fresh("u")
            level.source.line(level.depth, f"{name} = {expression}")
            expression = name
        fields[field] = expression

    for rule in rules:
        match rule:
            case Map(field=field, path=path, codec=codec):
                put(field, level.value(path, codec, base))
                if rule.native:
                    put(rule.native, _native_text(level, path, codec, base))
            case Join(field=field, paths=paths, codec=codec):
                put(field, _joined(level, paths, codec, base))
            case Slots(field=field, paths=paths, codec=codec):
                values = ", ".join(level.value(path, codec, base) for path in paths)
                put(field, f"(tuple(s for s in ({values},) if s is not None) or None)")
            case Nest(field=field):
                put(field, _nested(level, rule, base))
            case Each(field=field):
                put(field, _lines(level, rule, base))
            case Derived() | Absent():
                pass
    for rule in rules:
        if isinstance(rule, Derived):
            compute = level.source.bind("derive", rule.compute)
            given = [fields.get(name, "None") for name in rule.uses]
            given += [level.value(path, codec, base) for path, codec in rule.native]
            put(rule.field, f"{compute}({', '.join(given)})")
    for head, pairs in mappings.items():
        fields[head] = _mapping(level, pairs, fields.get(head))
    return _assembled(level, fields)


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


def _assembled(level: Level, fields: dict[str, str]) -> str:
    """The object's dict. What is nothing is left out: the model's default costs half of checking a None."""
    source, made = level.source, level.source.fresh("made")
    source.line(level.depth, f"{made} = {{}}")
    for name, expression in fields.items():
        value = expression
        if not expression.isidentifier():
            value = source.fresh("x")
            source.line(level.depth, f"{value} = {expression}")
        source.line(level.depth, f"if {value} is not None: {made}[{name!r}] = {value}")
    return made


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


def _nested(level: Level, rule: Nest, base: tuple[Step, ...]) -> str:
    inner = (*base, *(steps(rule.at) if rule.at else ()))
    expression = _object(level, rule.rules, inner)
    return f"({expression} or None)"


def _lines(level: Level, rule: Each, base: tuple[Step, ...]) -> str:
    source = level.source
    rows, shape = level.fetch((*base, *steps(rule.path)))
    assert shape.item is not None
    lines, line = source.fresh("lines"), source.fresh("line")
    source.line(level.depth, f"{lines} = None if {rows} is None else []")
    source.line(level.depth, f"for {line} in {rows} or ():")
    inner = Level(source, shape.item, line, level.depth + 1)
    source.line(level.depth + 1, f"{lines}.append({_object(inner, rule.rules, ())})")
    return lines


def _gather(*pairs: tuple[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in pairs if value is not None} or None


def _over(whole: dict[str, Any] | None, *pairs: tuple[str, Any]) -> dict[str, Any] | None:
    gathered = _gather(*pairs)
    return whole if gathered is None else {**(whole or {}), **gathered}


def _finder(attribute: str, value: str) -> Callable[[Iterable[Any]], Any]:
    key = attrgetter(attribute)

    def find(items: Iterable[Any]) -> Any:
        for item in items:
            if key(item) == value:
                return item
        return None

    return find
