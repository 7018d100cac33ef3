"""SuiteQL translated: what the engine spells otherwise is rewritten, what SuiteQL lacks is refused (sheet §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from anyerp_netsuite.sandbox.sql.lexer import END, UNSUPPORTED, SqlError, Token, tokens
from anyerp_netsuite.sandbox.sql.table import LABEL, NOT_EXPOSED, is_date, labelled

_IN_LIMIT = 1000
_COMPARISONS = {"=", "<>", "!=", "<", "<=", ">", ">="}
#: Words that are no alias of a table, nor a column.
_KEYWORDS = frozenset(
    "select from where group order by having union all minus intersect join left right inner outer full cross on and "
    "or as fetch first next rows row only distinct case when then else end in is not null like between exists asc desc "
    "nulls last using escape over partition".split()
)
_FORBIDDEN = frozenset("limit with glob regexp match collate indexed pragma".split())


@dataclass
class Translated:
    """A query for the engine, and the tables it names, by alias and by name."""

    sql: str
    tables: dict[str, str]


@lru_cache(maxsize=256)
def translate(sql: str) -> Translated:
    """Translate one SELECT. Raises `SqlError`. A program has few queries and sends each many times."""
    found = tokens(sql)
    words = [one.low for one in found if one.kind == "word"]
    _refuse(found, words)
    tables = _tables(found)
    rewriter = _Rewriter(found, tables)
    body, order = rewriter.run()
    if rewriter.row_limit is None:
        return Translated(f"{body} {order}", tables)
    if "group" in words:
        raise SqlError(f"{UNSUPPORTED}: ROWNUM together with GROUP BY.")
    some = f"{body} LIMIT {rewriter.row_limit}"
    if not order:
        return Translated(some, tables)
    # Rows are counted first and sorted then, as Oracle does.
    bare = re.sub(r"\w+ \. ", "", order)
    return Translated(f"WITH some AS MATERIALIZED ({some}) SELECT * FROM some {bare}", tables)  # noqa: S608 - no text of ours


def unknown_name(message: str, tables: dict[str, str]) -> str:
    """What SuiteQL says where the engine does not know a name."""
    if match := re.fullmatch(r"no such table: (\S+)", message):
        return f"Record '{match[1]}' was not found."
    match = re.fullmatch(r"no such column: (?:(\S+)\.)?(\S+)", message)
    if match is None:
        return f"{UNSUPPORTED}: {message}."
    table = tables.get((match[1] or "").lower()) or next(iter(tables.values()), "")
    column = match[2].removesuffix(LABEL)
    reason = " Reason: NOT_EXPOSED - Not exposed for channel" if (table, column) in NOT_EXPOSED else ""
    return f"Field '{column}' for record '{table}' was not found.{reason}"


def _refuse(found: list[Token], words: list[str]) -> None:
    if words[:1] != ["select"] or found[0].low != "select":
        raise SqlError(f"{UNSUPPORTED}: a query begins with SELECT.")
    for word in words:
        if word in _FORBIDDEN:
            raise SqlError(f"{UNSUPPORTED}: {word.upper()} is not supported.")
    if any(one.text == "(+)" for one in found):
        why = "cannot be mixed with JOIN" if "join" in words else "is not supported by this sandbox"
        raise SqlError(f"{UNSUPPORTED}: (+) {why}.")
    for before, here in pairwise(found):
        if before.low in ("date", "timestamp", "interval") and here.kind == "string":
            raise SqlError(f"{UNSUPPORTED}: {before.text} literals are not supported, use TO_DATE.")
        if "+" in (before.text, here.text) and "string" in (before.kind, here.kind):
            raise SqlError(f"{UNSUPPORTED}: texts are joined by ||.")
    for index, token in enumerate(found):
        if token.low == "in" and _values(found[index + 1 :]) > _IN_LIMIT:
            raise SqlError(f"{UNSUPPORTED}: a list holds at most {_IN_LIMIT} values.")


def _values(rest: list[Token]) -> int:
    """How many values the list has that begins here."""
    depth, count = 0, 1
    for one in rest:
        depth += {"(": 1, ")": -1}.get(one.text, 0)
        if depth == 0:
            break
        count += depth == 1 and one.text == ","
    return count


def _tables(found: list[Token]) -> dict[str, str]:
    """Alias or name -> table, for every table behind FROM, JOIN or a comma in FROM."""
    tables: dict[str, str] = {}
    depth, listing = 0, set[int]()
    for index, token in enumerate(found):
        if token.kind == "mark":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.low in ("from", "join"):
            listing.add(depth)
        elif token.low in ("where", "group", "order", "select", "on", "fetch"):
            listing.discard(depth)
        if depth not in listing or token.low not in ("from", "join", ","):
            continue
        name, first, second = [*found[index + 1 : index + 4], END, END, END][:3]
        if name.kind != "word" or name.low in _KEYWORDS:
            continue
        alias = second if first.low == "as" else first
        tables[name.low] = name.low
        if alias.kind == "word" and alias.low not in _KEYWORDS:
            tables[alias.low] = name.low
    return tables


class _Rewriter:
    def __init__(self, found: list[Token], tables: dict[str, str]) -> None:
        self._found, self._tables = found, tables
        self._at = self._depth = 0
        #: The n of `ROWNUM <= n`.
        self.row_limit: int | None = None

    def run(self) -> tuple[str, str]:
        """The query up to its own ORDER BY, and the rest."""
        body: list[str] = []
        rest: list[str] = []
        into = body
        while self._at < len(self._found):
            token = self._peek()
            if token.kind == "mark":
                self._depth += {"(": 1, ")": -1}.get(token.text, 0)
            if self._depth == 0 and (token.low, self._peek(1).low) == ("order", "by"):
                into = rest
            into.append(self._step())
        return " ".join(body), " ".join(rest)

    def _peek(self, ahead: int = 0) -> Token:
        index = self._at + ahead
        return self._found[index] if 0 <= index < len(self._found) else END

    def _step(self) -> str:
        token = self._peek()
        special = {
            "builtin": self._label,
            "fetch": self._fetch,
            "rownum": self._rownum,
            "sysdate": self._today,
            "current_date": self._today,
        }.get(token.low)
        if special is not None:
            return special()
        self._at += 1
        if token.kind == "quoted":
            return f"[{token.text[1:-1]}]"
        if token.text == "/":
            return "* 1.0 /"  # Oracle divides whole numbers into fractions
        if token.kind == "string" or token.text == "?":
            return f"display_date({token.text})" if self._beside_date() else token.text
        if token.low == "minus":
            return "EXCEPT"
        return f"[{token.low}]" if token.low == "transaction" else token.low

    def _beside_date(self) -> bool:
        """Whether the text just read is compared to a date column: it is read by the role's date format then."""
        before = [self._peek(-n) for n in (2, 3, 4, 5)]
        if before[0].text in _COMPARISONS or before[0].low == "between":
            column = before[1]
        elif before[0].low == "and" and before[2].low == "between":
            column = before[3]
        else:
            return False
        return column.kind == "word" and is_date(column.low)

    def _label(self) -> str:
        """`BUILTIN.DF(t.status)` becomes the hidden label column beside it."""
        spelt = [self._peek(n) for n in range(8)]
        column = spelt[6] if spelt[5].text == "." else spelt[4]
        close = spelt[7] if spelt[5].text == "." else spelt[5]
        if [one.low for one in spelt[1:4]] != [".", "df", "("] or column.kind != "word" or close.text != ")":
            raise SqlError(f"{UNSUPPORTED}: BUILTIN.DF takes a column.")
        owner = spelt[4].low if column is spelt[6] else ""
        self._at += 8 if owner else 6
        names = [self._tables.get(owner, "")] if owner else list(self._tables.values())
        suffix = LABEL if any(labelled(name, column.low) for name in names) else ""
        return f"label({owner + ' . ' if owner else ''}[{column.low}{suffix}])"

    def _fetch(self) -> str:
        words = [self._peek(n).low for n in range(1, 5)]
        if (
            words[0] not in ("first", "next")
            or not words[1].isdigit()
            or words[2] not in ("rows", "row")
            or words[3] != "only"
        ):
            raise SqlError(f"{UNSUPPORTED}: expected FETCH FIRST n ROWS ONLY.")
        self._at += 5
        return f"LIMIT {words[1]}"

    def _rownum(self) -> str:
        operator, count = self._peek(1).text, self._peek(2).text
        if self._depth or operator not in ("<=", "<", "=") or not count.isdigit() or (operator == "=" and count != "1"):
            raise SqlError(f"{UNSUPPORTED}: ROWNUM.")
        self.row_limit = int(count) - (operator == "<")
        self._at += 3
        return "1 = 1"

    def _today(self) -> str:
        sign, days = self._peek(1).text, self._peek(2)
        shifted = sign in ("+", "-") and days.kind == "number"
        self._at += 3 if shifted else 1
        return f"sysdate({sign}{days.text})" if shifted else "sysdate(0)"
