"""Flat rows: one row for each line of a record, as a query language joins header and lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from anyerp.lens.path import Keyed, Step, general, look, place
from anyerp.lens.shape import Shape
from anyerp.lens.source import Level, Source


@dataclass(frozen=True, slots=True)
class Flat:
    """Which rows make one record, and which column holds what a native path means.

    `column` names the column of a path (`entity/id`, `lines/*/quantity`). Rows that follow each other with the same
    value at the path `key` are one record; the first of them holds the record's own columns, so that the others need
    not repeat them. `lines` is the path of the record's list and `line_key` a path below it that every line has: a
    row without it holds the record's own columns only. Without `lines` each row is a record.

    The lens stays the one over the nested record: it reads such rows as if they had been put together before.
    """

    column: Callable[[str], str]
    key: str = "id"
    lines: str = ""
    line_key: str = ""

    def shape(self, pairs: Iterable[tuple[str, type]]) -> Shape:
        """The shape of a row, from the native paths that a table reads."""
        row = Shape()
        for path, kind in pairs:
            row.at((self.column(general(path)),)).kind = kind
        for path in (self.key, self.line_key) if self.lines else ():
            found = row.at((self.column(path),))
            found.kind = found.kind or str
        return row

    def native(self, rows: list[dict[str, Any]], paths: Iterable[str]) -> dict[str, Any]:
        """The nested record that some rows make, as far as paths are read."""
        found: dict[str, Any] = {}
        own = rows[0]
        inner = f"{self.lines}/*/"
        below = []
        for path in paths:
            if self.lines and general(path).startswith(inner):
                below.append(path[len(inner) :])
            elif (value := own.get(self.column(general(path)))) is not None:
                found = place(found, path, value)
        if below:
            key = self.column(self.line_key)
            lines = [self._line(row, below) for row in rows if row.get(key) is not None]
            found = place(found, self.lines, lines)
        return found

    def _line(self, row: dict[str, Any], paths: list[str]) -> dict[str, Any]:
        line: dict[str, Any] = {}
        for path in paths:
            if (value := row.get(self.column(f"{self.lines}/*/{general(path)}"))) is not None:
                line = place(line, path, value)
        return line

    def rows(self, native: dict[str, Any], paths: Iterable[str]) -> list[dict[str, Any]]:
        """The rows that a nested record comes from: its own first, then one for each line."""
        inner = f"{self.lines}/*/"
        own, below = {}, []
        for path in paths:
            if self.lines and general(path).startswith(inner):
                below.append(path[len(inner) :])
            else:
                own[self.column(general(path))] = look(native, path)
        rows = [own]
        for line in (look(native, self.lines) or ()) if self.lines else ():
            columns = {self.column(inner + general(path)): look(line, path) for path in below}
            rows.append({self.column(self.key): own.get(self.column(self.key)), **columns})
        return rows

    def grouped(self, rows: Iterable[Any]) -> list[list[dict[str, Any]]]:
        """Loose rows by record. Lines whose record has no key that can be read stay with it."""
        if not self.lines:
            return [[row if isinstance(row, dict) else {}] for row in rows]
        groups: list[list[dict[str, Any]]] = []
        key, line_key, last = self.column(self.key), self.column(self.line_key), None
        for given in rows:
            row = given if isinstance(given, dict) else {}
            here, own = row.get(key), row.get(line_key) is None
            lost = bool(groups) and not isinstance(groups[-1][0].get(key), (str, int))
            if not groups or (here != last and (own or not lost)):
                groups.append([])
            groups[-1].append(row)
            last = here
        return groups


class FlatLevel(Level):
    """A row whose columns are read by the paths of the nested record."""

    def __init__(self, source: Source, shape: Shape, variable: str, depth: int, flat: Flat, prefix: str) -> None:
        super().__init__(source, shape, variable, depth)
        self.flat, self.prefix = flat, prefix

    def fetch(self, path: tuple[Step, ...]) -> tuple[str, Shape]:
        """The column of a path; for the path of the lines, the rows that hold one."""
        whole = self.prefix + "/".join(_spelt(step) for step in path)
        if whole == self.flat.lines:
            rows = Shape()
            rows.item = self.shape
            return "lines", rows
        column = self.flat.column(general(whole))
        return f"{self.variable}.{self.shape.names[column]}", self.shape.members[column]

    def inner(self, shape: Shape, variable: str, depth: int) -> FlatLevel:
        """A row as a line."""
        return FlatLevel(self.source, shape, variable, depth, self.flat, f"{self.flat.lines}/*/")


def _spelt(step: Step) -> str:
    return f"{step.member}={step.value}" if isinstance(step, Keyed) else str(step)


def begin(source: Source, shape: Shape, flat: Flat) -> FlatLevel:
    """Write the loop over the records that rows make; gives the level of a record's own row."""
    if not flat.lines:
        source.line(1, "for row in rows:")
        return FlatLevel(source, shape, "row", 2, flat, "")
    key, line_key = (shape.names[flat.column(path)] for path in (flat.key, flat.line_key))
    source.line(1, "groups = last = []")
    source.line(1, "for row in rows:")
    source.line(2, f"key, line = row.{key}, row.{line_key}")
    source.line(2, "if key != last:")
    source.line(3, "last, lines = key, []")
    source.line(3, "groups.append((row, lines))")
    source.line(2, "if line is not None: lines.append(row)")
    source.line(1, "for row, lines in groups:")
    return FlatLevel(source, shape, "row", 2, flat, "")
