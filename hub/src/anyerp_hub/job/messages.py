"""Procrastinate on PostgreSQL as a `JobRunner`: messages that wake workers on many machines at once.

A message says "there is something to do with job X", and nothing else is kept in it. Each worker process listens for
messages, and looks into the ledger itself every second or so: for jobs that wait for a moment, for those of the dead,
and for messages that were lost. Messages that a dead worker left behind are swept; when the connection that listens
dies, the worker is begun anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sys
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg.conninfo import make_conninfo

from anyerp_hub.job.lease import ready
from anyerp_hub.job.runner import Work
from anyerp_hub.store import Database

log = logging.getLogger("anyerp.hub")
QUEUE, TASK = "anyerp", "anyerp.work"
#: Seconds between two looks into the ledger, and for messages whose notification was missed.
LOOK, POLL = 1.0, 0.5
#: Seconds until a worker that failed is begun anew, and for which a connection is waited for.
AFTER_FAILURE, PATIENCE = 0.5, 5.0
_LOCK = 0x616E79657271  # one installation of the tables at a time


class Procrastinate:
    """A runner whose messages go by Procrastinate. Its tables live in a schema of their own, and may be dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._schema: str | None = None
        self._teller: App | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] | None = None

    def start(self, work: Work, workers: int, lease: float) -> None:
        """Begin: a thread with an event loop, and one more for each job at a time."""
        loop = asyncio.SelectorEventLoop() if sys.platform == "win32" else asyncio.new_event_loop()
        loop.set_default_executor(ThreadPoolExecutor(workers + 4, "anyerp hub: worker"))
        ended = asyncio.Event()
        self._stop = lambda: loop.call_soon_threadsafe(ended.set)

        def run() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(_Worker(self, work, workers, lease).run(ended))

        self._thread = threading.Thread(target=run, name="anyerp hub: procrastinate", daemon=True)
        self._thread.start()

    def tell(self, job_id: str | None) -> None:
        """Send a message, unless one is waiting. Where that fails the workers find the job in the ledger."""
        if job_id is None:
            return
        try:
            with suppress(AlreadyEnqueued):
                message(self._telling(), job_id).defer(job_id=job_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job is in the ledger
            log.warning("no message was sent for job %s, which will be found: %s", job_id, error)

    def stop(self) -> None:
        """End after the batches in flight; let go of connections."""
        if self._stop is not None and self._thread is not None:
            self._stop()
            self._thread.join()
        self._stop = self._thread = None
        with self._lock:
            teller, self._teller = self._teller, None
        if teller is not None:
            teller.close()

    def ready(self, of: Collection[str] | None = None) -> list[str]:
        """Jobs that can be worked on now: all, or those among these."""
        return ready(self._database, of=of)

    def conninfo(self) -> str:
        """How PostgreSQL is reached, and the messages in it; their schema is made if it is not there."""
        if self._schema is None:
            self._schema = installed(self._database)
        url = self._database.url.set(drivername="postgresql")
        own = str(url.query.get("options", ""))
        return make_conninfo(
            url.render_as_string(hide_password=False), options=f"{own} -c search_path={self._schema}".strip()
        )

    def _telling(self) -> App:
        with self._lock:
            if self._teller is None:
                pool: dict[str, Any] = {"min_size": 0, "max_size": 2, "timeout": PATIENCE}
                app = App(connector=SyncPsycopgConnector(conninfo=self.conninfo(), **pool))
                app.open()
                self._teller = app
            return self._teller


def message(app: App, job_id: str) -> Any:
    """A message for a job; a second one is refused while the first one waits."""
    return app.configure_task(TASK, allow_unknown=True, queue=QUEUE, queueing_lock=job_id)


def installed(database: Database) -> str:
    """The schema with the tables of this version of Procrastinate, made if it is not there.

    Another version has other tables, in another schema: nothing is migrated, since no message is worth it.
    """
    sql = SchemaManager.get_schema()
    name = f"anyerp_messages_{hashlib.sha256(sql.encode()).hexdigest()[:8]}"
    with database.begin() as tx:
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        if not sa.inspect(tx).has_table("procrastinate_jobs", schema=name):
            tx.execute(sa.schema.CreateSchema(name, if_not_exists=True))
            tx.execute(sa.text(f"SET LOCAL search_path TO {name}"))  # a digest of ours
            driver: Any = tx.connection.driver_connection
            driver.execute(sql)  # many statements, as they are
    return name


class _Worker:
    """The workers of one process, on an event loop."""

    def __init__(self, runner: Procrastinate, work: Work, workers: int, lease: float) -> None:
        self._runner, self._work, self._workers, self._lease = runner, work, workers, lease
        self._beat = max(0.2, lease / 3)

    async def run(self, ended: asyncio.Event) -> None:
        """Work until told to end, whatever fails meanwhile."""
        stop = asyncio.ensure_future(ended.wait())
        while not ended.is_set():
            serving = asyncio.ensure_future(self._serve())
            await asyncio.wait((serving, stop), return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                serving.cancel()  # which lets the batches in flight end
            try:
                await serving
            except asyncio.CancelledError:
                pass
            except Exception as error:  # noqa: BLE001 - the database is away, or Procrastinate failed: begun anew
                log.warning("the worker is begun anew: %s: %s", type(error).__name__, error)
            if not ended.is_set():
                await asyncio.wait((stop,), timeout=AFTER_FAILURE)

    async def _serve(self) -> None:
        """Carry out messages until the connection dies: then this returns, or raises."""
        conninfo = await asyncio.to_thread(self._runner.conninfo)
        pool: dict[str, Any] = {"min_size": 1, "max_size": self._workers + 4, "timeout": PATIENCE}
        app = App(connector=PsycopgConnector(conninfo=conninfo, **pool))

        @app.task(name=TASK, queue=QUEUE)
        async def work(job_id: str) -> None:
            await self._one(app, job_id)

        # Procrastinate watches over its listener until the first of its side tasks ends. Without a periodic task that
        # is at once, and a listener that dies is missed for ever: so there is one, which is due once in four years.
        @app.periodic(cron="0 0 29 2 *")
        @app.task(name=f"{TASK}.never", queue=QUEUE)
        async def never(timestamp: int) -> None:
            """Nothing."""

        async with app.open_async():
            over = asyncio.Event()
            looking = asyncio.ensure_future(self._look(app, over))
            try:
                await app.run_worker_async(
                    queues=[QUEUE], concurrency=self._workers, install_signal_handlers=False, delete_jobs="always",
                    fetch_job_polling_interval=POLL,
                    update_heartbeat_interval=self._beat, stalled_worker_timeout=2 * self._lease,
                )  # fmt: skip
            finally:
                over.set()
                looking.cancel()
                with suppress(asyncio.CancelledError):
                    await looking

    async def _one(self, app: App, job_id: str) -> None:
        """What a message asks for: one batch of whatever the ledger says is next, and word of what is left."""
        try:
            done = await asyncio.to_thread(self._work)
            for each in await asyncio.to_thread(self._runner.ready, {job_id, done or job_id}):
                await _send(app, each)
        except Exception as error:  # noqa: BLE001 - told by the ledger's next look
            log.warning("a batch could not be carried out, and will be found: %s: %s", type(error).__name__, error)

    async def _look(self, app: App, over: asyncio.Event) -> None:
        """Find what no message tells of, and sweep messages that the dead left behind, until it is over.

        Cancelling is not enough: a driver whose connection dies at that moment raises its own error in its place.
        """
        while not over.is_set():
            try:
                for job_id in await asyncio.to_thread(self._runner.ready):
                    await _send(app, job_id)
                silent = 2 * self._lease
                for left in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silent):
                    await app.job_manager.finish_job(left, Status.FAILED, delete_job=True)
            except Exception as error:  # noqa: BLE001 - the next look may succeed
                log.warning("the ledger could not be looked at: %s: %s", type(error).__name__, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), min(LOOK, self._lease))


async def _send(app: App, job_id: str) -> None:
    with suppress(AlreadyEnqueued):
        await message(app, job_id).defer_async(job_id=job_id)
