"""The connector `sap-business-one`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits

from anyerp_sap.b1.item import ITEM_RESOURCE
from anyerp_sap.b1.master import RESOURCES
from anyerp_sap.b1.partner import CUSTOMERS, VENDORS
from anyerp_sap.b1.purchase_order import PURCHASE_ORDERS
from anyerp_sap.b1.refusal import explain
from anyerp_sap.b1.session import authorize, leave, renew
from anyerp_sap.b1.settings import Login, Settings
from anyerp_sap.b1.stock import EXEMPTIONS, STOCK_LEVELS
from anyerp_sap.b1.trade import GOODS_RECEIPTS, SALES_ORDERS, VENDOR_INVOICES


def _sandbox() -> Any:
    from anyerp_sap.b1.sandbox import BusinessOneSandbox  # noqa: PLC0415 - a host without tests never needs it

    return BusinessOneSandbox(lights=5000)  # enough for every receipt that a check makes


def _root(settings: Settings) -> str:
    return settings.base_url.rstrip("/").removesuffix("/b1s/v2") + "/b1s/v2"


CONNECTOR = Connector(
    name="sap-business-one",
    title="SAP Business One",
    settings=Settings,
    credentials=(Login,),
    base_url=_root,
    authorize=authorize,
    renew=renew,
    leave=leave,
    explain=explain,
    resources={
        **RESOURCES,
        "vendors": VENDORS,
        "customers": CUSTOMERS,
        "items": ITEM_RESOURCE,
        "purchase_orders": PURCHASE_ORDERS,
        "goods_receipts": GOODS_RECEIPTS,
        "vendor_invoices": VENDOR_INVOICES,
        "sales_orders": SALES_ORDERS,
        "stock_levels": STOCK_LEVELS,
    },
    sandbox=_sandbox,
    exemptions=EXEMPTIONS,
    limits=Limits(page_size=100, batch_size=50, in_flight=2),  # sap sheet §13: few workers, each busy for long
)
