"""Idempotency-Key: a write that is sent again is answered as it was the first time, for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from anyerp.errors import Conflict, InvalidRecord
from fastapi import Request, Response
from sqlalchemy.exc import IntegrityError

from anyerp_hub.error import WrongState
from anyerp_hub.store import Database, table
from anyerp_hub.vault.token import Token

KEPT = timedelta(hours=24)
_I = table.idempotency.c


def once(database: Database, request: Request, token: Token, body: bytes, write: Callable[[], Response]) -> Response:
    """Do a write once for its key. Without a key it is done each time.

    What says `try again` (429, 5xx) is not kept, and neither is what raised. Raises `WrongState` while another call
    with this key is on its way, `InvalidRecord` where the key came with another body before.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return write()
    if not 0 < len(key) <= 255:
        raise InvalidRecord("an Idempotency-Key has 1 to 255 characters")
    print_ = hashlib.sha256(b"\0".join([request.method.encode(), request.url.path.encode(), body])).hexdigest()
    mine = sa.and_(_I.token_id == token.id, _I.key == key)
    known = _begin(database, token.id, key, print_)
    if known is not None:
        return known
    try:
        response = write()
    except BaseException:
        with database.begin() as tx:
            tx.execute(table.idempotency.delete().where(mine))
        raise
    with database.begin() as tx:
        if response.status_code == 429 or response.status_code >= 500:
            tx.execute(table.idempotency.delete().where(mine))
        else:
            kept = {k: v for k, v in response.headers.items() if k.lower() in ("content-type", "location", "etag")}
            values = {"status": response.status_code, "headers": kept, "body": bytes(response.body).decode()}
            tx.execute(table.idempotency.update().where(mine).values(values))
    return response


def _begin(database: Database, token_id: str, key: str, print_: str) -> Response | None:
    try:
        with database.begin() as tx:
            now = database.now(tx)
            tx.execute(table.idempotency.delete().where(_I.begun_at <= now - KEPT))
            values = {"token_id": token_id, "key": key, "fingerprint": print_, "begun_at": now}
            tx.execute(table.idempotency.insert().values(values))
    except IntegrityError:
        with database.read() as tx:
            query = sa.select(table.idempotency).where(_I.token_id == token_id, _I.key == key)
            row = tx.execute(query).one_or_none()
        if row is None:
            raise Conflict("a call with this key has just failed", hint="send it again") from None
        if row.fingerprint != print_:
            raise InvalidRecord("this Idempotency-Key came with another request before", hint="use a new key") from None
        if row.status is None:
            raise WrongState(
                "a call with this Idempotency-Key is on its way, or died on it",
                hint="look whether it was done; the key is free again after a day",
            ) from None
        return Response(row.body, row.status, {**row.headers, "Idempotency-Replayed": "true"})
    return None
