"""What is asked of a user who consents (OAuth 2.0 authorization code with PKCE: RFC 6749 §4.1, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """One request for consent: where the ERP leads back to, and what proves that the answer belongs to it.

    Keep it, where nobody else reads it, until the user comes back: `state` must come back with them, and only whoever
    has the `verifier` can use their code.
    """

    redirect_uri: str
    state: str
    verifier: str = field(repr=False)

    @classmethod
    def new(cls, redirect_uri: str) -> Self:
        """A request with a fresh state and verifier, 256 bits and more."""
        return cls(redirect_uri, secrets.token_urlsafe(32), secrets.token_urlsafe(64))

    @property
    def challenge(self) -> str:
        """What is shown of the verifier before (`code_challenge`, method S256)."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
