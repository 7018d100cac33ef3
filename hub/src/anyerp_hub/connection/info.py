"""What is known of a connection and of its issues: everything that may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from anyerp_hub.connection.state import Health, Lifecycle
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import table


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that is, or was, wrong: from when to when, and whose fault."""

    id: str
    connection_id: str
    kind: str
    resource: str | None
    detail: Mapping[str, Any]
    opened_at: datetime
    last_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """A connection as the hub remembers it. `settings` shows no secret; credentials are not part of it.

    `reason` says what the health comes from (an error's code), `since` from when on. `revision` counts the changes of
    settings, credentials and overlays.
    """

    id: str
    connector: str
    name: str
    lifecycle: Lifecycle
    health: Health
    reason: str | None
    since: datetime
    settings: Mapping[str, Any]
    tags: tuple[str, ...]
    metadata: Mapping[str, Any]
    revision: int
    last_ok_at: datetime | None
    last_error: Mapping[str, Any] | None
    credentials_expire_at: datetime | None
    created_at: datetime
    updated_at: datetime
    issues: tuple[Issue, ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        facts = {name: getattr(self, name) for name in self.__slots__ if name != "issues"}
        facts["tags"] = list(self.tags)
        facts["issues"] = [{name: getattr(one, name) for name in one.__slots__} for one in self.issues]
        plain: dict[str, Any] = plainly(facts)
        return plain


def plainly(value: Any) -> Any:
    """Moments as ISO 8601 in UTC, everything else as JSON has it."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Mapping():
            return {str(key): plainly(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plainly(inner) for inner in value]
        case _:
            return value


def row_of(tx: sa.Connection, id: str) -> Any:
    """The row of a connection, locked for the rest of the transaction. Raises `NoSuchThing`."""
    row = tx.execute(sa.select(table.connection).where(table.connection.c.id == id).with_for_update()).one_or_none()
    if row is None:
        raise NoSuchThing(f"there is no connection {id}")
    return row


def open_issues(tx: sa.Connection, id: str) -> list[Issue]:
    """What is wrong with a connection now, oldest first."""
    columns = table.issue.c
    query = sa.select(table.issue).where(columns.connection_id == id, columns.resolved_at.is_(None))
    return [Issue(*row) for row in tx.execute(query.order_by(columns.opened_at, columns.id))]


def infos(tx: sa.Connection, query: sa.Select[Any]) -> list[ConnectionInfo]:
    """The connections that a query over the connection table gives, with tags and open issues."""
    rows = tx.execute(query).all()
    ids = [row.id for row in rows]
    tags: dict[str, list[str]] = {id: [] for id in ids}
    issues: dict[str, list[Issue]] = {id: [] for id in ids}
    tag = table.connection_tag
    for id, name in tx.execute(
        sa.select(tag.c.connection_id, tag.c.tag).where(tag.c.connection_id.in_(ids)).order_by(tag.c.tag)
    ):
        tags[id].append(name)
    columns = table.issue.c
    for row in tx.execute(
        sa.select(table.issue)
        .where(columns.connection_id.in_(ids), columns.resolved_at.is_(None))
        .order_by(columns.opened_at, columns.id)
    ):
        issues[row.connection_id].append(Issue(*row))
    return [_info(row, tags[row.id], issues[row.id]) for row in rows]


def info_of(tx: sa.Connection, id: str) -> ConnectionInfo:
    """One connection. Raises `NoSuchThing`."""
    found = infos(tx, sa.select(table.connection).where(table.connection.c.id == id))
    if not found:
        raise NoSuchThing(f"there is no connection {id}")
    return found[0]


def _info(row: Any, tags: list[str], issues: list[Issue]) -> ConnectionInfo:
    values = {name: getattr(row, name) for name in ConnectionInfo.__slots__ if name not in ("tags", "issues")}
    values |= {"lifecycle": Lifecycle(row.lifecycle), "health": Health(row.health)}
    return ConnectionInfo(**values, tags=tuple(tags), issues=tuple(issues))
