"""The account's own fields in lists: which there are, by the metadata catalog, and how rows say them (sheet §4, §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import AnyErpError, NotFound, PermissionDenied, UnexpectedPayload

from anyerp_netsuite.lens.common import CUSTOM, OWN
from anyerp_netsuite.suiteql import Column, Table, column, rows, spelt

CATALOG = "/services/rest/record/v1/metadata-catalog"
_SCHEMA = {"Accept": "application/schema+json"}
_FORMATS = {"date": "iso_day", "date-time": "iso_instant"}
_ITEM, _EXPENSE = "-itemElement", "-expenseElement"


@dataclass(frozen=True, slots=True)
class Own:
    """One such field: what its value is, its column, and where in a row it and its label stand.

    `within`: it is of lines; `only` is the condition under which a line has it.
    """

    name: str
    kind: str
    within: bool
    alias: str
    column: str
    only: str = ""

    @property
    def label(self) -> str:
        """The column of the label."""
        return f"{self.alias}_df"

    def columns(self) -> Iterator[Column]:
        """The columns to select."""
        # A box that nobody ticked is false in the record, and may be empty here.
        plain = f"NVL({self.column}, 'F')" if self.kind == "boolean" else spelt(self.column, self.kind)
        yield self.alias, self._of(plain), self.within
        if self.kind in ("reference", "references"):
            yield self.label, self._of(f"BUILTIN.DF({self.column})"), self.within

    def _of(self, expression: str) -> str:
        return f"CASE WHEN {self.only} THEN {expression} END" if self.only else expression

    def value(self, row: Mapping[str, Any]) -> Any:
        """The value as the record service says it, without links; None where there is none."""
        text = row.get(self.alias)
        if not isinstance(text, str):
            return text
        match self.kind:
            case "boolean":
                return text == "T"
            case "number":
                return _number(text)
            case "reference":
                return _reference(text, row.get(self.label))
            case "references":
                ids, names = text.split(","), str(row.get(self.label, "")).split(", ")
                known = names if len(names) == len(ids) else [None] * len(ids)  # a name may have a comma in it
                return [_reference(id.strip(), name) for id, name in zip(ids, known, strict=True)]
        return text


def _number(text: str) -> Any:
    try:
        return msgspec.Raw(format(Decimal(text), "f").encode())
    except (InvalidOperation, ValueError):
        return text


def _reference(id: str, name: Any) -> dict[str, Any]:
    return {"id": id, **({"refName": name} if name is not None else {})}


def fields(ctx: Context, table: Table) -> Flow[tuple[Own, ...]]:
    """The fields of a table that the lens asks for and SuiteQL shows; looked up once for a connection.

    The catalog knows more than SuiteQL: what is computed and not stored has no column, and comes by `get` only.
    """
    paths = ctx.fields()
    wanted = [within for within, path in ((False, CUSTOM), (True, f"{table.lines}/*/{CUSTOM}")) if path in paths]
    if not table.records or not wanted:
        return ()
    memory = f"own fields of {table.records[0]}"
    known: tuple[Own, ...] | None = ctx.memory.get(memory)
    if known is None:
        found: list[Own] = []
        for within in (False, True):
            some = yield from _declared(table, within=within)
            found += yield from _shown(table, some)
        known = ctx.memory[memory] = tuple(found)
    return tuple(own for own in known if own.within in wanted)


def _declared(table: Table, *, within: bool) -> Flow[list[Own]]:
    kinds: dict[str, str] = {}
    places: dict[str, set[str]] = {}
    for record in table.records:
        for name in [record + _ITEM, record + _EXPENSE] if within and table.lines else [] if within else [record]:
            for field, kind in (yield from _catalogued(name, several=len(table.records) > 1)).items():
                kinds.setdefault(field, kind)
                places.setdefault(field, set()).add(_EXPENSE if name.endswith(_EXPENSE) else _ITEM)
    made = []
    for number, (name, kind) in enumerate(kinds.items()):
        alias = table.line_alias if within else table.alias
        which = "IS NULL" if _EXPENSE in places[name] else "IS NOT NULL"
        only = f"{alias}.item {which}" if within and len(places[name]) == 1 else ""
        made.append(Own(name, kind, within, f"{'k' if within else 'c'}{number}", f"{alias}.{name.lower()}", only))
    return made


def _catalogued(name: str, *, several: bool) -> Flow[Mapping[str, str]]:
    """The kinds of a record type's own fields, by name; a type that the account does not have has none.

    Of `several` types that one table holds, one that the role cannot see has none either: it has no rows.
    """
    try:
        response = yield from ask(Request("GET", f"{CATALOG}/{name}", headers=_SCHEMA))
    except NotFound:
        return {}
    except PermissionDenied:
        if several:
            return {}
        raise
    try:
        properties = response.json()["properties"]
        return {field: _kind(said) for field, said in properties.items() if OWN.fullmatch(field)}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnexpectedPayload(f"the catalog does not say which fields {name} has", status=response.status) from None


def _kind(said: Mapping[str, Any]) -> str:
    if "$ref" in said:
        return "references" if str(said["$ref"]).endswith("Collection") else "reference"
    match said.get("type"):
        case "boolean":
            return "boolean"
        case "number" | "integer":
            return "number"
        case "object":
            return "reference"
    return _FORMATS.get(str(said.get("format")), "text")


def _shown(table: Table, some: Sequence[Own]) -> Flow[list[Own]]:
    """Those of which SuiteQL has a column: an unknown one spoils the query that names it, so halves are asked for."""
    if not some:
        return []
    named = ", ".join(f"{own.column} AS {own.alias}" for own in some)
    try:
        yield from rows(f"SELECT {named} FROM {table.source} WHERE {table.id} = 0")  # noqa: S608 - checked names
    except PermissionDenied:
        raise
    except AnyErpError as error:
        if error.status != 400:
            raise
        if len(some) == 1:
            return []
        half = len(some) // 2
        return [*(yield from _shown(table, some[:half])), *(yield from _shown(table, some[half:]))]
    return list(some)


_loose = msgspec.json.Decoder(dict[str, Any]).decode


def gathered(found: Iterable[msgspec.Raw], owns: Sequence[Own], lines: str) -> list[msgspec.Raw]:
    """Rows with their own fields put together as JSON text, where the lens finds it."""
    places = {False: column(CUSTOM), True: column(f"{lines}/*/{CUSTOM}")}
    return [_gathered(row, owns, places) for row in found]


def _gathered(raw: msgspec.Raw, owns: Sequence[Own], places: Mapping[bool, str]) -> msgspec.Raw:
    try:
        row = _loose(raw)
    except msgspec.DecodeError:
        return raw  # what reads the page says what is wrong with it
    values: dict[bool, dict[str, Any]] = {False: {}, True: {}}
    for own in owns:
        if (value := own.value(row)) is not None:
            values[own.within][own.name] = value
        row.pop(own.alias, None)
        row.pop(own.label, None)
    for within, some in values.items():
        if some:
            row[places[within]] = msgspec.json.encode(some).decode()
    return msgspec.Raw(msgspec.json.encode(row))
