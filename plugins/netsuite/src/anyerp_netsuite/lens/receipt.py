"""Goods receipts: item receipts of purchase orders (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Lens, Map, absent, iso_day, text
from anyerp.model import GoodsReceipt

from anyerp_netsuite.lens.common import CREATED, STAMPS, document, ref
from anyerp_netsuite.lens.line import RECEIPT, order_line
from anyerp_netsuite.lens.transaction import documents

GOODS_RECEIPT = Lens(GoodsReceipt, (
    *STAMPS,
    CREATED,
    Map("number", "tranId", text(45), read_only=True),
    ref("company", "subsidiary", read_only=True),
    ref("vendor", "entity", number="entityId", read_only=True),
    document("purchase_order", "createdFrom"),
    Map("external_reference", "externalId", text(255), create_only=True),
    Derived("status", lambda: "posted"),
    Map("receipt_date", "tranDate", iso_day()),
    Map("notes", "memo", text(999)),
    Each("lines", "lines", RECEIPT, key=("number", "line")),
    *absent("never: a receipt is posted by being saved, and has no status", "native_status"),
    *absent("never: a receipt has one date", "document_date"),
    *absent("never: receipts have no field for the vendor's delivery note; map a custom one by an overlay",
            "vendor_reference"),
    *absent("never: each line has its location", "location"),
))  # fmt: skip

_SOURCE = (
    "SELECT MIN(x.createdfrom) FROM transactionline x JOIN transaction o ON o.id = x.createdfrom "
    "WHERE x.transaction = t.id AND o.type = 'PurchOrd'"
)

TABLE = documents(
    "ItemRcpt",
    "accounting/transactions/itemrcpt.nl",
    "itemReceipt",
    # Each line is stored twice, and transfer orders and returns are received too (sheet §4).
    where=(
        "(tl.mainline = 'T' OR tl.isinventoryaffecting = 'T')",
        f"EXISTS ({_SOURCE.replace('MIN(x.createdfrom)', '1')})",
    ),
    joins={"v": "LEFT JOIN vendor v ON v.id = t.entity"},
    columns={
        "entity/entityId": "v.entityid",
        "createdFrom/id": f"({_SOURCE})",
        "createdFrom/refName": f"({_SOURCE.replace('x.createdfrom)', 'o.tranid)')})",
        "lines/*/orderLine": order_line("ShipRcpt"),
    },
)
