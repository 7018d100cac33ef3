"""Runners: chosen by configuration, refused where they cannot work, and none of them is trusted with the truth."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from anyerp.errors import ConfigError
from anyerp_hub import Hub
from anyerp_hub.job.runner import VARIABLE as RUNNER
from anyerp_hub.job.runner import Embedded
from anyerp_hub.vault.key import VARIABLE as KEYS
from crew import until
from sample import order

SAP = "sap-s4hana"


def submitted(hub: Hub, con: str, count: int = 4) -> str:
    return hub.jobs.submit(con, "purchase_orders", [order(n + 1) for n in range(count)], batch_size=2).id


def test_the_embedded_runner_is_the_one_where_nobody_chose(sqlite_url, keys, monkeypatch):
    monkeypatch.delenv(RUNNER, raising=False)
    with Hub(sqlite_url, keys=keys) as hub:
        assert isinstance(hub._runner, Embedded)


def test_a_runner_that_there_is_not_or_that_cannot_work_is_refused(sqlite_url, keys, monkeypatch):
    with pytest.raises(ConfigError, match="no runner 'celery'"):
        Hub(sqlite_url, keys=keys, runner="celery")
    monkeypatch.setenv(RUNNER, "procrastinate")
    with pytest.raises(ConfigError, match="needs PostgreSQL"):
        Hub(sqlite_url, keys=keys)


def test_without_its_package_the_hint_is_what_to_install(postgresql_url, keys, monkeypatch):
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    monkeypatch.delitem(sys.modules, "anyerp_hub.job.messages", raising=False)
    with pytest.raises(ConfigError, match="needs an extra") as refused:
        Hub(postgresql_url, keys=keys, runner="procrastinate")
    assert "anyerp-hub[procrastinate]" in refused.value.hint


class Mute:
    """A runner that works when told to, and never hears of anything."""

    def __init__(self) -> None:
        self.told = []

    def start(self, work, workers, lease) -> None:
        self.work = work

    def tell(self, job_id) -> None:
        self.told.append(job_id)

    def stop(self) -> None:
        pass


def test_a_host_may_bring_a_runner_of_its_own(sqlite_url, keys, sap):
    runner = Mute()
    with Hub(sqlite_url, keys=keys, runner=runner) as hub:
        con = hub.connect(SAP, **sap[1]).id
        hub.start(workers=1)
        id = submitted(hub, con)
        assert runner.told == [id]
        assert [runner.work(), runner.work(), runner.work()] == [id, id, None]
        assert hub.jobs.get(id).counts == {"applied": 4}


#: A message that a worker had in its hands when it died.
LEFT_BEHIND = """
    WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)
    INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)
    SELECT 'anyerp', 'anyerp.work', 'doing', id FROM dead
"""


@pytest.mark.slow
def test_messages_that_are_lost_doubled_for_nothing_or_left_behind_do_no_harm(postgresql_url, keys, sap):
    with Hub(postgresql_url, keys=keys, runner="procrastinate") as hub:
        con = hub.connect(SAP, **sap[1]).id
        first = submitted(hub, con)
        hub._runner.tell(first)
        hub._runner.tell("job_that_there_is_not")
        schema = hub._runner._schema
        jobs = sa.text(f"SELECT queueing_lock FROM {schema}.procrastinate_jobs WHERE status = 'todo'")
        with hub.database.read() as tx:
            told = sorted(tx.execute(jobs).scalars())
        assert [told.count(first), told.count("job_that_there_is_not")] == [1, 1]
        hub._runner.tell = lambda _: None
        lost = submitted(hub, con)
        with hub.database.begin() as tx:
            tx.execute(sa.text(f"SET LOCAL search_path TO {schema}"))
            tx.execute(sa.text(LEFT_BEHIND))
        hub.start(lease=1.0)
        assert until(lambda: all(hub.jobs.get(id).ended for id in (first, lost)), 20)

        def rows() -> int:
            with hub.database.read() as tx:
                return tx.execute(sa.text(f"SELECT count(*) FROM {schema}.procrastinate_jobs")).scalar_one()

        assert until(lambda: rows() == 0, 10)
        hub.stop()
        assert [hub.jobs.get(id).counts for id in (first, lost)] == [{"applied": 4}, {"applied": 4}]
        there = [one.external_reference for one in hub.connection(con).purchase_orders.list()]
        assert [there.count(record.key) for id in (first, lost) for record in hub.jobs.records(id)] == [1] * 8


@pytest.mark.slow
def test_the_command_works_until_it_is_stopped(postgresql_url, keys, sap):
    env = {**os.environ, KEYS: keys.current().text()}
    command = [sys.executable, "-m", "anyerp.cli", "worker", "--database", postgresql_url, "--lease", "2"]
    command += ["--runner", "procrastinate"]
    with Hub(postgresql_url, keys=keys, runner="procrastinate") as hub:
        con = hub.connect(SAP, **sap[1]).id
        id = submitted(hub, con)
        process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
        assert until(lambda: hub.jobs.get(id).ended or process.poll() is not None, 60)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert hub.jobs.get(id).counts == {"applied": 4}, said
