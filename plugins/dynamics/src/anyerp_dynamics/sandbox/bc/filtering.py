"""What Business Central's filters can say: they become AL filters, and some are refused or ignored on the way.

`or` over two fields is an error, lambda operators are ignored, `in` and functions inside functions need
`$schemaversion=2.1`, enumerations are compared with plain text, blank options not at all (dynamics sheet §2.3).
"""

from __future__ import annotations

from dataclasses import replace

from ..odata import (
    Binary,
    Dialect,
    EntitySet,
    Expression,
    Function,
    Literal,
    Many,
    ODataError,
    Options,
    Path,
    Unary,
    fields,
    walk,
)
from .problem import Problem
from .schema import BLANK, facts, page

_OPERATORS = frozenset({"or", "and", "not", "eq", "ne", "gt", "ge", "lt", "le", "-"})
_FUNCTIONS = frozenset({"contains", "startswith", "endswith", "substring", "tolower", "toupper"})


def _check(expression: Expression, *, nested: bool) -> None:
    for part in walk(expression):
        if isinstance(part, Binary) and part.operator == "or" and len(fields(part)) > 1:
            raise ODataError(
                "not_supported",
                "An error occurred while processing this request. "
                "The 'OR' operator is not supported on distinct fields on an OData filter.",
            )
        if isinstance(part, Binary) and isinstance(part.right, Literal) and part.right.value == BLANK:
            raise ODataError("not_supported", f"The option '{BLANK}' cannot be used in a filter.")
        if not nested and isinstance(part, Function):
            inside = (inner for argument in part.arguments for inner in walk(argument))
            if any(isinstance(inner, Function) for inner in inside):
                raise ODataError("not_supported", "Nested function calls need $schemaversion=2.1.")


_SHARED = Dialect(
    operators=_OPERATORS,
    functions=_FUNCTIONS,
    lambdas="ignore",
    enum_as_text=True,
    enum_operators=frozenset({"eq", "ne"}),
)
_OLD = replace(_SHARED, check=lambda expression: _check(expression, nested=False))
_NEW = replace(
    _SHARED,
    operators=_OPERATORS | {"in"},
    enum_operators=frozenset({"eq", "ne", "in"}),
    check=lambda expression: _check(expression, nested=True),
)


def dialect(version: str | None) -> Dialect:
    """The dialect of a `$schemaversion`."""
    return _NEW if version == "2.1" else _OLD


def prepared(options: Options, entity_set: EntitySet) -> Options:
    """Fit a filter to the fields: text against a code is upper-cased, text longer than its field is refused."""
    return options if options.filter is None else replace(options, filter=_fit(options.filter, entity_set))


def _fit(expression: Expression, entity_set: EntitySet) -> Expression:
    match expression:
        case Binary("in", Path() as path, Many(items)):
            tests = (_fit(Binary("eq", path, item), entity_set) for item in items)
            return Binary("in", path, Many(tuple(test.right for test in tests if isinstance(test, Binary))))
        case Binary(operator, Path((name,)), Literal(str() as value, "Edm.String")):
            prop = entity_set.type.by_name.get(name)
            if prop is None or prop.type != "Edm.String":
                return expression
            if prop.max_length is not None and len(value) > prop.max_length:
                raise Problem(
                    400,
                    "Application_FilterErrorException",
                    f"The filter \"='{value}'\" is not valid for the {name} field on the {page(entity_set).table} "
                    f"table. The length of the string is {len(value)}, but it must be less than or equal to "
                    f"{prop.max_length} characters. Value: {value}",
                )
            text = value.upper() if facts(entity_set, name).code else value
            return Binary(operator, expression.left, Literal(text, "Edm.String"))
        case Binary(operator, left, right):
            return Binary(operator, _fit(left, entity_set), _fit(right, entity_set))
        case Unary(operator, operand):
            return Unary(operator, _fit(operand, entity_set))
        case _:
            return expression


def pinned(expression: Expression | None, *names: str) -> bool:
    """Whether a filter demands one value of one of these fields."""
    match expression:
        case Binary("and", left, right):
            return pinned(left, *names) or pinned(right, *names)
        case Binary("eq", Path((name,)), Literal()):
            return name in names
        case _:
            return False
