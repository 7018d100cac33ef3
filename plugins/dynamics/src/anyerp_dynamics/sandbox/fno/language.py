"""What Finance & Operations understands of OData's query language (dynamics sheet §1.4, §1.5)."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..odata import Dialect, EntitySet, Expression, ODataError, fields
from ..odata.dialect import FUNCTIONS, OPERATORS

#: Page size of the service, and the most that `Prefer: odata.maxpagesize` can ask for.
PAGE = 10_000


def wildcards(text: str) -> Callable[[str], bool]:
    """Text equality where `*` stands for anything, as in `Name eq '*retail*'`; case never matters."""
    if "*" not in text:
        plain = text.casefold()
        return lambda other: other.casefold() == plain
    pattern = re.compile(".*".join(map(re.escape, text.casefold().split("*"))), re.DOTALL)
    return lambda other: pattern.fullmatch(other.casefold()) is not None


def dialect(entity_set: EntitySet) -> Dialect:
    """Give the dialect of one set: no `in`, `has` or lambdas, enumerations qualified, computed fields unfilterable."""
    computed = {prop.name for prop in entity_set.type.properties if prop.facts.virtual}

    def check(expression: Expression) -> None:
        for name in fields(expression) & computed:
            raise ODataError(
                "not_supported", f"The field '{name}' is computed and cannot be used in a filter.", field=name
            )

    return Dialect(
        operators=OPERATORS - {"in", "has"},
        functions=FUNCTIONS,
        lambdas="refuse",
        equality=wildcards,
        fold=str.casefold,
        check=check,
        levels=1,
        expand_options=False,
    )
