"""Who did what: the audit trail, read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from anyerp_hub.connection.info import plainly
from anyerp_hub.store import table


def audited(
    tx: sa.Connection, connection_id: str | None, *, after: int, limit: int, newest: bool
) -> list[dict[str, Any]]:
    """What was done, in order or the newest first, as plain values."""
    columns = table.audit.c
    order = columns.seq.desc() if newest else columns.seq
    query = sa.select(table.audit).where(columns.seq > after).order_by(order).limit(limit)
    query = query if connection_id is None else query.where(columns.connection_id == connection_id)
    return [plainly(dict(row)) for row in tx.execute(query).mappings()]
