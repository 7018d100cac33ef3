"""Connections to a Business Central sandbox in process: everything but the socket is real, waits take no time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.connection import Connection
from anyerp.connector import Context
from anyerp.testing.inprocess import BASE_URL, Traffic, open_connection, prepared
from anyerp.testing.sandbox import Call
from anyerp_dynamics.bc.connector import CONNECTOR
from anyerp_dynamics.sandbox.bc import BusinessCentralSandbox


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise; the sandbox and the connection share it."""

    moment: datetime = datetime(2026, 4, 1, 9, 0, 0, 123000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Environment:
    """A sandbox, and connections to it."""

    sandbox: BusinessCentralSandbox
    clock: Clock
    traffic: Traffic = field(default_factory=Traffic)

    def context(self, **settings: Any) -> Context:
        given = {**self.sandbox.settings(BASE_URL), **settings}
        found = prepared(CONNECTOR, given, self.sandbox.credentials)
        found.now = self.clock
        return found

    def connect(self, **settings: Any) -> Connection:
        return open_connection(CONNECTOR, self.context(**settings), self.traffic, self.sandbox)

    def calls(self, method: str, part: str = "") -> list[Call]:
        """Return the calls so far with a method, whose target holds a text."""
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def bodies(self, method: str, part: str = "") -> list[dict[str, Any]]:
        """Return the bodies of those calls, their fields in the order that they were sent in."""
        return [json.loads(call.content) for call in self.calls(method, part) if "oauth2" not in call.target]

    def row(self, number: str) -> dict[str, Any]:
        """Return an order as the environment keeps it."""
        found = self.sandbox.company().find("purchaseOrders", number=number)
        assert found is not None
        return dict(found)

    def lines(self, number: str) -> list[dict[str, Any]]:
        """Return an order's lines as the environment keeps them."""
        return [dict(row) for row in self.sandbox.company().of("purchaseOrderLines", self.row(number)["id"])]


MakeEnvironment = Callable[..., Environment]


@pytest.fixture
def make() -> MakeEnvironment:
    """Make an environment with options of one's own."""

    def made(**options: Any) -> Environment:
        clock = Clock()
        return Environment(BusinessCentralSandbox(now=clock, **options), clock)

    return made


@pytest.fixture
def place(make: MakeEnvironment) -> Environment:
    return make()


@pytest.fixture
def erp(place: Environment) -> Iterator[Connection]:
    with place.connect() as connection:
        yield connection


def line(**values: Any) -> PurchaseOrderLine:
    """Five chairs at 95.50, unless said otherwise."""
    given = {
        "item": Ref(number="1900-S"),
        "quantity": Decimal(5),
        "unit_price": Decimal("95.5"),
        "requested_date": date(2026, 4, 20),
    }
    return PurchaseOrderLine.model_validate({k: v for k, v in {**given, **values}.items() if v is not None})


def order(*lines: PurchaseOrderLine, **values: Any) -> PurchaseOrder:
    """An order to Fabrikam."""
    given = {"vendor": Ref(number="10000"), "order_date": date(2026, 4, 1), "lines": lines or (line(),)}
    return PurchaseOrder.model_validate({**given, **values})


class Say:
    """How tests say what they order; a class, because fixtures are the only names that tests share."""

    line = staticmethod(line)
    order = staticmethod(order)


@pytest.fixture
def say() -> type[Say]:
    return Say


@pytest.fixture
def numbered(erp: Connection) -> Callable[[str], PurchaseOrder]:
    """Read an order by its number."""

    def found(number: str) -> PurchaseOrder:
        return next(order for order in erp.purchase_orders.list() if order.number == number)

    return found
