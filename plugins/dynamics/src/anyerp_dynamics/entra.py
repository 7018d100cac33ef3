"""Entra client credentials, with a secret or a certificate: how both Dynamics products let a service in.

Source: dynamics sheet §1.1, §2.1. Both products' settings extend `Tenant`; both declare the credentials `Secret` and
`Certificate`; their `authorize` asks `bearer(ctx, scope)`, and `anyerp.kits.auth.forget_token` is their `renew`.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid4

from anyerp.connector import Context, Flow, Response
from anyerp.errors import AnyErpError, ConfigError, CredentialsRejected, ReauthorizationRequired
from anyerp.kits import auth
from anyerp.wire import dump_json
from pydantic import BaseModel, ConfigDict, Field, SecretStr

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: Seconds that an assertion is good for; it is sent at once.
_LIFE = 300
#: The secret, or the key of a certificate, has ended.
_ENDED = frozenset({7000222, 700024})
#: The settings name a tenant, scope or environment that does not exist there.
_MISPLACED = frozenset({90002, 500011, 1002012})
_AT_MOST = 300


class Strict(BaseModel):
    """The base of settings and credentials: nothing unknown, nothing changed later, no input in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Tenant(Strict):
    """The Entra tenant that an environment trusts."""

    tenant: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    """Its id (a GUID) or a domain of it (`contoso.onmicrosoft.com`)."""
    login_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "https://login.microsoftonline.com"
    """Where tokens are given out; national clouds have their own."""

    @property
    def token_url(self) -> str:
        """The tenant's token endpoint; by this name a connection lets the transport go there."""
        return f"{self.login_url.rstrip('/')}/{self.tenant}/oauth2/v2.0/token"


class Secret(Strict):
    """An application and its client secret."""

    client_id: str
    client_secret: SecretStr


class Certificate(Strict):
    """An application and its certificate with private key, both PEM; needs the extra `certificate`."""

    client_id: str
    certificate: Annotated[str, Field(pattern=r"-----BEGIN CERTIFICATE-----")]
    private_key: SecretStr


def bearer(ctx: Context, scope: str) -> Flow[str]:
    """The Authorization header for a scope (`https://host/.default`, one slash). Raises `AuthError`, `ConfigError`."""
    url = ctx.settings.token_url
    return (yield from auth.bearer(ctx, url, lambda: _form(ctx, url, scope), refused=refused))


def _form(ctx: Context, url: str, scope: str) -> dict[str, str]:
    form = {"grant_type": "client_credentials", "client_id": ctx.credentials.client_id, "scope": scope}
    match ctx.credentials:
        case Secret(client_secret=secret):
            return {**form, "client_secret": secret.get_secret_value()}
        case Certificate() as certificate:
            signed = assertion(certificate, url, int(ctx.now().timestamp()))
            return {**form, "client_assertion_type": _ASSERTION, "client_assertion": signed}
    raise ConfigError("credentials are a client id with a client_secret, or with certificate and private_key")


def assertion(credentials: Certificate, audience: str, now: int) -> str:
    """A JWT for a token endpoint, signed PS256 and naming the certificate by its SHA-256 thumbprint; `now` in seconds.

    Raises `ConfigError` where certificate or key cannot be read, or `cryptography` is not installed.
    """
    try:
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - secrets need none of it
        from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415
    except ImportError:
        raise ConfigError(
            "a certificate needs cryptography", hint="install anyerp-dynamics[certificate], or use a client secret"
        ) from None
    try:
        der = load_pem_x509_certificate(credentials.certificate.encode()).public_bytes(serialization.Encoding.DER)
        key = serialization.load_pem_private_key(credentials.private_key.get_secret_value().encode(), None)
    except (ValueError, TypeError):
        raise ConfigError("certificate and private_key must be PEM texts, the key without a passphrase") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigError("private_key must be an RSA key, as Entra takes no other")
    header = {"typ": "JWT", "alg": "PS256", "x5t#S256": _base64(sha256(der).digest())}
    parties = {"aud": audience, "iss": credentials.client_id, "sub": credentials.client_id}
    claims = {**parties, "jti": str(uuid4()), "nbf": now, "iat": now, "exp": now + _LIFE}
    text = f"{_base64(dump_json(header))}.{_base64(dump_json(claims))}"
    digest = hashes.SHA256()
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size)
    return f"{text}.{_base64(key.sign(text.encode(), scheme, digest))}"


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(response: Response) -> AnyErpError:
    """A refusal of the token endpoint: who must act, in Entra's words, without the trailer of ids.

    A secret or certificate that has ended is `ReauthorizationRequired`; a tenant or resource that does not exist is
    `ConfigError`; anything else `CredentialsRejected`.
    """
    body = _body(response)
    codes = body.get("error_codes")
    numbers = frozenset(codes if isinstance(codes, list) else ())
    said = str(body.get("error_description") or "").partition(" Trace ID:")[0][:_AT_MOST]
    facts: dict[str, Any] = {"status": response.status, "request_id": body.get("trace_id")}
    if numbers & _MISPLACED:
        return ConfigError(
            said or "Entra does not know the tenant or the environment",
            hint="check settings.tenant and settings.base_url",
            **facts,
        )
    if numbers & _ENDED or "key used is expired" in said:
        return ReauthorizationRequired(
            said, hint="create a new client secret or certificate for the application", **facts
        )
    return CredentialsRejected(
        said or "Entra refused the application's credentials",
        hint="check client id and secret or certificate with the tenant's administrator",
        **facts,
    )


def _body(response: Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
