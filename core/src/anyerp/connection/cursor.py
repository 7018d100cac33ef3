"""Continuation tokens: opaque, signed, bound to the connection, the resource and the filter they were made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any

from anyerp.errors import InvalidCursor

_SIGNATURE = 16
_AT_MOST = 8192


class Cursors:
    """Makes and reads tokens with one key. Without a key of the host's, tokens last as long as the process."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def __repr__(self) -> str:
        return "Cursors(***)"

    def _signature(self, body: bytes, bound_to: str) -> bytes:
        return hmac.new(self._key, bound_to.encode() + b"\0" + body, hashlib.sha256).digest()[:_SIGNATURE]

    def sign(self, state: Any, bound_to: str) -> str:
        """A token for a state (JSON values)."""
        body = json.dumps(state, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._signature(body, bound_to) + body).rstrip(b"=").decode()

    def read(self, token: str, bound_to: str) -> Any:
        """The state of a token. Raises `InvalidCursor` for anything that this key did not sign for this list."""
        try:
            data = base64.b64decode(
                token[:_AT_MOST].encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True
            )
        except (ValueError, binascii.Error):
            raise InvalidCursor("this is no continuation token of ours", hint="start the list anew") from None
        signature, body = data[:_SIGNATURE], data[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(body, bound_to)):
            raise InvalidCursor(
                "the continuation token is damaged, or belongs to another connection, resource or filter",
                hint="start the list anew, or repeat the call that gave the token with its own filter",
            )
        return json.loads(body)
