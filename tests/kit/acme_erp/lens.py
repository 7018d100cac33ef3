"""Acme's tables: orders and vendors."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anyerp.lens import (
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Refused,
    absent,
    choice,
    decimal,
    integer,
    iso_day,
    iso_instant,
    reference,
    text,
)
from anyerp.lens.domain import TextDomain
from anyerp.model import PurchaseOrder, Vendor

STREET = 30


def _street_lines(value: str) -> tuple[str, str]:
    first, _, second = value.partition("\n")
    if not first or "\n" in second or len(first) > STREET or len(second) > STREET or value.endswith("\n"):
        raise Refused(f"this ERP stores two lines of {STREET} characters")
    return first, second


def street() -> Codec:
    """Two native lines, joined by a newline."""
    return Codec(
        "acme_street",
        decode=lambda parts: "\n".join(part for part in parts if part) or None,
        encode=_street_lines,
        native=(str, str),
        empty="",
        domain=TextDomain(STREET),
        data={"codec": "acme_street"},
    )


def address(street_codec: Codec | None = None) -> tuple[Any, ...]:
    """An address within the record."""
    return (
        Map("name", "ShipName", text(40, empty="")),
        Join("street", ("ShipStreet1", "ShipStreet2"), street_codec or street()),
        Map("city", "ShipCity", text(40, empty="")),
        Map("postal_code", "ShipZip", text(10, empty="")),
        Map("country", "ShipCountry", text(2, upper=True, empty="")),
        *absent("never: Acme has no regions", "region"),
    )


def total(lines: Any) -> Decimal | None:
    """The sum of the lines that have an amount."""
    return None if lines is None else sum((line["amount"] for line in lines if line["amount"] is not None), Decimal(0))


def amount(quantity: Decimal | None, price: Decimal | None) -> Decimal | None:
    """Quantity times price."""
    return None if quantity is None or price is None else quantity * price


UNITS = {"PCS": "C62", "KG": "KGM", "HRS": "HUR"}

LINE = (
    Map("number", "No", integer(1, 9999), create_only=True),
    Map("item", "Item", reference(18, upper=True, empty="")),
    Map("description", "Text", text(40, empty="")),
    Map("quantity", "Qty", decimal(13, 3)),
    Map("unit", "Unit", choice(UNITS), native="native_unit"),
    Map("unit_price", "Price", decimal(12, 2)),
    Derived("amount", amount, uses=("quantity", "unit_price")),
    *absent("never: Acme's lines are all alike", "kind", "status", "native_status"),
    *absent("todo: not needed for the tests", "id", "vendor_item_number", "price_quantity", "discount_percent",
            "tax_code", "tax_amount", "requested_date", "confirmed_date", "location", "account", "quantity_received",
            "quantity_billed", "requisition"),
)  # fmt: skip

ITEMS = Each("lines", "Items", LINE, key=("number", "No"))

ORDER_RULES = (
    Map("id", "Key", text(10), read_only=True),
    Map("number", "Key", text(10), read_only=True),
    Map("version", "Rev", text(20), read_only=True),
    Map("updated_at", "Changed", iso_instant(1000), read_only=True),
    Map("vendor", "Vendor", reference(10, upper=True), create_only=True),
    Map("vendor_reference", "TheirRef", text(20, empty="")),
    Map("external_reference", "OurRef", text(24, empty="")),
    Map("status", "State", choice({"N": "open", "C": "closed"}, otherwise="other"), read_only=True,
        native="native_status"),
    Map("order_date", "Date", iso_day()),
    Map("currency", "Currency", text(3, upper=True)),
    Map("exchange_rate", "Rate", decimal(9, 5)),
    Map("notes", "Notes", text(83, empty="")),
    Nest("ship_to", address()),
    ITEMS,
    Derived("total_excl_tax", total, uses=("lines",)),
    *absent("never: Acme is a single company", "company"),
    *absent("todo: not needed for the tests", "url", "created_at", "payment_terms", "incoterms", "incoterms_location",
            "buyer", "requester", "approved_at", "bill_to", "total_tax", "total_incl_tax"),
)  # fmt: skip

VENDOR_RULES = (
    Map("id", "Key", text(10), read_only=True),
    Map("number", "Key", text(10), read_only=True),
    Map("name", "Name", text(60)),
    Map("currency", "Currency", text(3, upper=True)),
    Map("version", "Rev", text(20), read_only=True),
    *absent("todo: not needed for the tests", "url", "created_at", "updated_at", "legal_name", "status",
            "native_status", "tax_number", "email", "phone", "website", "address", "payment_terms", "incoterms",
            "group", "external_reference"),
)  # fmt: skip

ORDER: Lens[PurchaseOrder] = Lens(PurchaseOrder, ORDER_RULES)
VENDOR: Lens[Vendor] = Lens(Vendor, VENDOR_RULES)
