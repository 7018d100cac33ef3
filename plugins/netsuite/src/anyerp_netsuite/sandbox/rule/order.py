"""Purchase orders and sales orders: approval, what may still change, and the status that follows from the lines."""

from __future__ import annotations

from decimal import Decimal

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.problem import user_error
from anyerp_netsuite.sandbox.rule.common import RECEIVABLE, ZERO, item_kind, open_quantity, order_line
from anyerp_netsuite.sandbox.rule.document import settle_header, settle_lines
from anyerp_netsuite.sandbox.store import Record, Store

#: Internal: an order that supply planning made and nobody firmed.
PLANNED = "_planned"
PENDING, APPROVED, REJECTED = "1", "2", "3"


def purchase_order(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a purchase order. Raises `Problem`."""
    values = draft.values
    settle_header(store, draft, created=old is None)
    letter = values.pop("orderStatus", None)
    if letter is not None:
        if letter not in ("A", "B", "P"):
            raise user_error("You cannot set the order status to this value.", "orderStatus")
        values["approvalStatus"] = PENDING if letter == "A" else APPROVED
        values[PLANNED] = letter == "P"
    values.setdefault("approvalStatus", APPROVED)
    values["supervisorApproval"] = values["approvalStatus"] == APPROVED
    values.setdefault("nextApprover", Ref("employee", "-1"))
    values.setdefault("customForm", Ref("customform", "225"))
    settle_lines(store, draft, description="purchaseDescription")
    _addresses(store, draft)
    if old is not None:
        _keep_what_came(draft, old)


def sales_order(store: Store, draft: Record, old: Record | None) -> None:
    """Settle a sales order. Raises `Problem`."""
    letter = draft.values.pop("orderStatus", None)
    if letter not in (None, "A", "B"):
        raise user_error("You cannot set the order status to this value.", "orderStatus")
    if letter is not None or old is None:
        draft.values["_approved"] = letter != "A"
    settle_header(store, draft, created=old is None)
    settle_lines(store, draft, description="salesDescription")
    if old is not None:
        _keep_what_came(draft, old)


def _addresses(store: Store, draft: Record) -> None:
    values = draft.values
    vendor = store.at(values["entity"])
    home = next((one for one in vendor.values.get("addressBook", ()) if one.get("defaultBilling")), None)
    if home is not None and "billingAddress" not in values:
        values["billingAddress"] = dict(home["addressBookAddress"])
    place = store.at(values["location"]) if "location" in values else store.at(values["subsidiary"])
    if "shippingAddress" not in values and (where := place.values.get("mainAddress")):
        values["shippingAddress"] = dict(where)


def _keep_what_came(draft: Record, old: Record) -> None:
    """Lines that were received, fulfilled or billed cannot go, nor shrink below that."""
    for index, before in enumerate(old.values.get("item", [])):
        done = max((Decimal(before.get(name, ZERO)) for name in _DONE), default=ZERO)
        if not done:
            continue
        after = order_line(draft, before["line"])
        if after is None:
            raise user_error(
                "You cannot delete this line because it has already been processed.", f"item.items[{index}]"
            )
        if after["item"] != before["item"]:
            raise user_error(
                "You cannot change the item of a line that has already been processed.", f"item.items[{index}].item"
            )
        if after["quantity"] < done:
            raise user_error(
                "The quantity cannot be less than what was already received or billed.", f"item.items[{index}].quantity"
            )


_DONE = ("quantityReceived", "quantityFulfilled", "quantityBilled")


def purchase_status(store: Store, values: Values) -> str:
    """The status letter of a purchase order (netsuite sheet §4).

    D and E both mean partly received: E once billing has begun and lags behind what came.
    """
    if values["approvalStatus"] == REJECTED:
        return "C"
    if values["approvalStatus"] == PENDING:
        return "A"
    if values.get(PLANNED):
        return "P"
    lines = values["item"]
    docked = [line for line in lines if item_kind(store, line) in RECEIVABLE]
    came = any(Decimal(line.get("quantityReceived", ZERO)) for line in docked)
    all_came = all(not open_quantity(line, "quantityReceived") for line in docked)
    billed = any(Decimal(line.get("quantityBilled", ZERO)) for line in lines)
    charges = values.get("expense", [])
    all_billed = all(not open_quantity(line, "quantityBilled") for line in lines) and all(
        one.get("_billed") or one.get("isClosed") for one in charges
    )
    if all(line.get("isClosed") for line in (*lines, *charges)) and not billed:
        return "H"
    if all_came:
        return "G" if all_billed else "F"
    if not came:
        return "B"
    behind = any(
        Decimal(line.get("quantityReceived", ZERO)) > Decimal(line.get("quantityBilled", ZERO)) for line in docked
    )
    return "E" if billed and behind else "D"


def sales_status(store: Store, values: Values) -> str:
    """The status letter of a sales order (netsuite sheet §4)."""
    if not values.get("_approved", True):
        return "A"
    lines = values["item"]
    docked = [line for line in lines if item_kind(store, line) in RECEIVABLE]
    went = any(Decimal(line.get("quantityFulfilled", ZERO)) for line in docked)
    all_went = all(not open_quantity(line, "quantityFulfilled") for line in docked)
    billed = all(not open_quantity(line, "quantityBilled") for line in lines)
    if all(line.get("isClosed") for line in lines):
        return "H"
    if all_went:
        return "G" if billed else "F"
    if not went:
        return "B"
    behind = any(
        Decimal(line.get("quantityFulfilled", ZERO)) > Decimal(line.get("quantityBilled", ZERO)) for line in docked
    )
    return "E" if behind and any(line.get("quantityBilled") for line in lines) else "D"
