"""Pauses that an ERP asked for, heard by every process on the database: `anyerp`'s `Gate`, filled."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from anyerp_hub.share.fence import clock
from anyerp_hub.share.slot import digest
from anyerp_hub.store import Database, Instant, StoreUnavailable, table

log = logging.getLogger("anyerp.hub")
_P = table.pace.c
#: Seconds for which what was read of an account's pause is believed.
FRESH = 0.5


class Pace:
    """The pace of one account. Where the database does not answer, each process keeps its own."""

    def __init__(self, database: Database, account: str) -> None:
        self._database, self._name = database, digest(account)
        self._held_until, self._read_at = 0.0, float("-inf")
        self._stored: datetime | None = None

    @property
    def fresh(self) -> bool:
        """Whether `claim` knows without asking the database."""
        return clock() - self._read_at < FRESH

    def claim(self) -> float:
        """Give the seconds until the account may be called (0: now)."""
        if not self.fresh:
            self._read_at = clock()
            try:
                self._read()
            except StoreUnavailable as trouble:
                log.warning("pauses of other processes are not known: %s", trouble.message)
        return max(0.0, self._held_until - clock())

    def slow_down(self, seconds: float) -> None:
        """Hear that the ERP asked for a wait, and tell the others."""
        self._held_until = max(self._held_until, clock() + seconds)
        try:
            self._write(timedelta(seconds=seconds))
        except StoreUnavailable as trouble:
            log.warning("a pause could not be told to other processes: %s", trouble.message)

    def _read(self) -> None:
        with self._database.read() as tx:
            until = tx.execute(sa.select(_P.held_until).where(_P.name == self._name)).scalar()
            if until is not None and until != self._stored:
                left = (until - self._database.now(tx)).total_seconds()
                self._stored, self._held_until = until, max(self._held_until, clock() + left)

    def _write(self, pause: timedelta) -> None:
        for _ in range(2):  # two processes may meet at the first pause of an account
            try:
                with self._database.begin() as tx:
                    until = self._database.now(tx) + pause
                    mine = table.pace.update().where(_P.name == self._name)
                    later = sa.case((_P.held_until > until, _P.held_until), else_=sa.literal(until, Instant()))
                    if tx.execute(mine.values(held_until=later)).rowcount == 0:
                        tx.execute(table.pace.insert().values(name=self._name, held_until=until))
            except IntegrityError:
                continue
            return


class AsyncPace:
    """The same for an event loop, which no database holds up."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def claim(self) -> float:
        """Give the seconds until the account may be called (0: now)."""
        return self._pace.claim() if self._pace.fresh else await asyncio.to_thread(self._pace.claim)

    async def slow_down(self, seconds: float) -> None:
        """Hear that the ERP asked for a wait, and tell the others."""
        await asyncio.to_thread(self._pace.slow_down, seconds)
