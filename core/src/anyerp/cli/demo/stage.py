"""The two ERPs of the demonstration: the sandbox of S/4HANA, and a real Tryton, both on loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from anyerp.connector.registry import registry
from anyerp.errors import ConfigError, Unavailable
from anyerp.testing.sandbox import serve

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class House:
    """An ERP that runs, and what connects to it."""

    connector: str
    title: str
    settings: Mapping[str, Any]
    credentials: Mapping[str, Any] = field(repr=False)

    def line(self) -> str:
        """The one line of a host that differs."""
        return f'erp = anyerp.connect("{self.connector}", settings=..., credentials=...)'


def _cache() -> Path:
    """Where Tryton is kept between two demonstrations: `$ANYERP_CACHE`, else the user's own cache."""
    named = os.environ.get("ANYERP_CACHE")
    users = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "anyerp"
    return (Path(named) if named else users).resolve() / "tryton"


@contextmanager
def sap(progress: Progress) -> Iterator[House]:
    """Serve the S/4HANA sandbox that comes with anyerp-sap."""
    progress("starting the S/4HANA sandbox", 0, 1)
    connector = registry().connector("sap-s4hana")
    assert connector.sandbox is not None
    fake = connector.sandbox()
    with serve(fake) as base_url:
        settings = {**fake.settings(base_url), "purchasing_organization": "1010"}
        progress("starting the S/4HANA sandbox", 1, 1)
        yield House(connector.name, f"{connector.title} (a sandbox that speaks its OData)", settings, fake.credentials)


@contextmanager
def tryton(progress: Progress) -> Iterator[House]:
    """Prepare and serve a real Tryton. Raises `ConfigError` without anyerp-tryton, `Unavailable` if it fails."""
    connector = registry().connector("tryton")
    try:
        live = import_module("anyerp_tryton.live")
    except ImportError:
        raise ConfigError("the demo needs anyerp-tryton", hint="pip install anyerp-tryton") from None
    try:
        prepared = live.prepare(_cache(), progress)
        progress("starting Tryton", 0, 1)
        with live.serve(prepared) as server:
            progress("starting Tryton", 1, 1)
            yield House(
                connector.name,
                f"{connector.title} (a real server)",
                {"base_url": server.base_url, "database": server.database},
                {"username": server.admin.login, "password": server.admin.password},
            )
    except live.LiveError as error:
        raise Unavailable(f"Tryton could not be started: {error}") from None
