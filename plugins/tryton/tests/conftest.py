"""Fixtures: a Tryton prepared once a machine, one server shared for reading, and fresh ones for writing."""

import sys
import time
from collections.abc import Iterator

import pytest
from anyerp_tryton.live import Prepared, Server, prepare, serve


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
