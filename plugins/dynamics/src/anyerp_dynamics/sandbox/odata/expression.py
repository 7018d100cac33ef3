"""The expression room: what a parsed `$filter` or `$orderby` is made of, and a walk over it.

A product's dialect looks at these trees (`walk`, `fields`) to refuse what its service refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `type` is an Edm type, a qualified enumeration name, or None for null."""

    value: Any
    type: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """A property, perhaps through navigations: `vendor/number` is ("vendor", "number")."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(self.names)


@dataclass(frozen=True, slots=True)
class Unary:
    """`not x` or `-x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`: or, and, eq, ne, gt, ge, lt, le, in, has, add, sub, mul, div, mod."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """`name(arguments)`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """The parenthesised list of `in`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """`lines/any(l: body)` or `all`; `body` is None for an empty `any()`."""

    path: Path
    quantifier: str
    variable: str | None
    body: Expression | None


Expression = Literal | Path | Unary | Binary | Function | Many | Lambda


def walk(expression: Expression) -> Iterator[Expression]:
    """Give the expression and everything inside it, outermost first."""
    yield expression
    inside: tuple[Expression | None, ...] = ()
    match expression:
        case Unary(_, operand):
            inside = (operand,)
        case Binary(_, left, right):
            inside = (left, right)
        case Function(_, arguments):
            inside = arguments
        case Many(items):
            inside = items
        case Lambda(path, _, _, body):
            inside = (path, body)
        case _:
            pass
    for part in inside:
        if part is not None:
            yield from walk(part)


def fields(expression: Expression) -> set[str]:
    """Give the property paths that an expression reads, as written."""
    return {str(part) for part in walk(expression) if isinstance(part, Path)}
