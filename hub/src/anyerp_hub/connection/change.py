"""Every change of a connection's state: a row of the table, a row of the audit, an event, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.errors import AnyErpError

from anyerp_hub.clock import new_id
from anyerp_hub.connection.ending import ends_soon
from anyerp_hub.connection.info import open_issues, plainly
from anyerp_hub.connection.state import Health, Left, Lifecycle, Sign, health_after, step
from anyerp_hub.event.outbox import emit
from anyerp_hub.store import table

#: How soon after a first bad sign a probe looks again.
LOOK_AGAIN = timedelta(seconds=30)
_USABLE = (Health.OK, Health.DEGRADED, Health.EXPIRING)
_C = table.connection.c


def record(
    tx: sa.Connection, at: datetime, connection_id: str | None, actor: str, action: str, detail: Mapping[str, Any]
) -> None:
    """Note in the audit who did what."""
    values = {"at": at, "connection_id": connection_id, "actor": actor, "action": action, "detail": plainly(detail)}
    tx.execute(table.audit.insert().values(values))


def move(tx: sa.Connection, row: Any, trigger: str, at: datetime, actor: str, **values: Any) -> Lifecycle:
    """Move the lifecycle along the table. Raises `WrongState`."""
    was = Lifecycle(row.lifecycle)
    to = step(trigger, was)
    tx.execute(table.connection.update().where(_C.id == row.id).values(lifecycle=to, updated_at=at, **values))
    record(tx, at, row.id, actor, trigger, {"from": was, "to": to})
    if to is not was:
        emit(tx, at, f"connection.{to}", row.id, {"from": was, "to": to, "connector": row.connector, "name": row.name})
    if to is Lifecycle.ACTIVE:
        wake_jobs(tx, row.id, at)
    return to


def note(tx: sa.Connection, row: Any, sign: Sign, at: datetime, error: AnyErpError | None, resource: str | None) -> Any:
    """Take a sign of health: issues opened or resolved, the health moved along the table. Gives the health now."""
    _issues(tx, row, sign, at, error, resource)
    streak = row.streak + 1 if row.streak_kind == sign else 1
    denied = any(issue.kind == Sign.PERMISSION_DENIED for issue in open_issues(tx, row.id))
    left = Left(denied=denied, ends_soon=ends_soon(row, at))
    was = Health(row.health)
    now = health_after(sign, was, streak, left)
    values: dict[str, Any] = {"streak_kind": sign, "streak": streak, "updated_at": at}
    if sign in (Sign.WORKED, Sign.RECONNECTED):
        values |= {"last_ok_at": at, "probe_failures": 0}
    elif now is was and streak == 1:
        values["probe_at"] = at + LOOK_AGAIN  # whether it was a hiccup is found out soon
    if error is not None:
        values["last_error"] = plainly({**error.to_dict(), "at": at, "resource": resource})
    if now is not was:
        values |= {"health": now, "since": at, "reason": None if now is Health.OK else _reason(sign, left)}
        facts = {"from": was, "to": now, "reason": values["reason"], "resource": resource}
        record(tx, at, row.id, "hub", f"health:{now}", facts)
        _tell(tx, at, row, now, facts, error)
    tx.execute(table.connection.update().where(_C.id == row.id).values(values))
    if sign is Sign.RECONNECTED or (now is not was and now in _USABLE):
        wake_jobs(tx, row.id, at)
    return now


def wake_jobs(tx: sa.Connection, id: str, at: datetime) -> None:
    """Let the jobs go on that wait for a connection."""
    waiting = sa.and_(table.job.c.connection_id == id, table.job.c.state == "waiting")
    tx.execute(table.job.update().where(waiting).values(wake_at=at))


def _reason(sign: Sign, left: Left) -> str:
    if sign in (Sign.WORKED, Sign.RECONNECTED, Sign.PERMISSION_DENIED):
        return Sign.PERMISSION_DENIED if left.denied else Sign.ENDS_SOON
    return sign


def _tell(
    tx: sa.Connection, at: datetime, row: Any, now: Health, facts: Mapping[str, Any], error: AnyErpError | None
) -> None:
    about = {"connector": row.connector, "name": row.name}
    emit(tx, at, f"connection.{now}", row.id, {**facts, **about})
    if now is Health.NEEDS_REAUTH:
        words = None if error is None else error.message
        data = {"reason": facts["reason"], "since": at, "message": words, **about}
        emit(tx, at, "connection.reauthorization_required", row.id, data)


def _issues(
    tx: sa.Connection, row: Any, sign: Sign, at: datetime, error: AnyErpError | None, resource: str | None
) -> None:
    columns = table.issue.c
    mine = sa.and_(columns.connection_id == row.id, columns.resolved_at.is_(None))
    if sign in (Sign.WORKED, Sign.RECONNECTED):
        # What worked tells nothing of the permission for another resource.
        gone = sa.or_(columns.kind != Sign.PERMISSION_DENIED, columns.resource == resource)
        if sign is Sign.RECONNECTED:
            gone = sa.true()
        tx.execute(table.issue.update().where(mine, gone).values(resolved_at=at))
        return
    about = resource if sign is Sign.PERMISSION_DENIED else None
    same = sa.and_(mine, columns.kind == sign, columns.resource.is_not_distinct_from(about))
    detail = {} if error is None else plainly(error.to_dict())
    if tx.execute(table.issue.update().where(same).values(last_at=at, detail=detail)).rowcount == 0:
        values = {"id": new_id("iss", at), "connection_id": row.id, "kind": sign, "resource": about}
        values |= {"detail": detail, "opened_at": at, "last_at": at}
        tx.execute(table.issue.insert().values(values))
