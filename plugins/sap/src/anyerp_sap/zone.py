"""Time zones by name: what a setting says of stamps and days that have none."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

_OFFSET = re.compile(r"([+-])(\d\d):?([0-5]\d)")


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The zone of a name (`Europe/Paris`) or a fixed offset (`+02:00`). Raises `ValueError`."""
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-span if offset[1] == "-" else span)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            "no time zone of this machine has that name; write Europe/Paris, or an offset such as +02:00"
        ) from None


def _known(name: str) -> str:
    zone(name)
    return name


#: A setting that names a zone of this machine, or an offset.
ZoneName = Annotated[str, AfterValidator(_known)]
