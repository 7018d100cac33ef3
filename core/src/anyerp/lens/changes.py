"""What a write changes on the native side: what a connector turns into requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Changes:
    """Native values by path, and changed lists by path. Falsy when nothing changes.

    `fields` has the changed values only, below a `Nest` with its path (`address/city`); None or what the codec calls
    `empty` clears one. `lists` has one `ListChanges` for each `Each` in which something changes, by the list's path.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, ListChanges] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields) or any(self.lists.values())

    def under(self, prefix: str) -> dict[str, Any]:
        """The changed values below a path, by the rest of their paths."""
        return {path[len(prefix) + 1 :]: v for path, v in self.fields.items() if path.startswith(prefix + "/")}

    @property
    def own(self) -> dict[str, Any]:
        """The changed values of the record itself, none of a nested one."""
        return {path: value for path, value in self.fields.items() if "/" not in path}


@dataclass(slots=True)
class ListChanges:
    """New lines, changed lines (as they were, and what changes), lines that are no longer wanted.

    All are native. `changed` pairs the line as it was read with its own `Changes`. A line that is in none of the three
    stays as it is: an ERP that takes lists as a whole must be sent it, too.
    """

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[dict[str, Any], Changes]] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)
