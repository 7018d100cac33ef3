"""The hub's own secrets (the pepper of its tokens, the key of its cursors), made once and kept sealed."""

from __future__ import annotations

import hmac
import secrets

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from anyerp_hub.store import Database, table
from anyerp_hub.vault.seal import Sealer


class Secrets:
    """Random 256-bit secrets by name. They stay the same when keys are rotated."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer
        self._known: dict[str, bytes] = {}

    def get(self, name: str) -> bytes:
        """A secret, made when it is first asked for."""
        if name not in self._known:
            sealed = self._read(name) or self._made(name)
            self._known[name] = self._sealer.open("secret", name, sealed)
        return self._known[name]

    def derived(self, name: str, of: str) -> bytes:
        """A secret for one thing only, from the secret `name`."""
        return hmac.digest(self.get(name), of.encode(), "sha256")

    def _read(self, name: str) -> str | None:
        with self._database.read() as tx:
            return tx.execute(sa.select(table.secret.c.sealed).where(table.secret.c.name == name)).scalar()

    def _made(self, name: str) -> str:
        sealed = self._sealer.seal("secret", name, secrets.token_bytes(32))
        try:
            with self._database.begin() as tx:
                tx.execute(table.secret.insert().values(name=name, sealed=sealed))
        except IntegrityError:  # another process was first
            found = self._read(name)
            assert found is not None
            return found
        return sealed
