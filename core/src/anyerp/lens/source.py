"""The text of a generated function while it grows, and the native objects that it reads."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from anyerp.lens import construct
from anyerp.lens.codec import Codec
from anyerp.lens.path import Keyed, Step, steps
from anyerp.lens.shape import Shape
from anyerp.model.base import Ref

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
        self.names: dict[str, Any] = {"Decimal": Decimal, "Ref": Ref, "one_key": construct.ONE_KEY} | {
            name: getattr(construct, name)
            for name in ("new", "set_values", "set_fields", "set_extra", "set_private", "unbounded")
        }
        self._count = itertools.count()
        self._memos: dict[tuple[int, object], str] = {}

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
        return self.memory(codec, None, codec.decode)

    def memory(self, codec: Codec, use: object, decode: Callable[[Any], Any]) -> str:
        """The name of what a codec's values are remembered in; one use of one codec has one."""
        # By identity: a codec whose description holds a mapping has no hash.
        key = id(codec), use
        if key not in self._memos:
            self._memos[key] = self.bind("memo", Memo(decode))
        return self._memos[key]

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

    def inner(self, shape: Shape, variable: str, depth: int) -> Level:
        """The level of a list's item."""
        return Level(self.source, shape, variable, depth)

    def value(self, path: str, codec: Codec, base: tuple[Step, ...]) -> str:
        """An expression for a decoded value."""
        found, _ = self.fetch((*base, *steps(path)))
        if codec.inline is not None:
            return codec.inline.format(v=found)
        if codec.memo:
            return f"{self.source.memo(codec)}[{found}]"
        if codec.one_key is not None:
            return self._reference(found, codec.one_key)
        decode = self.source.bind("decode", codec.decode)
        if "." in found:
            name = self.source.fresh("v")
            self.source.line(self.depth, f"{name} = {found}")
            found = name
        return f"({decode}({found}) if {found} is not None else None)"

    def every(self, path: str, codec: Codec, base: tuple[Step, ...]) -> str:
        """An expression for the decoded values of a member of all objects of a list (`lines/*/member`)."""
        above, _, member = path.partition("/*/")
        items, shape = self.fetch((*base, *steps(above)))
        assert shape.item is not None
        found = f"each.{shape.item.names[member]}"
        if codec.inline is not None:
            return f"[{codec.inline.format(v=found)} for each in {items} or ()]"
        decode = self.source.bind("decode", codec.decode)
        return f"[None if {found} is None else {decode}({found}) for each in {items} or ()]"

    def checked(
        self, path: str, codec: Codec, base: tuple[Step, ...], model: type[BaseModel], field: str
    ) -> tuple[str, construct.Form | None]:
        """An expression for a decoded value that belongs into a field, and what is known of it.

        Known is "other" where nothing is left to check, None where nothing is known.
        """
        if codec.one_key is not None and construct.is_ref(model, field):
            # Not remembered: an order's items are mostly others than those of the order before.
            return self.value(path, codec, base), "other"
        if codec.memo and codec.inline is None:
            check = construct.rare_checker(model, field)
            form = construct.form(model.model_fields[field].annotation)
            use = form if form in ("text", "decimal") else (model, field)
            memory = self.source.memory(codec, use, lambda native: check(codec.decode(native)))
            return self._remembered(path, base, memory), "other"
        return self.value(path, codec, base), construct.gives(codec)

    def _reference(self, found: str, settle: Callable[[str], str]) -> str:
        """A reference whose id and number are one key, written out: a call would be a third of the work."""
        line, depth = self.source.line, self.depth
        key, made = self.source.fresh("k"), self.source.fresh("ref")
        line(depth, f"{key} = {found}")
        line(depth, f"if not {key}: {made} = None")
        line(depth, "else:")
        if settle is not str:
            line(depth + 1, f"{key} = {self.source.bind('settle', settle)}({key})")
        line(depth + 1, f"{made} = new(Ref)")
        line(depth + 1, f"set_values({made}, {{'id': {key}, 'number': {key}, 'name': None}})")
        line(depth + 1, f"set_fields({made}, one_key)")
        line(depth + 1, f"set_extra({made}, None)")
        line(depth + 1, f"set_private({made}, None)")
        return made

    def _remembered(self, path: str, base: tuple[Step, ...], memory: str) -> str:
        found, _ = self.fetch((*base, *steps(path)))
        return f"{memory}[{found}]"


def _finder(attribute: str, value: str) -> Callable[[Iterable[Any]], Any]:
    key = attrgetter(attribute)

    def find(items: Iterable[Any]) -> Any:
        for item in items:
            if key(item) == value:
                return item
        return None

    return find
