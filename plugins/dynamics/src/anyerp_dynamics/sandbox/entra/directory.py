"""The directory: a tenant's applications with their secrets and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from uuid import UUID, uuid5

from .assertion import Certificate
from .refusal import Refused

_SPACE = UUID("5a3f7d52-0fd0-4a3b-8a63-0e8a1b1f7a41")


@dataclass
class Application:
    """A registered application. `secrets` maps each secret to the moment it expires."""

    name: str
    roles: tuple[str, ...] = ()
    secrets: dict[str, datetime] = field(default_factory=dict)
    certificates: list[Certificate] = field(default_factory=list)
    generation: int = 0

    @property
    def client_id(self) -> str:
        """The application's id, the same on every run."""
        return str(uuid5(_SPACE, self.name))

    def new_secret(self, until: datetime) -> str:
        """Add a secret and give it."""
        self.generation += 1
        value = "Sbx8Q~" + sha256(f"{self.name} {self.generation}".encode()).hexdigest()[:34]
        self.secrets[value] = until
        return value

    def check_secret(self, secret: str, now: datetime) -> None:
        """Let a secret through. Raises `Refused`."""
        for value, until in self.secrets.items():
            if compare_digest(value.encode(), secret.encode()):
                if now >= until:
                    raise Refused(7000222, self.client_id)
                return
        raise Refused(7000215, self.client_id)


def self_signed(
    name: str, now: datetime, life: timedelta = timedelta(days=365)
) -> tuple[Certificate, Mapping[str, Any]]:
    """Make a fresh RSA key with its certificate: the part to register, and the two PEM texts that a client keeps.

    Needs `cryptography`.
    """
    from cryptography import x509  # noqa: PLC0415  only for hosts that use certificates
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    certificate = builder.not_valid_after(now + life).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    kept = {"certificate": pem, "private_key": private.decode()}
    return Certificate(certificate.public_bytes(serialization.Encoding.DER)), kept
