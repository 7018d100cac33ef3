"""Goods receipts (sap sheet §13, PurchaseDeliveryNotes): posted, so that they are made and never changed."""

from __future__ import annotations

from anyerp.lens import Derived, Each, Lens, Map, Rule, absent, integer, iso_day, reference, text
from anyerp.model import GoodsReceipt

from anyerp_sap.b1.codec import document_reference, flag
from anyerp_sap.b1.lens import status
from anyerp_sap.b1.lens.document import GOODS, IDENTITY, day, only_order, posted
from anyerp_sap.b1.record import REVERSAL, base

_LOT = "BatchNumbers/0"


def _kind(reversal: bool | None) -> str:
    """Quantities of the document that takes a receipt back are positive all the same."""
    return "reversal" if reversal else "receipt"


LINE: tuple[Rule, ...] = (
    Map("number", "LineNum", integer(), read_only=True),
    Derived("kind", _kind, native=((REVERSAL, flag()),)),
    *posted(
        *GOODS,
        Map("purchase_order", base("order"), document_reference()),
        Map("purchase_order_line", base("order", "BaseLine"), integer()),
        Map("lot_number", f"{_LOT}/BatchNumberProperty", text(36)),
        Map("expires_on", f"{_LOT}/ExpiryDate", iso_day()),
    ),
    *absent("never: a document of its own takes a receipt back", "native_kind"),
    *absent("never: the line number is the line's key", "purchase_order_line_id"),
)

GOODS_RECEIPT = Lens(GoodsReceipt, (
    *IDENTITY,
    Derived("status", status.of_receipt, native=(*status.KEPT, ("CancelStatus", text(20)))),
    Map("native_status", "CancelStatus", text(20), read_only=True),
    Map("vendor", "CardCode", reference(15), create_only=True),
    Derived("purchase_order", only_order, uses=("lines",)),
    Map("vendor_reference", "NumAtCard", text(100)),
    *posted(day("receipt_date", "DocDate"), day("document_date", "TaxDate")),
    Each("lines", "DocumentLines", LINE, key=("number", "LineNum")),
    *absent("never: each line says where it was put", "location"),
))  # fmt: skip
