"""Client assertions: a JWT signed with a registered certificate, really verified (dynamics sheet §1.1).

`cryptography` is imported only when an assertion arrives; a host that uses secrets never needs it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256
from typing import Any

from anyerp.wire import load_json

from .refusal import Refused

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: How far the clocks of client and server may be apart.
_SKEW = timedelta(minutes=5)


def unpadded(raw: bytes) -> str:
    """Write bytes in base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Certificate:
    """A registered certificate, as the DER bytes inside its PEM."""

    der: bytes

    @property
    def thumbprint(self) -> str:
        """The SHA-1 thumbprint as an `x5t` header carries it."""
        return unpadded(sha1(self.der).digest())  # noqa: S324  what x5t means (RFC 7515 §4.1.7)

    @property
    def thumbprint_sha256(self) -> str:
        """The SHA-256 thumbprint as an `x5t#S256` header carries it."""
        return unpadded(sha256(self.der).digest())


def _taken_apart(assertion: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes, bytes]:
    try:
        head, body, signature = assertion.split(".")
        header, claims = load_json(_decoded(head)), load_json(_decoded(body))
        signed, proof = f"{head}.{body}".encode(), _decoded(signature)
    except ValueError:
        raise Refused(50027, "It must be three base64url parts.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Refused(50027, "Header and claims must be JSON objects.")
    return header, claims, signed, proof


def _verify(algorithm: str, certificate: Certificate, signed: bytes, signature: bytes, now: datetime) -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  lazy, see above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    loaded = load_der_x509_certificate(certificate.der)
    if not loaded.not_valid_before_utc <= now <= loaded.not_valid_after_utc:
        raise Refused(700027, "Client assertion failed signature validation. [Reason - The key used is expired.]")
    key = loaded.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Refused(700027, "Client assertion failed signature validation. [Reason - The key is not an RSA key.]")
    digest = hashes.SHA256()
    scheme = padding.PKCS1v15() if algorithm == "RS256" else padding.PSS(padding.MGF1(digest), digest.digest_size)
    try:
        key.verify(signature, signed, scheme, digest)
    except InvalidSignature:
        reason = "The key was found, but use of the key to verify the signature failed"
        raise Refused(700027, f"Client assertion failed signature validation. [Reason - {reason}.]") from None


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(50027, f"The claim '{name}' must be a number of seconds.")
    return datetime.fromtimestamp(value, UTC)


def check(
    assertion: str, client_id: str, certificates: Sequence[Certificate], audiences: Sequence[str], now: datetime
) -> None:
    """Let an assertion through: known key, true signature, right parties, right time. Raises `Refused`."""
    header, claims, signed, signature = _taken_apart(assertion)
    algorithm = header.get("alg")
    if algorithm not in ("RS256", "PS256"):
        raise Refused(50027, f"The signing algorithm '{algorithm}' is not supported.")
    found = next(
        (
            certificate
            for certificate in certificates
            if header.get("x5t") == certificate.thumbprint or header.get("x5t#S256") == certificate.thumbprint_sha256
        ),
        None,
    )
    if found is None:
        raise Refused(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on application. "
            "[Reason - The key was not found.]",
        )
    _verify(algorithm, found, signed, signature, now)
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise Refused(700021)
    audience = claims.get("aud")
    if not set(audience if isinstance(audience, list) else [audience]) & set(audiences):
        raise Refused(700023)
    starts = _instant(claims, "nbf") if "nbf" in claims else now
    if not starts - _SKEW <= now < _instant(claims, "exp") + _SKEW:
        raise Refused(700024, f"Current time: {now:%Y-%m-%dT%H:%M:%SZ}.")
