"""Companies: legal entities, subsidiaries, company codes."""

from __future__ import annotations

from anyerp.model.base import Country, Currency, Record, Text


class Company(Record):
    """A legal entity that keeps books of its own (company code, subsidiary, data area)."""

    name: Text | None = None
    """Its name."""
    currency: Currency | None = None
    """The currency of its books."""
    country: Country | None = None
    """Where it is registered."""
    city: Text | None = None
    """Where it sits."""
    tax_number: Text | None = None
    """Its VAT or tax registration."""
