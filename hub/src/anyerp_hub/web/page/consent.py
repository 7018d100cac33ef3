"""Signing in at the ERP: the way there, and what happens when the user comes back.

The `state` goes along in the address and stands in a cookie: whoever comes back without it did not begin here, so that
nobody can be led to hand their own system to somebody else's link.
"""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlsplit

from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError, ReauthorizationRequired
from fastapi import APIRouter, Request, Response

from anyerp_hub.connection.consent import VALID, Asked, Pending
from anyerp_hub.error import NoSuchThing
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.page.render import page

router = APIRouter(include_in_schema=False)
COOKIE = "anyerp_consent"
_AGAIN = "sign in once more"
_OPEN_AGAIN = "open the link that you were sent, and sign in once more"


def callback_of(request: Request) -> str:
    """Where ERPs lead users back to: one address for all links, which an ERP's administrator registers."""
    return str(request.url_for("consent_callback"))


def leave(request: Request, title: str, asked: Asked) -> Response:
    """Send a user to the ERP. By a page, since a form may not lead to another site (`form-action`)."""
    response = page(request, "leave.html", title=title, url=asked.url, host=urlsplit(asked.url).netloc)
    response.set_cookie(
        COOKIE, asked.state, max_age=int(VALID.total_seconds()), path=_path(request), httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@router.get("/connect/callback", name="consent_callback")
def come_back(
    request: Request, state: str = "", code: str = "", error: str = "", error_description: str = ""
) -> Response:
    """Take up a user who comes back: the code is exchanged, tried, and stored with the connection."""
    del error_description  # foreign text
    known = request.cookies.get(COOKIE, "")
    if not state or not hmac.compare_digest(known.encode(), state.encode()):
        return _stray(request, 400, "it was not begun in this browser, or another one was begun after it", _OPEN_AGAIN)
    hub = the_hub(request)
    try:
        pending = hub.consents.take(state)
        session = hub.sessions.find(pending.link)
    except NoSuchThing as trouble:
        return _stray(request, 410, trouble.message, trouble.hint)
    try:
        _refused(pending, code, error)
        info = hub.connect_by_consent(pending, code)
    except AnyErpError as trouble:
        return _form(request, pending, trouble)
    response = page(request, "connected.html", info=info, return_url=session.return_url)
    response.delete_cookie(COOKIE, path=_path(request))
    return response


def _refused(pending: Pending, code: str, error: str) -> None:
    """Raise where the ERP sends no code that could be used."""
    title = registry().connector(pending.connector).title
    if error == "access_denied":
        raise ReauthorizationRequired(f"access was denied at {title}", hint="sign in once more, and allow it")
    if error or not code:
        word = error if re.fullmatch(r"[a-z_]{1,40}", error) else "it gave no code"
        raise ReauthorizationRequired(f"{title} did not let the sign-in begin: {word}", hint=_HINTS.get(word, _AGAIN))
    if pending.expired:
        minutes = int(VALID.total_seconds() // 60)
        raise ReauthorizationRequired(f"the sign-in took more than {minutes} minutes", hint=_AGAIN)


#: RFC 6749 §4.1.2.1.
_HINTS = {
    "invalid_scope": "the client must be allowed what is asked for: an administrator sets that",
    "unauthorized_client": "the client must be allowed to ask users for consent: an administrator sets that",
    "temporarily_unavailable": "try again in a few minutes",
    "server_error": "try again in a few minutes",
}


def _form(request: Request, pending: Pending, error: AnyErpError) -> Response:
    from anyerp_hub.web.page.connect import form, over  # noqa: PLC0415 - that page leads here

    hub, connector = the_hub(request), registry().connector(pending.connector)
    try:
        session = hub.sessions.find(pending.link)
    except NoSuchThing as gone:
        return over(request, gone)
    given = {f"settings.{name}": value for name, value in pending.settings.items() if isinstance(value, str)}
    model = connector.consent.credentials if connector.consent is not None else connector.credentials[0]
    shown = {name: pending.credentials.get(name) for name in model.model_fields}
    plain = model.model_validate(shown).model_dump()
    given |= {f"credentials.{name}": value for name, value in plain.items() if isinstance(value, str)}
    way = connector.credentials.index(model)
    return form(request, hub, pending.link, session, connector, way, given, error)


def _stray(request: Request, status: int, message: str, hint: str | None) -> Response:
    return page(request, "over.html", status, title="This sign-in cannot be used", message=message, hint=hint)


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/connect"
