"""What records take from the connection: the day of creation as a moment, and the address of their page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import quote, urlsplit

from anyerp.connector import Context
from anyerp.kits.odata import v2
from anyerp.lens import Codec, Derived, Join, text

from anyerp_sap.s4.settings import Settings
from anyerp_sap.zone import zone

#: Where the lens finds the zone of the system's days, and the address of its launchpad; no fields of SAP's.
ZONE, LAUNCHPAD = "_anyerp.zone", "_anyerp.launchpad"
#: S/4HANA Cloud serves its APIs on `my300000-api.s4hana.cloud.sap` (sap sheet §1), and its launchpad without `-api`.
_CLOUD = re.compile(r"([a-z0-9]+)-api(\.s4hana\.[a-z0-9.-]+)")

_TIME = re.compile(r"PT(?:(\d\d?)H)?(?:(\d\d?)M)?(?:(\d\d?)S)?")


def launchpad(settings: Settings) -> str | None:
    """Where people open the Fiori launchpad: as the settings say, else `/ui` in the cloud and `/sap/bc/ui2/flp` not.

    An address with a path is some gateway's: where the launchpad is then, nobody knows.
    """
    if settings.launchpad is not None:
        return settings.launchpad
    there = urlsplit(settings.base_url)
    cloud = _CLOUD.fullmatch(there.netloc.lower())
    if cloud is not None:
        return f"{there.scheme}://{cloud[1]}{cloud[2]}/ui"
    if there.path.strip("/"):
        return None
    client = f"?sap-client={settings.sap_client}" if settings.sap_client else ""
    return f"{there.scheme}://{there.netloc}/sap/bc/ui2/flp{client}"


def given(ctx: Context) -> dict[str, Any]:
    """What the lens needs of the connection."""
    return {ZONE: ctx.settings.time_zone, LAUNCHPAD: launchpad(ctx.settings)}


def page(thing: str, *names: str) -> Callable[..., str | None]:
    """Computes the address of a record's page in the launchpad, from that of the launchpad and the values of its key.

    It is an intent, `#SalesOrder-displayFactSheet?SalesOrder=27` (SAP's manual of the launchpad).
    """

    def address(at: str | None, *values: str | None) -> str | None:
        if not at or not all(values):
            return None
        said = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in zip(names, values, strict=True))
        return f"{at}#{thing}-displayFactSheet?{said}"

    return address


def linked(thing: str, **parameters: tuple[str, int]) -> Derived:
    """The rule for `url`: the page of such a thing; each parameter stands at a native path, so many characters long."""
    native = ((LAUNCHPAD, text()), *((path, text(length)) for path, length in parameters.values()))
    return Derived("url", page(thing, *parameters), native=native)


def created() -> Codec:
    """The moment of creation, from the day and, where SAP keeps it, the time, in the system's zone (sap sheet §11).

    Of a day alone it is the first moment.
    """
    day = v2.day()

    def decode(parts: tuple[str | None, ...]) -> datetime | None:
        native, *clock, name = parts
        found = day.decode(native) if native and name else None
        if found is None:
            return None
        at = _clock(clock[0]) if clock and clock[0] else time()
        return datetime.combine(found, at, zone(str(name))).astimezone(UTC)

    return Codec("sap_creation", decode=decode, native=(str, str), memo=True)


def _clock(native: str) -> time:
    """Edm.Time: `PT09H30M00S`."""
    found = _TIME.fullmatch(native)
    if found is None:
        raise ValueError("no time of day")
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)


#: The rules for `created_at`: of what has a day alone, and of what has a time beside it.
CREATED = Join("created_at", ("CreationDate", ZONE), created(), read_only=True)
_TIMED = replace(created(), native=(str, str, str))
CREATED_AT = Join("created_at", ("CreationDate", "CreationTime", ZONE), _TIMED, read_only=True)
#: The same for `updated_at`; what was never changed has none.
UPDATED_AT = Join("updated_at", ("LastChangeDate", "LastChangeTime", ZONE), _TIMED, read_only=True)
