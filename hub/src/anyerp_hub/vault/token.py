"""API tokens: issued once in the clear, afterwards known by their digest only."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.errors import ConfigError

from anyerp_hub.clock import new_id
from anyerp_hub.error import NoSuchThing, TokenExpired, TokenRejected, TokenRevoked
from anyerp_hub.store import Database, table
from anyerp_hub.vault import form
from anyerp_hub.vault.secret import Secrets

READ, WRITE = "read", "write"
_SCOPE = re.compile(r"(\*|hub|[a-z_]+):(read|write)")
_STAMP = timedelta(minutes=1)  # how exactly `last_used_at` is kept: a read shall not cost a write
_T = table.token.c


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: everything but the token.

    Scopes are `RESOURCE:read` or `RESOURCE:write`, `*` for every resource of the connection, `hub` for the hub's own
    affairs (connections, tokens, webhooks, flows). A token with a `connection_id` reaches that connection and no other.
    """

    id: str
    name: str
    connection_id: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    def allows(self, area: str, right: str) -> bool:
        """Whether the token may read or write a resource, or the hub (`area="hub"`)."""
        wanted = {f"{area}:{right}"} if area == "hub" else {f"{area}:{right}", f"*:{right}"}
        return not wanted.isdisjoint(self.scopes)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: `secret` is shown this once."""

    token: Token
    secret: str = field(repr=False)


class Tokens:
    """Issues, checks and revokes."""

    def __init__(self, database: Database, secrets: Secrets) -> None:
        self._database = database
        self._pepper = secrets.get("token-pepper")  # now: within a transaction it could not be made

    def issue(
        self,
        connection_id: str | None = None,
        *,
        scopes: Sequence[str] | None = None,
        name: str = "",
        valid_for: timedelta | None = None,
    ) -> Issued:
        """A new token, for one connection (by default all its resources) or for the hub. Ends after `valid_for`."""
        with self._database.begin() as tx:
            return self.issue_in(tx, connection_id, scopes=scopes, name=name, valid_for=valid_for)

    def issue_in(
        self,
        tx: sa.Connection,
        connection_id: str | None,
        *,
        scopes: Sequence[str] | None = None,
        name: str = "",
        valid_for: timedelta | None = None,
    ) -> Issued:
        """The same within a transaction of the caller's."""
        chosen = tuple(scopes or (("*:read", "*:write") if connection_id else ("hub:read", "hub:write")))
        wrong = [scope for scope in chosen if not _SCOPE.fullmatch(scope)]
        if wrong:
            raise ConfigError(f"{wrong[0]!r} is no scope", hint="for instance purchase_orders:read, *:write, hub:read")
        if connection_id is None and (alien := [scope for scope in chosen if not scope.startswith("hub:")]):
            raise ConfigError(f"{alien[0]} needs a connection", hint="a token reaches the records of one connection")
        if connection_id is not None and any(scope.startswith("hub:") for scope in chosen):
            raise ConfigError("a token of a connection cannot govern the hub", hint="issue one without a connection")
        now, secret = self._database.now(tx), form.make()
        expires_at = None if valid_for is None else now + valid_for
        token = Token(new_id("tok", now), name, connection_id, chosen, now, expires_at, None, None)
        values = {column.name: getattr(token, column.name) for column in _T if hasattr(token, column.name)}
        values |= {"scopes": list(chosen), "lookup": form.lookup(secret), "digest": self._digest(secret)}
        tx.execute(table.token.insert().values(values))
        return Issued(token, secret)

    def verify(self, text: str) -> Token:
        """The token behind a bearer's text. Raises `TokenRejected`, `TokenExpired` or `TokenRevoked`."""
        if not form.well_formed(text):
            raise TokenRejected("this is no token of anyerp", hint="it begins with any_; copy all of it")
        digest = self._digest(text)
        with self._database.read() as tx:
            now = self._database.now(tx)
            rows = tx.execute(sa.select(table.token).where(_T.lookup == form.lookup(text))).all()
        row = next((row for row in rows if hmac.compare_digest(row.digest, digest)), None)
        if row is None:
            raise TokenRejected("nobody has issued this token here", hint="ask for a new one")
        token = _token(row)
        if token.revoked_at is not None:
            raise TokenRevoked("this token was revoked", hint="ask for a new one")
        if token.expires_at is not None and token.expires_at <= now:
            raise TokenExpired(f"this token ended at {token.expires_at:%Y-%m-%dT%H:%M:%SZ}", hint="ask for a new one")
        if token.last_used_at is None or now - token.last_used_at > _STAMP:
            with self._database.begin() as tx:
                tx.execute(table.token.update().where(_T.id == token.id).values(last_used_at=now))
        return token

    def revoke(self, id: str) -> None:
        """Make a token worthless, at once. Raises `NoSuchThing`."""
        with self._database.begin() as tx:
            now = self._database.now(tx)
            done = tx.execute(
                table.token.update().where(_T.id == id).values(revoked_at=sa.func.coalesce(_T.revoked_at, _at(now)))
            )
            if done.rowcount == 0:
                raise NoSuchThing(f"there is no token {id}")

    def get(self, id: str) -> Token:
        """A token by its id. Raises `NoSuchThing`."""
        with self._database.read() as tx:
            row = tx.execute(sa.select(table.token).where(_T.id == id)).one_or_none()
        if row is None:
            raise NoSuchThing(f"there is no token {id}")
        return _token(row)

    def list(self, connection_id: str | None = None) -> list[Token]:
        """Every token, or those of one connection, oldest first."""
        query = sa.select(table.token).order_by(_T.created_at, _T.id)
        if connection_id is not None:
            query = query.where(_T.connection_id == connection_id)
        with self._database.read() as tx:
            return [_token(row) for row in tx.execute(query)]

    def _digest(self, text: str) -> str:
        return hmac.digest(self._pepper, text.encode(), "sha256").hex()


def _at(moment: datetime) -> sa.BindParameter[Any]:
    return sa.literal(moment, _T.revoked_at.type)


def _token(row: Any) -> Token:
    return Token(
        row.id,
        row.name,
        row.connection_id,
        tuple(row.scopes),
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )
