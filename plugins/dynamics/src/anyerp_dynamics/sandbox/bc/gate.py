"""The gate: tokens for client credentials, and whether a bearer is let in (dynamics sheet §2.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json

_LIFE = timedelta(seconds=3599)


class Gate:
    """Gives out tokens for one tenant and one audience, and knows those it gave."""

    def __init__(self, tenant: str, domain: str, audience: str, now: Callable[[], datetime]) -> None:
        self._tenants = (tenant, domain)
        self._scope = f"{audience}/.default"
        self._now = now
        self._client = "d4f0c1b2-7d11-4b0e-8f60-0b8f5a4e2c19"
        self._generation = 0
        self._tokens: dict[str, datetime] = {}
        self.registered = True

    @property
    def credentials(self) -> Mapping[str, Any]:
        """The client id and the secret of now."""
        return {"client_id": self._client, "client_secret": self._secret()}

    def _secret(self) -> str:
        return sha256(f"secret {self._generation}".encode()).hexdigest()[:40]

    def rotate(self) -> None:
        """A new secret; tokens given out live on."""
        self._generation += 1

    def expire(self) -> None:
        """No token is good any more."""
        self._tokens.clear()

    def token(self, call: Call, path: str) -> Response | None:
        """Answer the token endpoint; None for any other path."""
        if not path.endswith("/oauth2/v2.0/token"):
            return None
        form = {name: values[0] for name, values in parse_qs(call.content.decode("utf-8", "replace")).items()}
        if path.split("/")[1].lower() not in self._tenants:
            return _refused(400, "invalid_request", "AADSTS90002: Tenant not found.")
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.")
        if form.get("scope") != self._scope:
            return _refused(400, "invalid_scope", "AADSTS70011: The provided value for the scope is not valid.")
        if form.get("client_id") != self._client or form.get("client_secret") != self._secret():
            return _refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        given = sha256(f"token {len(self._tokens)} {self._now()}".encode()).hexdigest()
        self._tokens[given] = self._now() + _LIFE
        body = {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": given}
        return Response(200, Headers({"Content-Type": "application/json; charset=utf-8"}), dump_json(body))

    def admits(self, header: str | None) -> bool:
        """Whether an `Authorization` header carries a good token of an application registered in Business Central."""
        scheme, _, value = (header or "").partition(" ")
        until = self._tokens.get(value.strip())
        return self.registered and scheme.lower() == "bearer" and until is not None and self._now() < until


def _refused(status: int, error: str, text: str) -> Response:
    number = text.removeprefix("AADSTS").partition(":")[0]
    body = dump_json({"error": error, "error_description": text, "error_codes": [int(number)]})
    return Response(status, Headers({"Content-Type": "application/json; charset=utf-8"}), body)
