"""Rotation: everything that is sealed with an older key is sealed anew, row by row, while the hub works."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from anyerp_hub.store import Database, table
from anyerp_hub.vault.seal import Sealer


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where sealed values stand: the table, its column, the column that names the owner, and the kind."""

    table: sa.Table
    column: str
    owner: str
    kind: str


PLACES = [
    Sealed(table.secret, "sealed", "name", "secret"),
    Sealed(table.connection, "sealed", "id", "connection"),
    Sealed(table.connection_token, "sealed", "connection_id", "tokens"),
    Sealed(table.consent, "sealed", "session_id", "consent"),
    Sealed(table.endpoint, "sealed", "id", "endpoint"),
    Sealed(table.endpoint, "sealed_before", "id", "endpoint"),
]


def rotate(database: Database, sealer: Sealer) -> int:
    """Seal every value with the current key; gives how many were not. The older keys may be dropped afterwards.

    A value that changes meanwhile is left to its writer, who seals with the current key anyway.
    """
    count = 0
    for place in PLACES:
        owner, column = place.table.c[place.owner], place.table.c[place.column]
        with database.read() as tx:
            rows = tx.execute(sa.select(owner, column).where(column.is_not(None))).all()
        for id, sealed in rows:
            if sealer.stale(sealed):
                fresh = sealer.seal(place.kind, id, sealer.open(place.kind, id, sealed))
                with database.begin() as tx:
                    done = tx.execute(
                        place.table.update().where(owner == id, column == sealed).values({place.column: fresh})
                    )
                    count += done.rowcount
    return count
