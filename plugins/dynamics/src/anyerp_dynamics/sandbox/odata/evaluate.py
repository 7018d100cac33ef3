"""The evaluator: a parsed expression, checked against the schema and the dialect, becomes a Python function of a row.

Checking happens when the function is made, so a bad filter is refused even when the set is empty. Error texts are those
of Microsoft's OData library, which both products sit on.
"""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from .dialect import STANDARD, Dialect
from .error import ODataError
from .expression import Binary, Expression, Function, Lambda, Literal, Many, Path, Unary
from .function import ACCEPTS, DAYS, FUNCTIONS
from .schema import NUMBERS, EntityType, Navigation, Row, Schema

Get = Callable[[Mapping[str, Any]], Any]
#: Rows at the other end of a navigation: a list when it is to many, a row or None when to one.
Follow = Callable[[Row, Navigation], Any]

KINDS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
    "and": "And",
    "or": "Or",
    "has": "Has",
    "in": "In",
    "not": "Not",
    "-": "Negate",
    "add": "Add",
    "sub": "Subtract",
    "mul": "Multiply",
    "div": "Divide",
    "mod": "Modulo",
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"gt": op.gt, "ge": op.ge, "lt": op.lt, "le": op.le}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"add": op.add, "sub": op.sub, "mul": op.mul}
_TEXT = "Edm.String"


def cannot_follow(row: Row, navigation: Navigation) -> Any:
    """Refuse: the `Follow` of a service that filters over no navigation."""
    raise ODataError("not_supported", f"The navigation '{navigation.name}' cannot be followed in an expression.")


@dataclass(frozen=True)
class Compiler:
    """Makes functions of expressions over one entity type."""

    schema: Schema
    entity_type: EntityType
    dialect: Dialect = STANDARD
    follow: Follow = cannot_follow
    variables: Mapping[str, EntityType] = field(default_factory=dict)

    def predicate(self, expression: Expression) -> Callable[[Row], bool]:
        """Give a `$filter` as a test. Raises `ODataError` when it is not a truth value or not understood."""
        self.dialect.check(expression)
        type_name, get = self.compile(expression)
        if type_name not in ("Edm.Boolean", None):
            raise ODataError("incompatible_types", "The $filter expression must evaluate to a single boolean value.")
        return lambda row: get(row) is True

    def sort_key(self, expression: Expression) -> Get:
        """Give an `$orderby` item as a sort key; null comes first, as on SQL Server."""
        type_name, get = self.compile(expression)
        if type_name == _TEXT:
            fold = self.dialect.fold
            return lambda row: ("" if (value := get(row)) is None else fold(value),)
        if type_name is not None and type_name in self.schema.enums:
            places = {member: place for place, member in enumerate(self.schema.enums[type_name].members)}
            return lambda row: (places.get(get(row), -1),)
        return lambda row: (0, 0) if (value := get(row)) is None else (1, value)

    def compile(self, expression: Expression) -> tuple[str | None, Get]:
        """Give the type of an expression and the function that gives its value."""
        match expression:
            case Literal(value, type_name):
                return type_name, lambda _: value
            case Path(names):
                return self._path(names)
            case Unary(operator, operand):
                return self._unary(operator, operand)
            case Binary(operator, left, right):
                return self._binary(operator, left, right)
            case Function(name, arguments):
                return self._function(name, arguments)
            case Lambda():
                return self._lambda(expression)
            case Many():
                raise ODataError("syntax", "A list is only allowed on the right of 'in'.")

    def _path(self, names: tuple[str, ...]) -> tuple[str | None, Get]:
        root, here = "", self.entity_type
        if names[0] in self.variables:
            root, here, names = names[0], self.variables[names[0]], names[1:]
        steps: list[Navigation] = []
        for name in names[:-1]:
            if name not in here.to:
                self.schema.find_property(here, name)
                raise ODataError("syntax", f"The property '{name}' has no properties of its own.")
            steps.append(here.to[name])
            here = self.schema.sets[here.to[name].target].type
        prop = self.schema.find_property(here, names[-1])
        last, follow = prop.name, self.follow

        def get(row: Any) -> Any:
            row = row[root] if root else row
            for step in steps:
                row = None if row is None else follow(row, step)
            return None if row is None else row.get(last)

        return prop.type, get if root or steps else op.methodcaller("get", last)

    def _allowed(self, operator: str) -> None:
        if operator not in self.dialect.operators:
            raise ODataError("not_supported", f"The operator '{operator}' is not supported.")

    def _unary(self, operator: str, operand: Expression) -> tuple[str | None, Get]:
        self._allowed(operator)
        type_name, get = self.compile(operand)
        if operator == "not":
            self._must(type_name in ("Edm.Boolean", None), operator, type_name)
            return "Edm.Boolean", lambda row: None if (value := get(row)) is None else not value
        self._must(type_name in NUMBERS, operator, type_name)
        return type_name, lambda row: -get(row)

    def _must(self, holds: bool, operator: str, *types: str | None) -> None:
        if not holds:
            names = " and ".join(f"'{self.schema.qualified(name) if name else '<null>'}'" for name in types)
            sort = "binary" if len(types) > 1 else "unary"
            kind = KINDS.get(operator, operator)
            raise ODataError(
                "incompatible_types",
                f"A {sort} operator with incompatible types was detected. "
                f"Found operand types {names} for operator kind '{kind}'.",
            )

    def _binary(self, operator: str, left: Expression, right: Expression) -> tuple[str | None, Get]:
        self._allowed(operator)
        if operator in ("and", "or"):
            (left_type, a), (right_type, b) = self.compile(left), self.compile(right)
            both = {left_type, right_type} <= {"Edm.Boolean", None}
            self._must(both, operator, left_type, right_type)
            if operator == "and":
                return "Edm.Boolean", lambda row: a(row) is True and b(row) is True
            return "Edm.Boolean", lambda row: a(row) is True or b(row) is True
        if operator in ("add", "sub", "mul", "div", "mod"):
            return self._arithmetic(operator, left, right)
        if operator == "in":
            if not isinstance(right, Many):
                raise ODataError("syntax", "The right of 'in' must be a list.")
            tests = [self._compare("eq", left, item) for item in right.items]
            return "Edm.Boolean", lambda row: any(test(row) for test in tests)
        return "Edm.Boolean", self._compare(operator, left, right)

    def _arithmetic(self, operator: str, left: Expression, right: Expression) -> tuple[str | None, Get]:
        (left_type, a), (right_type, b) = self.compile(left), self.compile(right)
        self._must(left_type in NUMBERS and right_type in NUMBERS, operator, left_type, right_type)
        whole = not {left_type, right_type} & {"Edm.Decimal", "Edm.Double"}
        result = left_type if whole else "Edm.Decimal"
        if operator in _ARITHMETIC:
            work = _ARITHMETIC[operator]
        else:

            def work(x: Any, y: Any) -> Any:
                if not y:
                    return None
                quotient = Decimal(x) / Decimal(y)
                if operator == "mod":
                    return x - y * math.trunc(quotient)
                return math.trunc(quotient) if whole else quotient

        def get(row: Any) -> Any:
            x, y = a(row), b(row)
            return None if x is None or y is None else work(_exact(x), _exact(y))

        return result, get

    def _compare(self, operator: str, left: Expression, right: Expression) -> Get:
        (left_type, a), (right_type, b) = self.compile(left), self.compile(right)
        enum = next((name for name in (left_type, right_type) if name in self.schema.enums), None)
        if enum is not None:
            return self._compare_enum(operator, enum, (left_type, left, a), (right_type, right, b))
        self._must(operator != "has", operator, left_type, right_type)
        family = _families(left_type, right_type)
        self._must(family is not None, operator, left_type, right_type)
        if family == _TEXT and operator in ("eq", "ne") and isinstance(right, Literal) and right.value is not None:
            test = self.dialect.equality(right.value)
            wanted = operator == "eq"
            return lambda row: test(a(row) or "") is wanted
        change = {_TEXT: self.dialect.fold, "moment": _moment, "number": _exact}.get(str(family))

        def compared(row: Any) -> bool:
            x, y = a(row), b(row)
            if x is None or y is None:
                return (x is y) is (operator == "eq") if operator in ("eq", "ne") else False
            if change is not None:
                x, y = change(x), change(y)
            if operator in ("eq", "ne"):
                return (x == y) is (operator == "eq")
            return bool(_ORDER[operator](x, y))

        return compared

    def _compare_enum(
        self,
        operator: str,
        enum: str,
        left: tuple[str | None, Expression, Get],
        right: tuple[str | None, Expression, Get],
    ) -> Get:
        getters: list[Get] = []
        for type_name, expression, get in (left, right):
            if type_name == enum:
                getters.append(get)
                continue
            text = type_name == _TEXT and self.dialect.enum_as_text
            qualified = type_name == self.schema.qualified(enum) and self.dialect.enum_qualified
            self._must(
                isinstance(expression, Literal) and (text or qualified or type_name is None),
                operator,
                left[0],
                right[0],
            )
            getters.append(self._member(enum, expression))
        if operator not in self.dialect.enum_operators:
            self._must(False, operator, left[0], right[0])
        a, b = getters
        return (lambda row: a(row) != b(row)) if operator == "ne" else (lambda row: a(row) == b(row))

    def _member(self, enum: str, expression: Expression) -> Get:
        value = expression.value if isinstance(expression, Literal) else None
        if value is not None and value not in self.schema.enums[enum].members:
            numbers = {str(number): member for member, number in self.schema.enums[enum].numbered()}
            if value not in numbers:
                raise ODataError("enum", f"The string '{value}' is not a valid enumeration type constant.")
            value = numbers[value]
        return lambda _: value

    def _function(self, name: str, arguments: tuple[Expression, ...]) -> tuple[str | None, Get]:
        known = FUNCTIONS.get(name)
        if known is None or name not in self.dialect.functions:
            raise ODataError("not_supported", f"An unknown function with name '{name}' was found.")
        takes, result, work = known
        compiled = [self.compile(argument) for argument in arguments]
        fits = len(takes) - takes.count("?") <= len(compiled) <= len(takes) and all(
            want == "?" or have in ACCEPTS[want] for want, (have, _) in zip(takes, compiled, strict=False)
        )
        if not fits:
            have = ", ".join(str(type_name) for type_name, _ in compiled)
            raise ODataError("incompatible_types", f"No function signature for the function '{name}' matches ({have}).")
        getters = [get for _, get in compiled]
        fold = self.dialect.fold if name in ("contains", "startswith", "endswith", "indexof") else None

        def get(row: Any) -> Any:
            values = [getter(row) for getter in getters]
            if None in values:
                return None
            return work(*(fold(value) if fold and isinstance(value, str) else value for value in values))

        return result, get

    def _lambda(self, wanted: Lambda) -> tuple[str | None, Get]:
        if self.dialect.lambdas == "refuse":
            raise ODataError("not_supported", f"The query option '{wanted.quantifier}' is not supported.")
        if self.dialect.lambdas == "ignore":
            return "Edm.Boolean", lambda _: True
        navigation = self.entity_type.to.get(wanted.path.names[0])
        if navigation is None or len(wanted.path.names) != 1:
            raise ODataError("unknown_property", f"Could not find a navigation named '{wanted.path}'.")
        there = self.schema.sets[navigation.target].type
        follow = self.follow
        if wanted.body is None:
            return "Edm.Boolean", lambda row: bool(follow(dict(row), navigation))
        inner = Compiler(
            self.schema, self.entity_type, self.dialect, follow, {**self.variables, str(wanted.variable): there}
        )
        _, body = inner.compile(wanted.body)
        quantify: Callable[[Iterable[bool]], bool] = any if wanted.quantifier == "any" else all
        return "Edm.Boolean", lambda row: quantify(
            body({**row, str(wanted.variable): other}) is True for other in follow(dict(row), navigation)
        )


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _families(left: str | None, right: str | None) -> str | None:
    """Tell what two types are compared as, or None when they cannot be."""
    if left is None or right is None:
        return left or right or "null"
    if left in NUMBERS and right in NUMBERS:
        return "number"
    if left in DAYS and right in DAYS:
        return "moment"
    return left if left == right else None
