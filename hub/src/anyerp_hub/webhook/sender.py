"""The sender: takes what is due, sends it, notes what became of it. Any number of senders may work on one database.

A sender that dies with a delivery in its hands lets the lease run out; another sends it again, with the same
`webhook-id`, by which the receiver knows it. At least once, never lost.
"""

from __future__ import annotations

import json
import random
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from anyerp_hub.event.outbox import Event, emit
from anyerp_hub.store import Database, table
from anyerp_hub.trace import span
from anyerp_hub.vault import Sealer
from anyerp_hub.webhook.guard import Guard
from anyerp_hub.webhook.post import DEADLINE, Answer, post
from anyerp_hub.webhook.signature import headers

#: Waits before each further attempt (Standard Webhooks): three days in all, and then it has failed.
SCHEDULE = tuple(
    timedelta(seconds=s) for s in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
#: An endpoint that took nothing for so long is disabled.
PATIENCE = timedelta(days=5)
LEASE = timedelta(seconds=DEADLINE * 2)
_LONGEST_WAIT = timedelta(days=1)
_E, _D, _V = table.endpoint.c, table.delivery.c, table.event.c


@dataclass(frozen=True, slots=True)
class _Taken:
    id: str
    attempts: int
    lease_until: datetime
    event: Event
    endpoint: Any
    secrets: list[str]


class Sender:
    """Sends what is due."""

    def __init__(self, database: Database, sealer: Sealer, guard: Guard, context: ssl.SSLContext | None = None) -> None:
        self._database, self._sealer, self._guard, self._context = database, sealer, guard, context

    def send_one(self) -> bool:
        """Send one delivery that is due; gives whether there was one."""
        taken = self._take()
        if taken is None:
            return False
        event = taken.event.to_dict()
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        with self._database.read() as tx:
            moment = self._database.now(tx)
        signed = headers(taken.secrets, taken.event.id, int(moment.timestamp()), body)
        with span(
            "anyerp webhook", "producer", anyerp__event__type=taken.event.type, anyerp__event__id=taken.event.id,
            anyerp__endpoint__id=taken.endpoint.id, anyerp__connection__id=taken.event.connection_id,
            anyerp__attempt=taken.attempts + 1,
        ) as traced:  # fmt: skip
            answer = post(taken.endpoint.url, signed, body, self._guard, self._context)
            traced.say(http__response__status_code=answer.status)
            if not answer.delivered:
                traced.failed(str(answer.status or "unreachable"))
        self._note(taken, answer)
        return True

    def send_due(self, limit: int = 1000) -> int:
        """Send everything that is due; gives how many attempts were made."""
        count = 0
        while count < limit and self.send_one():
            count += 1
        return count

    def _take(self) -> _Taken | None:
        with self._database.begin() as tx:
            now = self._database.now(tx)
            free = sa.or_(_D.lease_until.is_(None), _D.lease_until <= now)
            due = sa.select(table.delivery).where(_D.state == "pending", _D.due_at <= now, free)
            due = due.order_by(_D.due_at, _D.id).limit(1).with_for_update(skip_locked=True)
            row = tx.execute(due).one_or_none()
            if row is None:
                return None
            endpoint = tx.execute(sa.select(table.endpoint).where(_E.id == row.endpoint_id)).one()
            lease = now + LEASE
            tx.execute(table.delivery.update().where(_D.id == row.id).values(lease_until=lease))
            event = Event(*tx.execute(sa.select(table.event).where(_V.id == row.event_id)).one())
            sealed = [endpoint.sealed]
            if endpoint.sealed_before is not None and endpoint.before_until > now:
                sealed.append(endpoint.sealed_before)
        secrets = [self._sealer.open("endpoint", endpoint.id, each).decode() for each in sealed]
        return _Taken(row.id, row.attempts, lease, event, endpoint, secrets)

    def _note(self, taken: _Taken, answer: Answer) -> None:
        with self._database.begin() as tx:
            now = self._database.now(tx)
            values = {"at": now, "status": answer.status, "error": answer.error, "milliseconds": answer.milliseconds}
            mine = sa.and_(_D.id == taken.id, _D.lease_until == taken.lease_until)
            done = self._outcome(tx, taken, answer, now)
            if tx.execute(table.delivery.update().where(mine).values(**done, lease_until=None)).rowcount:
                tx.execute(table.attempt.insert().values(delivery_id=taken.id, **values))

    def _outcome(self, tx: sa.Connection, taken: _Taken, answer: Answer, now: datetime) -> dict[str, Any]:
        endpoint = table.endpoint.update().where(_E.id == taken.endpoint.id)
        attempts = taken.attempts + 1
        if answer.delivered:
            tx.execute(endpoint.where(_E.failing_since.is_not(None)).values(failing_since=None))
            return {"state": "delivered", "attempts": attempts, "done_at": now, "due_at": None}
        since = taken.endpoint.failing_since or now
        tx.execute(endpoint.values(failing_since=since))
        if answer.status == 410:
            self._disable(tx, now, taken, "it answered 410 Gone")
        elif now - since > PATIENCE:
            self._disable(tx, now, taken, f"it took nothing since {since:%Y-%m-%dT%H:%M:%SZ}")
        elif attempts <= len(SCHEDULE):
            wait = SCHEDULE[attempts - 1] * random.uniform(1, 1.2)  # noqa: S311 - jitter
            if answer.retry_after is not None:
                wait = max(wait, min(timedelta(seconds=answer.retry_after), _LONGEST_WAIT))
            return {"attempts": attempts, "due_at": now + wait}
        return {"state": "failed", "attempts": attempts, "done_at": now, "due_at": None}

    def _disable(self, tx: sa.Connection, now: datetime, taken: _Taken, reason: str) -> None:
        values = {"disabled_at": now, "disabled_because": reason}
        tx.execute(table.endpoint.update().where(_E.id == taken.endpoint.id).values(values))
        waiting = sa.and_(_D.endpoint_id == taken.endpoint.id, _D.state == "pending", _D.id != taken.id)
        tx.execute(table.delivery.update().where(waiting).values(state="cancelled", done_at=now, due_at=None))
        data = {"endpoint_id": taken.endpoint.id, "url": taken.endpoint.url, "reason": reason}
        emit(tx, now, "webhook.endpoint_disabled", taken.endpoint.connection_id, data)
