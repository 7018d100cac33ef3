"""Databases to test on, a clock to set, keys that are the same every time."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from anyerp.testing.sandbox import serve
from anyerp_hub import Hub
from anyerp_hub.store import Database, table
from anyerp_hub.store.migrate import migrate
from anyerp_hub.vault import Key, Keyring, Sealer
from anyerp_hub.vault.secret import Secrets
from anyerp_hub.web import create_app
from anyerp_sap.sandbox import S4Sandbox
from crew import Crew
from postgres import Cluster, binaries
from served import Served, serving

_number = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    found = binaries()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    cluster = Cluster(found)
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def shared_url(cluster: Cluster) -> str:
    """One migrated database of PostgreSQL, which every test finds empty."""
    url = cluster.database("shared")
    _migrated(url)
    return url


def _emptied(url: str) -> str:
    database = Database(url)
    with database.begin() as tx:
        names = ", ".join(f'"{each.name}"' for each in table.METADATA.sorted_tables)
        tx.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    database.close()
    return url


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file of SQLite, to be copied."""
    path = tmp_path_factory.mktemp("template") / "hub.db"
    _migrated(f"sqlite:///{path}")
    return path


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of both kinds in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.database(f"t{next(_number)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with our tables, of both kinds in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def postgresql_url(shared_url: str) -> str:
    return _emptied(shared_url)


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    crew = Crew(Keyring(Key("k1", bytes(range(32)))))
    yield crew
    crew.end()


@pytest.fixture
def sqlite_url(tmp_path: Path, template_file: Path) -> str:
    shutil.copy(template_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys() -> Keyring:
    return Keyring(Key("k1", bytes(range(32))))


@pytest.fixture
def database(url: str, clock: Clock) -> Iterator[Database]:
    database = Database(url, clock)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def sealer(keys: Keyring) -> Sealer:
    return Sealer(keys)


@pytest.fixture
def secrets(database: Database, sealer: Sealer) -> Secrets:
    return Secrets(database, sealer)


@pytest.fixture
def sap() -> Iterator[tuple[S4Sandbox, dict]]:
    """S/4HANA's sandbox on loopback, and what connects to it."""
    sandbox = S4Sandbox()
    with serve(sandbox) as base_url:
        yield sandbox, {"settings": sandbox.settings(base_url), "credentials": sandbox.credentials}


@pytest.fixture
def hub(url: str, keys: Keyring, clock: Clock) -> Iterator[Hub]:
    with Hub(url, keys=keys, clock=clock) as hub:
        yield hub


@pytest.fixture
def small(sqlite_url: str, keys: Keyring, clock: Clock) -> Iterator[Hub]:
    """A hub on SQLite, for what does not depend on the database."""
    with Hub(sqlite_url, keys=keys, clock=clock) as hub:
        yield hub


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    app = create_app(None)  # type: ignore[arg-type]
    with serving(app) as base:
        yield Served(app, base)
