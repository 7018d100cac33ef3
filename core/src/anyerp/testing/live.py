"""Checking a real system: a connection's connector, held to the laws against the ERP that the connection leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from anyerp.connection.config import find_config, profiles
from anyerp.connection.connect import _secrets
from anyerp.connector import Connector, Resource
from anyerp.connector.registry import registry
from anyerp.errors import ConfigError
from anyerp.testing.contract import LAWS  # noqa: F401 - the laws import the subject
from anyerp.testing.subject import Profile, Subject

#: What changes an ERP. Without these functions there is nothing that a law could write with.
WRITING = ("create", "update", "delete", "cancel", "close", "create_batch")
BECAUSE = "never: this check only reads; --write lets it write"


def reading(connector: Connector) -> Connector:
    """The connector without its writing operations: each is declared absent, so that the laws about it are skipped."""
    return replace(connector, resources={name: _reading(one) for name, one in connector.resources.items()})


def _reading(resource: Resource[Any]) -> Resource[Any]:
    none = {name: None for name in WRITING if getattr(resource, name, None) is not None}
    because = {**resource.because, **{name: BECAUSE for name in none if name in resource.OPERATIONS}}
    return replace(resource, **none, because=because)  # type: ignore[arg-type]


def live_subject(connection: str, *, write: bool = False, profile: Profile = "quick") -> Subject:
    """The ERP of a connection of `anyerp.toml` as a subject. Raises `ConfigError`. Close it afterwards.

    Without `write` nothing is changed there. With it, what is created carries a key that begins with `K` and digits
    of this run.
    """
    path = find_config()
    known = profiles(path, resolve=(connection,)) if path is not None else {}
    if connection not in known:
        raise ConfigError(f"there is no connection {connection!r} in anyerp.toml")
    found = known[connection]
    connector = registry().connector(found.connector)
    secrets = dict(_secrets(found.name, found.secrets))
    chosen = connector if write else reading(connector)
    return Subject(chosen, profile, dict(found.settings), secrets, None, connector.name, live=connection)
