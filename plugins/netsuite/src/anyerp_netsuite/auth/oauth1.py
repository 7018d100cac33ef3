"""Token-based authentication: OAuth 1.0a with HMAC-SHA256 (RFC 5849, netsuite sheet §2c)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlsplit

from anyerp_netsuite.settings import Tba

_PORTS = {"http": 80, "https": 443}


def authorization(tba: Tba, realm: str, method: str, url: str, now: datetime, nonce: str | None = None) -> str:
    """The value of the Authorization header for one attempt; its nonce must not be used again."""
    fields = {
        "oauth_consumer_key": tba.consumer_key,
        "oauth_token": tba.token_id,
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_timestamp": str(int(now.timestamp())),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
    }
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    base = base_string(method, url, [*fields.items(), *query])
    fields["oauth_signature"] = signature(
        base, tba.consumer_secret.get_secret_value(), tba.token_secret.get_secret_value()
    )
    shown = {"realm": realm, **fields}
    return "OAuth " + ", ".join(f'{name}="{encoded(value)}"' for name, value in shown.items())


def base_string(method: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """METHOD & url without query & sorted parameters (RFC 5849 §3.4.1); a JSON body is not signed."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    address = f"{parts.scheme}://{(parts.hostname or '').lower()}{port}{parts.path or '/'}"
    pairs = sorted((encoded(name), encoded(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), encoded(address), encoded(joined)))


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """HMAC-SHA256 of a base string, in base64."""
    key = f"{encoded(consumer_secret)}&{encoded(token_secret)}".encode()
    return base64.b64encode(hmac.new(key, base.encode(), hashlib.sha256).digest()).decode("ascii")


def encoded(text: str) -> str:
    """Percent-encoding by RFC 5849 §3.6."""
    return quote(text, safe="~")
