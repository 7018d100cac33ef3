"""Entity tags: what they are made of and when a write may go on (sap sheet §8 and the corrections at its head)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.exchange import Exchange


def etag_of(entity: Entity, row: Row) -> str:
    """Give the tag of a row, colons percent-encoded inside the quotes; empty when the set has none.

    A tag made by the service (`*`) is opaque and stands for the row's own content.
    """
    if not entity.etag:
        return ""
    if entity.etag == "*":
        content = repr(sorted((name, repr(value)) for name, value in row.items())).encode()
        return f"W/\"'SADL-{hashlib.sha256(content).hexdigest()[:24].upper()}%7E'\""
    value = row.get(entity.etag)
    if isinstance(value, datetime):
        return f"W/\"datetimeoffset'{value:%Y-%m-%dT%H%%3A%M%%3A%S}.{value.microsecond:06}0Z'\""
    return f"W/\"'{value}'\""


def need_match(entity: Entity, row: Row, exchange: Exchange) -> None:
    """Let a write on a row go on. Raises a 428 without `If-Match`, a 412 when it names another state.

    The header is compared byte for byte: a decoded or unquoted tag is another state. `*` overrides.
    """
    tag = etag_of(entity, row)
    given = exchange.headers.get("if-match")
    if not tag or given == "*":
        return
    if given is None:
        raise SapError(428, [say("SADL_ENTITY_RUNTIME/006", entity.name.upper())])
    if tag not in [one.strip() for one in given.split(",")]:
        raise SapError(412, [say("SADL_ENTITY_RUNTIME/007", entity.name.upper())])
