"""Purchase orders and their lines (dynamics sheet §2.2, §2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, reference, text
from anyerp.lens.codecs import boolean
from anyerp.model import PurchaseOrder

from anyerp_dynamics.bc.codec import code, day, dimensions, guid, number, option
from anyerp_dynamics.bc.lens.common import address, company, ref, stamped
from anyerp_dynamics.bc.lens.document import DIMENSIONS, ORDER_ID, RATE, REFERENCE, line, of, progress

LINES = "purchaseOrderLines"

#: What Business Central itself calls Open, Released and Pending Approval (dynamics sheet §2.4).
STATUS = {"Draft": "draft", "In_x0020_Review": "pending_approval", "Open": "open"}
_WORDS = {"part": "partially_received", "whole": "received"}


def _line_status(
    kind: str | None, quantity: Decimal | None, received: Decimal | None, billed: Decimal | None
) -> str | None:
    if kind == "text" or quantity is None:
        return None
    found = progress(quantity, received, billed)
    return _WORDS.get(found or "", found)


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


LINE: tuple[Rule, ...] = (
    *line(price="directUnitCost"),
    of("account", "accountId"),
    Map("requested_date", "expectedReceiptDate", day()),
    Map("quantity_received", "receivedQuantity", number(), read_only=True),
    Map("quantity_billed", "invoicedQuantity", number(), read_only=True),
    Derived("status", _line_status, uses=("kind", "quantity", "quantity_received", "quantity_billed")),
    *absent("never: lines have no status of their own", "native_status"),
    *absent("never: requisition lines are deleted when they become an order", "requisition"),
    *absent("upstream: API v2.0 does not show the vendor's item number", "vendor_item_number"),
    *absent("upstream: API v2.0 does not show the promised receipt date", "confirmed_date"),
)

PURCHASE_ORDER = Lens(PurchaseOrder, (
    Join("id", ("id", "number"), ORDER_ID, read_only=True),
    Map("number", "number", text(20), read_only=True),
    *stamped(page=50),
    company(),
    Nest("vendor", (
        Map("id", "vendorId", guid()),
        Map("number", "vendorNumber", code(20)),
        Map("name", "vendorName", text(100), follows=True),
    )),
    REFERENCE,
    Derived("status", _status, uses=("lines",), native=(("status", text()),)),
    Map("native_status", "status", option(), read_only=True),
    Map("order_date", "orderDate", day()),
    Map("currency", "currencyCode", code(10)),
    RATE,
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
