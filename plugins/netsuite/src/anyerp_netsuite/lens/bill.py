"""Vendor invoices: NetSuite's vendor bills (netsuite sheet §3, §4)."""

from __future__ import annotations

from decimal import Decimal

from anyerp.lens import Derived, Each, Lens, Map, absent, decimal, iso_day, text
from anyerp.model import VendorInvoice

from anyerp_netsuite.lens.common import CREATED, STAMPS, ref
from anyerp_netsuite.lens.line import BILL, order_line
from anyerp_netsuite.lens.status import VENDOR_BILL as STATUSES
from anyerp_netsuite.lens.status import status
from anyerp_netsuite.lens.transaction import documents


def _paid(total: Decimal | None, balance: Decimal | None) -> Decimal | None:
    return None if total is None or balance is None else total - balance


VENDOR_INVOICE = Lens(VendorInvoice, (
    *STAMPS,
    CREATED,
    # A bill carries the vendor's number; NetSuite gives it none of its own in this service.
    Map("number", "tranId", text(45), read_only=True),
    Map("vendor_reference", "tranId", text(45)),
    Derived("kind", lambda: "invoice"),
    ref("company", "subsidiary", create_only=True),
    ref("vendor", "entity", number="entityId", create_only=True),
    Map("external_reference", "externalId", text(255)),
    *status(*STATUSES, letter="status/id"),
    Map("invoice_date", "tranDate", iso_day()),
    Map("due_date", "dueDate", iso_day()),
    Map("currency", "currency/symbol", text(3), create_only=True),
    Map("exchange_rate", "exchangeRate", decimal(15, 8)),
    ref("payment_terms", "terms"),
    Map("notes", "memo", text(999)),
    Map("total_incl_tax", "total", decimal(15, 3), read_only=True),
    Derived("amount_paid", _paid, native=(("total", decimal(15, 3)), ("balance", decimal(15, 3)))),
    Each("lines", "lines", BILL, key=("number", "line")),
    *absent("never: credits are a record type of their own, vendor credits", "native_kind"),
    *absent("never: a bill may be for several orders; its lines say which", "purchase_order"),
    *absent("never: a bill is posted on its own date, into a period", "posting_date"),
    *absent("never: the standard form has no date of arrival", "received_date"),
    *absent("upstream: the record says the total only; taxes stand in the tax details", "total_excl_tax", "total_tax"),
))  # fmt: skip

TABLE = documents(
    "VendBill",
    "accounting/transactions/vendbill.nl",
    "vendorBill",
    joins={"v": "LEFT JOIN vendor v ON v.id = t.entity"},
    columns={
        "entity/entityId": "v.entityid",
        "total": "ABS(t.foreigntotal)",
        "balance": "ABS(tl.foreignamountunpaid)",
        "lines/*/orderLine": order_line("OrdBill"),
    },
)
