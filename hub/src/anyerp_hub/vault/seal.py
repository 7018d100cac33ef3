"""Sealing: AES-256-GCM, with what a value belongs to as associated data, so that it opens nowhere else."""

from __future__ import annotations

import base64
import binascii
import os

from anyerp.errors import ConfigError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anyerp_hub.vault.key import KeyProvider

_NONCE = 12


class SealBroken(ConfigError):
    """A sealed value does not open: it was changed, moved to another owner, or sealed with another key of this id."""

    code = "seal_broken"


class Sealer:
    """Seals and opens values. `kind` and `owner` say what a value is and whose; both must be the same to open it."""

    def __init__(self, keys: KeyProvider) -> None:
        self._keys = keys

    def seal(self, kind: str, owner: str, value: bytes) -> str:
        """A value as text `v1.KEY-ID.BASE64`, sealed with the current key and a fresh nonce."""
        key = self._keys.current()
        nonce = os.urandom(_NONCE)
        body = nonce + AESGCM(key.secret).encrypt(nonce, value, _bound(key.id, kind, owner))
        return f"v1.{key.id}.{base64.b64encode(body).decode()}"

    def open(self, kind: str, owner: str, sealed: str) -> bytes:
        """The value. Raises `SealBroken`, or `ConfigError` where the key is not there."""
        version, _, rest = sealed.partition(".")
        id, _, encoded = rest.partition(".")
        if version != "v1":
            raise SealBroken(f"{kind} of {owner} is no sealed value of this release")
        key = self._keys.key(id)
        try:
            body = base64.b64decode(encoded, validate=True)
            if base64.b64encode(body).decode() != encoded:
                raise ValueError("not canonical")  # noqa: TRY301 - one text for one value
            return AESGCM(key.secret).decrypt(body[:_NONCE], body[_NONCE:], _bound(id, kind, owner))
        except (InvalidTag, binascii.Error, ValueError):
            raise SealBroken(
                f"{kind} of {owner} does not open", hint="the row was changed or copied, or the key is another one"
            ) from None

    def stale(self, sealed: str) -> bool:
        """Whether a value was sealed with another key than the current one."""
        return not sealed.startswith(f"v1.{self._keys.current().id}.")


def _bound(key: str, kind: str, owner: str) -> bytes:
    return f"v1|{key}|{kind}|{owner}".encode()
