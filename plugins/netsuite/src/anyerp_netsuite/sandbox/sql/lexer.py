"""SuiteQL in tokens, and what its dialect does not have at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["word", "quoted", "string", "number", "mark", "end"]
_PATTERN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      |(?P<string>'(?:[^']|'')*')
      |(?P<quoted>"[^"]+")
      |(?P<number>\d+(?:\.\d+)?|\.\d+)
      |(?P<word>[A-Za-z_][A-Za-z0-9_$#]*)
      |(?P<mark><=|>=|<>|!=|\|\||\(\+\)|[()=<>,.*+/?-])""",
    re.VERBOSE | re.DOTALL,
)


class SqlError(Exception):
    """A query that SuiteQL refuses; the message is for the error's detail."""


UNSUPPORTED = "Invalid or unsupported search"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL. Words keep their case in `text`; `low` is for comparing."""

    kind: TokenKind
    text: str

    @property
    def low(self) -> str:
        """Lower case for words, as written otherwise."""
        return self.text.lower() if self.kind == "word" else self.text


END = Token("end", "")


def tokens(sql: str) -> list[Token]:
    """The tokens of a query, without comments. Raises `SqlError` for signs no query has, such as [ ] and ;."""
    found: list[Token] = []
    at = 0
    while at < len(sql):
        match = _PATTERN.match(sql, at)
        if match is None:
            raise SqlError(f"{UNSUPPORTED}: unexpected '{sql[at]}'.")
        at = match.end()
        kind = match.lastgroup
        assert kind is not None
        if kind != "space":
            found.append(Token(kind, match[0]))  # type: ignore[arg-type]  # the pattern's groups are the kinds
    return found
