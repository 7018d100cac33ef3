"""Orders of Brickworks: the table, line by line."""

from anyerp.lens import (
    Absent,
    Each,
    Lens,
    Map,
    Rule,
    absent,
    choice,
    decimal,
    integer,
    iso_day,
    iso_instant,
    reference,
    text,
)
from anyerp.model import PurchaseOrder

STATES = {"DRAFT": "draft", "SENT": "open", "CLOSED": "closed", "CANCELLED": "cancelled"}
UNITS = {"pc": "C62", "kg": "KGM", "h": "HUR"}

LINE: tuple[Rule, ...] = (
    Map("number", "no", integer(1, 9999), create_only=True),
    Map("item", "article", reference(20)),
    Map("description", "text", text(60)),
    Map("quantity", "qty", decimal(12, 3)),
    Map("unit", "unit", choice(UNITS), native="native_unit"),
    Map("unit_price", "price", decimal(11, 2)),
    *absent(
        "never: Brickworks has no such field",
        "id",
        "kind",
        "vendor_item_number",
        "price_quantity",
        "discount_percent",
        "amount",
        "tax_code",
        "tax_amount",
        "requested_date",
        "confirmed_date",
        "location",
        "account",
        "quantity_received",
        "quantity_billed",
        "status",
        "native_status",
        "requisition",
    ),
)

RULES: tuple[Rule, ...] = (
    Map("id", "id", text(10), read_only=True),
    Map("number", "id", text(10), read_only=True),
    Map("version", "revision", text(10), read_only=True),
    Map("updated_at", "changed", iso_instant(1000), read_only=True),
    Map("vendor", "supplier", reference(10)),
    Map("status", "state", choice(STATES, otherwise="other"), read_only=True, native="native_status"),
    Map("order_date", "date", iso_day()),
    Map("currency", "currency", text(3, upper=True)),
    Map("external_reference", "our_ref", text(24)),
    Map("notes", "remarks", text(200)),
    Map("total_excl_tax", "total", decimal(24, 5), read_only=True),
    Each("lines", "lines", LINE, key=("number", "no")),
    Absent("url", "never: Brickworks has no pages to link to"),
    *absent(
        "never: Brickworks has no such field",
        "created_at",
        "company",
        "vendor_reference",
        "exchange_rate",
        "payment_terms",
        "incoterms",
        "incoterms_location",
        "buyer",
        "requester",
        "approved_at",
        "ship_to",
        "bill_to",
        "total_tax",
        "total_incl_tax",
    ),
)

PURCHASE_ORDER: Lens[PurchaseOrder] = Lens(PurchaseOrder, RULES)
