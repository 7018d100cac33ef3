"""The dialect room: what a product understands of OData's query language, and how it compares text.

`STANDARD` is the whole language. A product states its own `Dialect`; what it leaves out is refused as Microsoft's
library refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .expression import Expression

OPERATORS = frozenset(
    {"or", "and", "not", "eq", "ne", "gt", "ge", "lt", "le", "in", "has", "add", "sub", "mul", "div", "mod", "-"}
)
FUNCTIONS = frozenset(
    {
        *(
            "contains",
            "startswith",
            "endswith",
            "length",
            "indexof",
            "substring",
            "tolower",
            "toupper",
            "trim",
            "concat",
        ),
        *("year", "month", "day", "hour", "minute", "second", "date", "round", "floor", "ceiling"),
    }
)


def exact(text: str) -> Callable[[str], bool]:
    """Text equality as the standard has it."""
    return lambda other: other == text


def as_it_is(text: str) -> str:
    """Text in its own order, case and all."""
    return text


def anything(expression: Expression) -> None:
    """Refuse nothing."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a service understands.

    `lambdas`: "evaluate", "refuse" or "ignore" (as if always true). `enum_as_text` lets an enumeration be compared with
    a plain string, `enum_qualified` with `Namespace.Enum'Member'`. `equality` turns the text on the right of `eq` into
    a test (wildcards); `fold` is applied to text before `gt`, `contains`, sorting ... (case-insensitive collations).
    `check` sees the whole tree and raises `ODataError`. `levels` is how deep `$expand` may go; `expand_options` whether
    it takes any.
    """

    operators: frozenset[str] = OPERATORS
    functions: frozenset[str] = FUNCTIONS
    lambdas: Literal["evaluate", "refuse", "ignore"] = "evaluate"
    enum_as_text: bool = False
    enum_qualified: bool = True
    enum_operators: frozenset[str] = frozenset({"eq", "ne", "in", "has"})
    equality: Callable[[str], Callable[[str], bool]] = exact
    fold: Callable[[str], str] = as_it_is
    check: Callable[[Expression], None] = anything
    levels: int = 5
    expand_options: bool = True


STANDARD = Dialect()
