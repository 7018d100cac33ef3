"""Connections to a sandbox in process: everything but the socket is real, and waits take no time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import anyerp
import httpx2
import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine
from anyerp.connection import Connection
from anyerp.connection.config import credentials_for, settings_for
from anyerp.connector import Context
from anyerp.testing.inprocess import SandboxTransport
from anyerp.testing.sandbox import Call
from anyerp.transport import HttpTransport
from anyerp_dynamics.fno.connector import CONNECTOR
from anyerp_dynamics.sandbox.fno import FinanceOperationsSandbox

BASE = "https://env.example"


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise; the sandbox and the connection share it."""

    moment: dt.datetime = dt.datetime(2026, 4, 1, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


@dataclass
class System:
    """A sandbox, and connections to it."""

    sandbox: FinanceOperationsSandbox
    clock: Clock
    waits: list[float] = field(default_factory=list)

    def connect(self, credentials: Any = None, overlays: Any = None, **settings: Any) -> Connection:
        secrets = self.sandbox.credentials if credentials is None else credentials
        chosen = settings_for(CONNECTOR.settings, {**self.sandbox.settings(BASE), **settings})
        context = Context(chosen, credentials_for(CONNECTOR.credentials, secrets), BASE, now=self.clock)
        client = httpx2.Client(transport=SandboxTransport(self.sandbox))
        carrier = HttpTransport(client, trust_origin=BASE, sleep=self.waits.append)
        erp = Connection(CONNECTOR, context, carrier, looks=(0.0, 1.0), overlays=overlays)
        erp._runner.sleep = self.waits.append
        return erp

    def calls(self, method: str, part: str = "") -> list[Call]:
        """Return the calls so far with a method, whose target holds a text."""
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def row(self, table: str, *key: Any) -> dict[str, Any] | None:
        """Return a row as the ERP keeps it."""
        return self.sandbox.store.find(table, *key)

    def orders(self) -> list[dict[str, Any]]:
        """Return the orders of usmf that the sandbox did not begin with."""
        rows = self.sandbox.store.rows("purchase_order")
        return [row for row in rows if row["dataAreaId"] == "usmf" and row["PurchaseOrderNumber"] > "00000012"]

    def lines(self, number: str) -> list[dict[str, Any]]:
        """Return an order's lines as the ERP keeps them."""
        return self.sandbox.store.where("purchase_order_line", dataAreaId="usmf", PurchaseOrderNumber=number)


@pytest.fixture
def make() -> Callable[..., System]:
    """Make a system with options of one's own."""

    def made(**options: Any) -> System:
        clock = Clock()
        return System(FinanceOperationsSandbox(now=clock, **options), clock)

    return made


@pytest.fixture
def system(make: Callable[..., System]) -> System:
    return make()


@pytest.fixture
def erp(system: System) -> Iterator[Connection]:
    with system.connect() as connection:
        yield connection


def line(**values: Any) -> PurchaseOrderLine:
    """Five speakers at 150, unless said otherwise."""
    given = {
        "item": anyerp.Ref(number="D0001"),
        "quantity": Decimal(5),
        "unit": "EA",
        "unit_price": Decimal(150),
        "requested_date": dt.date(2026, 5, 4),
        "location": anyerp.Ref(number="11"),
    }
    return PurchaseOrderLine.model_validate({k: v for k, v in {**given, **values}.items() if v is not None})


def order(*lines: PurchaseOrderLine, **values: Any) -> PurchaseOrder:
    """An order at vendor US-101."""
    given = {"vendor": anyerp.Ref(number="US-101"), "currency": "USD", "lines": lines or (line(),)}
    return PurchaseOrder.model_validate({**given, **values})


class Say:
    """How tests say what they order; a class, because fixtures are the only names that tests share."""

    line = staticmethod(line)
    order = staticmethod(order)


@pytest.fixture
def say() -> type[Say]:
    return Say
