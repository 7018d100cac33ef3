"""The hub, for a synchronous host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from anyerp import AsyncConnection, Check, Connection
from anyerp.connector import TokenStore
from anyerp.errors import AnyErpError, ConfigError, PermissionDenied
from anyerp.transport import Limits

from anyerp_hub.clock import Clock
from anyerp_hub.connection.book import HealthBook
from anyerp_hub.connection.cause import Cause, cause_of
from anyerp_hub.connection.check import error_from
from anyerp_hub.connection.connections import Connected, Connections, usable
from anyerp_hub.connection.consent import Consents, Pending
from anyerp_hub.connection.info import ConnectionInfo
from anyerp_hub.connection.issues import Issues
from anyerp_hub.connection.live import Given, Leave, Pool, aopened, opened
from anyerp_hub.connection.probe import Probers, probe_one, probing
from anyerp_hub.connection.session import ConnectSession, Sessions
from anyerp_hub.connection.state import Sign
from anyerp_hub.connection.watch import Watch
from anyerp_hub.error import WrongState
from anyerp_hub.event.audit import audited
from anyerp_hub.event.outbox import Event, events
from anyerp_hub.flow.run import Flows
from anyerp_hub.job.lease import LEASE
from anyerp_hub.job.ledger import Jobs
from anyerp_hub.job.runner import JobRunner, runner_of
from anyerp_hub.job.worker import Worker
from anyerp_hub.keeper import Keeper
from anyerp_hub.share import Shares
from anyerp_hub.store import Database
from anyerp_hub.store.migrate import migrate
from anyerp_hub.sync.watches import Watches
from anyerp_hub.vault import KeyProvider, Sealer
from anyerp_hub.vault.key import default_keys
from anyerp_hub.vault.rotation import rotate
from anyerp_hub.vault.secret import Secrets
from anyerp_hub.vault.store import SealedTokens
from anyerp_hub.vault.token import Tokens
from anyerp_hub.webhook.endpoint import Webhooks
from anyerp_hub.webhook.guard import Guard
from anyerp_hub.webhook.sender import Sender


class Hub:
    """Connections that are remembered and watched. Safe to share between threads; close it, or use it in `with`.

        with Hub("sqlite:///anyerp.db") as hub:
            made = hub.connect("sap-s4hana", settings={...}, credentials={...}, name="Plant 1010")
            for order in hub.connection(made.id).purchase_orders.list():
                ...

    `url` is a file of SQLite, or `postgresql://...`. `keys` seal credentials; without them they come from
    `ANYERP_HUB_KEYS`, or, on SQLite, from the file `NAME.keys` beside the database, which is made when missing.
    `guard` says which addresses webhooks may go to (public ones by HTTPS). `runner` brings jobs to workers: `embedded`,
    or `procrastinate` on PostgreSQL; without one `ANYERP_HUB_RUNNER` says it, else it is the embedded one.
    """

    def __init__(
        self,
        url: str = "sqlite:///anyerp.db",
        *,
        keys: KeyProvider | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        guard: Guard | None = None,
        runner: JobRunner | str | None = None,
    ) -> None:
        self._database = Database(url, clock)
        if keys is None:
            keys = default_keys(Path(str(self._database.url.database)) if self._database.sqlite else None)
        self._sealer, self._limits = Sealer(keys), limits
        self._runner = runner_of(runner, self._database) if runner is None or isinstance(runner, str) else runner
        migrate(self._database)
        self._secrets = Secrets(self._database, self._sealer)
        self.tokens = Tokens(self._database, self._secrets)
        """API tokens: issue, verify, revoke, list."""
        self._shares = Shares(self._database)
        self._connections = Connections(self._database, self._sealer, self.tokens, limits, self._shares)
        guard = guard or Guard()
        self.webhooks = Webhooks(self._database, self._sealer, guard)
        """Webhook endpoints, their secrets, the log of deliveries, replay."""
        self.sender = Sender(self._database, self._sealer, guard)
        """Sends webhooks that are due; `run` does so in the background."""
        self.jobs = Jobs(self._database, self._wake)
        """Large writes in the background: submit, look at, pause, cancel, retry. `start` carries them out here."""
        self.issues = Issues(self._database)
        """What is wrong with connections, and what was."""
        self.sessions = Sessions(self._database)
        """Links by which a person connects or reconnects a system."""
        self.consents = Consents(self._database, self._sealer, self.sessions, self._connections, limits)
        """Users who sign in at the ERP itself: sent there, and taken up when they come back."""
        self._keeper: Keeper | None = None
        self._probers: Probers | None = None
        self.flows = Flows(self._database, self.jobs, self.connection, self._secrets.derived)
        """What is new in one connection is written to another: put, run, look at."""
        self.watches = Watches(self._database, self.jobs, self.connection)
        """What changes in a resource of a connection becomes events: add, run, look at."""
        self._book, self._pool = HealthBook(self._connections), Pool()

    @property
    def database(self) -> Database:
        """The database underneath, for the rooms of the hub itself."""
        return self._database

    def __repr__(self) -> str:
        return f"<Hub {self._database.url.render_as_string(hide_password=True)}>"

    def connect(
        self,
        connector: str,
        *,
        settings: Mapping[str, Any] | None = None,
        credentials: Mapping[str, Any] | None = None,
        name: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, Any] | None = None,
        overlays: Any = None,
        credentials_expire_at: datetime | None = None,
        check: bool = True,
        actor: str = "host",
    ) -> Connected:
        """Try a connection, then remember it; gives it with its first token, which is shown this once.

        Raises what the trial met (`CredentialsRejected`, `Unavailable`, ...); then nothing is remembered. A resource
        that the user may not read is no hindrance: it becomes an issue. `overlays` are rules as data.
        """
        return self._connections.connect(
            connector, settings, credentials, name=name, tags=tags, metadata=metadata, overlays=overlays,
            expires_at=credentials_expire_at, check=check, actor=actor,
        )  # fmt: skip

    def reconnect(
        self,
        id: str,
        *,
        credentials: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        overlays: Any = None,
        credentials_expire_at: datetime | None = None,
        check: bool = True,
        actor: str = "host",
    ) -> ConnectionInfo:
        """Give a connection new credentials (or settings, or overlays). Id, tokens, jobs and history stay.

        They are tried first; what does not work is raised and changes nothing.
        """
        info = self._connections.reconnect(
            id, credentials=credentials, settings=settings, overlays=overlays, expires_at=credentials_expire_at,
            check=check, actor=actor,
        )  # fmt: skip
        self._book.forget(id)
        return info

    def connect_by_link(
        self,
        link: str,
        connector: str,
        settings: Mapping[str, Any] | None,
        credentials: Mapping[str, Any] | None,
        *,
        tokens: TokenStore | None = None,
    ) -> ConnectionInfo:
        """What the connect page does with what a person filled in: the link is used up where it works.

        A link for an existing connection reconnects it; its connector cannot be changed. `tokens` come of a consent.
        """
        session = self.sessions.find(link)
        if session.connector is not None and connector != session.connector:
            raise ConfigError(f"this link is for {session.connector}, not for {connector}")
        self.sessions.use(link)
        try:
            info = self._by_session(session, connector, settings, credentials, tokens)
        except BaseException:
            self.sessions.give_back(link)
            raise
        self.sessions.done(link, info.id)
        return info

    def connect_by_consent(self, pending: Pending, code: str) -> ConnectionInfo:
        """The same where the user signed in at the ERP and came back with a code: see `consents`."""
        self.sessions.find(pending.link)
        tokens = self.consents.redeemed(pending, code)
        return self.connect_by_link(
            pending.link, pending.connector, pending.settings, pending.credentials, tokens=tokens
        )  # fmt: skip

    def _by_session(
        self,
        session: ConnectSession,
        connector: str,
        settings: Mapping[str, Any] | None,
        credentials: Any,
        tokens: TokenStore | None,
    ) -> ConnectionInfo:
        actor, id = f"link {session.id}", session.connection_id
        if id is None:
            return self._connections.connect(
                connector, settings, credentials, name=session.name, tags=session.tags, metadata=session.metadata,
                actor=actor, tokens=tokens,
            ).info  # fmt: skip
        info = self._connections.reconnect(
            id, credentials=credentials, settings=settings, actor=actor, tokens=tokens
        )  # fmt: skip
        self._book.forget(id)
        return info

    def connection(self, id: str) -> Connection:
        """An open connection, whose every call tells of its health. It belongs to the hub, which closes it.

        While it needs new credentials its calls raise so without being sent. Raises `NoSuchThing`, and `WrongState`
        where it is paused or disconnected.
        """
        return self._live(id)[0]

    def aconnection(self, id: str) -> AsyncConnection:
        """The same for an asynchronous host, on its event loop: use it in `async with`."""
        given, overlays, _ = self._given(id)
        key = self._secrets.derived("cursor-key", id)
        tokens = SealedTokens(self._database, self._sealer, id)
        return aopened(given, Watch(id, self._book), overlays, key, self._limits, tokens, self._shares)

    def info(self, id: str) -> ConnectionInfo:
        """What is known of a connection, its open issues included. Raises `NoSuchThing`."""
        return self._connections.get(id)

    def connections(
        self,
        *,
        lifecycle: str | None = None,
        health: str | None = None,
        tag: str | None = None,
        connector: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[ConnectionInfo]:
        """Connections, oldest first, those behind the id `after`: `connections(health="needs_reauth")`."""
        return self._connections.list(
            lifecycle=lifecycle, health=health, tag=tag, connector=connector, after=after, limit=limit
        )

    def change(
        self,
        id: str,
        *,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "host",
    ) -> ConnectionInfo:
        """Change name, tags or metadata, each as a whole."""
        return self._connections.change(id, name=name, tags=tags, metadata=metadata, actor=actor)

    def pause(self, id: str, actor: str = "host") -> ConnectionInfo:
        """Let a connection rest: its calls and jobs wait."""
        return self._moved(id, "pause", actor)

    def resume(self, id: str, actor: str = "host") -> ConnectionInfo:
        """Take a paused connection up again."""
        return self._moved(id, "resume", actor)

    def disconnect(self, id: str, actor: str = "host") -> ConnectionInfo:
        """End a connection and forget its credentials at once. Id, tokens and history stay, for `reconnect`."""
        return self._moved(id, "disconnect", actor)

    def check(self, id: str) -> list[Check]:
        """Try address, credentials, and the permission for each resource now; the hints name what is missing."""
        with probing(self, id) as connection:
            checks = connection.check()
        closed = {issue.resource for issue in self.info(id).issues}
        for check in checks:  # which resource is open and which is closed is known here only
            if not check.ok and isinstance(error := error_from(check.facts), PermissionDenied):
                self._book.take(id, Sign.PERMISSION_DENIED, error, check.name)
            elif check.ok and check.name in closed:
                self._book.take(id, Sign.WORKED, None, check.name)
        return checks

    def cause(self, error: AnyErpError, resource: str | None = None) -> Cause | None:
        """Which of the four causes is behind a refused call, and who must act; None where it is another error."""
        return cause_of(error, resource)

    def events(
        self,
        *,
        after: int = 0,
        connection_id: str | None = None,
        types: str | None = None,
        without: Sequence[str] = (),
        limit: int = 100,
    ) -> list[Event]:
        """Events in order, behind the sequence number `after`; `types` is one, or a group such as `connection.*`.

        `without` names resources whose records are left out.
        """
        with self._database.read() as tx:
            return events(tx, after=after, connection_id=connection_id, types=types, without=without, limit=limit)

    def audit(
        self, connection_id: str | None = None, *, after: int = 0, limit: int = 100, newest: bool = False
    ) -> list[dict[str, Any]]:
        """Who did what, and every change of state, in order, or the newest first."""
        with self._database.read() as tx:
            return audited(tx, connection_id, after=after, limit=limit, newest=newest)

    def start(self, *, workers: int = 2, senders: int = 2, probers: int = 4, lease: float = LEASE) -> None:
        """Carry out jobs, send webhooks and probe connections in threads of this process, until `stop`.

        With no `workers` jobs are left to other processes. `probers` connections at a time are looked at.
        """
        if self._keeper is not None:
            return
        if workers:
            self._runner.start(self.worker(lease=lease).work_one, workers, lease)
        steps = [("sender", self.sender.send_one) for _ in range(senders)]
        self._probers = Probers(self, probers)
        steps += [("prober", self._probers.step), ("flows", self.flows.run_due), ("watches", self.watches.run_due)]
        self._keeper = Keeper(*steps)
        self._keeper.start()

    def stop(self) -> None:
        """End what `start` began, after the batches in flight."""
        self._runner.stop()
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None
        if self._probers is not None:
            self._probers.stop()
            self._probers = None

    def worker(self, *, lease: float = LEASE) -> Worker:
        """A worker of one's own: `worker.work()` carries out what can be carried out now."""
        return Worker(self._database, self.connection, lease=lease)

    def probe(self) -> int:
        """Probe every connection that is due; gives how many."""
        count = 0
        while probe_one(self):
            count += 1
        return count

    def _wake(self, job_id: str | None) -> None:
        self._runner.tell(job_id)
        if self._keeper is not None:
            self._keeper.wake()

    def derived(self, name: str, of: str) -> bytes:
        """A secret of the hub's own for one thing, for the rooms of the hub itself."""
        return self._secrets.derived(name, of)

    def rotate_keys(self) -> int:
        """Seal everything with the current key; gives how many values were not. Older keys may go afterwards."""
        return rotate(self._database, self._sealer)

    def close(self) -> None:
        """Stop what goes on in the background; let go of sockets and of the database."""
        self.stop()
        self._pool.close()
        self._shares.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _moved(self, id: str, trigger: str, actor: str) -> ConnectionInfo:
        info = self._connections.move(id, trigger, actor)
        self._book.forget(id)
        return info

    def _given(self, id: str) -> tuple[Given, Any, int]:
        given = self._connections.given(id)
        usable(self._connections.standing(id)[0])
        if given is None:
            raise WrongState("the connection has no credentials", hint="reconnect it: its id stays")
        return given

    def _live(self, id: str) -> tuple[Connection, Watch]:
        lifecycle, revision = self._connections.standing(id)
        usable(lifecycle)
        return self._pool.get(id, revision) or self._pool.put(id, *self._opened(id))

    def _opened(self, id: str) -> tuple[int, Connection, Watch, Leave]:
        given, overlays, revision = self._given(id)
        watch, key = Watch(id, self._book), self._secrets.derived("cursor-key", id)
        tokens = SealedTokens(self._database, self._sealer, id)
        erp = opened(given, watch, overlays, key, self._limits, tokens, self._shares)
        return revision, erp, watch, given.connector.leave
