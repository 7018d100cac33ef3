"""The authorization code of OAuth 2.0 with PKCE: where a user agrees, and what the code is good for (sheet §2b)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import ConfigError, ReauthorizationRequired, UnexpectedPayload
from anyerp.kits.auth import basic

from anyerp_netsuite.auth.path import TOKEN_PATH
from anyerp_netsuite.settings import Consent, Settings

PAGE = "/app/login/oauth2/authorize.nl"


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent that was asked for. Keep `state` and `verifier` until the user comes back."""

    url: str
    state: str
    verifier: str = field(repr=False)


def begin(settings: Settings, client: Consent, origin: str | None = None) -> Begun:
    """The page to send a user to. `origin` is there for tests; NetSuite's own is the account's application."""
    if client.redirect_uri is None:
        raise ConfigError("a consent needs redirect_uri", hint="the one that the integration record has")
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode("ascii")
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "rest_webservices",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    base = origin or f"https://{settings.host_id}.app.netsuite.com"
    return Begun(Request("GET", PAGE, query).url(base), state, verifier)


def redeem(ctx: Context, code: str, verifier: str) -> Flow[None]:
    """Exchange a code for tokens and keep them in the connection's store. Raises `ReauthorizationRequired`."""
    client = ctx.credentials
    if not isinstance(client, Consent) or ctx.tokens is None:
        raise ConfigError("a code is redeemed with a client id and a token store", hint="give tokens= to connect")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri or "",
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if client.client_secret is None:
        form["client_id"] = client.client_id
    else:
        headers["Authorization"] = basic(client.client_id, client.client_secret.get_secret_value())
    content = Request("GET", "", form).url("").partition("?")[2].encode()
    url = ctx.base_url + TOKEN_PATH
    # A code is good for one use, so that a lost answer is not repeated.
    response = yield from ask(
        Request("POST", url, headers=headers, content=content, writes=True, authorized=False, accept=(400, 401))
    )
    if response.status >= 400:
        raise ReauthorizationRequired(
            "NetSuite refused the authorization code", status=response.status, hint="ask for consent once more"
        )
    try:
        answer = response.json()
        ctx.tokens.save({"refresh_token": str(answer["refresh_token"])})
    except (ValueError, KeyError, TypeError):
        raise UnexpectedPayload("the answer holds no refresh token", status=response.status) from None
