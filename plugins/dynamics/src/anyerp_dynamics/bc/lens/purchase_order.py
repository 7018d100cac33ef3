"""Purchase orders and their lines (dynamics sheet §2.2, §2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import (
    Absent,
    Codec,
    Derived,
    Each,
    Join,
    Lens,
    Map,
    Nest,
    Rule,
    absent,
    choice,
    integer,
    reference,
    text,
)
from anyerp.lens.codecs import boolean
from anyerp.model import PurchaseOrder

from anyerp_dynamics.bc.codec import ZERO, code, day, dimensions, guid, number, option, percent
from anyerp_dynamics.bc.lens.common import address, company, ref, stamped, text_or_empty, unit

LINES = "purchaseOrderLines"
DIMENSIONS = "dimensionSetLines"
UNIT = "unitOfMeasure/internationalStandardCode"
#: The caller's key, by default. Nothing else of a standard order is free text that can be searched.
REFERENCE = "shipToContact"
SEPARATOR = "~"

#: What Business Central itself calls Open, Released and Pending Approval (dynamics sheet §2.4).
STATUS = {"Draft": "draft", "In_x0020_Review": "pending_approval", "Open": "open"}
KINDS = {"Item": "item", "Account": "service", "Charge": "charge", "Comment": "text"}


def _id(parts: tuple[str | None, str | None]) -> str | None:
    own, number = parts
    return f"{own}{SEPARATOR}{number}" if own and number else own


def _number(parts: tuple[str | None, str | None]) -> str | None:
    target, number = parts
    return number or None if target not in (None, ZERO) else None


#: The number goes along, so that an order that is gone can still be looked for among the invoices.
ID = Codec("bc_order_id", decode=_id, native=(str, str), data={"codec": "bc_order_id"})
OBJECT = Codec("bc_object_number", decode=_number, native=(str, str), memo=True, data={"codec": "bc_object_number"})


def _line_status(
    kind: str | None, quantity: Decimal | None, received: Decimal | None, billed: Decimal | None
) -> str | None:
    if kind == "text" or quantity is None:
        return None
    whole, come, paid = (abs(value or Decimal(0)) for value in (quantity, received, billed))
    if whole and come >= whole:
        return "closed" if paid >= whole else "received"
    return "partially_received" if come else "open"


def _status(lines: Iterable[dict[str, Any]] | None, native: str | None) -> str:
    """The document's own status, until something has come."""
    states = {line.get("status") for line in lines or ()} - {None}
    if states == {"closed"}:
        return "closed"
    if states and states <= {"closed", "received"}:
        return "received"
    if states & {"closed", "received", "partially_received"}:
        return "partially_received"
    return STATUS.get(native or "", "other")


def _rate(currency: str | None) -> Decimal | None:
    """The local currency has the zero id (dynamics sheet §2.2); rates of others are not shown."""
    return Decimal(1) if currency == ZERO else None


def _object(field: str, path: str) -> Nest:
    """What a line is of; its number is kept in one field, whatever it is of."""
    return Nest(
        field,
        (
            Map("id", path, guid()),
            Join("number", (path, "lineObjectNumber"), OBJECT, read_only=True),
            Absent("name", "never: the line's description begins as the name, and is not changed with it"),
        ),
    )


LINE: tuple[Rule, ...] = (
    Map("number", "sequence", integer(1), create_only=True),
    Map("id", "id", guid(), read_only=True),
    Map("kind", "lineType", choice(KINDS, otherwise="other"), create_only=True),
    _object("item", "itemId"),
    _object("account", "accountId"),
    Map("description", "description", text_or_empty(100)),
    Map("quantity", "quantity", number()),
    Map("unit", UNIT, unit()),
    Map("native_unit", "unitOfMeasureCode", code(10)),
    Map("unit_price", "directUnitCost", number()),
    Map("discount_percent", "discountPercent", percent()),
    Map("amount", "netAmount", number(), read_only=True),
    Map("tax_code", "taxCode", code(50)),
    Map("tax_amount", "netTaxAmount", number(), read_only=True),
    Map("requested_date", "expectedReceiptDate", day()),
    ref("location", "locationId", "location"),
    Map("dimensions", DIMENSIONS, dimensions()),
    Map("quantity_received", "receivedQuantity", number(), read_only=True),
    Map("quantity_billed", "invoicedQuantity", number(), read_only=True),
    Derived("status", _line_status, uses=("kind", "quantity", "quantity_received", "quantity_billed")),
    Map("extra.lineObjectNumber", "lineObjectNumber", code(20), create_only=True),
    Map("extra.description2", "description2", text_or_empty(50)),
    Map("extra.itemVariantId", "itemVariantId", guid()),
    *absent("never: lines have no status of their own", "native_status"),
    *absent("never: a price is for one unit", "price_quantity"),
    *absent("never: requisition lines are deleted when they become an order", "requisition"),
    *absent("upstream: API v2.0 does not show the vendor's item number", "vendor_item_number"),
    *absent("upstream: API v2.0 does not show the promised receipt date", "confirmed_date"),
)

PURCHASE_ORDER = Lens(PurchaseOrder, (
    Join("id", ("id", "number"), ID, read_only=True),
    Map("number", "number", text(20), read_only=True),
    *stamped(page=50),
    company(),
    Nest("vendor", (
        Map("id", "vendorId", guid()),
        Map("number", "vendorNumber", code(20)),
        Map("name", "vendorName", text(100), follows=True),
    )),
    Map("external_reference", REFERENCE, text_or_empty(100)),
    Derived("status", _status, uses=("lines",), native=(("status", text()),)),
    Map("native_status", "status", option(), read_only=True),
    Map("order_date", "orderDate", day()),
    Map("currency", "currencyCode", code(10)),
    Derived("exchange_rate", _rate, native=(("currencyId", text()),)),
    ref("payment_terms", "paymentTermsId", "paymentTerm"),
    Map("incoterms", "shipmentMethod/code", code(10)),
    Map("buyer", "purchaser", reference(20, upper=True, empty="")),
    Nest("ship_to", address("shipTo", postal="postCode", name="shipToName")),
    Map("total_excl_tax", "totalAmountExcludingTax", number(), read_only=True),
    Map("total_tax", "totalTaxAmount", number(), read_only=True),
    Map("total_incl_tax", "totalAmountIncludingTax", number(), read_only=True),
    Map("extra.requestedReceiptDate", "requestedReceiptDate", day()),
    Map("extra.dimensions", DIMENSIONS, dimensions()),
    # Kept by Business Central itself as the rest changes; an overlay may make them ours to write.
    Map("extra.postingDate", "postingDate", day(), read_only=True),
    Map("extra.pricesIncludeTax", "pricesIncludeTax", boolean(), read_only=True),
    Map("extra.discountAmount", "discountAmount", number(), read_only=True),
    Each("lines", LINES, LINE, key=("number", "sequence")),
    *absent("never: Business Central has no place beside the shipment method", "incoterms_location"),
    *absent("never: orders name no requester", "requester"),
    *absent("never: the vendor's invoice goes to the company itself", "bill_to"),
    *absent("upstream: API v2.0 does not show the vendor's order number", "vendor_reference"),
    *absent("upstream: API v2.0 does not show approvals", "approved_at"),
    *absent("upstream: API v2.0 does not show comments; lines of kind text are mapped", "notes"),
))  # fmt: skip
