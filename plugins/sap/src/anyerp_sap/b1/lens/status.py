"""Where documents and their lines stand (sap sheet §13, Purchasing objects)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import Codec

CLOSED = "bost_Close"
_WAITING = {"dasPending": "pending_approval", "dasRejected": "rejected", "dasCancelled": "cancelled"}


def order(
    lines: Iterable[dict[str, Any]] | None,
    draft: bool | None,
    status: str | None,
    cancelled: bool | None,
    approval: str | None,
    confirmed: bool | None,
) -> str | None:
    """First match wins. A cancelled document is closed as well, so that comes first."""
    if cancelled:
        return "cancelled"
    if approval in _WAITING:
        return _WAITING[approval]
    if draft:
        return "draft"
    if status == CLOSED:
        return "closed"
    if status != "bost_Open":
        return "other" if status else None
    if confirmed is False:
        return "pending_approval"
    begun = any(line.get("status") in ("closed", "partially_received", "received") for line in lines or ())
    return "partially_received" if begun else "open"


def _line(parts: tuple[str | None, Decimal | None, Decimal | None, bool | None]) -> str | None:
    status, quantity, still_open, cancelled = parts
    if cancelled:
        return "cancelled"
    if status == CLOSED:
        return "closed"
    if status != "bost_Open":
        return "other" if status else None
    if quantity is None or still_open is None or still_open >= quantity:
        return "open"
    return "partially_received" if still_open > 0 else "received"


def line() -> Codec:
    """A line's status from its own and the open quantity."""
    return Codec("b1_line_status", decode=_line, native=(str, Decimal, Decimal, bool))


def received(
    status: str | None, quantity: Decimal | None, still_open: Decimal | None, cancelled: bool | None
) -> Decimal | None:
    """What has come of a line. A closed one waits for nothing, whether everything came or nothing: nobody knows.

    Only of what was cancelled nothing came, because the ERP cancels nothing else.
    """
    if cancelled:
        return Decimal(0)
    if status != "bost_Open" or quantity is None or still_open is None:
        return None
    return quantity - still_open
