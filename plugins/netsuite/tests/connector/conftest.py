"""Connections to a NetSuite sandbox in process: everything but the socket is real, waits take no time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp.connection import Connection
from anyerp.connector import Context
from anyerp.testing.inprocess import BASE_URL, Traffic, open_connection, prepared
from anyerp.testing.sandbox import Call
from anyerp_netsuite.connector import CONNECTOR
from anyerp_netsuite.sandbox import NetSuiteSandbox

RECORDS = "/services/rest/record/v1/"
SUITEQL = "/services/rest/query/v1/suiteql"


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise; the sandbox and the connection share it."""

    moment: datetime = datetime(2026, 6, 2, 9, 0, 0, 123000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Place:
    """A sandbox, and connections to it."""

    clock: Clock = field(default_factory=Clock)
    traffic: Traffic = field(default_factory=Traffic)
    sandbox: NetSuiteSandbox = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self, **options: Any) -> NetSuiteSandbox:
        """Another sandbox, with options."""
        self.sandbox = NetSuiteSandbox(now=self.clock, **options)
        return self.sandbox

    def context(self, credentials: Any = None, **settings: Any) -> Context:
        given = {**self.sandbox.settings(BASE_URL), **settings}
        found = prepared(CONNECTOR, given, credentials or self.sandbox.credentials)
        found.now = self.clock
        return found

    def connect(self, context: Context | None = None, **settings: Any) -> Connection:
        return open_connection(CONNECTOR, context or self.context(**settings), self.traffic, self.sandbox)

    def calls(self, method: str, part: str = "") -> list[Call]:
        """Return the calls so far with a method, whose target holds a text."""
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def bodies(self, method: str, part: str = "") -> list[Any]:
        """Return the JSON bodies of those calls."""
        return [json.loads(call.content) for call in self.calls(method, part)]

    def queries(self) -> list[str]:
        """Return the SuiteQL so far."""
        return [body["q"] for body in self.bodies("POST", SUITEQL)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(clock: Clock) -> Place:
    return Place(clock)


@pytest.fixture
def erp(place: Place) -> Iterator[Connection]:
    with place.connect() as connection:
        yield connection


@pytest.fixture
def order() -> Callable[..., PurchaseOrder]:
    """Make a purchase order that the sandbox takes, with changes."""

    def make(*lines: PurchaseOrderLine, **changes: Any) -> PurchaseOrder:
        plain = PurchaseOrderLine(item=Ref(id="84"), quantity=Decimal(25), unit="EA", unit_price=Decimal("0.12"))
        values = {
            "company": Ref(id="1"),
            "vendor": Ref(id="1722"),
            "order_date": date(2026, 6, 1),
            "lines": lines or (plain,),
        }
        return PurchaseOrder(**{**values, **changes})

    return make


@pytest.fixture
def shared() -> Path:
    """The folder of the shared fact sheets; tests that compare with it skip where it is absent."""
    folder = Path(os.environ.get("ANYERP_SHARED", "")) / "erp" / "netsuite"
    if "ANYERP_SHARED" not in os.environ or not folder.is_dir():
        pytest.skip("the fact sheets are not here (ANYERP_SHARED)")
    return folder
