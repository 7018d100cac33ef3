"""The authorization code of OAuth 2.0 with PKCE, for `Connector.consent`: where a user consents, what a code gives.

The tokens that it gives are kept in the connection's store, where `anyerp.kits.refresh` takes them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from anyerp.connector import ConsentRequest, Context, Flow, Request, ask
from anyerp.errors import ConfigError, CredentialsRejected, OutcomeUnknown, ReauthorizationRequired, Unavailable
from anyerp.kits import refresh
from anyerp.kits.auth import basic

_AGAIN = "sign in once more"


def page(url: str, asked: ConsentRequest, client_id: str, **more: str) -> str:
    """The address to send a user to: `url` with what RFC 6749 §4.1.1 and RFC 7636 §4.3 want, and `more` (`scope`)."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": asked.redirect_uri,
        "state": asked.state,
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256",
        **more,
    }
    return Request("GET", url, query).url("")


def redeem(
    ctx: Context,
    token_url: str,
    asked: ConsentRequest,
    code: str,
    client_id: str,
    client_secret: str | None = None,
    *,
    lasts: timedelta | None = None,
    **more: str,
) -> Flow[None]:
    """Exchange a code for tokens, and keep them in the connection's store.

    A client with a secret authenticates by Basic, a public one names itself in the form. `lasts` is how long the
    refresh token is good for, where the ERP does not say. Raises `ReauthorizationRequired` for a code that is over, was
    used, or belongs to another request; `CredentialsRejected` where the client is refused; `Unavailable` where the
    answer was lost, since a code is good for one use and is not sent twice; `UnexpectedPayload` where no refresh token
    comes.
    """
    if ctx.tokens is None:
        raise ConfigError("a consent needs a store for its tokens", hint="give tokens= to connect")
    form: dict[str, str] = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect_uri,
        "code_verifier": asked.verifier,
        **more,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if client_secret is None:
        form["client_id"] = client_id
    else:
        headers["Authorization"] = basic(client_id, client_secret)
    try:
        response = yield from ask(_request(token_url, headers, form))
    except OutcomeUnknown as error:
        raise Unavailable(f"no tokens: {error.message}", hint=_AGAIN) from None
    if response.status >= 400:
        if refresh.refusal(response) != "invalid_grant":
            raise CredentialsRejected(
                "the token endpoint refused the client", status=response.status, hint="check client id and secret"
            )
        raise ReauthorizationRequired(
            "the ERP refused the authorization code: it is good for one use and a few minutes",
            status=response.status,
            hint=_AGAIN,
        )
    refresh.begin(ctx, response, lasts)


def _request(token_url: str, headers: Mapping[str, str], form: Mapping[str, Any]) -> Request:
    content = Request("GET", "", form).url("").partition("?")[2].encode()
    accept = (400, 401, 403)
    return Request("POST", token_url, headers=headers, content=content, writes=True, authorized=False, accept=accept)
