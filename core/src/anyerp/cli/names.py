"""What is typed on the command line, looked up: connections, resources, moments."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

import anyerp
from anyerp.connection import Collection, Connection
from anyerp.connection.config import find_config, profiles
from anyerp.errors import ConfigError
from anyerp.model import RESOURCES

ConnectionName = Annotated[str, Parameter(help="A connection in anyerp.toml.")]
ResourceName = Annotated[str, Parameter(help="A resource, such as purchase_orders.")]


def opened(name: str) -> Connection:
    """Open a connection by its name in the configuration file. Raises `ConfigError` with the names that there are."""
    path = find_config()
    if path is None:
        raise ConfigError(
            f"no connection {name!r}: there is no anyerp.toml here or in a folder above",
            hint="set ANYERP_CONFIG, or try one out: anyerp sandbox sap-s4hana prints a file that works",
        )
    known = profiles(path, resolve=())
    if name not in known:
        raise ConfigError(f"{path} has no connection {name!r}", hint=_nearest(name, known))
    return anyerp.connect(name)


def resource_named(name: str) -> str:
    """A resource's name as we write it. Raises `ConfigError` with the nearest one."""
    plain = name.lower().replace("-", "_")
    if plain not in RESOURCES:
        raise ConfigError(f"there is no resource {name!r}", hint=_nearest(plain, RESOURCES))
    return plain


def collection(erp: Connection, name: str) -> Collection[Any]:
    """A collection of a connection, by the name that was typed."""
    return erp.collection(resource_named(name))


def moment(text: str | None) -> datetime | None:
    """A date or a moment in ISO 8601; UTC where it names no zone. Raises `ConfigError`."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{text!r} is no moment in time", hint="write 2026-01-31, 2026-01-31T08:00 (UTC) or 2026-01-31T08:00+01:00"
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1)
    listed = ", ".join(names) or "none"
    return f"did you mean {near[0]}? There are: {listed}" if near else f"there are: {listed}"
