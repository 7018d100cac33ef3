"""Native structs: the typed shape of what a table reads, so that decoding skips every byte that nobody maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from anyerp.lens.path import Keyed, Step, steps


class Shape:
    """An object with known members, or a list of such objects, or (a leaf) a value of one type."""

    def __init__(self) -> None:
        self.kind: type | None = None
        self.members: dict[str, Shape] = {}
        self.item: Shape | None = None
        self.names: dict[str, str] = {}

    def at(self, path: Iterable[Step]) -> Shape:
        """The shape at a path, made where it is missing. A number, a key or a star stands for a list's item."""
        here = self
        for step in path:
            if not isinstance(step, str) or step == "*":
                here.item = here.item or Shape()
                here = here.item
                if isinstance(step, Keyed):
                    key = here.members.setdefault(step.member, Shape())
                    key.kind = key.kind or str
            else:
                here = here.members.setdefault(step, Shape())
        return here

    def leaf(self, path: str, kind: type) -> None:
        """Say that the value at a path is read as a type."""
        self.at(steps(path)).kind = kind

    def type(self, name: str, given: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """The msgspec type: structs without garbage collection, every member optional: None if it is not `given`."""
        if self.item is not None:
            return list[self.item.type(name)]  # type: ignore[misc]
        if self.kind is not None and not self.members:
            return self.kind
        fields, renamed = [], {}
        for index, (member, shape) in enumerate(self.members.items()):
            attribute = f"f{index}"
            self.names[member] = attribute
            renamed[attribute] = member
            fields.append((attribute, shape.type(f"{name}_{index}") | None, given.get(member)))
        return msgspec.defstruct(name, fields, rename=renamed, gc=False)
