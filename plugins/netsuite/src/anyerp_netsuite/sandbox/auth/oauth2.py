"""OAuth 2.0: the token endpoint, the consent page, and the tokens that are out (netsuite sheet §2a, §2b)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from anyerp.wire import Headers, Response, dump_json

from anyerp_netsuite.sandbox.auth.assertion import Certificate, Refused, verified_client
from anyerp_netsuite.sandbox.request import TOKEN, Ask

ACCESS_SECONDS = 3600
_CODE_SECONDS = 600
_DAY = 86_400
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SCOPES = {"rest_webservices", "restlets", "suite_analytics"}


@dataclass(frozen=True)
class Client:
    """An integration record for the authorization code flow. Without a secret it is public."""

    id: str
    redirect_uri: str
    secret: str = field(default="", repr=False)

    @property
    def refresh_seconds(self) -> int:
        """Seven days; two for a public client."""
        return 7 * _DAY if self.secret else 2 * _DAY


@dataclass(frozen=True)
class _Code:
    client: Client
    redirect_uri: str
    challenge: str
    expires: float


@dataclass(frozen=True)
class _Refresh:
    client: Client
    expires: float


class _Error(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        self.error, self.status = error, status


@dataclass
class OAuth2:
    """Everything OAuth 2.0 of one account. `enabled` false: the integration record is switched off.

    The user of the consent page agrees at once; where `asks`, they see it, and choose.
    """

    now: Callable[[], datetime]
    host: str
    certificates: dict[str, Certificate] = field(default_factory=dict, repr=False)
    clients: dict[str, Client] = field(default_factory=dict, repr=False)
    enabled: bool = True
    asks: bool = False
    #: Why logons were refused, as the account's Login Audit Trail would say.
    audit: list[str] = field(default_factory=list)
    _access: dict[str, float] = field(default_factory=dict, repr=False)
    _codes: dict[str, _Code] = field(default_factory=dict, repr=False)
    _refresh: dict[str, _Refresh] = field(default_factory=dict, repr=False)

    def valid(self, token: str) -> bool:
        """Whether an access token is known and has not expired."""
        return self.enabled and self._access.get(token, 0.0) > self._now()

    def expire(self) -> None:
        """End every access token."""
        self._access.clear()

    def revoke_consent(self) -> None:
        """End every access token, refresh token and code: the user withdrew consent."""
        for held in (self._access, self._codes, self._refresh):
            held.clear()

    def authorize(self, ask: Ask) -> Response:
        """The consent page: back to the redirect URI with a code, or with an error. 400 where that is unsafe."""
        query = ask.query
        client = self.clients.get(query.get("client_id", ""))
        uri = query.get("redirect_uri", "")
        if client is None or uri != client.redirect_uri or not self.enabled:
            return Response(400, Headers({"Content-Type": "text/html"}), b"<h1>Invalid client or redirect URI</h1>")
        answer = {"state": query.get("state", "")}
        if query.get("response_type") != "code":
            answer["error"] = "unsupported_response_type"
        elif not (scopes := set(query.get("scope", "").split())) or not scopes <= _SCOPES:
            answer["error"] = "invalid_scope"
        elif not query.get("state") or not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
            answer["error"] = "invalid_request"
        elif self.asks and "choice" not in query:
            return _asking(ask)
        elif self.asks and query["choice"] != "allow":
            answer["error"] = "access_denied"
        else:
            code = secrets.token_hex(32)
            self._codes[code] = _Code(client, uri, query["code_challenge"], self._now() + _CODE_SECONDS)
            answer["code"] = code
        return Response(302, Headers({"Location": f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer)}"}))

    def token(self, ask: Ask) -> Response:
        """The token endpoint: an access token, or `{"error": ...}`."""
        try:
            return Response(200, _JSON, dump_json(self._token(ask)))
        except _Error as refused:
            return Response(refused.status, _JSON, dump_json({"error": refused.error}))

    def _token(self, ask: Ask) -> Mapping[str, Any]:
        if ask.method != "POST" or ask.media_type != "application/x-www-form-urlencoded":
            raise _Error("invalid_request")
        form = dict(parse_qsl(ask.call.content.decode("utf-8", "replace"), keep_blank_values=True))
        match form.get("grant_type"):
            case "client_credentials":
                return self._by_assertion(ask, form)
            case "authorization_code":
                return self._by_code(self._client(ask, form), form)
            case "refresh_token":
                return self._by_refresh(self._client(ask, form), form)
            case None:
                raise _Error("invalid_request")
        raise _Error("unsupported_grant_type")

    def _by_assertion(self, ask: Ask, form: Mapping[str, str]) -> Mapping[str, Any]:
        if form.get("client_assertion_type") != _JWT_BEARER or not form.get("client_assertion"):
            raise _Error("invalid_request")
        audiences = {ask.origin + TOKEN, f"https://{self.host}{TOKEN}"}
        reason = "" if self.enabled else "the integration record is disabled"
        try:
            verified_client(form["client_assertion"], self.certificates, audiences, self._now())
        except Refused as refused:
            reason = str(refused)
        if reason:
            self.audit.append(reason)
            raise _Error("invalid_grant")
        return {"access_token": self._issue(), "expires_in": ACCESS_SECONDS, "token_type": "Bearer"}

    def _by_code(self, client: Client, form: Mapping[str, str]) -> Mapping[str, Any]:
        code = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if (
            code is None
            or code.client is not client
            or code.redirect_uri != form.get("redirect_uri")
            or code.expires <= self._now()
            or not hmac.compare_digest(code.challenge, challenge)
        ):
            raise _Error("invalid_grant")
        return self._granted() | {"refresh_token": self._issue_refresh(client)}

    def _by_refresh(self, client: Client, form: Mapping[str, str]) -> Mapping[str, Any]:
        token = form.get("refresh_token", "")
        held = self._refresh.get(token)
        if held is None or held.client is not client or held.expires <= self._now():
            raise _Error("invalid_grant")
        if client.secret:
            return self._granted()
        del self._refresh[token]  # a public client's is good for one use
        return self._granted() | {"refresh_token": self._issue_refresh(client)}

    def _client(self, ask: Ask, form: Mapping[str, str]) -> Client:
        """The client, by Basic header; a public one by `client_id` in the form."""
        scheme, _, encoded = ask.header("authorization").partition(" ")
        if scheme.lower() == "basic":
            try:
                id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise _Error("invalid_client", 401) from None
        else:
            id, secret = form.get("client_id", ""), ""
        client = self.clients.get(id)
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()) or not self.enabled:
            raise _Error("invalid_client", 401)
        return client

    def _granted(self) -> dict[str, Any]:
        # A string and a lower-case type here, a number and `Bearer` above: both are printed so (sheet §2a).
        return {"access_token": self._issue(), "expires_in": str(ACCESS_SECONDS), "token_type": "bearer"}

    def _issue(self) -> str:
        head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').rstrip(b"=").decode()
        token = f"{head}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(64)}"
        self._access[token] = self._now() + ACCESS_SECONDS
        return token

    def _issue_refresh(self, client: Client) -> str:
        token = secrets.token_hex(40)
        self._refresh[token] = _Refresh(client, self._now() + client.refresh_seconds)
        return token

    def _now(self) -> float:
        return self.now().timestamp()


def _asking(ask: Ask) -> Response:
    """What the user sees, where they are asked."""
    here = escape(ask.call.target, quote=True)
    links = "".join(f'<p><a href="{here}&amp;choice={choice.lower()}">{choice}</a></p>' for choice in ("Allow", "Deny"))
    head = '<!doctype html><link rel="icon" href="data:,"><title>Allow access?</title>'
    text = f"{head}<h1>Allow access?</h1>{links}"
    return Response(200, Headers({"Content-Type": "text/html; charset=utf-8"}), text.encode())


_JSON = Headers({"Content-Type": "application/json", "Cache-Control": "no-store"})
