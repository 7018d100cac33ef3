"""Workers are killed for real, stopped for real, and every record is in the ERP exactly once.

`ANYERP_KILLS=100` kills as often, and `ANYERP_SEED` chooses whom and when.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from anyerp import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.testing.sandbox import serve
from anyerp.wire import Response
from anyerp_hub import Hub
from anyerp_hub.store import table
from anyerp_netsuite.sandbox import NetSuiteSandbox
from crew import Crew, until
from sample import order

KILLS = int(os.environ.get("ANYERP_KILLS", "20"))
SEED = int(os.environ.get("ANYERP_SEED", "1"))
LEASE = 1.0
_J = table.job.c


class Pair:
    """Two workers side by side on one database, by one of the runners."""

    def __init__(self, crew: Crew, hub: Hub, url: str, runner: str) -> None:
        self._crew, self._hub, self._url, self._runner = crew, hub, url, runner
        self.pids = []

    def start(self) -> int:
        self.pids.append(self._crew.worker(self._url, LEASE, self._runner))
        return self.pids[-1]

    def at_work(self, pid: int) -> tuple[str, int] | None:
        """The job that a worker holds, and its epoch."""
        mine = sa.and_(_J.state == "running", _J.owner.like(f"%:{pid}:%"))
        with self._hub.database.read() as tx:
            row = tx.execute(sa.select(_J.id, _J.epoch).where(mine)).first()
        return None if row is None else (row.id, row.epoch)

    def kill_one_at_work(self, chance: random.Random) -> tuple[str, int]:
        """Kill one of them in the middle of a batch; gives what it held."""
        while True:
            assert until(lambda: any(map(self.at_work, self.pids)), 30), f"nobody works; seed {SEED}"
            pid = chance.choice([pid for pid in self.pids if self.at_work(pid)] or self.pids)
            time.sleep(chance.uniform(0, 0.1))
            if held := self.at_work(pid):
                os.kill(pid, signal.SIGKILL)
                self.pids.remove(pid)
                return held

    def epoch(self, id: str) -> int:
        with self._hub.database.read() as tx:
            return tx.execute(sa.select(_J.epoch).where(_J.id == id)).scalar_one()


@pytest.fixture(params=["sqlite", "postgresql", "procrastinate"])
def setting(request, keys) -> Iterator[tuple[Hub, str, str]]:
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgresql_url")
    runner = "procrastinate" if request.param == "procrastinate" else "embedded"
    with Hub(url, keys=keys, runner=runner) as hub:
        yield hub, url, runner


@pytest.fixture
def pair(setting, crew) -> Iterator[Pair]:
    yield Pair(crew, *setting)
    crew.rest()


def slowly(call, proceed) -> Response:
    time.sleep(0.01)
    return proceed()


def surplus(hub: Hub, con: str, ids: list[str]) -> int:
    """How many records are in the ERP beyond one for each key; none may be missing, none without an outcome."""
    keys = []
    for id in ids:
        job = hub.jobs.get(id)
        assert job.counts == {"applied": job.total}, f"seed {SEED}"
        keys += [record.key for record in hub.jobs.records(id, limit=10_000)]
    there = Counter(one.external_reference for one in hub.connection(con).purchase_orders.list())
    assert len(set(keys)) == len(keys)
    assert all(there[key] for key in keys), f"seed {SEED}"
    return sum(there[key] - 1 for key in keys)


@pytest.mark.slow
def test_workers_killed_again_and_again_lose_nothing_and_double_nothing(setting, pair: Pair, sap):
    hub, (sandbox, given) = setting[0], sap
    cons = [hub.connect("sap-s4hana", **given).id for _ in range(2)]
    sandbox.faults.append(slowly)
    chance, ids = random.Random(SEED), []

    def submit(count: int) -> None:
        records = [order(n + 1) for n in range(count)]
        ids.append(hub.jobs.submit(chance.choice(cons), "purchase_orders", records, batch_size=5).id)

    for _ in range(6):
        submit(25)
    pair.start(), pair.start()
    for _ in range(KILLS - 1):
        pair.kill_one_at_work(chance)
        pair.start()
        if sum(not hub.jobs.get(id).ended for id in ids) < 5:
            submit(25)
    assert until(lambda: all(hub.jobs.get(id).ended for id in ids), 60 + KILLS)
    submit(100)
    job, epoch = pair.kill_one_at_work(chance)  # the last one has no follower: the other one takes over
    killed_at = time.monotonic()
    assert until(lambda: pair.epoch(job) > epoch, LEASE + 5), "nobody took over within the lease and 5 s"
    took_over = time.monotonic() - killed_at
    assert until(lambda: hub.jobs.get(ids[-1]).ended, 60)
    sandbox.faults.clear()
    doubled = surplus(hub, cons[0], ids)
    total = sum(hub.jobs.get(id).total for id in ids)
    print(f"{KILLS} kills, {total} records, 0 missing, {doubled} doubled, taken over after {took_over:.1f} s")  # noqa: T201
    assert doubled == 0, f"seed {SEED}"


def stopped(pid: int, hub: Hub) -> None:
    """Stop a process between two transactions: one that is stopped within one holds SQLite's only lock, for all."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        if not hub.database.sqlite or free(str(hub.database.url.database)):
            return
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)


def free(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as plain:
        try:
            plain.execute("BEGIN IMMEDIATE")
            plain.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True


class Held:
    """Holds up the answer to the first read of the ERP until it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        self.writes = 0

    def __call__(self, call, proceed) -> Response:
        self.writes += call.method == "POST"
        if call.method == "GET" and not self.asked.is_set():
            self.asked.set()
            self.go.wait(30)
        return proceed()


@pytest.mark.slow
def test_a_stopped_worker_that_wakes_up_sends_nothing_of_its_batch_any_more(setting, pair: Pair, sap):
    hub, (sandbox, given) = setting[0], sap
    con = hub.connect("sap-s4hana", **given).id
    held = Held()
    sandbox.faults.append(held)
    id = hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(10)], batch_size=5).id
    zombie = pair.start()
    assert held.asked.wait(30)  # it has noted what it sends, and asks for what it needs for that
    stopped(zombie, hub)
    pair.start()
    assert until(lambda: hub.jobs.get(id).ended, LEASE + 30)
    before = held.writes
    held.go.set()
    os.kill(zombie, signal.SIGCONT)
    later = hub.jobs.submit(con, "purchase_orders", [order(50)]).id
    assert until(lambda: hub.jobs.get(later).ended, 30)
    assert until(lambda: pair.at_work(zombie) is None, 5)
    time.sleep(0.2)
    assert held.writes == before + 1, "the zombie has sent its batch"
    assert surplus(hub, con, [id, later]) == 0


def purchase(number: int) -> PurchaseOrder:
    line = PurchaseOrderLine(item=Ref(id="84"), quantity=Decimal(number), unit="EA", unit_price=Decimal("0.12"))
    return PurchaseOrder(company=Ref(id="1"), vendor=Ref(id="1722"), order_date=date(2026, 6, 1), lines=(line,))


@pytest.mark.slow
def test_where_the_erp_knows_keys_not_even_a_worker_stopped_at_the_worst_moment_doubles_anything(
    sqlite_url, keys, crew
):
    """NetSuite refuses an external id that it has: the second of two that send the same record finds the first."""
    sandbox, chance = NetSuiteSandbox(pending_polls=0), random.Random(SEED)
    with serve(sandbox) as base_url, Hub(sqlite_url, keys=keys) as hub:
        con = hub.connect("netsuite", settings=sandbox.settings(base_url), credentials=sandbox.credentials).id
        ids = [hub.jobs.submit(con, "purchase_orders", [purchase(n + 1) for n in range(6)], batch_size=3).id]
        pair = Pair(crew, hub, sqlite_url, "embedded")
        moment = threading.Event()

        def hold(call, proceed) -> Response:
            moment.set()
            time.sleep(0.01)
            return proceed()

        sandbox.faults.append(hold)
        pair.start(), pair.start()
        for _ in range(max(2, KILLS // 10)):
            pid = chance.choice(pair.pids)
            if not until(lambda pid=pid: pair.at_work(pid), 10):
                ids.append(hub.jobs.submit(con, "purchase_orders", [purchase(n + 1) for n in range(6)]).id)
                continue
            moment.clear()
            moment.wait(5)
            time.sleep(chance.uniform(0, 0.01))
            with suppress(TypeError):
                job, epoch = pair.at_work(pid)
                stopped(pid, hub)
                until(lambda job=job, epoch=epoch: pair.epoch(job) > epoch or hub.jobs.get(job).ended, LEASE + 2)
            os.kill(pid, signal.SIGCONT)
        assert until(lambda: all(hub.jobs.get(id).ended for id in ids), 60)
        assert surplus(hub, con, ids) == 0
    crew.rest()
