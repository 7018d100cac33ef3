"""Signed calls that start a flow, as Standard Webhooks signs them."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from anyerp_hub.error import TokenRejected
from anyerp_hub.webhook.signature import PREFIX, headers

#: Seconds that a call may be old, or ahead of our clock.
TOLERANCE = 300


def secret_text(key: bytes) -> str:
    """A secret as a caller configures it."""
    return PREFIX + base64.b64encode(key).decode()


def verify(secrets: Sequence[str], given: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise `TokenRejected` unless a call is signed with one of these secrets, and fresh."""
    id, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "").split(" ")[:10]
    if not (id and moment.isascii() and moment.isdigit() and len(moment) < 12):
        raise TokenRejected(
            "the call is not signed",
            hint="send webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks)",
        )
    wanted = headers(secrets, id, int(moment), body)["webhook-signature"].encode().split(b" ")
    if not any(hmac.compare_digest(one, given.encode()) for one in wanted for given in signatures):
        raise TokenRejected("the signature does not fit", hint="sign the raw body with the secret of this flow")
    if abs(now.timestamp() - int(moment)) > TOLERANCE:
        raise TokenRejected("the signed moment is too far from now", hint="sign each attempt anew; mind the clock")
