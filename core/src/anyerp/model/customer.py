"""Customers: those whom we sell to."""

from __future__ import annotations

from typing import Literal

from anyerp.model.base import Address, Amount, Currency, Record, Ref, Text

CustomerStatus = Literal["active", "blocked", "inactive", "other"]


class Customer(Record):
    """A buyer of our goods or services."""

    name: Text | None = None
    """Its name."""
    legal_name: Text | None = None
    """Its full name where that differs."""
    status: CustomerStatus | None = None
    """Whether orders may be taken from it."""
    native_status: Text | None = None
    """The ERP's own word for the status."""
    tax_number: Text | None = None
    """Its VAT or tax registration."""
    email: Text | None = None
    """Its main mail address."""
    phone: Text | None = None
    """Its main telephone number."""
    website: Text | None = None
    """Its home page."""
    address: Address | None = None
    """Its main address."""
    currency: Currency | None = None
    """The currency that its orders are written in."""
    payment_terms: Ref | None = None
    """When our invoices to it are due."""
    incoterms: Text | None = None
    """The usual Incoterms code."""
    credit_limit: Amount | None = None
    """How much it may owe us, in `currency`."""
    group: Text | None = None
    """The account group or category, as the ERP codes it."""
    external_reference: Text | None = None
    """The caller's own key."""
