"""Faults of the machine underneath: a disk that is full at any moment, keys that change, an update in mid-work."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from anyerp_hub import Hub
from anyerp_hub import clock as clock_module
from anyerp_hub.store import Database, StoreUnavailable, table
from anyerp_hub.store import database as database_module
from anyerp_hub.store.migrate import migrate
from anyerp_hub.vault import Key, Keyring
from sample import order

SAP, PO = "sap-s4hana", "purchase_orders"
NEWER = Key("k2", bytes(range(1, 33)))


def there(hub: Hub, con: str) -> Counter:
    """How often each own key is in the ERP."""
    return Counter(one.external_reference for one in hub.connection(con).purchase_orders.list())


class Full:
    """A disk that is full from the n-th write on, until there is room again."""

    def __init__(self, hub: Hub, after: int) -> None:
        self._left, self.struck = after, 0
        sa.event.listen(hub.database.engine, "do_execute", self)
        self.clear = lambda: sa.event.remove(hub.database.engine, "do_execute", self)

    def __call__(self, cursor, statement: str, *_) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self._left -= 1
            if self._left < 0:
                self.struck += 1
                raise sqlite3.OperationalError("database or disk is full")


def test_a_disk_that_is_full_at_any_write_of_a_job_stops_it_and_loses_and_doubles_nothing(small: Hub, sap, clock):
    con, after = small.connect(SAP, **sap[1]).id, 0
    while True:
        id = small.jobs.submit(con, PO, [order(n + 1) for n in range(2)], batch_size=1).id
        full = Full(small, after)
        try:
            small.worker(lease=10).work()
        except StoreUnavailable as error:
            assert "full" in error.message  # noqa: PT017 - whether it comes this far depends on where it struck
        full.clear()
        once = there(small, con)
        told = [record.key for record in small.jobs.records(id) if record.state == "applied"]
        assert [once[key] for key in told] == [1] * len(told), f"write {after}: called applied, and not in the ERP"
        clock.advance(minutes=5)
        small.worker(lease=10).work()
        once, records = there(small, con), small.jobs.records(id)
        assert [(each.state, once[each.key]) for each in records] == [("applied", 1)] * 2, f"write {after}"
        if not full.struck:
            break
        after += 1
    assert after >= 5
    with closing(sqlite3.connect(str(small.database.url.database))) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_while_keys_are_rotated_nothing_is_unreadable(sqlite_url, keys, sap):
    both = Keyring(NEWER, keys.current())
    with Hub(sqlite_url, keys=keys) as before:
        ids = [before.connect(SAP, **sap[1]).id for _ in range(12)]
    with Hub(sqlite_url, keys=both) as hub, Hub(sqlite_url, keys=both) as other:
        failed: list[str] = []
        go_on = threading.Event()

        def read(which: Hub) -> None:
            while not go_on.is_set():
                for id in ids:
                    try:
                        given, _, _ = which._given(id)
                        assert given.credentials.password.get_secret_value() == sap[1]["credentials"]["password"]
                    except Exception as error:  # noqa: BLE001
                        failed.append(repr(error))

        threads = [threading.Thread(target=read, args=(each,)) for each in (hub, other)]
        for thread in threads:
            thread.start()
        sealed = hub.rotate_keys()
        hub.reconnect(ids[0], credentials=dict(sap[1]["credentials"]))
        go_on.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert sealed >= 12
        assert hub.rotate_keys() == 0
    with Hub(sqlite_url, keys=Keyring(NEWER)) as after:
        assert after.connection(ids[5]).vendors.page(page_size=1).records


@pytest.mark.parametrize("revision", ["0003", "0006", "0009"])
def test_a_job_in_flight_goes_on_after_the_database_was_updated(sqlite_url, tmp_path, keys, sap, clock, revision):
    with Hub(sqlite_url, keys=keys, clock=clock) as hub:
        con = hub.connect(SAP, **sap[1]).id
        id = hub.jobs.submit(con, PO, [order(n + 1) for n in range(4)], batch_size=2).id
        hub.worker(lease=10).work_one()
        half = dict(hub.jobs.get(id).counts)
    old = Database(f"sqlite:///{tmp_path / 'old.db'}", clock)
    migrate(old, revision)
    copied(Database(sqlite_url, clock), old)
    with Hub(f"sqlite:///{tmp_path / 'old.db'}", keys=keys, clock=clock) as hub:
        assert hub.jobs.get(id).counts == half
        clock.advance(minutes=5)
        hub.worker(lease=10).work()
        once = there(hub, con)
        assert [once[record.key] for record in hub.jobs.records(id)] == [1] * 4
        assert hub.jobs.get(id).counts == {"applied": 4}


def copied(new: Database, old: Database) -> None:
    """Fill an older database with what a newer one holds, as far as it has tables and columns for it."""
    known = sa.MetaData()
    known.reflect(old.engine)
    with new.read() as source, old.begin() as target:
        for each in table.METADATA.sorted_tables:
            if each.name in known.tables:
                columns = [column for column in each.c if column.name in known.tables[each.name].c]
                for row in source.execute(sa.select(*columns)).mappings():
                    target.execute(sa.insert(each).values({column: row[column] for column in columns}))
    new.close()
    old.close()


@pytest.mark.parametrize("leap", [timedelta(days=3), timedelta(seconds=-90)], ids=str)
def test_a_machine_whose_clock_leaps_takes_no_lease_from_another(postgresql_url, keys, sap, monkeypatch, leap):
    with Hub(postgresql_url, keys=keys) as hub, Hub(postgresql_url, keys=keys) as other:
        con = hub.connect(SAP, **sap[1]).id
        id = hub.jobs.submit(con, PO, [order(n + 1) for n in range(4)], batch_size=2).id
        asked, go_on = threading.Event(), threading.Event()

        def hold(call, proceed):
            asked.set()
            assert go_on.wait(30)
            return proceed()

        sap[0].faults.append(hold)
        working = threading.Thread(target=hub.worker(lease=20).work)
        working.start()
        assert asked.wait(20)
        for module in (clock_module, database_module):
            monkeypatch.setattr(module, "utcnow", lambda: datetime.now(UTC) + leap)
        assert other.worker(lease=20).work_one() is None, "the lease still holds, whatever this machine's clock says"
        go_on.set()
        working.join()
        once = there(hub, con)
        assert [(each.state, once[each.key]) for each in hub.jobs.records(id)] == [("applied", 1)] * 4
