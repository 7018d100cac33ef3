"""Consents: a user signs in at the ERP itself, and comes back with a code that belongs to their connect session.

What was filled in waits sealed, for ten minutes, under the digest of a `state` that only the user's browser has; it is
taken once. What the code gives is tried, and stored together with the connection.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.connection.consent import begin, redeem
from anyerp.connector import ConsentRequest
from anyerp.transport import Limits
from pydantic import BaseModel

from anyerp_hub.connection.check import consents
from anyerp_hub.connection.connections import Connections
from anyerp_hub.connection.live import Given, opened
from anyerp_hub.connection.session import ConnectSession, Sessions
from anyerp_hub.error import NoSuchThing
from anyerp_hub.store import Database, table
from anyerp_hub.vault import Sealer

_C = table.consent.c
#: How long a user may take at the ERP.
VALID = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """A user is to sign in at `url`; the ERP leads them back with this `state`, which only their browser may know."""

    url: str
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """A consent that was asked for: the link it is for, and what was filled in. `expired`: it took too long."""

    link: str = field(repr=False)
    connector: str
    settings: Mapping[str, Any]
    credentials: Mapping[str, Any] = field(repr=False)
    request: ConsentRequest
    expired: bool


@dataclass(slots=True, repr=False)
class Kept:
    """A token store in memory, for tokens whose connection is not there yet."""

    name: str
    facts: dict[str, str] = field(default_factory=dict)

    def load(self) -> Mapping[str, str]:
        """What was saved last."""
        return dict(self.facts)

    def save(self, tokens: Mapping[str, str]) -> None:
        """Keep these."""
        self.facts = dict(tokens)


class Consents:
    """Asks for consents, finds what they were asked for, and exchanges codes."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        sessions: Sessions,
        connections: Connections,
        limits: Limits | None = None,
    ) -> None:
        self._database, self._sealer, self._sessions = database, sealer, sessions
        self._connections, self._limits = connections, limits

    def begin(
        self,
        link: str,
        connector: str,
        settings: Mapping[str, Any] | None,
        credentials: Mapping[str, Any] | None,
        redirect_uri: str,
    ) -> Asked:
        """Where to send the user of a link; whoever was sent before for the same link comes back in vain.

        Where the link reconnects, what is left empty of the client stays as it is. Raises `ConfigError` for what does
        not fit, `NotSupported` where nobody consents to such credentials, `NoSuchThing` for a link that is over.
        """
        session = self._sessions.find(link)
        completed = {**self._kept(session, credentials), **(credentials or {})}
        given = Given.of(connector, settings, completed)
        erp = opened(given, None, None, b"\0" * 32, self._limits)
        try:
            begun = begin(erp, redirect_uri)
        finally:
            erp.close()
        asked = begun.asked
        facts = {
            "link": link,
            "connector": connector,
            "settings": settings,
            "credentials": completed,
            "request": [asked.redirect_uri, asked.state, asked.verifier],
        }
        with self._database.begin() as tx:
            now = self._database.now(tx)
            sealed = self._sealer.seal("consent", session.id, json.dumps(facts).encode())
            values = {"state": _digest(asked.state), "sealed": sealed, "expires_at": now + VALID}
            tx.execute(table.consent.delete().where(sa.or_(_C.session_id == session.id, _C.expires_at < now - VALID)))
            tx.execute(table.consent.insert().values(session_id=session.id, **values))
        return Asked(begun.url, asked.state)

    def take(self, state: str) -> Pending:
        """What was asked for with a state, once. Raises `NoSuchThing` where nothing was, or it came back already."""
        with self._database.begin() as tx:
            now, mine = self._database.now(tx), _C.state == _digest(state)
            row = tx.execute(sa.select(table.consent).where(mine).with_for_update()).one_or_none()
            if row is None or tx.execute(table.consent.delete().where(mine)).rowcount == 0:
                raise NoSuchThing("this sign-in is over", hint="open the link that you were sent once more")
        facts = json.loads(self._sealer.open("consent", row.session_id, row.sealed))
        request = ConsentRequest(*facts.pop("request"))
        return Pending(**facts, request=request, expired=row.expires_at <= now)

    def redeemed(self, pending: Pending, code: str) -> Kept:
        """What a code is good for. Raises `ReauthorizationRequired`, `CredentialsRejected`, `Unavailable`."""
        given = Given.of(pending.connector, pending.settings, pending.credentials)
        kept = Kept(f"consent {_digest(pending.request.state)}")
        erp = opened(given, None, None, b"\0" * 32, self._limits, kept)
        try:
            redeem(erp, pending.request, code)
        finally:
            erp.close()
        return kept

    def client(self, session: ConnectSession) -> tuple[type[BaseModel], dict[str, str]] | None:
        """The client by which the connection of a session was consented to: its model, and what may be shown of it."""
        given = self._stored(session)
        if given is None:
            return None
        shown = {name: value for name, value in given.credentials.model_dump().items() if isinstance(value, str)}
        return type(given.credentials), shown

    def _stored(self, session: ConnectSession) -> Given | None:
        found = None if session.connection_id is None else self._connections.given(session.connection_id)
        return found[0] if found is not None and consents(found[0].connector, type(found[0].credentials)) else None

    def _kept(self, session: ConnectSession, credentials: Mapping[str, Any] | None) -> dict[str, Any]:
        """What is known of the client already, unless another one is named."""
        given = self._stored(session)
        if given is None:
            return {}
        known: dict[str, Any] = json.loads(given.plain())["credentials"]
        shown = {name for name, value in given.credentials.model_dump().items() if isinstance(value, str)}
        same = all(known.get(name) == value for name, value in (credentials or {}).items() if name in shown)
        return {name: value for name, value in known.items() if value is not None} if same else {}


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
