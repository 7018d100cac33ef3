"""The rules of a lens: a closed set, each pure data over codecs.

A path is native (`to_Item/results`, see `anyerp.lens.path`); a field is unified, `extra.project` for a custom one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyerp.lens.codec import Codec
from anyerp.lens.codecs import text


@dataclass(frozen=True, slots=True)
class Map:
    """One field, one path.

    `native` names a second field that keeps the native text beside the decoded value; where the decoded one is not
    given, or is `other`, the text is written as it stands. `read_only` is never written: a value that differs from the
    ERP's is refused. `create_only` is not written after creation. `follows` is read along with another field (number
    and name of a reference): not written, and beside that field a given value is not held against what the ERP says;
    without it, it is refused.
    """

    field: str
    path: str
    codec: Codec = text()
    read_only: bool = False
    create_only: bool = False
    native: str | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """One field from several paths (a status from four flags, a street from name and number).

    The codec speaks tuples, one member a path; when reading, a member is None where the path is missing or null. What
    `encode` gives is written to every path: None is left out of a new record and sent as null in an update.
    A path that the ERP works out itself (its word for a status) is given a value that reads back as the same; the flow
    leaves it out of what it sends.
    """

    field: str
    paths: tuple[str, ...]
    codec: Codec
    read_only: bool = False
    create_only: bool = False


@dataclass(frozen=True, slots=True)
class Slots:
    """One list from a fixed row of paths (three e-mail fields); a longer list is refused."""

    field: str
    paths: tuple[str, ...]
    codec: Codec = text()
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Nest:
    """One nested value (an address, a reference) from rules of its own, over the same record or one `at` a path."""

    field: str
    rules: tuple[Rule, ...]
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """A list of lines. `key` is (unified field, native path within a line): lines are matched by it, never by place."""

    field: str
    path: str
    rules: tuple[Rule, ...]
    key: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Derived:
    """A field computed when reading: from unified fields of the same record (`uses`) and native values (`native`).

    A native path `lines/*/member` stands for that member of all objects of a list, None where one has it not.
    """

    field: str
    compute: Callable[..., Any]
    uses: tuple[str, ...] = ()
    native: tuple[tuple[str, Codec], ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """A field that this ERP does not have here. `because` begins with `never:`, `upstream:` or `todo:`."""

    field: str
    because: str


Rule = Map | Join | Slots | Nest | Each | Derived | Absent

REASONS = ("never:", "upstream:", "todo:")


def absent(because: str, *fields: str) -> tuple[Absent, ...]:
    """Several fields that are absent for one reason."""
    return tuple(Absent(field, because) for field in fields)


def writable(rule: Rule) -> bool:
    """Whether a rule may write (a nest or a list may, if any of its own rules may)."""
    match rule:
        case Derived() | Absent():
            return False
        case Nest(rules=rules) | Each(rules=rules):
            return any(writable(inner) for inner in rules)
        case Map():
            return not rule.read_only and not rule.follows
        case Join() | Slots():
            return not rule.read_only
