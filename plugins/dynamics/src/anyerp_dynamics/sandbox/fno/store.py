"""The store: rows by table and key, with record ids, record versions and the order of changes.

Rows are replaced, never changed in place, so that remembering a state is a shallow copy. Keys are found whatever their
case, as on the service's database (dynamics sheet §1.2). A row keeps its hidden facts beside its fields: `_recs`,
`_versions` (one per data source) and `_stamp` (a counter of changes, for change tracking).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..odata import EntitySet, Navigation, Row, Schema, weak

Key = tuple[Any, ...]
Index = dict[Key, dict[Key, Row]]
#: The first record id of a partition: all are beyond 32 bits (dynamics sheet §1.4).
FIRST_RECORD = 5637144576


def folded(value: Any) -> Any:
    """Give a value as keys are compared."""
    return value.casefold() if isinstance(value, str) else value


def _bucket(row: Row, names: tuple[str, ...]) -> Key:
    return tuple(folded(row[name]) for name in names)


class Taken(Exception):
    """The key of a new row is taken."""


class Store:
    """All rows of one environment."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.tables: dict[str, dict[Key, Row]] = {}
        self._sets: dict[str, EntitySet] = {}
        for entity_set in schema.sets.values():
            self._sets.setdefault(entity_set.facts.table, entity_set)
            self.tables.setdefault(entity_set.facts.table, {})
        self._random = random.Random(20260115)  # noqa: S311  versions, not secrets
        self._next_record = FIRST_RECORD
        self.stamp = 0
        self._indexes: dict[str, dict[tuple[str, ...], Index]] = defaultdict(dict)

    def key(self, table: str, values: Mapping[str, Any]) -> Key:
        """Give the key under which a table keeps a row with these values."""
        return tuple(folded(values[name]) for name in self._sets[table].type.key)

    def rows(self, table: str) -> Iterable[Row]:
        """Give the rows of a table, oldest first."""
        return self.tables[table].values()

    def find(self, table: str, *key: Any) -> Row | None:
        """Give the row with a key, its parts in the order of the table's first set; None when there is none."""
        return self.tables[table].get(tuple(map(folded, key)))

    def record(self) -> int:
        """Give a record id that was never used."""
        self._next_record += 1
        return self._next_record - 1

    def insert(self, table: str, row: Row) -> Row:
        """Add a row; it starts at version 1. Raises `Taken`."""
        key = self.key(table, row)
        if key in self.tables[table]:
            raise Taken(table)
        sources = self._sets[table].facts.sources
        row["_recs"] = tuple(self.record() for _ in sources)
        row["_versions"] = (1,) * len(sources)
        self._put(table, key, row)
        return row

    def replace(self, table: str, row: Row, *, quietly: bool = False) -> Row:
        """Put a row in the place of the one with its key; its version becomes a random number (dynamics sheet §1.4).

        `quietly` keeps the version: a computed field moved, not the record.
        """
        if not quietly:
            row = row | {"_versions": (self._random.randrange(2, 2**31), *row["_versions"][1:])}
        self._put(table, self.key(table, row), row)
        return row

    def remove(self, table: str, row: Row) -> None:
        """Take a row away. Nothing remembers it (dynamics sheet §1.6)."""
        key = self.key(table, row)
        gone = self.tables[table].pop(key)
        for names, index in self._indexes[table].items():
            del index[_bucket(gone, names)][key]

    def _put(self, table: str, key: Key, row: Row) -> None:
        self.stamp += 1
        row["_stamp"] = self.stamp
        old = self.tables[table].get(key)
        self.tables[table][key] = row
        for names, index in self._indexes[table].items():
            if old is not None:
                del index[_bucket(old, names)][key]
            index[_bucket(row, names)][key] = row

    def etag(self, entity_set: EntitySet, row: Row) -> str | None:  # noqa: ARG002  the shape of `Writer.etag`
        """Give the tag of a row: version and record id of each data source (dynamics sheet §1.4)."""
        pairs = zip(row["_versions"], row["_recs"], strict=True)
        return weak(";".join(f"{version},{record}" for version, record in pairs))

    def where(self, table: str, **values: Any) -> list[Row]:
        """Give the rows whose fields have these values, through an index that is made when first asked for."""
        names = tuple(values)
        index = self._indexes[table].get(names)
        if index is None:
            index = self._indexes[table][names] = defaultdict(dict)
            for key, row in self.tables[table].items():
                index[_bucket(row, names)][key] = row
        found = index.get(tuple(map(folded, values.values())))
        return list(found.values()) if found else []

    def follow(self, row: Row, navigation: Navigation) -> Any:
        """Give the rows at the other end of a navigation."""
        table = self.schema.sets[navigation.target].facts.table
        found = self.where(table, **{there: row[here] for here, there in navigation.join.items()})
        return found if navigation.many else next(iter(found), None)

    def remember(self) -> Callable[[], None]:
        """Remember the state; calling what this gives brings it back."""
        kept = {name: dict(rows) for name, rows in self.tables.items()}

        def undo() -> None:
            self.tables.update(kept)
            self._indexes.clear()

        return undo
