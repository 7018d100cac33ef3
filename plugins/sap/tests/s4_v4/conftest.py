"""A system with the V4 service of purchase orders, and connections to it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyerp
import pytest
from anyerp import PurchaseOrder, PurchaseOrderLine
from anyerp.connection import Connection
from anyerp.connection.config import credentials_for, settings_for
from anyerp.connector import Context
from anyerp.testing.inprocess import BASE_URL, Traffic, open_connection
from anyerp.testing.sandbox import Call
from anyerp_sap.s4.connector import CONNECTOR
from anyerp_sap.sandbox import S4Sandbox

V4 = "/sap/opu/odata4/"
V2 = "API_PURCHASEORDER_PROCESS_SRV"


@dataclass
class System:
    """A sandbox, and connections to it in process."""

    sandbox: S4Sandbox
    opened: list[Any] = field(default_factory=list)

    def connect(self, **settings: Any) -> Connection:
        given = {**self.sandbox.settings(BASE_URL), "custom_fields": False, **settings}
        chosen = credentials_for(CONNECTOR.credentials, self.sandbox.credentials)
        context = Context(settings_for(CONNECTOR.settings, given), chosen, BASE_URL)
        manager = open_connection(CONNECTOR, context, Traffic(), self.sandbox, cursor_key=b"k" * 32)
        self.opened.append(manager)
        return manager.__enter__()

    def calls(self, method: str, part: str = "") -> list[Call]:
        return [call for call in self.sandbox.calls if call.method == method and part in call.target]

    def row(self, name: str, *key: str) -> dict[str, Any]:
        found = self.sandbox.world.store.find(name, *key)
        assert found is not None
        return dict(found)


@pytest.fixture
def make() -> Iterator[Callable[..., System]]:
    made: list[System] = []

    def build(**options: Any) -> System:
        made.append(System(S4Sandbox(**{"v4": True, **options})))
        return made[-1]

    yield build
    for system in made:
        for manager in system.opened:
            manager.__exit__(None, None, None)


@pytest.fixture
def system(make: Callable[..., System]) -> System:
    return make()


@pytest.fixture
def erp(system: System) -> Connection:
    return system.connect()


def line(**values: Any) -> PurchaseOrderLine:
    given = {
        "item": anyerp.Ref(id="TG11"),
        "quantity": Decimal(5),
        "unit": "C62",
        "unit_price": Decimal("12.50"),
        "requested_date": dt.date(2030, 7, 1),
        "location": anyerp.Ref(id="1010~101A"),
    }
    return PurchaseOrderLine.model_validate({**given, **values})


def order(*lines: PurchaseOrderLine, **values: Any) -> PurchaseOrder:
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
    line = staticmethod(line)
    order = staticmethod(order)


@pytest.fixture
def say() -> type[Say]:
    return Say


@pytest.fixture(scope="session")
def real() -> str:
    """The metadata of a real system; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ANYERP_SHARED") or Path(__file__).parents[5] / "shared")
    path = folder / "erp" / "sap" / "edmx" / "CE_PURCHASEORDER_0001.edmx"
    if not path.is_file():
        pytest.skip("the shared folder with SAP's metadata is not here (ANYERP_SHARED)")
    return path.read_text()
