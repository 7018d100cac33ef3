"""Amounts: what a line comes to, what the header's discount takes off it, and the totals of the document."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from ..odata import Row
from .document import Document
from .store import Company

_HUNDRED = Decimal(100)
_WIDE = Context(prec=80)
_TOTALS = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half away from zero to so many decimals: 0 for yen, 3 for Kuwaiti dinar."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, context=_WIDE)


def line_amounts(row: Row, document: Document, places: int, *, with_tax: bool) -> Row:
    """Give a line with its amounts worked out; `with_tax` says that prices include tax."""
    rate = row["taxPercent"] / _HUNDRED
    gross = rounded(row["quantity"] * row[document.price], places)
    amount = gross - row["discountAmount"]
    including = amount if with_tax else amount + rounded(amount * rate, places)
    excluding = rounded(amount / (1 + rate), places) if with_tax else amount
    return {
        **row,
        "amountExcludingTax": excluding,
        "totalTaxAmount": including - excluding,
        "amountIncludingTax": including,
    }


def _net(row: Row, share: Decimal, places: int) -> Row:
    net = row["amountExcludingTax"] - share
    tax = rounded(net * row["taxPercent"] / _HUNDRED, places) if share else row["totalTaxAmount"]
    return {
        **row,
        "invoiceDiscountAllocation": share,
        "netAmount": net,
        "netTaxAmount": tax,
        "netAmountIncludingTax": net + tax,
    }


def recalculate(company: Company, document: Document, header: Row) -> Row:
    """Work out a document's lines and totals.

    The header's discount takes no more off the lines than they come to. Lines and header are stored only where
    something changed: a line without effect on the totals leaves the header's time of change alone (sheet §2.3).
    """
    places = company.decimals(header["currencyCode"])
    stored = company.of(document.lines, header["id"])
    lines = [line_amounts(row, document, places, with_tax=header["pricesIncludeTax"]) for row in stored]
    whole = sum((row["amountExcludingTax"] for row in lines), Decimal(0))
    discount = min(header["discountAmount"], max(whole, Decimal(0)))
    left, net = discount, []
    for place, row in enumerate(lines):
        last = place == len(lines) - 1
        share = left if last or not whole else rounded(discount * row["amountExcludingTax"] / whole, places)
        left -= share
        net.append(_net(row, share, places))
    for before, row in zip(stored, net, strict=True):
        if row != before:
            company.put(document.lines, row)
    totals = [sum((row[name] for row in net), Decimal(0)) for name in ("netAmount", "netTaxAmount")]
    wanted = {**header, **dict(zip(_TOTALS, (*totals, sum(totals)), strict=True))}
    return header if wanted == header else company.put(document.set, wanted)
