"""What the hub itself refuses; everything else is raised as the ERP's connector raised it."""

from __future__ import annotations

from anyerp.errors import AnyErpError, AuthError, ConfigError, NotFound


class TokenRejected(AuthError):
    """The hub's own token is not valid: wrong, expired or revoked. The ERP was not asked."""

    code = "token_invalid"


class TokenExpired(TokenRejected):
    """The token's time is over."""

    code = "token_expired"


class TokenRevoked(TokenRejected):
    """Somebody has revoked the token, or its connection was disconnected."""

    code = "token_revoked"


class ScopeMissing(AuthError):
    """The token is valid, but does not allow this."""

    code = "scope_missing"


class NoSuchThing(NotFound):
    """The hub knows nothing of this id."""

    code = "not_found"


class WrongState(AnyErpError):
    """This cannot be done in the state that the thing is in; the message names the states."""

    code = "wrong_state"


class UnsafeAddress(ConfigError):
    """An address that the hub must not call: it leads into a private network, or is no plain HTTPS address."""

    code = "unsafe_address"
