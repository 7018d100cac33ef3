"""Access tokens: shaped like Entra's (a JWT that a client must not read), signed with the sandbox's own key.

A resource reads them back with `Tokens.read`; nothing is kept but the key, so that any number can be out.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from anyerp.wire import dump_json, load_json

from .assertion import unpadded


class BadToken(Exception):
    """A bearer that a resource must not accept; the text says why, without the token."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a good token stands for."""

    client_id: str
    tenant: str
    audience: str
    roles: tuple[str, ...]
    expires: datetime


class Tokens:
    """Mints and reads the tokens of one tenant."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self._epoch = 0

    def _signature(self, text: str) -> str:
        return unpadded(hmac.digest(f"{self.tenant} {self._epoch}".encode(), text.encode(), sha256))

    def forget(self) -> None:
        """Make every token that is out worthless."""
        self._epoch += 1

    def mint(self, client_id: str, audience: str, roles: tuple[str, ...], now: datetime, life: timedelta) -> str:
        """Make a token that lives for `life`."""
        issued = int(now.timestamp())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(life.total_seconds()),
            "appid": client_id,
            "tid": self.tenant,
            "roles": list(roles),
            "ver": "1.0",
        }
        text = unpadded(dump_json({"typ": "JWT", "alg": "HS256"})) + "." + unpadded(dump_json(claims))
        return f"{text}.{self._signature(text)}"

    def read(self, authorization: str | None, now: datetime) -> Bearer:
        """Read an `Authorization` header. Raises `BadToken` when it is missing, forged, forgotten or too old."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise BadToken("There is no bearer token.")
        text, _, signature = token.strip().rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(text).encode()):
            raise BadToken("The signature of the token is invalid.")
        body = text.partition(".")[2]
        claims: Mapping[str, Any] = load_json(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        if now >= expires:
            raise BadToken("The token is expired.")
        return Bearer(claims["appid"], claims["tid"], claims["aud"], tuple(claims["roles"]), expires)
