"""Where a connection keeps tokens that rotate: sealed, on the disk before their first use."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa

from anyerp_hub.connection.ending import of_tokens
from anyerp_hub.store import Database, table
from anyerp_hub.vault.seal import Sealer

_T = table.connection_token


class SealedTokens:
    """An `anyerp` token store in the hub's database. Connections of one id take turns in refreshing, by its name."""

    def __init__(self, database: Database, sealer: Sealer, connection_id: str) -> None:
        self.name = connection_id
        self._database, self._sealer = database, sealer

    def load(self) -> Mapping[str, str] | None:
        """What was saved last, by whomever."""
        with self._database.read() as tx:
            sealed = tx.execute(sa.select(_T.c.sealed).where(_T.c.connection_id == self.name)).scalar()
        if sealed is None:
            return None
        found: Mapping[str, str] = json.loads(self._sealer.open("tokens", self.name, sealed))
        return found

    def save(self, tokens: Mapping[str, str]) -> None:
        """Keep these."""
        with self._database.begin() as tx:
            self.save_in(tx, tokens)

    def save_in(self, tx: sa.Connection, tokens: Mapping[str, str]) -> None:
        """Keep these, together with what else a transaction writes."""
        sealed = self._sealer.seal("tokens", self.name, json.dumps(dict(tokens)).encode())
        forget_tokens(tx, self.name)
        tx.execute(_T.insert().values(connection_id=self.name, sealed=sealed))
        ending = of_tokens(tokens)
        if ending is not None:
            mine = table.connection.c.id == self.name
            tx.execute(table.connection.update().where(mine).values(ending.columns()))


def forget_tokens(tx: sa.Connection, connection_id: str) -> None:
    """Forget the tokens of a connection."""
    tx.execute(_T.delete().where(_T.c.connection_id == connection_id))
