"""Purchase orders: one table for the record service and, by `TABLE`, for rows of SuiteQL (netsuite sheet §3, §4)."""

from __future__ import annotations

from anyerp.lens import Codec, Each, Join, Lens, Map, absent, decimal, iso_day, text
from anyerp.model import PurchaseOrder

from anyerp_netsuite.codec import label
from anyerp_netsuite.lens.common import CREATED, STAMPS, address, ref
from anyerp_netsuite.lens.line import LINE
from anyerp_netsuite.suiteql import Table, address_columns

#: The words are the surer sign: published tables of the letters disagree. They are in the company's language, though,
#: so that the letters decide where a word is not known (netsuite sheet §4).
WORDS = {
    "Pending Supervisor Approval": "pending_approval",
    "Pending Receipt": "open",
    "Rejected by Supervisor": "rejected",
    "Partially Received": "partially_received",
    "Pending Billing/Partially Received": "partially_received",
    "Pending Bill": "received",
    "Pending Billing": "received",
    "Fully Billed": "closed",
    "Closed": "closed",
    "Planned": "draft",
}
LETTERS = {
    "A": "pending_approval",
    "B": "open",
    "C": "rejected",
    "D": "partially_received",
    "E": "partially_received",
    "F": "received",
    "G": "closed",
    "H": "closed",
    "P": "draft",
}


def _status(parts: tuple[str | None, str | None]) -> str:
    letter, words = parts
    return WORDS.get((words or "").rpartition(" : ")[2]) or LETTERS.get(letter or "", "other")


PURCHASE_ORDER = Lens(PurchaseOrder, (
    *STAMPS,
    CREATED,
    Map("number", "tranId", text(45), read_only=True),
    ref("company", "subsidiary", create_only=True),
    ref("vendor", "entity", number="entityId", create_only=True),
    Map("vendor_reference", "otherRefNum", text(45)),
    Map("external_reference", "externalId", text(255)),
    Join("status", ("orderStatus/id", "status/refName"),
         Codec("netsuite_order_status", decode=_status, native=(str, str), memo=True), read_only=True),
    Map("native_status", "status/refName", label(), read_only=True),
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
    Each("lines", "lines", LINE, key=("number", "line")),
    *absent("never: an Incoterm is chosen from a list, without a place", "incoterms_location"),
    *absent("never: the standard form has no requester; a custom field can be mapped by an overlay", "requester"),
    *absent("upstream: who approved when stands in the system notes, not in the record", "approved_at"),
))  # fmt: skip

_LINES = "(SELECT SUM(x.foreignamount) FROM transactionline x WHERE x.transaction = t.id AND x.mainline = 'F' "

TABLE = Table(
    source="transaction t JOIN transactionline tl ON tl.transaction = t.id",
    joins={
        "c": "LEFT JOIN currency c ON c.id = t.currency",
        "v": "LEFT JOIN vendor v ON v.id = t.entity",
        "sa": "LEFT JOIN transactionshippingaddress sa ON sa.nkey = t.shippingaddress",
        "ba": "LEFT JOIN transactionbillingaddress ba ON ba.nkey = t.billingaddress",
    },
    id="t.id",
    alias="t",
    where=("t.type = 'PurchOrd'", "tl.taxline = 'F'"),
    changed="t.lastmodifieddate",
    lines="lines",
    line_alias="tl",
    line_id="tl.id",
    line_key="lines/*/line",
    own="tl.mainline = 'T'",
    line="tl.mainline = 'F'",
    link="accounting/transactions/purchord.nl",
    columns={
        "custom": None,
        "subsidiary/id": "tl.subsidiary",  # `transaction` does not expose it
        "subsidiary/refName": "BUILTIN.DF(tl.subsidiary)",
        "entity/entityId": "v.entityid",
        "orderStatus/id": "t.status",
        "currency/symbol": "c.symbol",
        "incoTerm/refName": None,
        **address_columns("shippingAddress", "sa"),
        **address_columns("billingAddress", "ba"),
        # Totals of purchase orders are negative here, and positive in the record (sheet §4).
        "total": "ABS(t.foreigntotal)",
        "subtotal": f"NVL({_LINES}AND x.taxline = 'F'), 0)",
        "taxTotal": f"NVL({_LINES}AND x.taxline = 'T'), 0)",
        "lines/*/line": "tl.id",
        "lines/*/itemType/id": "NVL(tl.itemtype, 'Expense')",
        "lines/*/vendorName": None,
        "lines/*/description": "tl.memo",
        "lines/*/unitName": "BUILTIN.DF(tl.units)",
        "lines/*/amount": "tl.foreignamount",
        "lines/*/account/id": "tl.expenseaccount",
        "lines/*/account/refName": "BUILTIN.DF(tl.expenseaccount)",
        "lines/*/quantityReceived": "tl.quantityshiprecv",
        "lines/*/quantityBilled": "tl.quantitybilled",
        "lines/*/linkedOrder/items/0/id": None,
        "lines/*/linkedOrder/items/0/refName": None,
    },
)  # fmt: skip
