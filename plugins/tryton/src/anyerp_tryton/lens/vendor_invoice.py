"""Vendor invoices: `account.invoice` of type `in` and its lines; negative ones are credit memos (wire §19)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from anyerp.lens import Absent, Codec, Derived, Each, Join, Lens, Map, Nest, Rule, absent, choice
from anyerp.lens.domain import DayDomain
from anyerp.model import VendorInvoice

from anyerp_tryton.codec import Day, char, day, exact, floating, key, number, written_day
from anyerp_tryton.lens.common import OWN, listed, ref, unit
from anyerp_tryton.lens.line import kind, paragraph, taxes
from anyerp_tryton.lens.origin import order_line, same_order

ALSO = {
    "lines./*/id": ("lines._timestamp",),
    "lines./*/_purchase": ("lines.origin",),
    "lines./*/_sequence": ("lines.origin",),
    "lines./*/_receipt": ("lines.stock_moves.shipment",),
    "lines./*/taxes.": ("lines.taxes.name",),
    "lines_to_pay.": ("lines_to_pay.maturity_date",),
    "currency./code": ("currency",),
}
#: What is turned round in a credit memo, in header and lines (see the flow).
SIGNED = ("untaxed_amount", "tax_amount", "total_amount", "amount_to_pay")
SIGNED_LINE = ("quantity", "amount")


def _status(state: str | None, total: Decimal | None, left: Decimal | None) -> str:
    """Where an invoice stands (wire §19). One without a state is about to be made, as a draft."""
    if state == "posted":
        return "partially_paid" if total and left is not None and abs(left) < abs(total) else "open"
    known = {None: "draft", "draft": "draft", "validated": "pending_approval", "paid": "paid", "cancelled": "cancelled"}
    return known.get(state, "other")


def _paid(total: Decimal | None, state: str | None, left: Decimal | None) -> Decimal | None:
    """What is left to pay is said of posted invoices only."""
    if total is None or state is None or state == "cancelled":
        return None
    return total if state == "paid" else total - (left or 0) if state == "posted" else Decimal(0)


def _due(rows: list[Any] | None) -> dt.date | None:
    """The last day of the terms, known once the invoice is in the books."""
    found = [row["maturity_date"] for row in rows or () if row.get("maturity_date")]
    return max((dt.date(day["year"], day["month"], day["day"]) for day in found), default=None)


def _posting_date() -> Codec:
    """The date asked for, or else that of the entry in the books: without one Tryton takes the invoice's."""

    def decode(parts: tuple[Day | None, Day | None]) -> dt.date | None:
        found = parts[0] or parts[1]
        return None if found is None else dt.date(found.year, found.month, found.day)

    return Codec(
        "tryton_posting_date",
        decode=decode,
        encode=lambda value: (written_day(value), None),
        native=(Day, Day),
        memo=True,
        domain=DayDomain(),
        data={"codec": "tryton_posting_date"},
    )


_ROWS = listed("tryton_rows", lambda rows: rows)

LINE: tuple[Rule, ...] = (
    Map("id", "id", key(), read_only=True),
    Map("number", "sequence", number()),
    Join("kind", ("type", "product./type"), kind()),
    *order_line(),
    Nest("goods_receipt", (
        Map("id", "_receipt", key(), read_only=True),
        Absent("number", "never: the move of a line names its shipment by id"),
        Absent("name", "never: a shipment has no name"),
    )),
    ref("item", "product"),
    Map("description", "description", paragraph()),
    Map("quantity", "quantity", floating()),
    Map("unit", "unit./symbol", unit(), native="native_unit"),
    Map("unit_price", "unit_price", exact(4)),
    Map("amount", "amount", exact(4), read_only=True),
    Map("tax_code", "taxes.", taxes()),
    ref("account", "account"),
    ref("location", "warehouse", read_only=True),
    Map("extra.note", "note", paragraph()),
    *absent("never: a move is known by its id only", "goods_receipt_line"),
    *absent("never: a price is for one unit", "price_quantity"),
    *absent("never: taxes are computed for the invoice as a whole", "tax_amount"),
    *absent("upstream: a module of its own adds discounts", "discount_percent"),
    *absent("upstream: a module of its own adds analytic accounts", "dimensions"),
)  # fmt: skip

VENDOR_INVOICE = Lens(VendorInvoice, (
    *OWN,
    Map("number", "number", char(), read_only=True),
    Map("kind", "_kind", choice({"invoice": "invoice", "credit_memo": "credit_memo"}), create_only=True),
    ref("company", "company", number="party./code", name="party./name"),
    ref("vendor", "party"),
    Derived("purchase_order", same_order, uses=("lines",)),
    Map("vendor_reference", "reference", char()),
    Map("external_reference", "description", char()),
    Derived("status", _status, native=(("state", char()), ("total_amount", exact()), ("amount_to_pay", exact()))),
    Map("native_status", "state", char(), read_only=True),
    Map("invoice_date", "invoice_date", day()),
    Join("posting_date", ("accounting_date", "move./date"), _posting_date()),
    Derived("due_date", _due, native=(("lines_to_pay.", _ROWS),)),
    Map("currency", "currency./code", char()),
    ref("payment_terms", "payment_term", number="name"),
    Map("notes", "comment", paragraph()),
    Map("total_excl_tax", "untaxed_amount", exact(), read_only=True),
    Map("total_tax", "tax_amount", exact(), read_only=True),
    Map("total_incl_tax", "total_amount", exact(), read_only=True),
    Derived("amount_paid", _paid, uses=("total_incl_tax",), native=(("state", char()), ("amount_to_pay", exact()))),
    Each("lines", "lines.", LINE, key=("id", "id")),
    *absent("never: an invoice and its credit memo are one kind, told by their sign", "native_kind"),
    *absent("never: the day on which it came in is not kept", "received_date"),
    *absent("never: Tryton takes the currency's rate of the day", "exchange_rate"),
))  # fmt: skip
