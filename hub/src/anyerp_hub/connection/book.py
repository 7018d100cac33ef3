"""The book in which the watches write: health by connection, and whether calls are sent at all."""

from __future__ import annotations

import time
from datetime import datetime

from anyerp.errors import AnyErpError, CredentialsRejected, ReauthorizationRequired

from anyerp_hub.connection.check import error_from
from anyerp_hub.connection.connections import Connections, usable
from anyerp_hub.connection.info import ConnectionInfo
from anyerp_hub.connection.state import Health, Sign
from anyerp_hub.error import NoSuchThing, WrongState

#: Seconds for which what was read of a connection's state is believed.
FRESH = 0.5


class HealthBook:
    """A `watch.Book` over the stored connections."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._known: dict[str, tuple[float, ConnectionInfo | None]] = {}

    def now(self) -> datetime:
        """The moment, by this machine's clock."""
        return self._connections.wall()

    def take(self, id: str, sign: Sign, error: AnyErpError | None, resource: str | None) -> None:
        """Write a sign down."""
        self._known.pop(id, None)
        self._connections.take(id, sign, error, resource)

    def refusal(self, id: str) -> AnyErpError | None:
        """Why calls are not sent; looked up anew twice a second at most."""
        moment, info = self._known.get(id, (0.0, None))
        if time.monotonic() - moment > FRESH:
            try:
                info = self._connections.get(id)
            except NoSuchThing:
                info = None
            self._known[id] = time.monotonic(), info
        return NoSuchThing(f"there is no connection {id} any more") if info is None else refusal_of(info)

    def forget(self, id: str) -> None:
        """Look anew at the next call."""
        self._known.pop(id, None)


def refusal_of(info: ConnectionInfo) -> AnyErpError | None:
    """Why nothing is sent on a connection in this state; None where calls go out."""
    try:
        usable(info.lifecycle)
    except WrongState as error:
        return error
    if info.health is not Health.NEEDS_REAUTH:
        return None
    last = error_from(info.last_error or {})
    kind = CredentialsRejected if info.reason == Sign.CREDENTIALS_REJECTED else ReauthorizationRequired
    words = last.message if isinstance(last, kind) else "the ERP asks for new credentials"
    return kind(words, hint="reconnect it: nothing was sent", connector=info.connector, request_id=last.request_id)
