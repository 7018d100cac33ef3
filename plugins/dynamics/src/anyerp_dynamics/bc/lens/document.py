"""What the tables of documents share: lines, dimensions, the caller's key, the rate of the local currency."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Absent, Codec, Derived, Join, Map, Nest, Rule, absent, choice, integer, text

from anyerp_dynamics.bc.codec import ZERO, code, dimensions, guid, number, percent
from anyerp_dynamics.bc.lens.common import ref, text_or_empty, unit

DIMENSIONS = "dimensionSetLines"
UNIT = "unitOfMeasure/internationalStandardCode"
#: Parts an order's GUID and its number, which together are our id of it.
SEPARATOR = "~"
KINDS = {"Item": "item", "Account": "service", "Charge": "charge", "Comment": "text"}

#: The caller's key, by default. Nothing else of a standard document is free text that can be searched.
REFERENCE = Map("external_reference", "shipToContact", text_or_empty(100))


def _id(parts: tuple[str | None, str | None]) -> str | None:
    own, number = parts
    if own in (None, "", ZERO):
        return None
    return f"{own}{SEPARATOR}{number}" if number else own


def _number(parts: tuple[str | None, str | None]) -> str | None:
    target, number = parts
    return number or None if target not in (None, ZERO) else None


#: The number goes along, so that an order that is gone can still be looked for among the invoices.
ORDER_ID = Codec("bc_order_id", decode=_id, native=(str, str), data={"codec": "bc_order_id"})
_OBJECT = Codec("bc_object_number", decode=_number, native=(str, str), memo=True, data={"codec": "bc_object_number"})


def _rate(currency: str | None) -> Decimal | None:
    return Decimal(1) if currency == ZERO else None


#: The local currency has the zero id (dynamics sheet §2.2); the rates of documents in others are not shown.
RATE = Derived("exchange_rate", _rate, native=(("currencyId", text()),))


def of(field: str, path: str) -> Nest:
    """What a line is of; its number is kept in one field, whatever it is of."""
    return Nest(
        field,
        (
            Map("id", path, guid()),
            Join("number", (path, "lineObjectNumber"), _OBJECT, read_only=True),
            Absent("name", "never: the line's description begins as the name, and is not changed with it"),
        ),
    )


def line(*, price: str) -> tuple[Rule, ...]:
    """The rules that lines of every document have; `price` is what the service calls the unit price here."""
    return (
        Map("number", "sequence", integer(1), create_only=True),
        Map("id", "id", guid(), read_only=True),
        Map("kind", "lineType", choice(KINDS, otherwise="other"), create_only=True),
        of("item", "itemId"),
        Map("description", "description", text_or_empty(100)),
        Map("quantity", "quantity", number()),
        Map("unit", UNIT, unit()),
        Map("native_unit", "unitOfMeasureCode", code(10)),
        Map("unit_price", price, number()),
        Map("discount_percent", "discountPercent", percent()),
        Map("amount", "netAmount", number(), read_only=True),
        Map("tax_code", "taxCode", code(50)),
        Map("tax_amount", "netTaxAmount", number(), read_only=True),
        ref("location", "locationId", "location"),
        Map("dimensions", DIMENSIONS, dimensions()),
        Map("extra.lineObjectNumber", "lineObjectNumber", code(20), create_only=True),
        Map("extra.description2", "description2", text_or_empty(50)),
        Map("extra.itemVariantId", "itemVariantId", guid()),
        *absent("never: a price is for one unit", "price_quantity"),
    )


def progress(quantity: Decimal | None, moved: Decimal | None, billed: Decimal | None) -> str | None:
    """How far a line is: `open`, `part`, `whole` or `closed`; None for one without a quantity to speak of."""
    whole, come, paid = (abs(value or Decimal(0)) for value in (quantity, moved, billed))
    if whole and come >= whole:
        return "closed" if paid >= whole else "whole"
    return "part" if come else "open"
