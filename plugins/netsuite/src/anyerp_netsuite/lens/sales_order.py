"""Sales orders, for the record service and for rows of SuiteQL (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Each, Lens, Map, absent, decimal, iso_day, text
from anyerp.model import SalesOrder

from anyerp_netsuite.lens.common import CREATED, STAMPS, address, ref
from anyerp_netsuite.lens.line import SALES
from anyerp_netsuite.lens.status import SALES_ORDER as STATUSES
from anyerp_netsuite.lens.status import status
from anyerp_netsuite.lens.transaction import documents, lines_sum

SALES_ORDER = Lens(SalesOrder, (
    *STAMPS,
    CREATED,
    Map("number", "tranId", text(45), read_only=True),
    ref("company", "subsidiary", create_only=True),
    ref("customer", "entity", number="entityId", create_only=True),
    Map("customer_reference", "otherRefNum", text(45)),
    Map("external_reference", "externalId", text(255)),
    *status(*STATUSES),
    Map("order_date", "tranDate", iso_day()),
    Map("requested_date", "shipDate", iso_day()),
    Map("currency", "currency/symbol", text(3), create_only=True),
    Map("exchange_rate", "exchangeRate", decimal(15, 8)),
    ref("payment_terms", "terms"),
    ref("sales_person", "salesRep"),
    address("ship_to", "shippingAddress"),
    address("bill_to", "billingAddress"),
    Map("notes", "memo", text(999)),
    Map("total_excl_tax", "subtotal", decimal(15, 3), read_only=True),
    Map("total_tax", "taxTotal", decimal(15, 3), read_only=True),
    Map("total_incl_tax", "total", decimal(15, 3), read_only=True),
    Each("lines", "lines", SALES, key=("number", "line")),
    *absent("upstream: the Incoterm of a sales order is not in this service's answer", "incoterms"),
    *absent("never: an Incoterm is chosen from a list, without a place", "incoterms_location"),
    *absent("upstream: who approved when stands in the system notes, not in the record", "approved_at"),
))  # fmt: skip

TABLE = documents(
    "SalesOrd",
    "accounting/transactions/salesord.nl",
    "salesOrder",
    joins={"v": "LEFT JOIN customer v ON v.id = t.entity"},
    columns={
        "entity/entityId": "v.entityid",
        "orderStatus/id": "t.status",
        "shipDate": None,
        "salesRep/id": "t.employee",
        "salesRep/refName": "BUILTIN.DF(t.employee)",
        "total": "t.foreigntotal",
        # Lines of the selling side are negative here, and positive in the record (sheet §4).
        "subtotal": f"NVL(-{lines_sum(tax='F')}, 0)",
        "taxTotal": f"NVL(ABS({lines_sum(tax='T')}), 0)",
        "lines/*/quantity": "-tl.quantity",
        "lines/*/amount": "-tl.foreignamount",
    },
)
