"""The ERPs of the demonstration, on loopback: a sandbox for each installed connector that has one, a real Tryton."""

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


def with_sandboxes() -> list[str]:
    """The names of the installed connectors that bring a fake of their ERP."""
    known = registry()
    return [
        name
        for name in sorted(known.connectors)
        if (make := known.connector(name).sandbox) and hasattr(make(), "handle")
    ]


@contextmanager
def sandbox(name: str, progress: Progress) -> Iterator[House]:
    """Serve the sandbox that comes with a connector."""
    connector = registry().connector(name)
    assert connector.sandbox is not None
    step = f"starting the sandbox of {connector.title}"
    progress(step, 0, 1)
    fake = connector.sandbox()
    with serve(fake) as base_url:
        settings = fake.settings(base_url)
        progress(step, 1, 1)
        yield House(name, f"{connector.title} (a sandbox that speaks its protocol)", settings, fake.credentials)


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
