"""The connector `sap-s4hana`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits
from anyerp.kits.auth import forget_token

from anyerp_sap.s4.auth import authorize, explain
from anyerp_sap.s4.customer import CUSTOMERS
from anyerp_sap.s4.goods_receipt import GOODS_RECEIPTS
from anyerp_sap.s4.item import ITEMS
from anyerp_sap.s4.master import RESOURCES
from anyerp_sap.s4.sales_order import SALES_ORDERS
from anyerp_sap.s4.settings import ApiKey, Basic, Certificate, OAuth, Settings
from anyerp_sap.s4.stock_level import STOCK_LEVELS
from anyerp_sap.s4.v4.choice import PURCHASE_ORDERS
from anyerp_sap.s4.vendor import VENDORS
from anyerp_sap.s4.vendor_invoice import VENDOR_INVOICES


def _sandbox() -> Any:
    from anyerp_sap.sandbox import S4Sandbox  # noqa: PLC0415 - a host without tests never needs it

    return S4Sandbox(v4=True)


CONNECTOR = Connector(
    name="sap-s4hana",
    title="SAP S/4HANA",
    settings=Settings,
    credentials=(Basic, OAuth, ApiKey, Certificate),
    base_url=lambda settings: str(settings.base_url),
    authorize=authorize,
    explain=explain,
    renew=forget_token,
    resources={
        **RESOURCES,
        "items": ITEMS,
        "vendors": VENDORS,
        "customers": CUSTOMERS,
        "purchase_orders": PURCHASE_ORDERS,
        "goods_receipts": GOODS_RECEIPTS,
        "vendor_invoices": VENDOR_INVOICES,
        "sales_orders": SALES_ORDERS,
        "stock_levels": STOCK_LEVELS,
    },
    sandbox=_sandbox,
    limits=Limits(page_size=100, batch_size=50, in_flight=4),  # sap sheet §6: small pages when expanding, few calls
)
