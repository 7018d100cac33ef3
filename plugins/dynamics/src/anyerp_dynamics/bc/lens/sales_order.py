"""Sales orders and their lines (dynamics sheet §2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from anyerp.lens import Derived, Each, Join, Lens, Map, Nest, Rule, absent, reference, text
from anyerp.lens.codecs import boolean
from anyerp.model import SalesOrder

from anyerp_dynamics.bc.codec import code, day, dimensions, guid, number, option
from anyerp_dynamics.bc.lens.common import address, company, ref, stamped
from anyerp_dynamics.bc.lens.document import DIMENSIONS, ORDER_ID, RATE, REFERENCE, line, progress
from anyerp_dynamics.bc.lens.purchase_order import STATUS

LINES = "salesOrderLines"
_WORDS = {"part": "partially_shipped", "whole": "shipped"}


def _line_status(
    kind: str | None, quantity: Decimal | None, shipped: Decimal | None, billed: Decimal | None
) -> str | None:
    if kind == "text" or quantity is None:
        return None
    found = progress(quantity, shipped, billed)
    return _WORDS.get(found or "", found)


def _status(lines: Iterable[dict[str, Any]] | None, native: str | None) -> str:
    """The document's own status, until something has gone out."""
    states = {line.get("status") for line in lines or ()} - {None}
    if states == {"closed"}:
        return "closed"
    if states and states <= {"closed", "shipped"}:
        return "shipped"
    if states & {"closed", "shipped", "partially_shipped"}:
        return "partially_shipped"
    return STATUS.get(native or "", "other")


LINE: tuple[Rule, ...] = (
    *line(price="unitPrice"),
    Map("confirmed_date", "shipmentDate", day()),
    Map("quantity_shipped", "shippedQuantity", number(), read_only=True),
    Map("quantity_billed", "invoicedQuantity", number(), read_only=True),
    Derived("status", _line_status, uses=("kind", "quantity", "quantity_shipped", "quantity_billed")),
    Map("extra.accountId", "accountId", guid()),
    *absent("never: lines have no status of their own", "native_status"),
    *absent("upstream: API v2.0 does not show the customer's item number", "customer_item_number"),
    *absent("upstream: API v2.0 does not show the requested date of a line", "requested_date"),
)

SALES_ORDER = Lens(SalesOrder, (
    Join("id", ("id", "number"), ORDER_ID, read_only=True),
    Map("number", "number", text(20), read_only=True),
    *stamped(page=42),
    company(),
    Nest("customer", (
        Map("id", "customerId", guid()),
        Map("number", "customerNumber", code(20)),
        Map("name", "customerName", text(100), follows=True),
    )),
    Map("customer_reference", "externalDocumentNumber", code(35)),
    REFERENCE,
    Derived("status", _status, uses=("lines",), native=(("status", text()),)),
    Map("native_status", "status", option(), read_only=True),
    Map("order_date", "orderDate", day()),
    Map("requested_date", "requestedDeliveryDate", day()),
    Map("currency", "currencyCode", code(10)),
    RATE,
    ref("payment_terms", "paymentTermsId", "paymentTerm"),
    Map("incoterms", "shipmentMethod/code", code(10)),
    Map("sales_person", "salesperson", reference(20, upper=True, empty="")),
    Nest("ship_to", address("shipTo", postal="postCode", name="shipToName")),
    Nest("bill_to", address("billTo", postal="postCode", name="billToName", read_only=True)),
    Map("total_excl_tax", "totalAmountExcludingTax", number(), read_only=True),
    Map("total_tax", "totalTaxAmount", number(), read_only=True),
    Map("total_incl_tax", "totalAmountIncludingTax", number(), read_only=True),
    Map("extra.dimensions", DIMENSIONS, dimensions()),
    Map("extra.postingDate", "postingDate", day(), read_only=True),
    Map("extra.pricesIncludeTax", "pricesIncludeTax", boolean(), read_only=True),
    Map("extra.discountAmount", "discountAmount", number(), read_only=True),
    Each("lines", LINES, LINE, key=("number", "sequence")),
    *absent("never: Business Central has no place beside the shipment method", "incoterms_location"),
    *absent("upstream: API v2.0 does not show approvals", "approved_at"),
    *absent("upstream: API v2.0 does not show comments; lines of kind text are mapped", "notes"),
))  # fmt: skip
