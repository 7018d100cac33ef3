"""Stamps: day and time in two fields, in the company's own zone whatever the Z says (sap sheet §13, Wire, Delta)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from anyerp.connector import Context
from anyerp.lens import Codec

from anyerp_sap.zone import zone

#: Where the lens finds the zone of the stamps; the wire does not say it.
ZONE = "@anyerp.zone"


def given(ctx: Context) -> dict[str, str]:
    """The company's zone, for every record that has stamps."""
    return {ZONE: ctx.settings.time_zone}


_TIME = re.compile(r"([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?")


def moment(day: str | None, clock: str | None, name: str, *, latest: bool = False) -> datetime | None:
    """A moment from a day (`2025-02-03T00:00:00Z`, the time in it means nothing) and a time of day (`13:14:45`).

    `latest` is the last that is meant: of an hour that comes twice in autumn, of a minute without its second.
    """
    if not day:
        return None
    found = _TIME.fullmatch(clock) if clock else None
    if clock and found is None:
        raise ValueError("no time of day")
    second = 59 if latest else 0
    at = time(int(found[1]), int(found[2]), int(found[3] or second), fold=latest) if found else time()
    return datetime.combine(date.fromisoformat(day[:10]), at, zone(name)).astimezone(UTC)


def created() -> Codec:
    """The moment of creation from day, time and zone."""

    def decode(parts: tuple[str | None, ...]) -> datetime | None:
        day, clock, name = parts
        return moment(day, clock, name) if name else None

    return Codec("b1_created", decode=decode, native=(str, str, str), memo=True)


def changed() -> Codec:
    """The moment of the last change; what was never changed has none, and stands as it was created."""

    def decode(parts: tuple[str | None, ...]) -> datetime | None:
        day, clock, made_on, made_at, name = parts
        if not name:
            return None
        return moment(day, clock, name) if day else moment(made_on, made_at, name)

    return Codec("b1_changed", decode=decode, native=(str, str, str, str, str), memo=True)
