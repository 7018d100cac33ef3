"""The parser of `$filter` and `$orderby`: OData V4 precedence, nothing evaluated, nothing looked up."""

from __future__ import annotations

from collections.abc import Callable

from .error import ODataError
from .expression import Binary, Expression, Function, Lambda, Literal, Many, Path, Unary
from .lexer import Token, tokens

_COMPARE = ("eq", "ne", "gt", "ge", "lt", "le", "has")
_WORDS = {"true": Literal(True, "Edm.Boolean"), "false": Literal(False, "Edm.Boolean"), "null": Literal(None, None)}


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.at = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def mark(self, sign: str) -> bool:
        if self.next.kind == "mark" and self.next.value == sign:
            self.at += 1
            return True
        return False

    def word(self, *words: str) -> str | None:
        if self.next.kind == "name" and self.next.value in words:
            return str(self.take().value)
        return None

    def expect(self, sign: str) -> None:
        if not self.mark(sign):
            self.fail()

    def fail(self) -> None:
        raise ODataError("syntax", f"Syntax error at position {self.next.at} in '{self.text}'.")

    def end(self) -> None:
        if self.next.kind != "end":
            self.fail()

    def chain(self, below: Callable[[], Expression], *words: str) -> Expression:
        left = below()
        while word := self.word(*words):
            left = Binary(word, left, below())
        return left

    def either(self) -> Expression:
        return self.chain(self.both, "or")

    def both(self) -> Expression:
        return self.chain(self.compare, "and")

    def compare(self) -> Expression:
        left = self.add()
        while True:
            if self.word("in"):
                left = Binary("in", left, self.many())
            elif word := self.word(*_COMPARE):
                left = Binary(word, left, self.add())
            else:
                return left

    def many(self) -> Expression:
        self.expect("(")
        items = [self.add()]
        while self.mark(","):
            items.append(self.add())
        self.expect(")")
        return Many(tuple(items))

    def add(self) -> Expression:
        return self.chain(self.multiply, "add", "sub")

    def multiply(self) -> Expression:
        return self.chain(self.unary, "mul", "div", "mod")

    def unary(self) -> Expression:
        if self.word("not"):
            return Unary("not", self.unary())
        if self.mark("-"):
            return Unary("-", self.unary())
        return self.primary()

    def primary(self) -> Expression:
        token = self.take()
        if token.kind == "literal":
            return Literal(token.value, token.type)
        if token.kind == "mark" and token.value == "(":
            inside = self.either()
            self.expect(")")
            return inside
        if token.kind == "name":
            if token.value in _WORDS:
                return _WORDS[token.value]
            if self.mark("("):
                return Function(str(token.value), self.arguments())
            return self.path(str(token.value))
        self.at -= 1
        self.fail()
        raise AssertionError

    def arguments(self) -> tuple[Expression, ...]:
        items: list[Expression] = []
        if not self.mark(")"):
            items.append(self.either())
            while self.mark(","):
                items.append(self.either())
            self.expect(")")
        return tuple(items)

    def path(self, first: str) -> Expression:
        names = [first]
        while self.mark("/"):
            token = self.take()
            if token.kind != "name":
                self.at -= 1
                self.fail()
            if token.value in ("any", "all") and self.mark("("):
                return self.quantified(Path(tuple(names)), str(token.value))
            names.append(str(token.value))
        return Path(tuple(names))

    def quantified(self, path: Path, quantifier: str) -> Expression:
        if self.mark(")"):
            return Lambda(path, quantifier, None, None)
        variable = self.take()
        self.expect(":")
        body = self.either()
        self.expect(")")
        return Lambda(path, quantifier, str(variable.value), body)


def parse_filter(text: str) -> Expression:
    """Give a `$filter` as a tree. Raises `syntax`."""
    reader = _Reader(text)
    tree = reader.either()
    reader.end()
    return tree


def parse_orderby(text: str) -> tuple[tuple[Expression, bool], ...]:
    """Give an `$orderby` as (expression, descending) pairs. Raises `syntax`."""
    reader = _Reader(text)
    wanted: list[tuple[Expression, bool]] = []
    while True:
        expression = reader.add()
        wanted.append((expression, reader.word("asc", "desc") == "desc"))
        if not reader.mark(","):
            reader.end()
            return tuple(wanted)
