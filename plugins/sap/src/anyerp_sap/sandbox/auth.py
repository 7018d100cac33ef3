"""Logon: Basic with a communication user, OAuth client credentials, an API key; arrangements per service (sheet §2)."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json

from anyerp_sap.sandbox.errors import Refused, html_page

TOKEN_PATH = "/sap/bc/sec/oauth2/token"  # noqa: S105 - a path
#: Failed logons after which a user is locked.
FAILURES = 5
_REALM = 'Basic realm="SAP NetWeaver Application Server [S4H/100]"'


@dataclass
class Access:
    """The accounts of the system. One user stands behind all three ways to log on."""

    now: Callable[[], datetime]
    username: str = "ANYERP_COM"
    password: str = field(default="Welcome-1-Sandbox", repr=False)
    client_id: str = "sb-anyerp"
    client_secret: str = field(default="client-secret-of-the-sandbox", repr=False)
    api_key: str = field(default="api-key-of-the-sandbox", repr=False)
    #: Seconds that an access token lives.
    token_life: int = 3600
    failures: int = 0
    #: Services whose communication arrangement is missing: 403 there, and only there.
    missing: set[str] = field(default_factory=set)
    _tokens: dict[str, datetime] = field(default_factory=dict, repr=False)

    @property
    def locked(self) -> bool:
        """Whether too many logons failed; then the right password fails too."""
        return self.failures >= FAILURES

    def rotate(self, generation: int) -> None:
        """Give the user another password, secret and key; tokens given before are dead."""
        self.password = f"Welcome-{generation}-Sandbox"
        self.client_secret = f"client-secret-{generation}"
        self.api_key = f"api-key-{generation}"
        self._tokens.clear()
        self.failures = 0

    def user_of(self, call: Call) -> str:
        """Name the user of a call. Raises the 401 page, with `www-authenticate`."""
        key = call.headers.get("apikey")
        if key is not None:
            return self._with_key(key, call.method)
        scheme, _, given = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._with_token(given.strip())
        if scheme.lower() != "basic":
            raise Refused(_unauthorized("Anmeldung fehlgeschlagen / Logon failed"))
        name, password = _pair(given)
        # The user is found in any case, the password only as it is written.
        if name.upper() != self.username:
            raise Refused(_unauthorized("Logon failed"))
        if self.locked or not secrets.compare_digest(password.encode(), self.password.encode()):
            self.failures += 1
            raise Refused(_unauthorized("User is locked" if self.locked else "Logon failed"))
        self.failures = 0
        return self.username

    def _with_key(self, key: str, method: str) -> str:
        if not secrets.compare_digest(key.encode(), self.api_key.encode()):
            raise Refused(_unauthorized("Invalid ApiKey"))
        if method not in ("GET", "HEAD"):
            raise Refused(html_page(403, "Forbidden", "The API sandbox is read only"))
        return "APIKEY"

    def _with_token(self, token: str) -> str:
        ends = self._tokens.get(token)
        if ends is None or ends <= self.now():
            raise Refused(_unauthorized("Invalid token", 'Bearer error="invalid_token", error_description="expired"'))
        return self.username

    def token(self, call: Call) -> Response:
        """Answer the token endpoint: client id and secret by Basic, `grant_type=client_credentials` in a form."""
        if call.method != "POST":
            return html_page(405, "Method Not Allowed", "Use POST")
        scheme, _, given = call.headers.get("authorization", "").partition(" ")
        client, secret = _pair(given) if scheme.lower() == "basic" else ("", "")
        if client != self.client_id or not secrets.compare_digest(secret.encode(), self.client_secret.encode()):
            return _oauth_error(401, "invalid_client")
        form = parse_qs(call.content.decode("ascii", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return _oauth_error(400, "unsupported_grant_type")
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self.now() + timedelta(seconds=self.token_life)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self.token_life, "scope": ""}
        headers = Headers({"content-type": "application/json;charset=utf-8", "cache-control": "no-store"})
        return Response(200, headers, dump_json(body))


def _pair(given: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def _unauthorized(text: str, challenge: str = _REALM) -> Response:
    return html_page(401, "Unauthorized", text, {"www-authenticate": challenge})


def _oauth_error(status: int, code: str) -> Response:
    return Response(status, Headers({"content-type": "application/json"}), dump_json({"error": code}))
