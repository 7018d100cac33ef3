"""The client assertion: a signed JWT (RFC 7519, 7515, 7518) that proves the certificate's key (netsuite sheet §2a)."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from anyerp.errors import ConfigError
from anyerp.wire import dump_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

#: Seconds that an assertion holds; NetSuite takes less than 60 minutes.
LIFETIME = 300
#: An EC key's curve decides the algorithm.
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


def assertion(client_id: str, certificate_id: str, private_key: str, audience: str, now: datetime) -> str:
    """A fresh assertion for the token endpoint `audience`. Raises `ConfigError` for a key that cannot sign it."""
    key = _loaded(private_key)
    issued = int(now.timestamp())
    header = {"typ": "JWT", "alg": _algorithm(key), "kid": certificate_id}
    claims = {
        "iss": client_id,
        "scope": ["rest_webservices"],
        "aud": audience,
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    signed = b".".join(_coded(dump_json(part)) for part in (header, claims))
    return b".".join((signed, _coded(_signature(key, header["alg"], signed)))).decode("ascii")


def _loaded(pem: str) -> PrivateKeyTypes:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - heavy, and not always needed

    try:
        # A secret that came through an environment variable may have its line ends spelt out.
        return load_pem_private_key(pem.replace("\\n", "\n").encode(), None)
    except (ValueError, TypeError):
        raise ConfigError(
            "private_key is no PEM private key without a passphrase",
            hint="it begins with -----BEGIN PRIVATE KEY-----; give the key, not the certificate",
        ) from None


def _algorithm(key: PrivateKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 - as above

    if isinstance(key, rsa.RSAPrivateKey):
        return "PS256"  # RS256 is not accepted
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise ConfigError("private_key is of a kind that NetSuite does not take", hint="RSA, or EC on P-256, P-384, P-521")


def _signature(key: PrivateKeyTypes, algorithm: str, signed: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils  # noqa: PLC0415 - as above

    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    r, s = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(digest)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _coded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
