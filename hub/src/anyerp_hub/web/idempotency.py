"""Idempotency-Key: a write that is sent again is answered as it was the first time, for a day.

Whoever writes holds the key by a lease, which is renewed while the write is on its way. Where the process died, the
next call with this key takes it over: it writes again what finds itself again, and of the rest says that nobody knows.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from anyerp.errors import Conflict, InvalidRecord, OutcomeUnknown
from fastapi import Request, Response
from sqlalchemy.exc import IntegrityError

from anyerp_hub.error import WrongState
from anyerp_hub.store import Database, StoreUnavailable, table
from anyerp_hub.vault.token import Token

KEPT = timedelta(hours=24)
#: Seconds after which a silent writer is taken for dead.
LEASE = 30.0
_I = table.idempotency.c


def once(
    database: Database, request: Request, token: Token, body: bytes, write: Callable[[], Response], *, again: bool
) -> Response:
    """Do a write once for its key. Without a key it is done each time.

    What says `try again` (429, 5xx) is not kept, and neither is what raised. `again` says that the write, repeated
    after a process died on it, makes no second record. Raises `WrongState` while another call with this key is on its
    way, `InvalidRecord` where the key came with another body before, `OutcomeUnknown` where a process died on a write
    that must not be repeated.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return write()
    if not 0 < len(key) <= 255:
        raise InvalidRecord("an Idempotency-Key has 1 to 255 characters")
    print_ = hashlib.sha256(b"\0".join([request.method.encode(), request.url.path.encode(), body])).hexdigest()
    known = _begin(database, token.id, key, print_, again)
    if isinstance(known, Response):
        return known
    mine = sa.and_(_I.token_id == token.id, _I.key == key, _I.epoch == known, _I.status.is_(None))
    try:
        with _kept(database, mine):
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


def _begin(database: Database, token_id: str, key: str, print_: str, again: bool) -> Response | int:
    """Take a key; gives the epoch to write under, or what was answered before."""
    try:
        with database.begin() as tx:
            now = database.now(tx)
            tx.execute(table.idempotency.delete().where(_I.begun_at <= now - KEPT))
            values: dict[str, Any] = {"token_id": token_id, "key": key, "fingerprint": print_, "begun_at": now}
            values |= {"epoch": 1, "lease_until": now + timedelta(seconds=LEASE)}
            tx.execute(table.idempotency.insert().values(values))
    except IntegrityError:
        pass
    else:
        return 1
    with database.begin() as tx:
        now = database.now(tx)
        query = sa.select(table.idempotency).where(_I.token_id == token_id, _I.key == key).with_for_update()
        row = tx.execute(query).one_or_none()
        if row is None:
            raise Conflict("a call with this key has just failed", hint="send it again")
        if row.fingerprint != print_:
            raise InvalidRecord("this Idempotency-Key came with another request before", hint="use a new key")
        if row.status is not None:
            return Response(row.body, row.status, {**row.headers, "Idempotency-Replayed": "true"})
        if row.lease_until is None or row.lease_until > now:
            raise WrongState("a call with this Idempotency-Key is on its way", hint="send it again in a moment")
        if not again:
            raise OutcomeUnknown(
                "the process died that did this write, and without a key of the record nobody can look for it",
                hint="look whether it is there before you send it again, with a new Idempotency-Key",
            )
        epoch: int = row.epoch + 1
        taken = {"epoch": epoch, "lease_until": now + timedelta(seconds=LEASE)}
        tx.execute(table.idempotency.update().where(_I.token_id == token_id, _I.key == key).values(taken))
        return epoch


@contextmanager
def _kept(database: Database, mine: sa.ColumnElement[bool]) -> Iterator[None]:
    """Renew the lease while the ERP takes its time."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(LEASE / 3):
            with suppress(StoreUnavailable), database.begin() as tx:
                until = database.now(tx) + timedelta(seconds=LEASE)
                tx.execute(table.idempotency.update().where(mine).values(lease_until=until))

    thread = threading.Thread(target=renew, name="lease of a write", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
