"""The `$filter` language of the Service Layer, read into a predicate over rows (sap sheet §13).

    or → and → not → ( … ) | startswith(Field,'x') | Field eq 'x'

Text is compared with its case, and a null answers no comparison but with null itself: the database does both. Enums
are compared by name or by code, dates as quoted text whose time does not count. Collections cannot be asked.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from anyerp_sap.b1.sandbox import enums
from anyerp_sap.b1.sandbox.edm import Field, Kind, Row, Type
from anyerp_sap.b1.sandbox.errors import bad_filter, bad_query
from anyerp_sap.b1.sandbox.values import as_date

#: True, False, or None where a null was compared.
Predicate = Callable[[Row], bool | None]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>(?:datetime)?'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.:-])|(?P<name>[A-Za-z_][\w/]*)"""
    r"""|(?P<mark>[(),]))"""
)
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")
}
_SEARCH: Mapping[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": operator.contains,
    "substringof": operator.contains,
}

Token = tuple[str, str]


def read_filter(text: str, type_: Type, *, old_names: bool) -> Predicate:
    """A predicate for the rows of a type; `old_names` adds v1's `substringof`. Raises `Refused`."""
    reader = _Reader(_tokens(text), type_, old_names=old_names)
    found = reader.either()
    if reader.rest:
        raise bad_filter()
    return found


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if not match or not match.lastgroup:
            raise bad_filter()
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[Token], type_: Type, *, old_names: bool) -> None:
        self.rest = tokens
        self.type = type_
        self.old_names = old_names

    def either(self) -> Predicate:
        sides = [self.both()]
        while self._skip("name", "or"):
            sides.append(self.both())
        return sides[0] if len(sides) == 1 else lambda row: _any(side(row) for side in sides)

    def both(self) -> Predicate:
        sides = [self.one()]
        while self._skip("name", "and"):
            sides.append(self.one())
        return sides[0] if len(sides) == 1 else lambda row: _all(side(row) for side in sides)

    def one(self) -> Predicate:
        if self._skip("name", "not"):
            inner = self.one()
            return lambda row: _not(inner(row))
        if self._skip("mark", "("):
            inner = self.either()
            self._need("mark", ")")
            return inner
        name = self._take("name")
        return self._search(name) if self._skip("mark", "(") else self._comparison(name)

    def _search(self, function: str) -> Predicate:
        if function not in _SEARCH or (function == "substringof" and not self.old_names):
            raise bad_query(f"Property '{function}' is invalid")
        backwards = function == "substringof"
        wanted = self._literal() if backwards else None
        if backwards:
            self._need("mark", ",")
        field = self._field(self._take("name"))
        if not backwards:
            self._need("mark", ",")
            wanted = self._literal()
        self._need("mark", ")")
        if field.kind is not Kind.TEXT or not isinstance(wanted, str):
            raise bad_filter()
        test, name = _SEARCH[function], field.name
        return lambda row: None if row.get(name) is None else test(row[name], wanted)

    def _comparison(self, name: str) -> Predicate:
        field = self._field(name)
        compare = _COMPARE.get(self._take("name"))
        if compare is None:
            raise bad_filter()
        if self._next_is_path():
            other = self._field(self._take("name")).name
            return lambda row: None if None in (row.get(name), row.get(other)) else compare(row[name], row[other])
        wanted = _value(field, self._literal())
        if wanted is None:
            if compare not in (operator.eq, operator.ne):
                raise bad_filter()
            return lambda row: compare(row.get(name), None)
        return lambda row: None if row.get(name) is None else compare(row[name], wanted)

    def _next_is_path(self) -> bool:
        """Whether a field follows: two fields are compared in a `$crossjoin` only, where they are paths."""
        return bool(self.rest) and self.rest[0][0] == "name" and "/" in self.rest[0][1]

    def _field(self, name: str) -> Field:
        field = self.type.fields.get(name)
        if field is None or not field.plain:
            raise bad_query(f"Property '{name}' is invalid")
        return field

    def _literal(self) -> Any:
        kind, text = self.rest.pop(0) if self.rest else ("", "")
        if kind == "text":
            return text.removeprefix("datetime")[1:-1].replace("''", "'")
        if kind == "number":
            try:
                return Decimal(text)
            except InvalidOperation:
                raise bad_filter() from None
        if (kind, text) == ("name", "null"):
            return None
        raise bad_filter()

    def _take(self, kind: str) -> str:
        if not self.rest or self.rest[0][0] != kind:
            raise bad_filter()
        return self.rest.pop(0)[1]

    def _skip(self, kind: str, text: str) -> bool:
        if self.rest and self.rest[0] == (kind, text):
            self.rest.pop(0)
            return True
        return False

    def _need(self, kind: str, text: str) -> None:
        if not self._skip(kind, text):
            raise bad_filter()


def _value(field: Field, literal: Any) -> Any:
    """A literal as the rows keep such a value. Raises `Refused` when it is of another kind."""
    value: Any
    if literal is None:
        return None
    if field.kind in (Kind.INT, Kind.NUMBER):
        value = literal if isinstance(literal, Decimal) else None
    elif not isinstance(literal, str):
        value = None
    elif field.kind is Kind.ENUM:
        value = enums.member(field.of, literal)
    elif field.kind is Kind.DATE:
        value = as_date(literal)
    else:
        value = literal
    if value is None:
        raise bad_filter()
    return value


def _any(sides: Any) -> bool | None:
    values = list(sides)
    return True if True in values else None if None in values else False


def _all(sides: Any) -> bool | None:
    values = list(sides)
    return False if False in values else None if None in values else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
