"""The hub's database: an engine, transactions that keep their word, the clock that leases go by."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from anyerp.errors import ConfigError, Unavailable
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from anyerp_hub.clock import Clock, utcnow

BUSY = 30.0  # seconds that a writer waits for another on SQLite

STOPPED = 5_000  # milliseconds after which PostgreSQL takes its locks from a process that was stopped holding them


class StoreUnavailable(Unavailable):
    """The hub's own database did not answer, or could not write; the transaction was rolled back."""

    code = "store_unavailable"


class Database:
    """One database, SQLite in a file or PostgreSQL. Safe to share between threads.

    `clock` stands in for the clock in tests; without it PostgreSQL's own clock is asked, so that leases do not depend
    on the machines' clocks agreeing.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = _checked(url)
        self._clock = clock
        self.sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"hide_parameters": True}
        if self.sqlite:
            options["connect_args"] = {"timeout": BUSY}
        else:
            options["pool_pre_ping"] = True
            if "options" not in self.url.query:
                options["connect_args"] = {"options": f"-c idle_in_transaction_session_timeout={STOPPED}"}
        try:
            self.engine = sa.create_engine(self.url, **options)
        except (ModuleNotFoundError, NoSuchModuleError):
            raise ConfigError("PostgreSQL needs a driver", hint="pip install 'anyerp-hub[postgres]'") from None
        if self.sqlite:
            sa.event.listen(self.engine, "connect", _prepare)
            sa.event.listen(self.engine, "begin", _begin)

    def __repr__(self) -> str:
        return f"<Database {self.url.render_as_string(hide_password=True)}>"

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction that may write: committed at the end, rolled back on any exception."""
        with _typed(), self.engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        with _typed(), self.engine.connect() as tx:
            tx.execution_options(anyerp_reads=True)
            yield tx

    def now(self, tx: sa.Connection) -> datetime:
        """The moment, by the clock that every worker on this database shares."""
        if self._clock is not None:
            return self._clock()
        if self.sqlite:
            return utcnow()
        moment: datetime = tx.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)

    def wall(self) -> datetime:
        """The moment by this machine's clock: for what needs no agreement, and costs nothing."""
        return utcnow() if self._clock is None else self._clock()

    def close(self) -> None:
        """Let go of connections."""
        self.engine.dispose()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("the database URL cannot be read", hint="for instance sqlite:///anyerp.db") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed
        case "sqlite":
            raise ConfigError("the hub remembers in a file", hint="for instance sqlite:///anyerp.db")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ConfigError(f"the hub keeps its data in SQLite or PostgreSQL, not in {other}")


def _prepare(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # sqlite3 begins nothing by itself; we do, see `_begin`
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: Any) -> None:
    """Keep a write-ahead log. Of two who begin it on a new file one is told "locked" at once, whatever its timeout."""
    end = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(tx: sa.Connection) -> None:
    # A writer takes its turn at the start: a reader that turns writer half-way could only fail.
    reads = tx.get_execution_options().get("anyerp_reads", False)
    tx.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except PoolTimeout:
        raise StoreUnavailable("all connections to the hub's database are in use") from None
    except DBAPIError as error:
        if isinstance(error, sa.exc.ProgrammingError):
            raise
        # The driver's words name no values: parameters are hidden, and SQL is not shown.
        raise StoreUnavailable(
            f"the hub's database failed: {type(error.orig).__name__}: {str(error.orig).splitlines()[0]}",
            hint="nothing of this call was stored; try again once the database works",
        ) from None
