"""The authorization code of OAuth 2.0 with PKCE: where a user consents, and what the code is good for (sheet §2b)."""

from __future__ import annotations

from datetime import timedelta

from anyerp.connector import ConsentRequest, Context, Flow
from anyerp.kits import consent

from anyerp_netsuite.auth.path import TOKEN_PATH

PAGE = "/app/login/oauth2/authorize.nl"


def page(ctx: Context, asked: ConsentRequest) -> str:
    """The page to send a user to."""
    return consent.page(ctx.settings.application + PAGE, asked, ctx.credentials.client_id, scope="rest_webservices")


def redeem(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """Exchange a code: an access token for an hour, a refresh token for seven days (two for a public client)."""
    client = ctx.credentials
    secret = None if client.client_secret is None else client.client_secret.get_secret_value()
    lasts = timedelta(days=2 if secret is None else 7)
    return consent.redeem(ctx, ctx.base_url + TOKEN_PATH, asked, code, client.client_id, secret, lasts=lasts)
