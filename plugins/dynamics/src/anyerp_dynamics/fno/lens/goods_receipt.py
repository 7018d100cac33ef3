"""Goods receipts: ProductReceiptHeaders and ProductReceiptLinesV2, which are read only (dynamics sheet §1.7, §1.11)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Derived, Each, Join, Lens, Map, Rule, absent, integer, reference, text
from anyerp.model import GoodsReceipt

from anyerp_dynamics.fno.codec import company, day, line_number, number, place, record_id
from anyerp_dynamics.fno.lens.master import ETAG, NO_EXTRA
from anyerp_dynamics.fno.unit import unit


def _posted(number: str | None) -> str:
    """There are posted receipts only."""
    return "posted"


def _kind(quantity: Decimal | None) -> str | None:
    """What was taken back is a line of a further receipt with less than nothing."""
    return None if quantity is None else "reversal" if quantity < 0 else "receipt"


def _size(quantity: Decimal | None) -> Decimal | None:
    return None if quantity is None else abs(quantity)


LINE: tuple[Rule, ...] = (
    Map("number", "LineNumber", line_number(), read_only=True),
    Map("id", "RecordId", record_id(), read_only=True),
    Derived("kind", _kind, native=(("ReceivedPurchaseQuantity", number()),)),
    Map("purchase_order", "PurchaseOrderNumber", reference(20), read_only=True),
    Map("purchase_order_line", "PurchaseOrderLineNumber", integer(), read_only=True),
    Map("item", "ItemNumber", reference(20), read_only=True),
    Map("description", "LineDescription", text(1000), read_only=True),
    Derived("quantity", _size, native=(("ReceivedPurchaseQuantity", number()),)),
    Map("unit", "PurchaseUnitSymbol", unit(), read_only=True, native="native_unit"),
    Join("location", ("ReceivingSiteId", "ReceivingWarehouseId"), place(), read_only=True),
    Map("lot_number", "ItemBatchNumber", text(20), read_only=True),
    Map("extra.ItemSerialNumber", "ItemSerialNumber", text(20), read_only=True),
    Map("extra.RemainingPurchaseQuantity", "RemainingPurchaseQuantity", number(), read_only=True),
    *absent("never: receipts tell reversals by their sign, and have no word for it", "native_kind"),
    *absent("never: an order's line is known by its number", "purchase_order_line_id"),
    *absent("upstream: shelf lives stand with the batches, which are in no entity of the sheet", "expires_on"),
)

GOODS_RECEIPT = Lens(GoodsReceipt, (
    Map("id", "RecordId", record_id(), read_only=True),
    Map("number", "ProductReceiptNumber", text(20), read_only=True),
    ETAG,
    Map("company", "dataAreaId", company(), read_only=True),
    Map("vendor", "OrderVendorAccountNumber", reference(20), read_only=True),
    Map("purchase_order", "PurchaseOrderNumber", reference(20), read_only=True),
    # A product receipt is numbered by the vendor's packing slip.
    Map("vendor_reference", "ProductReceiptNumber", text(20), read_only=True),
    Derived("status", _posted, native=(("ProductReceiptNumber", text(20)),)),
    Map("receipt_date", "ProductReceiptDate", day(), read_only=True),
    Map("extra.AttentionInformation", "AttentionInformation", text(100), read_only=True),
    Each("lines", "ProductReceiptLines", LINE, key=("number", "LineNumber")),
    *absent("never: receipts are posted inside the ERP, where nobody has a key of ours", "external_reference"),
    *absent("never: there are posted receipts only, without a word for it", "native_status"),
    *absent("never: a receipt has one date", "document_date"),
    *absent("never: each line has its own place", "location"),
    *absent("upstream: notes are attached documents, not text of the receipt", "notes"),
    *NO_EXTRA,
))  # fmt: skip
