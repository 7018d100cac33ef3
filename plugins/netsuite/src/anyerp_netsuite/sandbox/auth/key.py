"""The key pair of the machine-to-machine integration, made when first asked for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from anyerp_netsuite.sandbox.auth.assertion import Certificate
from anyerp_netsuite.sandbox.auth.oauth2 import OAuth2


@dataclass
class Keyring:
    """A fresh client with a P-256 certificate. Nothing is generated before somebody wants to log on."""

    _made: dict[str, str] = field(default_factory=dict, repr=False)

    def credentials(self, oauth2: OAuth2) -> Mapping[str, str]:
        """client_id, certificate_id and private_key (PKCS#8 PEM); the certificate is uploaded to `oauth2`."""
        if not self._made:
            from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only sandboxes log on this way
            from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

            key = ec.generate_private_key(ec.SECP256R1())
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            client, certificate = secrets.token_hex(32), secrets.token_urlsafe(32)
            oauth2.certificates[certificate] = Certificate(certificate, client, key.public_key())
            self._made = {"client_id": client, "certificate_id": certificate, "private_key": pem.decode()}
        return dict(self._made)
