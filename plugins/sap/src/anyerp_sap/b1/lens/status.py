"""Where documents and their lines stand (sap sheet §13, Purchasing objects)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import Codec, Rule, text
from anyerp.lens.rule import Derived, Join, Map

from anyerp_sap.b1.codec import flag, number, yes_no
from anyerp_sap.b1.progress import RECEIVED
from anyerp_sap.b1.record import CANCELLED

CLOSED, OPEN = "bost_Close", "bost_Open"
DRAFT = "@anyerp.draft"
_WAITING = {"dasPending": "pending_approval", "dasRejected": "rejected", "dasCancelled": "cancelled"}
_BEGUN = ("closed", "partially_received", "received", "partially_shipped", "shipped")
_HEAD = (
    (DRAFT, flag()),
    ("DocumentStatus", text(20)),
    ("Cancelled", yes_no()),
    ("AuthorizationStatus", text(30)),
    ("Confirmed", yes_no()),
)
_LINE = ("LineStatus", "Quantity", "RemainingOpenQuantity", CANCELLED)


def of_order(done: str) -> tuple[Rule, ...]:
    """The status of an order: `done` is what happens to its lines (`received`, `shipped`)."""

    def status(
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
        if status != OPEN:
            return "other" if status else None
        if confirmed is False:
            return "pending_approval"
        return f"partially_{done}" if any(line.get("status") in _BEGUN for line in lines or ()) else "open"

    return (
        Derived("status", status, uses=("lines",), native=_HEAD),
        Map("native_status", "DocumentStatus", text(20), read_only=True),
    )


def of_line(done: str, quantity: str) -> tuple[Rule, ...]:
    """The status of an order's line, and how much of it is `done` (the field `quantity`)."""
    native = tuple(zip((*_LINE, RECEIVED), (text(20), number(), number(), flag(), number()), strict=True))
    codec = Codec(f"b1_line_{done}", decode=_line(done), native=(str, Decimal, Decimal, bool))
    return (
        Derived(quantity, moved, native=native),
        Join("status", _LINE, codec, read_only=True),
        Map("native_status", "LineStatus", text(20), read_only=True),
    )


def _line(done: str) -> Callable[[Any], str | None]:
    def decode(parts: tuple[str | None, Decimal | None, Decimal | None, bool | None]) -> str | None:
        status, quantity, still_open, cancelled = parts
        if cancelled:
            return "cancelled"
        if status == CLOSED:
            return "closed"
        if status != OPEN:
            return "other" if status else None
        if quantity is None or still_open is None or still_open >= quantity:
            return "open"
        return f"partially_{done}" if still_open > 0 else done

    return decode


def moved(
    status: str | None,
    quantity: Decimal | None,
    still_open: Decimal | None,
    cancelled: bool | None,
    counted: Decimal | None,
) -> Decimal | None:
    """What has come or gone of a line.

    A closed line waits for nothing, whether everything came or nothing: then what was `counted` in other documents
    says it, or nobody knows. Of what was cancelled nothing came, because the ERP cancels nothing else.
    """
    if cancelled:
        return Decimal(0)
    if status != OPEN:
        return counted
    return None if quantity is None or still_open is None else quantity - still_open


def of_receipt(draft: bool | None, approval: str | None, cancel: str | None) -> str | None:
    """A receipt that was taken back, and the document that takes it back, are cancelled both."""
    if draft:
        return "cancelled" if approval in ("dasCancelled", "dasRejected") else "draft"
    return None if cancel is None else "posted" if cancel == "csNo" else "cancelled"


def of_invoice(
    draft: bool | None,
    approval: str | None,
    cancel: str | None,
    status: str | None,
    blocked: bool | None,
    paid_foreign: Decimal | None,
    paid: Decimal | None,
) -> str | None:
    """An invoice that was taken back is closed as well, and so is a paid one."""
    if draft:
        return _WAITING.get(approval or "", "draft")
    if cancel not in (None, "csNo"):
        return "cancelled"
    if status == CLOSED:
        return "paid"
    if status != OPEN:
        return "other" if status else None
    if blocked:
        return "blocked"
    return "partially_paid" if paid_foreign or paid else "open"


#: What a draft's status is read from.
KEPT = ((DRAFT, flag()), ("AuthorizationStatus", text(30)))
