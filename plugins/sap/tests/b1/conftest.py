"""Connections to Business One's sandbox in process: everything but the socket is real, and waits take no time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import anyerp
import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine
from anyerp.connection import AsyncConnection, Connection
from anyerp.testing.inprocess import BASE_URL, Traffic, open_async, open_connection, prepared
from anyerp.testing.sandbox import Call
from anyerp_sap.b1.connector import CONNECTOR
from anyerp_sap.b1.sandbox import BusinessOneSandbox


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    moment: dt.datetime = dt.datetime(2025, 3, 3, 10, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


@dataclass
class System:
    """A sandbox, and connections to it."""

    sandbox: BusinessOneSandbox
    clock: Clock
    traffic: Traffic = field(default_factory=Traffic)

    def context(self, credentials: Any = None, **settings: Any) -> Any:
        secrets = self.sandbox.credentials if credentials is None else credentials
        return prepared(CONNECTOR, {**self.sandbox.settings(BASE_URL), **settings}, secrets)

    def connect(self, credentials: Any = None, **settings: Any) -> Connection:
        return open_connection(CONNECTOR, self.context(credentials, **settings), self.traffic, self.sandbox)

    def aconnect(self) -> AsyncConnection:
        return open_async(CONNECTOR, self.context(), self.traffic, self.sandbox)

    def calls(self, method: str, part: str = "") -> list[Call]:
        """Return the calls so far with a method, whose target holds a text."""
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def row(self, name: str, key: Any) -> dict[str, Any]:
        """Return a row as the system keeps it."""
        return dict(self.sandbox.world.store.get(name, key))

    def put(self, name: str, key: Any, **values: Any) -> None:
        """Change a row behind the host's back."""
        self.sandbox.world.store.put(name, key, {**self.row(name, key), **values})

    def count(self, name: str = "PurchaseOrders") -> int:
        """Return how many rows a set has."""
        return len(self.sandbox.world.store.rows(name))


MakeSystem = Callable[..., System]


@pytest.fixture
def make() -> MakeSystem:
    """Make a system with options of one's own."""

    def made(**options: Any) -> System:
        clock = Clock()
        return System(BusinessOneSandbox(now=clock, **options), clock)

    return made


@pytest.fixture
def system(make: MakeSystem) -> System:
    return make()


@pytest.fixture
def erp(system: System) -> Iterator[Connection]:
    with system.connect() as connection:
        yield connection


def line(**values: Any) -> PurchaseOrderLine:
    """Four Fresnel lights at 390, unless said otherwise."""
    given = {"item": anyerp.Ref(id="A1001"), "quantity": Decimal(4), "unit": "C62", "unit_price": Decimal(390)}
    return PurchaseOrderLine.model_validate({k: v for k, v in {**given, **values}.items() if v is not None})


def order(*lines: PurchaseOrderLine, **values: Any) -> PurchaseOrder:
    """An order to vendor V10000."""
    given = {"vendor": anyerp.Ref(id="V10000"), "order_date": dt.date(2025, 3, 3), "lines": lines or (line(),)}
    return PurchaseOrder.model_validate({**given, **values})


class Say:
    """How tests say what they order; a class, because fixtures are the only names that tests share."""

    line = staticmethod(line)
    order = staticmethod(order)


@pytest.fixture
def say() -> type[Say]:
    return Say
