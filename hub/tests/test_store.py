"""The database keeps its word: all or nothing, typed failures, the same tables by migration as by declaration."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from anyerp.errors import ConfigError
from anyerp_hub.store import Database, StoreUnavailable, table
from anyerp_hub.store import migrate as migration
from anyerp_hub.store.migrate import migrate


def test_migrations_make_the_tables_that_the_code_declares(empty_url: str):
    database = Database(empty_url)
    migrate(database)
    with database.begin() as tx:
        context = MigrationContext.configure(tx, opts={"version_table": migration.TABLE, "compare_type": True})
        assert compare_metadata(context, table.METADATA) == []
    database.close()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"])
def test_what_an_older_database_holds_survives_the_way_to_the_newest(empty_url: str, revision: str):
    database = Database(empty_url)
    migrate(database, revision)
    with database.begin() as tx:
        moment = database.now(tx)
        tx.execute(table.audit.insert().values(at=moment, actor="old", action="x", detail={"a": 1}))
        tx.execute(table.secret.insert().values(name="token-pepper", sealed="v1.k.x"))
    assert migrate(database) == revision
    with database.read() as tx:
        assert tx.execute(sa.select(table.audit.c.at, table.audit.c.detail)).one() == (moment, {"a": 1})
        assert tx.execute(sa.select(table.secret.c.sealed)).scalar() == "v1.k.x"
        assert migration.current(tx) == migration.HEAD
    database.close()


def test_the_head_that_the_code_knows_is_the_newest_migration():
    assert ScriptDirectory("hub/src/anyerp_hub/store/migrations").get_current_head() == migration.HEAD


def test_a_database_that_is_up_to_date_is_opened_without_alembic(database: Database):
    assert migrate(database) == migration.HEAD
    with database.read() as tx:
        assert migration.current(tx) == migration.HEAD


def test_two_processes_may_migrate_at_once(empty_url: str):
    databases = [Database(empty_url) for _ in range(4)]
    failed = []

    def one(database: Database) -> None:
        try:
            migrate(database)
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=one, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for database in databases:
        database.close()


def test_a_database_of_a_newer_release_is_left_alone(empty_url: str):
    database = Database(empty_url)
    migrate(database)
    with database.begin() as tx:
        tx.execute(sa.text(f"UPDATE {migration.TABLE} SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="stands at 9999"):
        migrate(database)
    database.close()


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database):
    with pytest.raises(ZeroDivisionError), database.begin() as tx:
        tx.execute(table.secret.insert().values(name="n", sealed="s"))
        1 / 0  # noqa: B018
    with database.read() as tx:
        assert tx.execute(sa.select(table.secret)).all() == []


def test_a_moment_comes_back_exact_and_aware(database: Database):
    moment = datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=UTC)
    with database.begin() as tx:
        values = {"at": moment, "actor": "test", "action": "x", "detail": {}}
        tx.execute(table.audit.insert().values(values))
        found = tx.execute(sa.select(table.audit.c.at)).scalar_one()
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database):
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"), database.begin() as tx:
        tx.execute(sa.select(table.audit).where(table.audit.c.at < datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_full_disk_is_a_typed_error_and_the_database_stays_whole(sqlite_url: str):
    database = Database(sqlite_url)
    migrate(database)
    sa.event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
    database.engine.dispose()
    stored = 0
    with pytest.raises(StoreUnavailable, match="full"):
        for number in range(10_000):
            with database.begin() as tx:
                tx.execute(table.secret.insert().values(name=f"n{number}", sealed="x" * 500))
            stored += 1
    database.close()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert plain.execute("SELECT count(*) FROM secret").fetchone() == (stored,)
    plain.close()


def test_a_failure_shows_no_value_of_the_statement(database: Database):
    with pytest.raises(sa.exc.IntegrityError) as caught, database.begin() as tx:
        for _ in range(2):
            tx.execute(table.secret.insert().values(name="n", sealed="hunter2"))
    assert "hunter2" not in str(caught.value).replace("DETAIL", "")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "remembers in a file"),
        ("sqlite:///:memory:", "remembers in a file"),
        ("mysql://localhost/x", "not in mysql"),
        ("anyerp.db", "cannot be read"),
    ],
)
def test_a_url_that_cannot_work_is_refused_with_the_remedy(url: str, words: str):
    with pytest.raises(ConfigError, match=words):
        Database(url)


def test_a_database_never_shows_its_password():
    assert "hunter2" not in repr(Database("postgresql://u:hunter2@localhost/x"))


def test_a_process_that_stops_within_a_transaction_holds_postgresql_up_for_seconds_only(shared_url: str, monkeypatch):
    monkeypatch.setattr("anyerp_hub.store.database.STOPPED", 100)
    stopped, other = Database(shared_url), Database(shared_url)
    with pytest.raises(StoreUnavailable), stopped.begin() as tx:
        tx.execute(table.secret.insert().values(name="held", sealed="x"))
        with other.begin() as waiting:  # waits until the server has ended the transaction that went to sleep
            waiting.execute(table.secret.insert().values(name="held", sealed="y"))
        tx.execute(sa.select(1))
    with other.begin() as tx:
        tx.execute(table.secret.delete())
    stopped.close()
    other.close()
