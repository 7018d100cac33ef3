"""`$filter`: a tokenizer and a descent parser that make a predicate over rows (sap sheet §4).

Supported is what Gateway supports: and, or, not, eq ne gt ge lt le, parentheses, substringof, startswith, endswith.
Everything else (contains, toupper, arithmetic) is a 400.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from anyerp_sap.sandbox.edm import Entity, Property, Row, Value
from anyerp_sap.sandbox.errors import SapError, bad_request
from anyerp_sap.sandbox.literals import Literal, operand, parse_literal

Predicate = Callable[[Row], bool]
Compare = Callable[[Any, Any], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[(),])|(?P<literal>(?:datetimeoffset|datetime|time|guid)?'(?:[^']|'')*'"
    r"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[mMdDfFlL]?(?![\w.]))|(?P<word>[A-Za-z_][\w/]*))"
)
_COMPARE: dict[str, Compare] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}
#: Functions with the position of the needle among their arguments: substringof has it first.
_FUNCTIONS: dict[str, tuple[int, Callable[[str, str], bool]]] = {
    "substringof": (0, lambda text, needle: needle in text),
    "startswith": (1, str.startswith),
    "endswith": (1, str.endswith),
}


def sort_value(prop: Property, value: Value) -> tuple[int, Any]:
    """Give a value that orders as the system does: digits and padded numbers by value, empty dates first."""
    if value is None:
        return (0, 0)
    if prop.kind == "S" and (prop.digits or prop.alpha):
        text = str(value)
        return (1, text.zfill(40) if text.isdigit() else text)
    return (1, value)


def parse_filter(text: str, entity: Entity, language: str) -> Predicate:
    """Make the predicate of a filter. Raises a 400 for bad syntax, unknown or unfilterable names, unfit literals."""
    parser = _Parser(text, entity, language)
    predicate = parser.either()
    if parser.kind:
        raise parser.malformed()
    return predicate


class _Parser:
    def __init__(self, text: str, entity: Entity, language: str) -> None:
        self.text, self.entity, self.language = text, entity, language
        self.position = 0
        self.kind = self.word = ""
        self.start = 0
        self.step()

    def step(self) -> str:
        """Take the current token and look at the next."""
        taken = self.word
        if not self.text[self.position :].strip():
            self.kind, self.word, self.start = "", "", len(self.text)
            return taken
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            self.start = self.position
            raise self.malformed()
        self.kind, self.word = str(match.lastgroup), match[str(match.lastgroup)]
        self.start, self.position = match.start(str(match.lastgroup)), match.end()
        return taken

    def malformed(self) -> SapError:
        return bad_request("/IWFND/CM_MGW/010", self.start + 1, self.text)

    def expect(self, word: str) -> None:
        if self.word != word or self.kind != "paren":
            raise self.malformed()
        self.step()

    def either(self) -> Predicate:
        left = self.both()
        while self.kind == "word" and self.word == "or":
            self.step()
            left = _or(left, self.both())
        return left

    def both(self) -> Predicate:
        left = self.single()
        while self.kind == "word" and self.word == "and":
            self.step()
            left = _and(left, self.single())
        return left

    def single(self) -> Predicate:
        if self.kind == "word" and self.word == "not":
            self.step()
            inner = self.single()
            return lambda row: not inner(row)
        if self.kind == "paren":
            self.expect("(")
            inner = self.either()
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Predicate:
        left = self.operand()
        if isinstance(left, _Function):
            return self.function_result(left.predicate)
        if self.kind != "word" or self.word not in _COMPARE:
            raise self.malformed()
        name = self.step()
        right = self.operand()
        if isinstance(left, Property) and isinstance(right, Literal):
            return self.compare(left, name, right)
        if isinstance(left, Literal) and isinstance(right, Property):
            return self.compare(right, _TURNED[name], left)
        raise self.malformed()

    def function_result(self, predicate: Predicate) -> Predicate:
        """Read what may follow a function: nothing, or `eq true` and its like."""
        if self.kind != "word" or self.word not in ("eq", "ne"):
            return predicate
        turned = self.step() == "ne"
        right = self.operand()
        if not isinstance(right, Literal) or right.kind != "bool":
            raise self.malformed()
        wanted = right.value is not turned
        return lambda row: predicate(row) is wanted

    def compare(self, prop: Property, name: str, literal: Literal) -> Predicate:
        compare = _COMPARE[name]
        value = operand(prop, literal, self.language, self.text)
        field, initial = prop.name, prop.initial
        if name in ("eq", "ne"):
            return lambda row: compare(row.get(field, initial), value)
        if value is None:
            raise bad_request("/IWFND/CM_MGW/014", self.text, prop.edm, "null", target=field)
        wanted = sort_value(prop, value)

        def ordered(row: Row) -> bool:
            have = row.get(field, initial)
            return have is not None and compare(sort_value(prop, have), wanted)

        return ordered

    def operand(self) -> Property | Literal | _Function:
        if self.kind == "literal" or self.word in ("true", "false", "null"):
            try:
                literal = parse_literal(self.word)
            except ValueError:
                raise self.malformed() from None
            self.step()
            return literal
        if self.kind != "word" or self.word in ("and", "or", "not", *_COMPARE):
            raise self.malformed()
        name = self.step()
        if self.kind == "paren" and self.word == "(":
            return self.function(name)
        prop = self.entity.properties.get(name)
        if prop is None:
            raise bad_request("/IWFND/CM_MGW/011", name, self.entity.type_name)
        if not prop.filterable:
            raise bad_request("/IWFND/CM_MGW/012", name, self.entity.type_name)
        return prop

    def function(self, name: str) -> _Function:
        if name not in _FUNCTIONS:
            raise bad_request("/IWFND/CM_MGW/015", name)
        needle_at, test = _FUNCTIONS[name]
        self.expect("(")
        first = self.operand()
        self.expect(",")
        second = self.operand()
        self.expect(")")
        needle, prop = (first, second) if needle_at == 0 else (second, first)
        if not isinstance(prop, Property) or not isinstance(needle, Literal):
            raise self.malformed()
        if prop.kind != "S" or needle.kind != "string":
            raise bad_request("/IWFND/CM_MGW/014", self.text, prop.edm, needle.kind, target=prop.name)
        field, initial, wanted = prop.name, prop.initial, str(needle.value)
        return _Function(lambda row: test(str(row.get(field, initial)), wanted))


class _Function:
    def __init__(self, predicate: Predicate) -> None:
        self.predicate = predicate


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda row: left(row) or right(row)


def _and(left: Predicate, right: Predicate) -> Predicate:
    return lambda row: left(row) and right(row)
