"""Statuses of transactions: words first, letters where a word is not known (netsuite sheet §4).

The words are the surer sign, since published tables of the letters disagree; but they are in the company's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyerp.lens import Codec, Join, Map, Rule

from anyerp_netsuite.codec import label

PURCHASE_ORDER = (
    {
        "Pending Supervisor Approval": "pending_approval",
        "Pending Receipt": "open",
        "Rejected by Supervisor": "rejected",
        "Partially Received": "partially_received",
        "Pending Billing/Partially Received": "partially_received",
        "Pending Bill": "received",
        "Pending Billing": "received",
        "Fully Billed": "closed",
        "Closed": "closed",
        "Planned": "draft",
    },
    {
        "A": "pending_approval",
        "B": "open",
        "C": "rejected",
        "D": "partially_received",
        "E": "partially_received",
        "F": "received",
        "G": "closed",
        "H": "closed",
        "P": "draft",
    },
)
SALES_ORDER = (
    {
        "Pending Approval": "pending_approval",
        "Pending Fulfillment": "open",
        "Cancelled": "cancelled",
        "Partially Fulfilled": "partially_shipped",
        "Pending Billing/Partially Fulfilled": "partially_shipped",
        "Pending Billing": "shipped",
        "Billed": "closed",
        "Closed": "closed",
    },
    {
        "A": "pending_approval",
        "B": "open",
        "C": "cancelled",
        "D": "partially_shipped",
        "E": "partially_shipped",
        "F": "shipped",
        "G": "closed",
        "H": "closed",
    },
)
VENDOR_BILL = (
    {
        "Open": "open",
        "Paid In Full": "paid",
        "Cancelled": "cancelled",
        "Pending Approval": "pending_approval",
        "Rejected": "rejected",
        "Payment In-Transit": "partially_paid",
    },
    {
        "A": "open",
        "B": "paid",
        "C": "cancelled",
        "D": "pending_approval",
        "E": "rejected",
        "F": "partially_paid",
    },
)


def status(words: Mapping[str, str], letters: Mapping[str, str], letter: str = "orderStatus/id") -> tuple[Rule, ...]:
    """The status and the ERP's own word for it, both read only: it follows from lines and approval."""

    def decode(parts: tuple[str | None, str | None]) -> str:
        return words.get((parts[1] or "").rpartition(" : ")[2]) or letters.get(parts[0] or "", "other")

    data = {"codec": "netsuite_status", "table": dict(letters)}
    codec = Codec("netsuite_status", decode=decode, native=(str, str), memo=True, data=data)
    return (
        Join("status", (letter, "status/refName"), codec, read_only=True),
        Map("native_status", "status/refName", label(), read_only=True),
    )


_TRUTH = {None: False, True: True, False: False, "T": True, "F": False}


def line_status(done: str, finished: str) -> Join:
    """The status of an order's line, from its mark and its quantities; `done` is the path of what came or went."""

    def decode(parts: tuple[Any, ...]) -> str | None:
        closed, ordered, so_far = parts
        if _TRUTH[closed]:
            return "closed"
        if ordered is None:
            return None
        if so_far is None or so_far <= 0:
            return "open"
        return finished if so_far >= ordered else f"partially_{finished}"

    codec = Codec("netsuite_line_status", decode=decode, native=(object, Decimal, Decimal))
    return Join("status", ("isClosed", "quantity", done), codec, read_only=True)
