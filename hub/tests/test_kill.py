"""Workers are killed for real, stopped for real, and every record is in the ERP exactly once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from anyerp.wire import Response
from anyerp_hub import Hub, Keyring
from anyerp_hub.vault.key import VARIABLE
from sample import order

KILLS = int(os.environ.get("ANYERP_KILLS", "3"))
SEED = int(os.environ.get("ANYERP_SEED", "1"))
LEASE = 1.0


class Workers:
    """Worker processes on one database; each is the command that an operator starts."""

    def __init__(self, url: str, keys: Keyring) -> None:
        self._url, self._env = url, {**os.environ, VARIABLE: keys.current().text()}
        self.running: list[subprocess.Popen] = []

    def start(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "anyerp_hub", "worker", "--url", self._url, "--lease", str(LEASE)]
        process = subprocess.Popen([*command, "--workers", "1"], env=self._env, stderr=subprocess.DEVNULL)
        self.running.append(process)
        return process

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


@pytest.fixture
def workers(url, keys) -> Iterator[Workers]:
    workers = Workers(url, keys)
    yield workers
    workers.end()


@pytest.fixture
def hub(url, keys) -> Iterator[Hub]:
    with Hub(url, keys=keys) as hub:
        yield hub


def slowly(call, proceed) -> Response:
    time.sleep(0.02)
    return proceed()


def applied(hub: Hub, id: str) -> int:
    return hub.jobs.get(id).counts.get("applied", 0)


def until(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def stopped(process: subprocess.Popen, hub: Hub) -> None:
    """Stop a process between two transactions: one that is stopped within one holds SQLite's only lock, for all."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if not hub._database.sqlite or free(str(hub._database.url.database)):
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.01)


def free(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as plain:
        try:
            plain.execute("BEGIN IMMEDIATE")
            plain.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
    return True


def surplus(hub: Hub, con: str, id: str, count: int) -> int:
    """How many records are in the ERP beyond one for each key; none may be missing."""
    assert hub.jobs.get(id).counts == {"applied": count}
    there = Counter(one.external_reference for one in hub.connection(con).purchase_orders.list())
    keys = [record.key for record in hub.jobs.records(id, limit=1000)]
    assert len(set(keys)) == count
    assert all(there[key] for key in keys), f"seed {SEED}"
    return sum(there[key] - 1 for key in keys)


@pytest.mark.slow
def test_a_worker_killed_again_and_again_loses_nothing_and_doubles_nothing(hub, sap, workers):
    sandbox, given = sap
    con = hub.connect("sap-s4hana", **given).id
    sandbox.faults.append(slowly)
    chance, count = random.Random(SEED), 25 * (KILLS + 1)
    id = hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(count)], batch_size=5).id
    killed = 0
    while killed < KILLS and not hub.jobs.get(id).ended:
        before, process = applied(hub, id), workers.start()
        assert until(lambda before=before: applied(hub, id) > before, 30)
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        killed += 1
    workers.start()
    assert until(lambda: hub.jobs.get(id).ended, 60)
    sandbox.faults.clear()
    assert killed >= min(KILLS, 2)
    assert surplus(hub, con, id, count) == 0, f"seed {SEED}"


@pytest.mark.slow
def test_a_dead_workers_job_is_taken_over_and_a_stopped_one_that_wakes_up_is_fenced(hub, sap, workers):
    sandbox, given = sap
    con = hub.connect("sap-s4hana", **given).id
    sandbox.faults.append(slowly)
    id = hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(40)], batch_size=2).id
    zombie = workers.start()
    assert until(lambda: applied(hub, id) > 0, 30)
    stopped(zombie, hub)
    stopped_at = applied(hub, id)
    workers.start()
    assert until(lambda: applied(hub, id) > stopped_at + 2, LEASE + 30)
    zombie.send_signal(signal.SIGCONT)
    assert until(lambda: hub.jobs.get(id).ended, 60)
    sandbox.faults.clear()
    # What it was about to put on the wire when it was stopped cannot be called back: a batch at most, and S/4HANA
    # has no idempotency key by which it would know the second.
    assert surplus(hub, con, id, 40) <= 2
