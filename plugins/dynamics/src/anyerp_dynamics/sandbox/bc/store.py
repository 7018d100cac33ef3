"""The store: a company's rows, replaced and never changed in place, so that a failed request can be undone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid5

from ..odata import Row, weak
from .schema import SCHEMA, blank_row, page

_SPACE = UUID("3b1f2d1e-8a55-4d8e-9d46-2f8f3c1f0a77")
#: Told of every change: set name, what happened (created, updated, deleted), the row.
Listener = Callable[[str, str, Row], None]


@dataclass
class Journal:
    """What to undo, newest last; counts what happens so that versions and ids never repeat."""

    now: Callable[[], datetime]
    undos: list[Callable[[], None]] = field(default_factory=list)
    generation: int = 0
    ticks: int = 1000

    def begin(self) -> Callable[[], None]:
        """Remember this moment; the function given brings the state back to it, or to the last commit after it."""
        mark, generation = len(self.undos), self.generation

        def undo() -> None:
            until = mark if generation == self.generation else 0
            while len(self.undos) > until:
                self.undos.pop()()

        return undo

    def commit(self) -> None:
        """What is done is done: posting commits, even inside an isolated batch (dynamics sheet §2.5)."""
        self.undos.clear()
        self.generation += 1

    def tick(self) -> int:
        """Give the next version."""
        self.ticks += 1
        return self.ticks

    def identity(self) -> str:
        """Give a new id."""
        return str(uuid5(_SPACE, str(self.tick())))

    def instant(self) -> datetime:
        """The server's clock, to the millisecond."""
        moment = self.now().astimezone(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass
class Company:
    """One company: its rows by set and key, its local currency, its number series.

    `rates` is what one unit of a currency is worth in the local currency, `places` how many decimals its amounts have,
    `taxes` the percentage of a tax group, `charges` the item charges by code. `sales_tax` tells American sales tax from
    value added tax.
    """

    id: str
    name: str
    currency: str
    journal: Journal
    rates: dict[str, Decimal] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    taxes: dict[str, Decimal] = field(default_factory=dict)
    charges: dict[str, str] = field(default_factory=dict)
    sales_tax: bool = False
    series: dict[str, int] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)
    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in SCHEMA.sets})
    _children: dict[str, dict[str, dict[str, None]]] = field(default_factory=dict)
    _sorted: dict[str, list[str]] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        """All rows of a set, in its own order."""
        if name not in self._sorted:
            table, order = self.tables[name], itemgetter(*page(SCHEMA.sets[name]).order)
            self._sorted[name] = sorted(table, key=lambda key: order(table[key]))
        table = self.tables[name]
        return [table[key] for key in self._sorted[name]]

    def of(self, name: str, parent: str) -> list[Row]:
        """The rows of a set that live inside one parent, in their order."""
        table, order = self.tables[name], itemgetter(*page(SCHEMA.sets[name]).order)
        return sorted((table[key] for key in self._children.get(name, {}).get(parent, ())), key=order)

    def get(self, name: str, identity: str, parent: str | None = None) -> Row | None:
        """The row with that id; ids of dimension lines are unique inside their parent only (dynamics sheet §2.2)."""
        return self.tables[name].get(f"{parent}/{identity}" if page(SCHEMA.sets[name]).local else identity)

    def find(self, name: str, **values: Any) -> Row | None:
        """The first row with these values."""
        return next(self.matching(name, **values), None)

    def matching(self, name: str, **values: Any) -> Iterator[Row]:
        """The rows with these values."""
        wanted = values.items()
        return (row for row in list(self.tables[name].values()) if all(row[key] == value for key, value in wanted))

    @staticmethod
    def _key(name: str, row: Row) -> str:
        entity_set = SCHEMA.sets[name]
        identity = str(row[entity_set.type.key[0]])
        return f"{row['parentId']}/{identity}" if page(entity_set).local else identity

    def new(self, name: str, **values: Any) -> Row:
        """A blank row of a set with a fresh id, not stored yet."""
        row = blank_row(name) | values
        if "id" not in values and "id" in row:
            row["id"] = self.journal.identity()
        return row

    def put(self, name: str, row: Row, *, at: datetime | None = None) -> Row:
        """Store a row in place of the one with its key; its version and its time of change are new."""
        stored = {**row, "$version": self.journal.tick()}
        if "lastModifiedDateTime" in stored:
            stored["lastModifiedDateTime"] = at or self.journal.instant()
        key = self._key(name, stored)
        before = self.tables[name].get(key)
        self._set(name, key, stored)
        self.journal.undos.append(lambda: self._set(name, key, before))
        self._tell(name, "created" if before is None else "updated", stored)
        return stored

    def remove(self, name: str, row: Row) -> None:
        """Delete a row and everything that lives inside it."""
        for navigation in SCHEMA.sets[name].type.navigations:
            if navigation.contained:
                for child in self.of(navigation.target, row["id"]):
                    self.remove(navigation.target, child)
        key = self._key(name, row)
        before = self.tables[name][key]
        self._set(name, key, None)
        self.journal.undos.append(lambda: self._set(name, key, before))
        self._tell(name, "deleted", before)

    def _set(self, name: str, key: str, row: Row | None) -> None:
        table, parent = self.tables[name], page(SCHEMA.sets[name]).parent
        before = table.get(key)
        if row is None:
            table.pop(key, None)
        else:
            table[key] = row
        if parent is not None and (known := row or before) is not None:
            inside = self._children.setdefault(name, {}).setdefault(known[parent], {})
            if row is None:
                inside.pop(key, None)
            else:
                inside[key] = None
        if (row is None) is not (before is None):
            self._sorted.pop(name, None)

    def _tell(self, name: str, what: str, row: Row) -> None:
        for listener in self.listeners:
            listener(name, what, row)

    def number(self, series: str) -> str:
        """The next number of a series."""
        self.series[series] += 1
        return str(self.series[series])

    def due(self, vendor: str, start: date) -> date:
        """When an invoice of that date is due, by the vendor's payment terms: `30D`, `1M` ..."""
        party = self.get("vendors", vendor)
        terms = None if party is None else self.get("paymentTerms", party["paymentTermsId"])
        found = None if terms is None else re.fullmatch(r"(\d+)([DWM])", terms["dueDateCalculation"])
        if found is None:
            return start
        count = int(found[1])
        if found[2] != "M":
            return start + timedelta(days=count * (7 if found[2] == "W" else 1))
        year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))

    def decimals(self, currency: str) -> int:
        """How many decimals amounts in a currency have."""
        return self.places.get(currency, 2)

    def currency_id(self, code: str) -> str:
        """The id of a currency; the local one has none (dynamics sheet §2.2)."""
        found = None if code == self.currency else self.find("currencies", code=code)
        return str(blank_row("vendors")["currencyId"] if found is None else found["id"])


def etag(row: Row) -> str:
    """The tag of a row: base64 of `'20;<opaque>1;00;'` (dynamics sheet §2.2, seen)."""
    opaque = (row["$version"] * 0x9E3779B97F4A7C15 + 0x1F83D9AB) % 2**64
    return weak(f"20;{opaque:020d}1;00;")
