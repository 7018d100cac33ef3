"""The state machine of a connection: two tables, and the only two functions that read them.

Lifecycle, moved by people and hosts:

    created ──ask──> pending_auth ──submit──> validating ──accept──> active <──resume/pause──> paused
                          ^                       │                    │                         │
                          └──────── refuse ───────┘                    └─────── disconnect ──────┴──> disconnected
    connected: created -> active at once (tried before it was stored)
    reconnect: active, paused or disconnected -> active, with the same id and tokens

Health, moved by what the ERP answers: see `HEALTH`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from anyerp_hub.error import WrongState


class Lifecycle(StrEnum):
    """How far a connection has come."""

    CREATED = "created"
    PENDING_AUTH = "pending_auth"
    VALIDATING = "validating"
    ACTIVE = "active"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"


class Health(StrEnum):
    """How an active connection fares."""

    OK = "ok"
    DEGRADED = "degraded"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    NEEDS_REAUTH = "needs_reauth"
    NEEDS_CONFIGURATION = "needs_configuration"
    EXPIRING = "expiring"


class Sign(StrEnum):
    """What was seen of a connection."""

    WORKED = "worked"
    CREDENTIALS_REJECTED = "credentials_rejected"
    REAUTHORIZATION_REQUIRED = "reauthorization_required"
    PERMISSION_DENIED = "permission_denied"
    MISCONFIGURED = "config"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    ENDS_SOON = "credentials_end_soon"
    RECONNECTED = "reconnected"


_L = Lifecycle
LIFECYCLE: Mapping[tuple[str, Lifecycle], Lifecycle] = {
    ("ask", _L.CREATED): _L.PENDING_AUTH,
    ("submit", _L.PENDING_AUTH): _L.VALIDATING,
    ("accept", _L.VALIDATING): _L.ACTIVE,
    ("refuse", _L.VALIDATING): _L.PENDING_AUTH,
    ("connected", _L.CREATED): _L.ACTIVE,
    ("reconnect", _L.PENDING_AUTH): _L.ACTIVE,
    ("reconnect", _L.ACTIVE): _L.ACTIVE,
    ("reconnect", _L.PAUSED): _L.ACTIVE,
    ("reconnect", _L.DISCONNECTED): _L.ACTIVE,
    ("pause", _L.ACTIVE): _L.PAUSED,
    ("resume", _L.PAUSED): _L.ACTIVE,
    ("disconnect", _L.CREATED): _L.DISCONNECTED,
    ("disconnect", _L.PENDING_AUTH): _L.DISCONNECTED,
    ("disconnect", _L.VALIDATING): _L.DISCONNECTED,
    ("disconnect", _L.ACTIVE): _L.DISCONNECTED,
    ("disconnect", _L.PAUSED): _L.DISCONNECTED,
}

#: What to rest in when something works again: computed from what is still wrong, see `Left`.
REST = "rest"
_H = Health
_LIGHT = frozenset({_H.OK, _H.EXPIRING, _H.DEGRADED, _H.RATE_LIMITED})
_ANY = frozenset(Health)


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the health table: at the `after`-th such sign in a row, from one of these states, go there."""

    sign: Sign
    source: frozenset[Health]
    after: int
    target: Health | str


#: Read from the top; the first row that fits moves. A sign with no fitting row changes nothing.
HEALTH: tuple[Move, ...] = (
    Move(Sign.RECONNECTED, _ANY, 1, REST),
    Move(Sign.WORKED, _ANY, 1, REST),
    # One 401 may be a hiccup of a proxy; a second in a row is not.
    Move(Sign.CREDENTIALS_REJECTED, _ANY - {_H.NEEDS_REAUTH}, 2, _H.NEEDS_REAUTH),
    Move(Sign.REAUTHORIZATION_REQUIRED, _ANY - {_H.NEEDS_REAUTH}, 1, _H.NEEDS_REAUTH),
    Move(Sign.MISCONFIGURED, _LIGHT | {_H.UNREACHABLE}, 1, _H.NEEDS_CONFIGURATION),
    Move(Sign.UNAVAILABLE, _LIGHT, 3, _H.UNREACHABLE),
    Move(Sign.RATE_LIMITED, _LIGHT - {_H.RATE_LIMITED}, 2, _H.RATE_LIMITED),
    # The ERP answered, so it is reachable and knows us; a resource is closed to us.
    Move(Sign.PERMISSION_DENIED, _LIGHT | {_H.UNREACHABLE}, 1, REST),
    Move(Sign.ENDS_SOON, frozenset({_H.OK}), 1, _H.EXPIRING),
)


@dataclass(frozen=True, slots=True)
class Left:
    """What is still wrong when the rest is well: closed resources, credentials that end soon."""

    denied: bool = False
    ends_soon: bool = False

    @property
    def rest(self) -> Health:
        """The health that this leaves."""
        return Health.DEGRADED if self.denied else Health.EXPIRING if self.ends_soon else Health.OK


def step(trigger: str, at: Lifecycle) -> Lifecycle:
    """The lifecycle after a trigger. Raises `WrongState` where the table has no such row."""
    to = LIFECYCLE.get((trigger, at))
    if to is None:
        possible = ", ".join(known for known, source in LIFECYCLE if source is at) or "nothing"
        raise WrongState(f"a connection that is {at} cannot {trigger}", hint=f"it can: {possible}")
    return to


def health_after(sign: Sign, at: Health, in_a_row: int, left: Left) -> Health:
    """The health after a sign that came `in_a_row` times now; the same health where nothing moves."""
    for move in HEALTH:
        if move.sign is sign and at in move.source and in_a_row >= move.after:
            return left.rest if move.target == REST else Health(move.target)
    return at
