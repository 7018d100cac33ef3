"""Signatures of the Standard Webhooks specification 1.0: `v1,` and HMAC-SHA256 over id, timestamp and raw body."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 bits, as a receiver configures it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret_texts: Iterable[str], id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; `timestamp` is that of the attempt, in seconds. Each secret signs, the newest first."""
    content = f"{id}.{timestamp}.".encode() + body
    signatures = [f"v1,{_mac(secret, content)}" for secret in secret_texts]
    return {"webhook-id": id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signatures)}


def _mac(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()
