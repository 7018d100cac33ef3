"""Amounts of documents: in the company's currency, beside them in the document's if that is another (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.kits.currency import minor_units

_HUNDRED = Decimal(100)


def own(foreign: Decimal | None, local: Decimal | None) -> Decimal | None:
    """The amount in the document's currency: the foreign field is 0 where that is the company's own."""
    return foreign or local


def line(
    quantity: Decimal | None,
    price: Decimal | None,
    discount: Decimal | None,
    foreign: Decimal | None,
    local: Decimal | None,
) -> Decimal | None:
    """Net amount of a line; of one that is not sent yet, what it will be."""
    if local is not None:
        return own(foreign, local)
    if quantity is None or price is None:
        return None
    return (quantity * price * (1 - (discount or 0) / _HUNDRED)).quantize(minor_units(None))


def net(
    lines: Iterable[dict[str, Any]] | None,
    total_foreign: Decimal | None,
    total: Decimal | None,
    tax_foreign: Decimal | None,
    tax: Decimal | None,
) -> Decimal | None:
    """A document without its tax; of one that is not sent yet, the sum of its lines."""
    if total is not None:
        return (own(total_foreign, total) or Decimal(0)) - (own(tax_foreign, tax) or Decimal(0))
    amounts = [line.get("amount") for line in lines or ()]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None
