"""What an order's header takes from the connection: the day of creation as a moment, and the address of its page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import quote, urlsplit

from anyerp.connector import Context
from anyerp.kits.odata import v2
from anyerp.lens import Codec

from anyerp_sap.s4.settings import Settings
from anyerp_sap.zone import zone

#: Where the lens finds the zone of the system's days, and the address of its launchpad; no fields of SAP's.
ZONE, LAUNCHPAD = "_anyerp.zone", "_anyerp.launchpad"
#: S/4HANA Cloud serves its APIs on `my300000-api.s4hana.cloud.sap` (sap sheet §1), and its launchpad without `-api`.
_CLOUD = re.compile(r"([a-z0-9]+)-api(\.s4hana\.[a-z0-9.-]+)")


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


def page(number: str | None, at: str | None) -> str | None:
    """The page of an order in the launchpad: an intent, `#object-action?parameter=value` (SAP's launchpad manual)."""
    if not number or not at:
        return None
    return f"{at}#PurchaseOrder-displayFactSheet?PurchaseOrder={quote(number, safe='')}"


def created() -> Codec:
    """The first moment of the day of creation in the system's zone: SAP keeps no time beside the day (sheet §11)."""
    day = v2.day()

    def decode(parts: tuple[str | None, str | None]) -> datetime | None:
        native, name = parts
        found = day.decode(native) if native and name else None
        return None if found is None else datetime.combine(found, time(), zone(str(name))).astimezone(UTC)

    return Codec("sap_day_of_creation", decode=decode, native=(str, str), memo=True)
