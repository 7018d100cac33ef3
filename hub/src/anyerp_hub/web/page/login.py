"""Signing in to the dashboard: a cookie that names a token of the hub, signed, for twelve hours."""

from __future__ import annotations

import hmac
import time

from anyerp.errors import AnyErpError
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from anyerp_hub.hub import Hub
from anyerp_hub.vault.token import READ, Token
from anyerp_hub.web.auth import the_hub

COOKIE = "anyerp_hub"
_HOURS = 12


class SignIn(Exception):
    """Nobody is signed in."""


def remember(request: Request, response: Response, token: Token) -> None:
    """Sign somebody in."""
    text = f"{token.id}.{int(time.time()) + _HOURS * 3600}"
    value = f"{text}.{_mac(the_hub(request), text)}"
    secure = request.url.scheme == "https"
    path = request.scope.get("root_path", "") or "/"
    response.set_cookie(
        COOKIE, value, max_age=_HOURS * 3600, path=path, httponly=True, samesite="strict", secure=secure
    )


def signed_in(request: Request, right: str = READ) -> Token:
    """The token of whoever is signed in. Raises `SignIn`."""
    id, _, rest = request.cookies.get(COOKIE, "").partition(".")
    until, _, mac = rest.partition(".")
    hub = the_hub(request)
    if not hmac.compare_digest(mac, _mac(hub, f"{id}.{until}")) or not until.isdigit() or int(until) < time.time():
        raise SignIn
    try:
        token = hub.tokens.get(id)
    except AnyErpError:
        raise SignIn from None
    now = hub.database.wall()
    if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        raise SignIn
    if not token.allows("hub", right):
        raise SignIn
    return token


def back(request: Request, path: str) -> RedirectResponse:
    """To a page of this app, with GET."""
    return RedirectResponse(request.scope.get("root_path", "") + path, 303)


def _mac(hub: Hub, text: str) -> str:
    return hmac.digest(hub.derived("session-key", "dashboard"), text.encode(), "sha256").hex()
