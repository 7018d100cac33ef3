"""Issues as hosts look at them: what is wrong, and what was wrong until when."""

from __future__ import annotations

import builtins
from typing import Any, Literal

import sqlalchemy as sa

from anyerp_hub.connection.info import Issue
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import Database, table

_I = table.issue.c
State = Literal["open", "resolved"]


class Issues:
    """Finds issues. They are opened and resolved by what the ERP answers, and by nobody else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self,
        connection_id: str | None = None,
        *,
        state: State | None = None,
        without: tuple[str, ...] = (),
        after: str | None = None,
        limit: int = 100,
    ) -> builtins.list[Issue]:
        """Issues, the newest first, behind the issue `after`; `without` names resources whose issues are left out."""
        query: sa.Select[Any] = sa.select(table.issue).order_by(_I.id.desc()).limit(limit)
        if connection_id is not None:
            query = query.where(_I.connection_id == connection_id)
        if state is not None:
            query = query.where(_I.resolved_at.is_(None) if state == "open" else _I.resolved_at.is_not(None))
        if without:
            query = query.where(sa.or_(_I.resource.is_(None), _I.resource.not_in(without)))
        if after is not None:
            query = query.where(_I.id < after)
        with self._database.read() as tx:
            return [Issue(*row) for row in tx.execute(query)]

    def get(self, id: str) -> Issue:
        """One issue. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            row = tx.execute(sa.select(table.issue).where(_I.id == id)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no issue {id}")
        return Issue(*row)
