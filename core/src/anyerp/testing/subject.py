"""What is under test: a connector, and the ERP that answers it: a fresh sandbox for each law, or a live server.

A connector's `sandbox()` may give one of two things:

- an object with `handle(call)`, `faults` and `calls` (`anyerp.testing.sandbox.Sandbox`). It answers in process, each
  law gets a fresh one, and faults are tried. Where it has `expire_sessions()`, renewal is tried too.
- a live server: an object with `credentials`, `settings(base_url)` and `serve()`, a context manager that gives the
  base URL. It is started once for the whole check.

A connector without either is checked against any ERP that you may write to, by settings and credentials as JSON:
`--connector-settings '{"base_url": ...}' --connector-credentials @file.json`, or the environment variables
`ANYERP_CHECK_SETTINGS` and `ANYERP_CHECK_CREDENTIALS` (better for secrets), or in Python
`check(CONNECTOR, settings=..., credentials=...)`. On a live server the laws that need faults are skipped with that
reason; those that write do write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from anyerp.connection import AsyncConnection, Connection
from anyerp.connector import Connector, Context, Resource
from anyerp.errors import AnyErpError
from anyerp.testing.inprocess import BASE_URL, Traffic, open_async, open_connection, prepared
from anyerp.testing.law import Broken, Skipped
from anyerp.testing.sandbox import Sandbox

Profile = Literal["quick", "deep"]


@dataclass(slots=True)
class Bench:
    """One law's place of work: an open connection, what it sent, the sandbox behind it (None: a live server)."""

    erp: Connection
    traffic: Traffic
    context: Context
    box: Sandbox | None
    another: Callable[..., Connection]
    aopen: Callable[[], AsyncConnection]

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox; a law that needs it is skipped on a live server."""
        if self.box is None:
            raise Skipped("needs a sandbox that can be made to misbehave; this is a live server")
        return self.box


@dataclass(slots=True)
class Subject:
    """The connector under test. `entry` is the module of its entry point, `named` what the caller called it.

    `live` is the name of the connection whose ERP answers in place of a sandbox.
    """

    connector: Connector
    profile: Profile = "quick"
    settings: Mapping[str, Any] | None = None
    credentials: Mapping[str, Any] | None = None
    entry: str | None = None
    named: str | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _natives: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cache: dict[str, Any] = field(default_factory=dict)
    _served: tuple[str, Any] | None = None
    live: str | None = None

    @property
    def examples(self) -> int:
        """How many random records a law tries."""
        return 25 if self.profile == "quick" else 1_000

    def resource(self, name: str) -> Resource[Any]:
        """The declaration of a resource."""
        return self.connector.resources[name]

    def need(self, name: str, *operations: str) -> None:
        """Skip the law where the resource declares that it lacks an operation."""
        resource = self.resource(name)
        for operation in operations:
            if getattr(resource, operation) is None:
                raise Skipped(f"no {operation}: {resource.because[operation]}")

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        """Open a connection to a fresh sandbox, or to the live server."""
        settings, credentials, box = self.ground()
        context = prepared(self.connector, settings, credentials)
        traffic = Traffic()

        def fresh() -> Context:
            return prepared(self.connector, settings, credentials)

        def another(*, cursor_key: bytes | None = None) -> Connection:
            return opened.enter_context(open_connection(self.connector, fresh(), Traffic(), box, cursor_key=cursor_key))

        with ExitStack() as opened:
            erp = opened.enter_context(open_connection(self.connector, context, traffic, box))
            aopen = partial(open_async, self.connector, fresh(), traffic, box)
            yield Bench(erp, traffic, context, box, another, aopen)

    @contextmanager
    def another_on(self, box: Sandbox) -> Iterator[Connection]:
        """Open a connection of its own to a sandbox that is in use, in process."""
        context = prepared(self.connector, box.settings(BASE_URL), box.credentials)
        with open_connection(self.connector, context, Traffic(), box) as erp:
            yield erp

    def ground(self) -> tuple[Mapping[str, Any], Mapping[str, Any], Sandbox | None]:
        """Settings, credentials, and a fresh sandbox if it is one."""
        if self.settings is not None:
            return self.settings, self.credentials or {}, None
        if self.connector.sandbox is None:
            raise Skipped("no sandbox is declared, and no settings and credentials of a live server were given")
        if self._served is None:
            box = self.connector.sandbox()
            if hasattr(box, "handle"):
                return box.settings(BASE_URL), box.credentials, box
            self._served = self._stack.enter_context(box.serve()), box
        base_url, server = self._served
        return server.settings(base_url), server.credentials, None

    def natives(self, name: str) -> list[dict[str, Any]]:
        """Native records as the ERP has them: evidence that does not come from the lens under test."""
        if name not in self._natives:
            found: list[dict[str, Any]] = []
            if self.resource(name).page is not None and self._reachable:
                with self.bench() as bench:
                    try:
                        page = bench.erp.collection(name).page(page_size=12, raw=True)
                        found = [one.raw for one in (*page.rejected, *page.records)]
                    except AnyErpError as error:
                        remedy = "the list of this resource comes first (`page`, `rows`); the law was not judged."
                        raise Broken(f"{name} cannot be listed: {error.message}", remedy) from None
            self._natives[name] = found
        return self._natives[name]

    @property
    def _reachable(self) -> bool:
        return self.settings is not None or self.connector.sandbox is not None

    def close(self) -> None:
        """Stop what was started."""
        self._stack.close()
