"""Vendors: those whom we buy from."""

from __future__ import annotations

from typing import Literal

from anyerp.model.base import Address, Currency, Record, Ref, Text

VendorStatus = Literal["active", "blocked", "inactive", "other"]


class Vendor(Record):
    """A supplier of goods or services."""

    name: Text | None = None
    """Its name."""
    legal_name: Text | None = None
    """Its full name where that differs."""
    status: VendorStatus | None = None
    """Whether orders may be placed."""
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
    """The currency that orders to it are written in."""
    payment_terms: Ref | None = None
    """When its invoices are due."""
    incoterms: Text | None = None
    """The usual Incoterms code."""
    group: Text | None = None
    """The account group or category, as the ERP codes it."""
    external_reference: Text | None = None
    """The caller's own key."""
