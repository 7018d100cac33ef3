"""Purchase orders: one table for the record service and, by `TABLE`, for rows of SuiteQL (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Each, Lens, Map, absent, decimal, iso_day, text
from anyerp.model import PurchaseOrder

from anyerp_netsuite.lens.common import CREATED, STAMPS, address, ref
from anyerp_netsuite.lens.line import PURCHASE
from anyerp_netsuite.lens.status import PURCHASE_ORDER as STATUSES
from anyerp_netsuite.lens.status import status
from anyerp_netsuite.lens.transaction import documents, lines_sum

PURCHASE_ORDER = Lens(PurchaseOrder, (
    *STAMPS,
    CREATED,
    Map("number", "tranId", text(45), read_only=True),
    ref("company", "subsidiary", create_only=True),
    ref("vendor", "entity", number="entityId", create_only=True),
    Map("vendor_reference", "otherRefNum", text(45)),
    Map("external_reference", "externalId", text(255)),
    *status(*STATUSES),
    Map("order_date", "tranDate", iso_day()),
    Map("currency", "currency/symbol", text(3), create_only=True),
    Map("exchange_rate", "exchangeRate", decimal(15, 8)),
    ref("payment_terms", "terms"),
    Map("incoterms", "incoTerm/refName", text(30)),
    ref("buyer", "employee"),
    address("ship_to", "shippingAddress"),
    address("bill_to", "billingAddress"),
    Map("notes", "memo", text(999)),
    Map("total_excl_tax", "subtotal", decimal(15, 3), read_only=True),
    Map("total_tax", "taxTotal", decimal(15, 3), read_only=True),
    Map("total_incl_tax", "total", decimal(15, 3), read_only=True),
    Each("lines", "lines", PURCHASE, key=("number", "line")),
    *absent("never: an Incoterm is chosen from a list, without a place", "incoterms_location"),
    *absent("never: the standard form has no requester; a custom field can be mapped by an overlay", "requester"),
    *absent("upstream: who approved when stands in the system notes, not in the record", "approved_at"),
))  # fmt: skip

TABLE = documents(
    "PurchOrd",
    "accounting/transactions/purchord.nl",
    "purchaseOrder",
    joins={"v": "LEFT JOIN vendor v ON v.id = t.entity"},
    columns={
        "entity/entityId": "v.entityid",
        "orderStatus/id": "t.status",
        "incoTerm/refName": None,
        # Totals of purchase orders are negative here, and positive in the record (sheet §4).
        "total": "ABS(t.foreigntotal)",
        "subtotal": f"NVL({lines_sum(tax='F')}, 0)",
        "taxTotal": f"NVL({lines_sum(tax='T')}, 0)",
    },
)
