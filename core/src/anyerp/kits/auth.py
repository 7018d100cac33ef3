"""Ways of authenticating that several ERPs share, each a flow for `Connector.authorize`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import timedelta

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import AnyErpError, CredentialsRejected, UnexpectedPayload

#: Seconds before its end at which a token is given up, so that it does not end on the way.
MARGIN = 30


def basic(user: str, password: str) -> str:
    """The value of an Authorization header for Basic authentication (RFC 7617, UTF-8)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def client_credentials(
    ctx: Context, token_url: str, client_id: str, client_secret: str, form: Mapping[str, str] | None = None
) -> Flow[str]:
    """The value of an Authorization header by OAuth 2.0 client credentials, id and secret by Basic.

    The token is kept in `ctx.memory["token"]` until shortly before its end (`expires_in`, else an hour). Raises
    `CredentialsRejected` where the token endpoint refuses them.
    """
    headers = {"Authorization": basic(client_id, client_secret)}
    fields = {"grant_type": "client_credentials", **(form or {})}
    return (yield from bearer(ctx, token_url, lambda: fields, headers))


def bearer(
    ctx: Context,
    token_url: str,
    form: Callable[[], Mapping[str, str]],
    headers: Mapping[str, str] | None = None,
    refused: Callable[[Response], AnyErpError] | None = None,
) -> Flow[str]:
    """The value of an Authorization header by any OAuth 2.0 grant; the form is made when a token is needed only.

    `refused` explains a 400, 401 or 403 of the token endpoint (by default `CredentialsRejected`). The token is kept
    as with `client_credentials`, so that `forget_token` works.
    """
    known = ctx.memory.get("token")
    if known is not None and known[1] > ctx.now():
        return str(known[0])
    response = yield from ask(
        Request(
            "POST",
            token_url,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
                **(headers or {}),
            },
            content=Request("GET", "", form()).url("").partition("?")[2].encode(),
            writes=False,
            authorized=False,
            accept=(400, 401, 403),
        )
    )
    if response.status >= 400:
        raise (refused or _refused)(response)
    token, seconds = _token(response)
    ctx.memory["token given"] = True
    ctx.memory["token"] = (f"Bearer {token}", ctx.now() + timedelta(seconds=max(seconds - MARGIN, 1)))
    return f"Bearer {token}"


def _refused(response: Response) -> AnyErpError:
    return CredentialsRejected(
        "the token endpoint refused the client id or secret",
        status=response.status,
        hint="check client id and secret with the ERP's administrator",
    )


def _token(response: Response) -> tuple[str, float]:
    try:
        answer = response.json()
        return str(answer["access_token"]), float(answer.get("expires_in") or 3600)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnexpectedPayload("the token endpoint's answer holds no access token", status=response.status) from None


def forget_token(ctx: Context, response: Response) -> bool:
    """For `Connector.renew`: on a 401, forget a token and say that once more makes sense.

    It does as well where another call has forgotten it a moment ago and is asking for the next one.
    """
    if response.status != 401:
        return False
    return ctx.memory.pop("token", None) is not None or "token given" in ctx.memory
