"""Slots in the database: a name has so many, whoever holds one renews it, and what is not renewed comes free again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from anyerp_hub.store import Database, table

_P = table.place.c
#: Seconds after which a silent holder is taken for dead.
LEASE = 3.0
#: How long the slots of the dead are kept before they are swept.
_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot that is ours; `full` tells whether it was the last one."""

    number: int
    holder: str
    full: bool


def digest(name: str) -> str:
    """A name as it is stored: of one length, and telling nothing."""
    return hashlib.sha256(name.encode()).hexdigest()


def full(database: Database, name: str, limit: int) -> bool:
    """Whether every slot of a name is taken; asks without a lock."""
    with database.read() as tx:
        living = sa.select(sa.func.count()).where(_P.name == name, _P.until > database.now(tx))
        return bool(tx.execute(living).scalar_one() >= limit)


def take(database: Database, name: str, limit: int) -> Taken | None:
    """Take a slot; None where none is free, or another was faster."""
    holder = secrets.token_hex(12)
    try:
        with database.begin() as tx:
            now = database.now(tx)
            rows = tx.execute(sa.select(_P.slot, _P.until).where(_P.name == name))
            found = {row.slot: row.until for row in rows}
            living = [slot for slot, until in found.items() if until > now]
            if len(living) >= limit:
                return None
            free = next(slot for slot in range(limit) if slot not in living)
            values = {"holder": holder, "until": now + timedelta(seconds=LEASE)}
            if free in found:
                dead = sa.and_(_P.name == name, _P.slot == free, _P.until == found[free])
                if tx.execute(table.place.update().where(dead).values(values)).rowcount == 0:
                    return None
            else:
                tx.execute(table.place.insert().values(name=name, slot=free, **values))
    except IntegrityError:
        return None
    return Taken(free, holder, len(living) + 1 >= limit)


def renew(database: Database, holders: Iterable[str]) -> set[str]:
    """Renew slots; gives the holders that hold theirs no longer."""
    wanted = set(holders)
    with database.begin() as tx:
        now = database.now(tx)
        mine = _P.holder.in_(wanted)
        tx.execute(table.place.update().where(mine).values(until=now + timedelta(seconds=LEASE)))
        kept = set(tx.execute(sa.select(_P.holder).where(mine)).scalars())
        tx.execute(table.place.delete().where(_P.until < now - _KEPT))
    return wanted - kept


def free(database: Database, holders: Iterable[str]) -> None:
    """Give slots back."""
    with database.begin() as tx:
        tx.execute(table.place.delete().where(_P.holder.in_(set(holders))))
