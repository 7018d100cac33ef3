"""Client assertions: signed JWTs, verified for real against uploaded certificates (netsuite sheet §2a)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyerp.wire import load_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

#: Accepted algorithms: curve for EC keys, None for RSA-PSS. RS256 is not among them.
ALGORITHMS: Mapping[str, str | None] = {
    "PS256": None,
    "PS384": None,
    "PS512": None,
    "ES256": "secp256r1",
    "ES384": "secp384r1",
    "ES512": "secp521r1",
}
_SCOPES = ("rest_webservices", "restlets", "suite_analytics")
_LONGEST = 3600
#: How far ahead of ours a caller's clock may be, in seconds; our own choice.
_SKEW = 300


class Refused(Exception):
    """An assertion that is not accepted. The reason is for the audit trail, never for the caller."""


@dataclass(frozen=True)
class Certificate:
    """A certificate uploaded for a client: its id (the JWT's `kid`), the client, the public key."""

    id: str
    client_id: str
    key: PublicKeyTypes


def verified_client(token: str, certificates: Mapping[str, Certificate], audiences: set[str], now: float) -> str:
    """The client id of a valid assertion. Raises `Refused`."""
    try:
        head, body, signature = token.split(".")
        header, claims = _part(head), _part(body)
        signed = _bytes(signature)
    except ValueError:
        raise Refused("the assertion is no JWT") from None
    if header.get("typ") != "JWT":
        raise Refused("typ is not JWT")
    algorithm = str(header.get("alg", ""))
    if algorithm not in ALGORITHMS:
        raise Refused(f"algorithm {algorithm!r} is not accepted")
    certificate = certificates.get(str(header.get("kid", "")))
    if certificate is None:
        raise Refused("no certificate has that kid")
    _verify(certificate.key, algorithm, f"{head}.{body}".encode("ascii"), signed)
    if claims.get("iss") != certificate.client_id:
        raise Refused("iss is not the client the certificate belongs to")
    _check_claims(claims, audiences, now)
    return certificate.client_id


def _check_claims(claims: Mapping[str, Any], audiences: set[str], now: float) -> None:
    audience = claims.get("aud")
    if not any(
        isinstance(one, str) and one in audiences for one in (audience if isinstance(audience, list) else [audience])
    ):
        raise Refused("aud is not this token endpoint")
    scope = claims.get("scope")
    scopes = scope.replace(",", " ").split() if isinstance(scope, str) else scope
    if not isinstance(scopes, list) or not scopes or not all(one in _SCOPES for one in scopes):
        raise Refused("scope is missing or unknown")
    if "rest_webservices" not in scopes:
        raise Refused("scope does not cover REST")
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise Refused("iat or exp is missing")
    if expires - issued >= _LONGEST:
        raise Refused("exp is 60 minutes or more after iat")
    if expires <= now or issued > now + _SKEW:
        raise Refused("the assertion has expired or is not valid yet")


def _verify(key: PublicKeyTypes, algorithm: str, signed: bytes, signature: bytes) -> None:
    """Check a JWS signature: RSA-PSS with salt as long as the hash, or EC with r and s side by side (RFC 7518)."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only a sandbox that is logged on to needs it
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils  # noqa: PLC0415

    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    curve = ALGORITHMS[algorithm]
    try:
        if curve is None and isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
            return key.verify(signature, signed, pss, digest)
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == curve:
            size = (key.curve.key_size + 7) // 8
            if len(signature) == 2 * size:
                r, s = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
                return key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(digest))
    except InvalidSignature:
        pass
    raise Refused("the signature does not verify")


def _part(text: str) -> Mapping[str, Any]:
    value = load_json(_bytes(text))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - a malformed token is a bad value
    return value


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
