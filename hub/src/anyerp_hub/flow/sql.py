"""A table that mirrors a resource: rows are put or deleted by id, as often as it takes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from anyerp.errors import ConfigError, Conflict
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from anyerp_hub.flow.definition import VARIABLE, Sql
from anyerp_hub.flow.path import Column
from anyerp_hub.flow.row import ExportFailed, Rows

_BATCH = 500


class Table:
    """One table of a database, for one run of a flow. `fence` names the flow, `epoch` rises with its runs."""

    def __init__(self, target: Sql, columns: Sequence[Column], resource: str, fence: str, epoch: int) -> None:
        self._engine = _engine(target.database)
        self._fence, self._epoch = fence, epoch
        meta = sa.MetaData()
        if len({column.name for column in columns}) < len(columns):
            raise ConfigError("two fields of the flow have the same name as columns", hint="rename what set names")
        name = target.table or resource
        self._table = sa.Table(name, meta, *(self._column(column) for column in columns))
        self._runs = sa.Table(
            "anyerp_flow", meta, sa.Column("flow", sa.String(200), primary_key=True), sa.Column("epoch", sa.BigInteger)
        )
        self._letters = sa.Table(
            f"{name}_problems", meta, sa.Column("id", sa.String(255), primary_key=True), sa.Column("error", sa.Text)
        )

    def write(self, rows: Rows, letters: bool, batch_size: int | None, pause: float) -> None:
        """Put and delete rows, a transaction for each batch.

        Raises `ExportFailed`, and `Conflict` for a run that was overtaken by a later one.
        """
        size = batch_size or _BATCH
        with self._telling():
            self._prepare(letters)
            put = [row for row in rows.rows if row.change != "deleted"]
            gone = list(dict.fromkeys(rows.outside))
            first = True
            for part in [*_parts(put, size), *_parts(gone, size)]:
                if not first:
                    time.sleep(pause)
                first = False
                with self._turn() as tx:
                    ids = [one if isinstance(one, str) else one.id for one in part]
                    if isinstance(part[0], str):
                        tx.execute(self._table.delete().where(self._table.c.id.in_(ids)))
                    else:
                        self._put(tx, self._table, [self._stored(row.values) for row in part])
                    if letters:
                        tx.execute(self._letters.delete().where(self._letters.c.id.in_(ids)))
            if letters and rows.problems:
                found = [{"id": id, "error": json.dumps(error.to_dict())} for id, error in rows.problems]
                with self._turn() as tx:
                    self._put(tx, self._letters, found)

    def close(self) -> None:
        """Let go of connections."""
        self._engine.dispose()

    def _stored(self, values: Any) -> dict[str, Any]:
        if self._engine.dialect.name == "sqlite":  # which has no exact numbers of its own
            return {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in values.items()}
        return dict(values)

    def _column(self, column: Column) -> sa.Column[Any]:
        if column.path == "id":
            return sa.Column("id", sa.String(255), primary_key=True)
        number: Any = sa.Text() if self._engine.dialect.name == "sqlite" else sa.Numeric()
        kinds: dict[type, Any] = {
            bool: sa.Boolean(), int: sa.BigInteger(), Decimal: number, date: sa.Date(),
            datetime: sa.DateTime(timezone=True),
        }  # fmt: skip
        return sa.Column(column.name, kinds.get(column.type, sa.Text()))

    def _prepare(self, letters: bool) -> None:
        """Make the tables, and the columns that a table of an older release lacks."""
        wanted = [self._table, self._runs, *([self._letters] if letters else [])]
        with self._engine.begin() as tx:
            self._table.metadata.create_all(tx, tables=wanted)
            look = sa.inspect(tx)
            if look.get_pk_constraint(self._table.name)["constrained_columns"] != ["id"]:
                raise ConfigError(f"the table {self._table.name} has another key than id", hint="name another table")
            known = {one["name"] for one in look.get_columns(self._table.name)}
            for column in self._table.columns:
                if column.name not in known:
                    made = sa.schema.CreateColumn(column).compile(dialect=self._engine.dialect)
                    quoted = self._engine.dialect.identifier_preparer.format_table(self._table)
                    tx.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {made}")

    @contextmanager
    def _turn(self) -> Iterator[sa.Connection]:
        """A transaction of this run, unless a later one has written already."""
        mine, runs = {"flow": self._fence, "epoch": self._epoch}, self._runs
        with self._engine.begin() as tx:
            here = sa.and_(runs.c.flow == self._fence, runs.c.epoch <= self._epoch)
            if tx.execute(runs.update().where(here).values(epoch=self._epoch)).rowcount == 0:
                added = tx.execute(_insert(self._engine, runs).values(mine).on_conflict_do_nothing())
                if added.rowcount == 0:
                    raise Conflict("a later run of this flow has written already", hint="nothing is lost: it read more")
            yield tx

    def _put(self, tx: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        made = _insert(self._engine, table)
        names = [column.name for column in table.columns if column.name != "id"]
        fresh = {name: made.excluded[name] for name in names}
        one = made.on_conflict_do_update(index_elements=["id"], set_=fresh) if fresh else made.on_conflict_do_nothing()
        tx.execute(one, rows)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            said = getattr(error, "orig", None) or error
            raise ExportFailed(f"the database did not take the table {self._table.name}: {said}") from None


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _insert(engine: sa.Engine, table: sa.Table) -> Any:
    return (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(table)


def _engine(text: str) -> sa.Engine:
    url = text
    if (found := VARIABLE.fullmatch(text)) is not None:
        url = os.environ.get(found[1], "")
        if not url:
            raise ConfigError(
                f"the environment variable {found[1]} is not set here", hint="it holds the database's URL"
            )
    try:
        parsed = sa.make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() in ("sqlite", "postgresql"):
            return sa.create_engine(parsed, hide_parameters=True, poolclass=sa.pool.NullPool)
    except (ArgumentError, NoSuchModuleError):
        raise ConfigError(f"{text} is no URL of a database") from None
    except ModuleNotFoundError:
        raise ConfigError("PostgreSQL needs a driver", hint="pip install 'anyerp-hub[postgres]'") from None
    raise ConfigError(
        f"a flow cannot write to {parsed.get_backend_name()}", hint="SQLite and PostgreSQL can be written"
    )
