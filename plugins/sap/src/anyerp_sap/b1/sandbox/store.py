"""The tables: rows by key, replaced whole and never edited in place, so that a changeset can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import ApprovalNeeded, not_found

Key = int | str
_Journal = list[tuple[str, Key, Row | None]]


class Store:
    """Entity set → key → row, with number ranges. Numbers that were given out are not given out again."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[Key, Row]] = {}
        self._ranges: dict[str, int] = {}
        self._journal: _Journal | None = None

    def table(self, entity_set: str) -> dict[Key, Row]:
        """All rows of a set by key."""
        return self._tables.setdefault(entity_set, {})

    def rows(self, entity_set: str) -> list[Row]:
        """All rows of a set, in the order of their keys."""
        table = self.table(entity_set)
        return [table[key] for key in sorted(table, key=lambda key: (isinstance(key, str), key))]

    def get(self, entity_set: str, key: Key) -> Row:
        """One row. Raises `Refused` when there is none."""
        row = self.table(entity_set).get(key)
        if row is None:
            raise not_found()
        return row

    def find(self, entity_set: str, key: Key | None) -> Row | None:
        """One row, or None."""
        return None if key is None else self.table(entity_set).get(key)

    def put(self, entity_set: str, key: Key, row: Row | None) -> None:
        """Set a row, or remove it with None."""
        table = self.table(entity_set)
        if self._journal is not None:
            self._journal.append((entity_set, key, table.get(key)))
        if row is None:
            table.pop(key, None)
        else:
            table[key] = row

    def next(self, name: str, start: int = 1) -> int:
        """The next number of a range."""
        self._ranges[name] = self._ranges.get(name, start - 1) + 1
        return self._ranges[name]

    @contextmanager
    def together(self) -> Iterator[None]:
        """All or nothing: a refusal inside the block takes back what was written in it (a kept draft is none)."""
        outer, self._journal = self._journal, []
        try:
            yield
        except ApprovalNeeded:
            self._leave(outer, self._journal)
            raise
        except BaseException:
            written, self._journal = self._journal, None
            for entity_set, key, row in reversed(written):
                self.put(entity_set, key, row)
            self._leave(outer, [])
            raise
        self._leave(outer, self._journal)

    def _leave(self, outer: _Journal | None, written: _Journal) -> None:
        self._journal = outer
        if outer is not None:
            outer.extend(written)
