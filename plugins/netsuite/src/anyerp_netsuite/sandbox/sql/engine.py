"""The tables behind SuiteQL: an in-memory database kept in step with the record store."""

from __future__ import annotations

import sqlite3
import weakref
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count, islice
from typing import Any

from anyerp_netsuite.sandbox.auth.role import Role
from anyerp_netsuite.sandbox.derive import count_committed, count_ordered
from anyerp_netsuite.sandbox.field import Ref
from anyerp_netsuite.sandbox.schema import TYPES
from anyerp_netsuite.sandbox.schema.common import STATUSES
from anyerp_netsuite.sandbox.sql.dialect import translate, unknown_name
from anyerp_netsuite.sandbox.sql.function import Functions, moment_of, plain
from anyerp_netsuite.sandbox.sql.lexer import SqlError
from anyerp_netsuite.sandbox.sql.row import MARK, Projector, Row, moment
from anyerp_netsuite.sandbox.sql.table import COLUMNS, LABEL, PERMISSIONS, TABLES, ddl
from anyerp_netsuite.sandbox.sql.when import DateStyle
from anyerp_netsuite.sandbox.store import Record, Store

#: Made anew when a query names them: they follow from everything else.
_STOCK = ("inventoryitemlocations", "aggregateitemlocation", "inventorybalance")
_LINKS = ("previoustransactionlinelink", "nexttransactionlinelink")
_VOLATILE = (*_STOCK, *_LINKS, "deletedrecord")


class Engine:
    """Answers queries from the store as the role sees it."""

    def __init__(self, store: Store, role: Role, style: DateStyle) -> None:
        self._store, self._role, self._style = store, role, style
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._db.close)
        for name in TABLES:
            self._db.execute(ddl(name))
        self._db.execute("CREATE INDEX by_id ON [transaction] (id)")
        self._db.execute("CREATE INDEX by_document ON transactionline ([transaction], id)")
        self._db.execute("PRAGMA case_sensitive_like = ON")
        self._functions = Functions(self._db, store, style)
        self._projector = Projector(store)
        self._placed: dict[Ref, list[tuple[str, int]]] = {}
        self._labels: dict[Ref, str] = {}
        self._seen_role: frozenset[str] | None = None
        self._forbidden = ""
        self._serial = count()

    def query(self, sql: str, params: Sequence[Any], limit: int, offset: int) -> tuple[list[dict[str, str]], int]:
        """Rows of a page, and how many there are in all. Raises `SqlError`.

        Without ORDER BY every other page comes from the other end: such paging is not stable (netsuite sheet §4).
        """
        translated = translate(sql)
        self._refresh(translated.tables)
        self._db.execute(f"PRAGMA reverse_unordered_selects = {'ON' if offset // limit % 2 else 'OFF'}")
        self._forbidden = self._functions.failed = ""
        self._db.set_authorizer(self._authorize)
        try:
            cursor = self._db.execute(translated.sql, tuple(params))
            names = _names(cursor.description)
            found = list(islice(cursor, offset)) if offset else []
            rows = [self._row(names, values) for values in islice(cursor, limit)]
            return rows, len(found) + len(rows) + sum(1 for _ in cursor)
        except sqlite3.ProgrammingError:
            raise SqlError("The number of parameters does not match the query.") from None
        except sqlite3.DatabaseError as error:
            reason = self._forbidden or self._functions.failed or unknown_name(str(error), translated.tables)
            raise SqlError(reason) from None
        finally:
            self._db.set_authorizer(None)

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and first is not None:
            if first in TABLES and all(self._role.has(one) for one in (first, *PERMISSIONS.get(first, ()))):
                return sqlite3.SQLITE_OK
            self._forbidden = f"Record '{first}' was not found."
        elif action == sqlite3.SQLITE_FUNCTION:
            if second in self._functions.names:
                return sqlite3.SQLITE_OK
            self._forbidden = f"Invalid or unsupported search: unknown function {second}."
        return sqlite3.SQLITE_DENY

    def _row(self, names: list[str], values: Iterable[Any]) -> dict[str, str]:
        """A row with strings only, and without what is null (an empty text is null, as in Oracle)."""
        shown = {}
        for name, value in zip(names, values, strict=True):
            if value is None or value == "" or name.endswith(LABEL):
                continue
            if isinstance(value, str):
                shown[name] = self._style.show(moment_of(value)) if value.startswith(MARK) else value
            else:
                shown[name] = plain(value)
        return shown

    def _refresh(self, tables: dict[str, str]) -> None:
        role = frozenset(self._role.revoked)
        dirty = set(self._store.dirty)
        self._db.execute("BEGIN")
        if role != self._seen_role or any(self._renamed(ref) for ref in dirty):
            self._rebuild()
        else:
            for ref in dirty:
                self._replace(ref)
        self._seen_role = role
        self._store.dirty.clear()
        for name in set(tables.values()) & set(_VOLATILE):
            self._db.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of our own table
            self._insert(self._follow_up(name))
        self._db.execute("COMMIT")

    def _renamed(self, ref: Ref) -> bool:
        """Whether other rows show a label of this record that no longer holds."""
        record = self._store.find(ref.kind, ref.id)
        known = self._labels.get(ref)
        return record is not None and known is not None and record.label() != known

    def _rebuild(self) -> None:
        for name in TABLES:
            self._db.execute(f"DELETE FROM [{name}]")  # noqa: S608 - a name of our own table
        self._placed.clear()
        self._insert([("dual", {"dummy": "X"})])
        for kind, letters in STATUSES.items():
            document = next(one.label for one in TYPES.values() if one.sql_type == kind)
            for letter, name in letters.items():
                row = {"id": letter, "trantype": kind, "name": name, "fullname": f"{document} : {name}"}
                self._insert([("transactionstatus", row)])
        for records in self._store.records.values():
            for record in records.values():
                self._place(record)

    def _replace(self, ref: Ref) -> None:
        for name, row in self._placed.pop(ref, ()):
            self._db.execute(f"DELETE FROM [{name}] WHERE rowid = ?", (row,))  # noqa: S608 - a name of our own table
        record = self._store.find(ref.kind, ref.id)
        if record is not None:
            self._place(record)

    def _place(self, record: Record) -> None:
        self._labels[record.ref] = record.label()
        if self._role.has(record.type.key):
            self._placed[record.ref] = self._insert(self._projector.rows(record))

    def _insert(self, rows: Iterable[Row]) -> list[tuple[str, int]]:
        placed = []
        for name, row in rows:
            known = COLUMNS[name]
            kept = {column: value for column, value in row.items() if column in known}
            # Rows lie in no order anyone could rely on.
            key = f"{name} {row.get('id')} {row.get('transaction')} {row.get('item')} {row.get('location')}"
            place = zlib.crc32(key.encode()) << 24 | next(self._serial)
            self._db.execute(_insertion(name, tuple(kept)), (place, *kept.values()))
            placed.append((name, place))
        return placed

    def _follow_up(self, name: str) -> Iterable[Row]:
        if name in _STOCK:
            count_ordered(self._store)
            count_committed(self._store)
            yield from (self._stock_row(name, item, place) for item, place in self._store.stock)
        elif name in _LINKS:
            for link in self._store.links:
                row = {
                    "previousdoc": int(link.previous.id),
                    "previousline": link.previous_line,
                    "previoustype": TYPES[link.previous.kind].sql_type,
                    "nextdoc": int(link.next.id),
                    "nextline": link.next_line,
                    "nexttype": TYPES[link.next.kind].sql_type,
                    "linktype": link.kind,
                }
                yield name, row
        else:
            for gone in self._store.deleted:
                row = {
                    "recordid": int(gone.ref.id),
                    "name": gone.label,
                    "type": gone.ref.kind,
                    "deleteddate": moment(gone.at, self._store.zone),
                    "iscustomrecord": "F",
                }
                yield name, row

    def _stock_row(self, name: str, item: str, location: str) -> Row:
        stock = self._store.stock[item, location]
        kind = next(kind for kind, one in TYPES.items() if one.family == "item" and self._store.find(kind, item))
        row = {
            "item": int(item),
            "item" + LABEL: self._store.label(Ref(kind, item)),
            "location": int(location),
            "location" + LABEL: self._store.label(Ref("location", location)),
            "quantityonhand": float(stock.on_hand),
            "quantityavailable": float(stock.available),
            "quantityonorder": float(stock.on_order),
            "quantityintransit": float(stock.in_transit),
            "quantitycommitted": float(stock.committed),
        }
        return name, row


@cache
def _insertion(name: str, columns: tuple[str, ...]) -> str:
    spelt = ", ".join(f"[{column}]" for column in ("rowid", *columns))
    marks = ", ".join("?" * (len(columns) + 1))
    return f"INSERT INTO [{name}] ({spelt}) VALUES ({marks})"  # noqa: S608 - names of our own tables


def _names(description: Any) -> list[str]:
    """Result names in lower case; a nameless expression is called expr1, expr2, ..."""
    names: list[str] = []
    for number, (name, *_) in enumerate(description, 1):
        low = name.lower()
        names.append(low if low.replace("_", "a").isalnum() else f"expr{number}")
    return names
