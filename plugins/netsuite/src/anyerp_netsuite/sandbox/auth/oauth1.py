"""Token-based authentication: OAuth 1.0a with HMAC-SHA256, verified for real (netsuite sheet §2c)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_PAIR = re.compile(r'\s*([A-Za-z_]+)\s*=\s*"([^"]*)"\s*(?:,|$)')
_NEEDED = {
    "oauth_consumer_key",
    "oauth_token",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
}
#: How old or new a timestamp may be, in seconds: "some minutes" (sheet §2c).
_SKEW = 300


@dataclass(frozen=True)
class Tba:
    """The four secrets of a TBA integration."""

    consumer_key: str
    consumer_secret: str = field(repr=False)
    token_id: str
    token_secret: str = field(repr=False)


def encoded(text: str) -> str:
    """Percent-encoding by RFC 5849 §3.6."""
    return quote(text, safe="~")


def base_string(method: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """METHOD & url without query & sorted parameters; those are the oauth_* ones and the query's, encoded."""
    parts = urlsplit(url)
    port = {"http": ":80", "https": ":443"}[parts.scheme]
    address = f"{parts.scheme}://{parts.netloc.lower().removesuffix(port)}{parts.path}"
    pairs = sorted((encoded(name), encoded(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), encoded(address), encoded(joined)))


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """HMAC-SHA256 of a base string, in base64."""
    key = f"{encoded(consumer_secret)}&{encoded(token_secret)}".encode()
    return base64.b64encode(hmac.new(key, base.encode(), hashlib.sha256).digest()).decode()


def header_parameters(header: str) -> dict[str, str] | None:
    """The decoded parameters of an `Authorization: OAuth` header, or None when it is malformed."""
    found, at, text = {}, 0, header.partition(" ")[2]
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None or match[1] in found:
            return None
        found[match[1]] = unquote(match[2])
        at = match.end()
    return found


@dataclass
class OAuth1:
    """Checks signed calls of one account. `audit` gets the reasons, the caller never does."""

    now: Callable[[], datetime]
    realm: str
    tokens: dict[tuple[str, str], Tba] = field(default_factory=dict, repr=False)
    audit: list[str] = field(default_factory=list)
    _nonces: set[tuple[str, ...]] = field(default_factory=set, repr=False)

    def accepts(self, header: str, method: str, target: str, origin: str) -> bool:
        """Whether the header signs exactly this call; its nonce is then used up."""
        reason = self._refusal(header, method, target, origin)
        if reason:
            self.audit.append(reason)
        return not reason

    def _refusal(self, header: str, method: str, target: str, origin: str) -> str:
        given = header_parameters(header)
        if given is None or not given.keys() >= _NEEDED:
            return "the header is malformed"
        if given.get("realm") != self.realm:
            return f"realm {given.get('realm')!r} is not {self.realm!r}"
        if given["oauth_signature_method"] != "HMAC-SHA256" or given.get("oauth_version", "1.0") != "1.0":
            return "only HMAC-SHA256 is accepted"
        pair = self.tokens.get((given["oauth_consumer_key"], given["oauth_token"]))
        if pair is None:
            return "the consumer key or the token is unknown"
        stamp = given["oauth_timestamp"]
        if not stamp.isdigit() or abs(int(stamp) - self.now().timestamp()) > _SKEW:
            return "the timestamp is too old or too new"
        if not self._signed(given, pair, method, target, origin):
            return "the signature does not match"
        nonce = (given["oauth_consumer_key"], given["oauth_token"], stamp, given["oauth_nonce"])
        if nonce in self._nonces:
            return "the nonce was used before"
        self._nonces.add(nonce)
        return ""

    def _signed(self, given: Mapping[str, str], pair: Tba, method: str, target: str, origin: str) -> bool:
        signed = [(name, value) for name, value in given.items() if name not in ("realm", "oauth_signature")]
        query = parse_qsl(urlsplit(target).query, keep_blank_values=True)
        base = base_string(method, origin + urlsplit(target).path, [*signed, *query])
        right = signature(base, pair.consumer_secret, pair.token_secret)
        return hmac.compare_digest(right.encode(), given["oauth_signature"].encode())
