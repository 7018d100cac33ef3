"""The connector `tryton`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits

from anyerp_tryton.flow.goods_receipt import GOODS_RECEIPTS
from anyerp_tryton.flow.item import ITEMS
from anyerp_tryton.flow.master import RESOURCES
from anyerp_tryton.flow.order import PURCHASE_ORDERS, SALES_ORDERS
from anyerp_tryton.flow.stock import STOCK_LEVELS
from anyerp_tryton.flow.vendor import CUSTOMERS, VENDORS
from anyerp_tryton.flow.vendor_invoice import VENDOR_INVOICES
from anyerp_tryton.refusal import explain
from anyerp_tryton.session import authorize, leave, renew
from anyerp_tryton.settings import Password, Settings


def _sandbox() -> Any:
    from anyerp_tryton.sandbox import TrytonServer  # noqa: PLC0415 - a host without tests never needs it

    return TrytonServer()


CONNECTOR = Connector(
    name="tryton",
    title="Tryton",
    settings=Settings,
    credentials=(Password,),
    base_url=lambda settings: f"{settings.base_url.rstrip('/')}/{settings.database}",
    authorize=authorize,
    renew=renew,
    leave=leave,
    explain=explain,
    sandbox=_sandbox,
    resources={
        **RESOURCES,
        "vendors": VENDORS,
        "customers": CUSTOMERS,
        "items": ITEMS,
        "stock_levels": STOCK_LEVELS,
        "purchase_orders": PURCHASE_ORDERS,
        "goods_receipts": GOODS_RECEIPTS,
        "vendor_invoices": VENDOR_INVOICES,
        "sales_orders": SALES_ORDERS,
    },
    limits=Limits(page_size=80, batch_size=50, in_flight=2),  # wire §15: a page of 80 whole orders takes 350 ms
)
