"""The rows of the sandbox: one table per entity set, found by key or by a navigation, changed in transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anyerp_sap.sandbox.edm import Entity, Key, Navigation, Row, Value
from anyerp_sap.sandbox.filters import sort_value

_Group = tuple[str, tuple[str, ...]]


class Store:
    """Tables of rows. A row is replaced as a whole, so whoever holds one holds an unchanging picture."""

    def __init__(self, entities: dict[str, Entity]) -> None:
        self.entities = entities
        self._tables: dict[str, dict[Key, Row]] = {name: {} for name in entities}
        self._ordered: dict[str, list[Row]] = {}
        self._groups: dict[_Group, dict[Key, dict[Key, None]]] = {}
        self._of: dict[str, list[_Group]] = {name: [] for name in entities}
        self._journal: list[tuple[str, Key, Row | None]] | None = None
        for source in entities.values():
            for navigation in source.navigations.values():
                group = (navigation.target, tuple(target for _, target in navigation.on))
                if group not in self._groups:
                    self._groups[group] = {}
                    self._of[navigation.target].append(group)

    def get(self, name: str, key: Key) -> Row | None:
        """Find a row by key."""
        return self._tables[name].get(key)

    def find(self, name: str, *key: Value) -> Row | None:
        """Find a row by its key's values in order."""
        return self._tables[name].get(key)

    def rows(self, name: str) -> list[Row]:
        """List all rows of a set in the order of their keys."""
        if name not in self._ordered:
            keys = self.entities[name].keys
            self._ordered[name] = sorted(
                self._tables[name].values(), key=lambda row: [sort_value(p, row.get(p.name, p.initial)) for p in keys]
            )
        return self._ordered[name]

    def related(self, source: Entity, row: Row, navigation: Navigation) -> list[Row]:
        """List the rows that a navigation leads to, in the order of their keys."""
        target = self.entities[navigation.target]
        values = tuple(source.get(row, name) for name, _ in navigation.on)
        found = self._groups[navigation.target, tuple(name for _, name in navigation.on)].get(values, {})
        if not all(values):
            return []
        rows = [self._tables[navigation.target][key] for key in found]
        if len(rows) > 1:
            rows.sort(key=lambda r: [sort_value(p, r.get(p.name, p.initial)) for p in target.keys])
        return rows

    def put(self, name: str, row: Row) -> Row:
        """Insert a row or replace the one with its key."""
        entity = self.entities[name]
        key = entity.key_of(row)
        table = self._tables[name]
        old = table.get(key)
        if self._journal is not None:
            self._journal.append((name, key, old))
        table[key] = row
        self._ordered.pop(name, None)
        if old is None:
            for group in self._of[name]:
                values = tuple(entity.get(row, prop) for prop in group[1])
                self._groups[group].setdefault(values, {})[key] = None
        return row

    def remove(self, name: str, key: Key) -> None:
        """Take a row away."""
        entity = self.entities[name]
        row = self._tables[name].pop(key)
        if self._journal is not None:
            self._journal.append((name, key, row))
        self._ordered.pop(name, None)
        for group in self._of[name]:
            values = tuple(entity.get(row, prop) for prop in group[1])
            del self._groups[group][values][key]

    def original(self, name: str, row: Row) -> Row:
        """Give a row as it was before the running transaction: what etags of a change set are compared with."""
        key = self.entities[name].key_of(row)
        for changed, at, old in self._journal or ():
            if changed == name and at == key and old is not None:
                return old
        return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything or nothing of what happens in the block; an exception undoes it."""
        journal: list[tuple[str, Key, Row | None]] = []
        self._journal = journal
        try:
            yield
        except BaseException:
            self._journal = None
            for name, key, old in reversed(journal):
                if old is not None:
                    self.put(name, old)
                else:
                    self.remove(name, key)
            raise
        finally:
            self._journal = None
