"""Logging on: which header a call carries (netsuite sheet §2)."""

from __future__ import annotations

from collections.abc import Mapping

from anyerp.connector import Context, Flow, Response
from anyerp.errors import AnyErpError, CredentialsRejected
from anyerp.kits import auth, refresh

from anyerp_netsuite.auth.assertion import assertion
from anyerp_netsuite.auth.oauth1 import authorization
from anyerp_netsuite.auth.path import TOKEN_PATH
from anyerp_netsuite.settings import Certificate, Consent, Tba

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """The bearer token of either OAuth 2.0 grant; a signed call gets its header from `sign`."""
    url = ctx.base_url + TOKEN_PATH
    known = ctx.credentials
    match known:
        case Certificate():
            key = known.private_key.get_secret_value()

            def form() -> Mapping[str, str]:
                signed = assertion(known.client_id, known.certificate_id, key, url, ctx.now())
                return {
                    "grant_type": "client_credentials",
                    "client_assertion_type": _JWT_BEARER,
                    "client_assertion": signed,
                }

            return {"Authorization": (yield from auth.bearer(ctx, url, form, refused=_refused))}
        case Consent(client_id=client, client_secret=secret):
            if secret is None:
                return {"Authorization": (yield from refresh.bearer(ctx, url, {}, {"client_id": client}))}
            headers = {"Authorization": auth.basic(client, secret.get_secret_value())}
            return {"Authorization": (yield from refresh.bearer(ctx, url, headers))}
    return {}


def sign(ctx: Context, method: str, url: str) -> str | None:
    """The Authorization of one attempt by TBA, with a nonce and a timestamp of its own."""
    if not isinstance(ctx.credentials, Tba):
        return None
    return authorization(ctx.credentials, ctx.settings.realm, method, url, ctx.now())


def renew(ctx: Context, response: Response) -> bool:
    """On a 401, give up the access token. A refused signature is not tried again: that locks the user (sheet §2d)."""
    match ctx.credentials:
        case Certificate():
            return auth.forget_token(ctx, response)
        case Consent():
            return refresh.forget(ctx, response)
    return False


def _refused(response: Response) -> AnyErpError:
    # Whatever is wrong, the answer is `invalid_grant`; trying again changes nothing (netsuite sheet §2a).
    return CredentialsRejected(
        "NetSuite refused the signed assertion",
        status=response.status,
        hint="is the certificate expired (two years at most), gone with a sandbox refresh, or of another client id? "
        "The account's Login Audit Trail has the reason",
    )
