"""SuiteQL: text made from the lens, rows read by key (netsuite sheet §4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import UnexpectedPayload
from anyerp.lens import Each, Flat, Lens, Map, Nest, Rule
from anyerp.wire import load_json

PATH = "/services/rest/query/v1/suiteql"
#: Rows of one answer at most.
ROWS = 1000
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECOND = "YYYY-MM-DD HH24:MI:SS"


#: A further column: its name, its expression, and whether lines have it (else the record itself).
Column = tuple[str, str, bool]


@cache  # paths are the tables' own
def column(path: str) -> str:
    """The name of the column that holds a path: `entity/refName` is `entity_refname`, of a line `l_...`."""
    head, star, rest = path.partition("/*/")
    name = f"l_{rest}" if star else head
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


@dataclass(frozen=True, eq=False)
class Table:
    """Where the rows of a resource come from, and which expression is meant by which path.

    `columns` are the expressions of paths that are not simply the column of the same name; None for what SuiteQL
    does not have. `joins` are further tables by alias, joined where needed only. `id` is the key to page by. With
    `lines` (a path) the rows are lines joined to their header: an expression of the header is selected for the
    header's own row only, for which `own` holds, so that it does not travel with each line; `line` holds for the
    others. `link` is the page of the browser's application. `records` are the record types whose own fields its rows
    have (`anyerp_netsuite.custom`).
    """

    source: str
    id: str
    alias: str
    columns: Mapping[str, str | None] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    changed: str | None = None
    lines: str = ""
    line_alias: str = ""
    line_id: str = ""
    line_key: str = ""
    own: str = ""
    line: str = ""
    link: str = ""
    records: tuple[str, ...] = ()

    @property
    def flat(self) -> Flat:
        """How its rows make records."""
        return Flat(column, lines=self.lines, line_key=self.line_key)

    def select(self, ctx: Context, conditions: Sequence[str] = (), more: Iterable[Column] = ()) -> tuple[str, bool]:
        """The query up to its conditions for what the lens reads and `more`, and whether lines are in it."""
        assert ctx.lens is not None
        address = link(ctx, self.link) if self.link else ""
        return _select(self, ctx.lens, tuple(conditions), tuple(more), address, one_world=ctx.settings.one_world)

    def of(self, expression: str, *, within: bool) -> str:
        """An expression for those rows only that are the record's own, or its lines."""
        return f"CASE WHEN {self.line if within else self.own} THEN {expression} END" if self.lines else expression

    def listed(self, path: str) -> bool:
        """Whether rows have what stands at a native path."""
        if path == "page":
            return bool(self.link)
        if path.rpartition("/")[2] == "custom":
            return bool(self.records)
        return self.expression(path, within=bool(self.lines) and path.startswith(f"{self.lines}/*/")) is not None

    def expression(self, path: str, *, within: bool) -> str | None:
        """What a path means in SQL; of a path that nobody has named, the column of that name."""
        if path in self.columns:
            return self.columns[path]
        parts = path.split("/")[2 if within else 0 :]
        if parts == ["custom"]:  # many columns, which `anyerp_netsuite.custom` names
            return None
        alias = self.line_alias if within else self.alias
        if not _WORD.fullmatch(parts[0]) or len(parts) > 2:
            return None
        name = f"{alias}.{parts[0].lower()}"
        match parts[1:]:
            case [] | ["id"]:
                return name
            case ["refName"]:
                return f"BUILTIN.DF({name})"
        return None


@lru_cache(maxsize=64)  # the pages of a list ask for the same
def _select(
    table: Table,
    lens: Lens[Any],
    conditions: tuple[str, ...],
    more: tuple[Column, ...],
    address: str,
    *,
    one_world: bool,
) -> tuple[str, bool]:
    kinds = dict(_kinds(lens.rules, ""))
    chosen, lined = {}, False
    for path in lens.native_fields:
        within = bool(table.lines) and path.startswith(f"{table.lines}/*/")
        expression = table.expression(path, within=within)
        if path == "page":
            expression = f"'{address}' || {table.id}" if address else None
        if expression is None or (not one_world and "subsidiary" in expression):
            continue
        expression = spelt(expression, kinds.get(path))
        lined = lined or within
        chosen[column(path)] = expression if path == "id" else table.of(expression, within=within)
    for name, expression, within in more:
        lined = lined or within
        chosen[name] = table.of(expression, within=within)
    columns = ", ".join(f"{expression} AS {name}" for name, expression in chosen.items())
    named = set(re.findall(r"\b([a-z]+)\.", " ".join((columns, *conditions))))
    needed = [join for alias, join in table.joins.items() if alias in named]
    return f"SELECT {columns} FROM {' '.join((table.source, *needed))} WHERE ", lined  # noqa: S608 - names of ours


def address_columns(path: str, alias: str) -> dict[str, str]:
    """The columns of an address table, by the paths of the subrecord that it is in the record service."""
    names = ("addressee", "addr1", "addr2", "addr3", "city", "zip", "state")
    return {**{f"{path}/{name}": f"{alias}.{name}" for name in names}, f"{path}/country/id": f"{alias}.country"}


def link(ctx: Context, page: str) -> str:
    """The address of a page of the browser's application, up to the id (netsuite sheet §1)."""
    return f"https://{ctx.settings.host_id}.app.netsuite.com/app/{page}?id="


def _kinds(rules: Iterable[Rule], prefix: str) -> Iterable[tuple[str, str]]:
    for rule in rules:
        match rule:
            case Map(path=path, codec=codec) if codec.name in ("iso_day", "iso_instant"):
                yield prefix + path, codec.name
            case Each(path=path, rules=inner):
                yield from _kinds(inner, f"{prefix}{path}/*/")
            case Nest(rules=inner, at=at):
                yield from _kinds(inner, prefix + (f"{at}/" if at else ""))


def spelt(expression: str, kind: str | None) -> str:
    """An expression of a kind of the lens; dates come in the format of the role's display unless one says otherwise."""
    if kind == "iso_day":
        return f"TO_CHAR({expression}, 'YYYY-MM-DD')"
    if kind == "iso_instant":
        return f'TO_CHAR(SYS_EXTRACT_UTC({expression}), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
    return expression


def since(expression: str, moment: datetime) -> tuple[str, ...]:
    """Conditions for "changed since", exact to the second.

    Comparisons run in the account's time zone, which nobody tells, so the exact one is made in UTC; the other, a day
    wide, is there for the index.
    """
    exact = moment.astimezone(UTC).replace(microsecond=0)
    wide = exact - timedelta(days=1)
    return (
        f"{expression} >= TO_DATE('{wide:%Y-%m-%d %H:%M:%S}', '{_SECOND}')",
        f"SYS_EXTRACT_UTC({expression}) >= TO_DATE('{exact:%Y-%m-%d %H:%M:%S}', '{_SECOND}')",
    )


def ask_rows(text: str, params: Sequence[str] = (), limit: int = ROWS) -> Flow[Response]:
    """The answer to a query; it reads, though it is a POST."""
    body: dict[str, Any] = {"q": text, **({"params": list(params)} if params else {})}
    headers = {"Prefer": "transient"}
    return (yield from ask(Request("POST", PATH, {"limit": str(limit)}, headers, json=body, writes=False)))


def rows(text: str, params: Sequence[str] = (), limit: int = ROWS) -> Flow[list[dict[str, str]]]:
    """The rows of one answer as plain values, keys in lower case. Raises `UnexpectedPayload`."""
    response = yield from ask_rows(text, params, limit)
    try:
        found = load_json(response.content)["items"]
        return [{str(name).lower(): value for name, value in row.items()} for row in found]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnexpectedPayload("the answer holds no rows", status=response.status) from None
