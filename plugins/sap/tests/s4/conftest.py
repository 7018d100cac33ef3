"""Connections to a sandbox in process: everything but the socket is real, and waits take no time."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyerp
import httpx2
import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine
from anyerp.connection import AsyncConnection, Connection
from anyerp.connection.config import credentials_for, settings_for
from anyerp.connector import Context
from anyerp.testing.sandbox import Call, LostAnswer
from anyerp.transport import AsyncHttpTransport, HttpTransport
from anyerp.wire import Headers
from anyerp_sap.s4.connector import CONNECTOR
from anyerp_sap.sandbox import S4Sandbox

BASE = "https://s4.example"
NOON = dt.datetime(2025, 6, 2, 12, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise; the sandbox and the connection share it."""

    moment: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


def _answer(sandbox: S4Sandbox, request: httpx2.Request, content: bytes) -> httpx2.Response:
    headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    try:
        found = sandbox.handle(Call(request.method, request.url.raw_path.decode(), headers, content))
    except LostAnswer:
        raise httpx2.ReadError("lost", request=request) from None
    stream = httpx2.ByteStream(found.content)  # read raw by the transport, as from a socket
    return httpx2.Response(found.status, headers=list(found.headers.items_with_repeats()), stream=stream)


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    def __init__(self, sandbox: S4Sandbox) -> None:
        self.sandbox = sandbox

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return _answer(self.sandbox, request, request.read())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return _answer(self.sandbox, request, await request.aread())


async def no_pause(seconds: float) -> None:
    """Wait for nothing."""


@dataclass
class System:
    """A sandbox, and connections to it."""

    sandbox: S4Sandbox
    clock: Clock
    events: list[Any] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def _context(self, credentials: Any, settings: dict[str, Any]) -> Context:
        given = {**self.sandbox.settings(BASE), "custom_fields": False, **settings}
        secrets = self.sandbox.credentials if credentials is None else credentials
        chosen = credentials_for(CONNECTOR.credentials, secrets)
        return Context(settings_for(CONNECTOR.settings, given), chosen, BASE, now=self.clock)

    def connect(self, credentials: Any = None, **settings: Any) -> Connection:
        carrier = HttpTransport(
            httpx2.Client(transport=Wire(self.sandbox)),
            trust_origin=BASE,
            observe=self.events.append,
            sleep=self.waits.append,
        )
        erp = Connection(CONNECTOR, self._context(credentials, settings), carrier, looks=(0.0, 1.0))
        erp._runner.sleep = self.waits.append
        return erp

    def aconnect(self, credentials: Any = None, **settings: Any) -> AsyncConnection:
        client = httpx2.AsyncClient(transport=Wire(self.sandbox))
        carrier = AsyncHttpTransport(client, trust_origin=BASE, observe=self.events.append, sleep=no_pause)
        erp = AsyncConnection(CONNECTOR, self._context(credentials, settings), carrier, looks=(0.0, 1.0))
        erp._runner.sleep = no_pause
        return erp

    def calls(self, method: str, part: str = "") -> list[Call]:
        """Return the calls so far with a method, whose target holds a text."""
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def row(self, name: str, *key: str) -> dict[str, Any]:
        """Return a row as the system keeps it."""
        found = self.sandbox.world.store.find(name, *key)
        assert found is not None
        return dict(found)

    def put(self, name: str, key: tuple[str, ...], **values: Any) -> None:
        """Change a row behind the host's back."""
        self.sandbox.world.store.put(name, {**self.row(name, *key), **values})

    def orders(self) -> int:
        """Return how many orders the system has."""
        return len(self.sandbox.world.store.rows("A_PurchaseOrder"))


MakeSystem = Callable[..., System]


@pytest.fixture
def make() -> MakeSystem:
    """Make a system with options of one's own."""

    def made(**options: Any) -> System:
        clock = Clock()
        return System(S4Sandbox(now=clock, **options), clock)

    return made


@pytest.fixture
def system(make: MakeSystem) -> System:
    return make()


@pytest.fixture
def erp(system: System) -> Iterator[Connection]:
    with system.connect() as connection:
        yield connection


def line(**values: Any) -> PurchaseOrderLine:
    """Five pieces of TG11 at 12.50, unless said otherwise."""
    given = {
        "item": anyerp.Ref(id="TG11"),
        "quantity": Decimal(5),
        "unit": "C62",
        "unit_price": Decimal("12.50"),
        "requested_date": dt.date(2025, 7, 1),
        "location": anyerp.Ref(id="1010~101A"),
    }
    return PurchaseOrderLine.model_validate({k: v for k, v in {**given, **values}.items() if v is not None})


def order(*lines: PurchaseOrderLine, **values: Any) -> PurchaseOrder:
    """An order of company 1010 at supplier 10300001."""
    given = {
        "company": anyerp.Ref(id="1010"),
        "vendor": anyerp.Ref(id="10300001"),
        "currency": "EUR",
        "order_date": dt.date(2025, 6, 2),
        "buyer": anyerp.Ref(id="001"),
        "lines": lines or (line(),),
    }
    return PurchaseOrder.model_validate({**given, **values})


class Say:
    """How tests say what they order; a class, because fixtures are the only names that tests share."""

    line = staticmethod(line)
    order = staticmethod(order)


@pytest.fixture
def say() -> type[Say]:
    return Say


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real metadata; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ANYERP_SHARED") or Path(__file__).parents[5] / "shared")
    if not (folder / "erp" / "sap" / "edmx").is_dir():
        pytest.skip("the shared folder with SAP's metadata is not here (ANYERP_SHARED)")
    return folder / "erp" / "sap" / "edmx"
