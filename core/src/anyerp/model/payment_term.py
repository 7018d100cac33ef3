"""Payment terms: when an invoice is due, and what an early payment saves."""

from __future__ import annotations

from typing import Annotated

from anyerp.model.base import Number, Record, Text
from anyerp.model.scalar import WholeType

Days = Annotated[int, WholeType(0, 36500)]


class PaymentTerm(Record):
    """Terms of payment."""

    name: Text | None = None
    """Their name."""
    description: Text | None = None
    """A longer text."""
    net_days: Days | None = None
    """Days until the whole amount is due."""
    discount_days: Days | None = None
    """Days within which the discount is granted."""
    discount_percent: Number | None = None
    """The discount for early payment, in percent."""
    active: bool | None = None
    """Whether they are in use."""
