"""Fixtures: a Tryton prepared once a machine, one server shared for reading, others for writing, and connections."""

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import anyerp
import pytest
from anyerp.connection.connection import Connection
from anyerp.model import PurchaseOrder, PurchaseOrderLine, Ref
from anyerp_tryton.live import Prepared, Server, User, prepare, serve

TODAY = dt.date(2026, 11, 24)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the preparation out of the first test's time: it is a minute and a half, and has limits of its own."""
    for item in items:
        if "prepared" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(120, func_only=True))


@pytest.fixture(scope="session")
def prepared(pytestconfig: pytest.Config) -> Prepared:
    """Built on first use, in `$ANYERP_CACHE` or the project's `.cache`; what it does is shown as it does it."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    began = time.monotonic()

    def show(step: str, done: int, total: int) -> None:
        line = f"{time.monotonic() - began:6.1f} s  {step} {done}/{total or '?'}"
        if capture is None:
            print(line, file=sys.stderr, flush=True)  # noqa: T201
            return
        with capture.global_and_fixture_disabled():
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    return prepare(progress=show)


@pytest.fixture(scope="session")
def tryton(prepared: Prepared) -> Iterator[Server]:
    """One server for the whole session: read from it, write nothing to it."""
    with serve(prepared) as server:
        yield server


@pytest.fixture
def fresh_tryton(prepared: Prepared) -> Iterator[Server]:
    """A server of the test's own, with the seeded data as it was; write what you like."""
    with serve(prepared) as server:
        yield server


@pytest.fixture(scope="session")
def written(prepared: Prepared) -> Iterator[Server]:
    """One server for all tests that write records of their own and look at no others."""
    with serve(prepared) as server:
        yield server


def _facts(server: Server, user: User | None = None) -> dict[str, dict[str, str]]:
    who = user or server.admin
    return {
        "settings": {"base_url": server.base_url, "database": server.database},
        "credentials": {"username": who.login, "password": who.password},
    }


def _connect(server: Server, user: User | None = None, **options: Any) -> Connection:
    return anyerp.connect("tryton", **_facts(server, user), **options)


def _order(**more: object) -> PurchaseOrder:
    values = {
        "vendor": Ref(number="V-1002"),
        "currency": "EUR",
        "order_date": TODAY,
        "payment_terms": Ref(number="Net 30"),
        "notes": "Gate 4,\nring twice",
        "lines": (
            PurchaseOrderLine(
                item=Ref(number="BOLT-M8"),
                quantity=Decimal(100),
                unit="C62",
                unit_price=Decimal("0.1250"),
                tax_code="VAT 20%",
                requested_date=TODAY + dt.timedelta(days=30),
                location=Ref(number="QUAY"),
            ),
            PurchaseOrderLine(
                item=Ref(number="STEEL-ROD"), quantity=Decimal("12.34"), unit_price=Decimal("1.25"), description="cut"
            ),
            PurchaseOrderLine(kind="text", description="With certificates."),
        ),
        **more,
    }
    return PurchaseOrder.model_validate(values)


@pytest.fixture(scope="session")
def facts() -> Callable[..., dict[str, dict[str, str]]]:
    """Settings and credentials of a server, the administrator's unless another user is given."""
    return _facts


@pytest.fixture(scope="session")
def connect() -> Callable[..., Connection]:
    """Connect to a server, as the administrator unless another user is given."""
    return _connect


@pytest.fixture(scope="session")
def order() -> Callable[..., PurchaseOrder]:
    """Make an order of three lines that Tryton takes; what is given stands in place of what it has."""
    return _order


@pytest.fixture(scope="module")
def erp(tryton: Server) -> Iterator[Connection]:
    """A connection to the server that is only read."""
    with _connect(tryton) as connection:
        yield connection


@pytest.fixture(scope="module")
def own(written: Server) -> Iterator[Connection]:
    """A connection to the server that is written to."""
    with _connect(written) as connection:
        yield connection
