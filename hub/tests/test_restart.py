"""The database goes away in the middle of the work: it is done when it is back, nothing is lost, nothing doubled."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing

import pytest
from anyerp_hub import Hub, keeper
from anyerp_hub.store import StoreUnavailable
from postgres import Cluster, binaries
from sample import order

SAP = "sap-s4hana"


def slowly(call, proceed):
    time.sleep(0.02)
    return proceed()


def ended(hub: Hub, id: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if hub.jobs.get(id).ended:
                return True
        except StoreUnavailable:
            pass
        time.sleep(0.05)
    return False


def each_once(hub: Hub, con: str, id: str, count: int) -> None:
    assert hub.jobs.get(id).counts == {"applied": count}
    there = Counter(one.external_reference for one in hub.connection(con).purchase_orders.list())
    assert {there[record.key] for record in hub.jobs.records(id, limit=500)} == {1}


@pytest.mark.slow
@pytest.mark.parametrize("runner", ["embedded", "procrastinate"])
def test_postgresql_restarted_twice_loses_nothing(keys, sap, monkeypatch, runner):
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    monkeypatch.setattr(keeper, "AFTER_FAILURE", 0.2)
    cluster = Cluster(found)
    try:
        with Hub(cluster.database("hub"), keys=keys, runner=runner) as hub:
            con = hub.connect(SAP, **sap[1]).id
            sap[0].faults.append(slowly)
            id = hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(60)], batch_size=3).id
            hub.start(workers=2, lease=1.0)
            for done in (5, 25):
                while hub.jobs.get(id).counts.get("applied", 0) < done:
                    time.sleep(0.02)
                cluster.stop("immediate")
                cluster.start()
            assert ended(hub, id, 60)
            hub.stop()
            sap[0].faults.clear()
            each_once(hub, con, id, 60)
    finally:
        cluster.remove()


def test_a_file_that_another_holds_locked_stops_the_work_and_no_longer(sqlite_url, keys, sap, monkeypatch):
    monkeypatch.setattr("anyerp_hub.store.database.BUSY", 0.2)
    monkeypatch.setattr(keeper, "AFTER_FAILURE", 0.1)
    with Hub(sqlite_url, keys=keys) as hub:
        con = hub.connect(SAP, **sap[1]).id
        id = hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(10)], batch_size=2).id
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            hub.start(lease=1.0)
            threading.Event().wait(1.0)
            assert hub.jobs.get(id).counts == {"pending": 10}
            with pytest.raises(StoreUnavailable, match="locked"):
                hub.pause(con)
            other.execute("ROLLBACK")
        assert ended(hub, id, 20)
        hub.stop()
        each_once(hub, con, id, 10)
