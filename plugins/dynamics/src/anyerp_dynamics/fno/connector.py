"""The connector `dynamics-fo`."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector, Limits
from anyerp.kits.auth import forget_token

from anyerp_dynamics.entra import Certificate, Secret
from anyerp_dynamics.fno.auth import authorize, explain
from anyerp_dynamics.fno.goods_receipt import GOODS_RECEIPTS
from anyerp_dynamics.fno.item import RELEASED_PRODUCTS
from anyerp_dynamics.fno.master import RESOURCES
from anyerp_dynamics.fno.purchase_order import PURCHASE_ORDERS
from anyerp_dynamics.fno.sales_order import SALES_ORDERS
from anyerp_dynamics.fno.settings import Settings
from anyerp_dynamics.fno.stock_level import STOCK_LEVELS
from anyerp_dynamics.fno.vendor import CUSTOMERS, VENDORS
from anyerp_dynamics.fno.vendor_invoice import VENDOR_INVOICES


def _sandbox() -> Any:
    from anyerp_dynamics.sandbox.fno import FinanceOperationsSandbox  # noqa: PLC0415 - only tests need it

    return FinanceOperationsSandbox()


CONNECTOR = Connector(
    name="dynamics-fo",
    title="Dynamics 365 Finance and Supply Chain Management",
    settings=Settings,
    credentials=(Secret, Certificate),
    base_url=lambda settings: settings.base_url.rstrip("/"),
    authorize=authorize,
    explain=explain,
    renew=forget_token,
    resources={
        **RESOURCES,
        "items": RELEASED_PRODUCTS,
        "vendors": VENDORS,
        "customers": CUSTOMERS,
        "purchase_orders": PURCHASE_ORDERS,
        "vendor_invoices": VENDOR_INVOICES,
        "sales_orders": SALES_ORDERS,
        "goods_receipts": GOODS_RECEIPTS,
        "stock_levels": STOCK_LEVELS,
    },
    sandbox=_sandbox,
    limits=Limits(page_size=200, batch_size=50, in_flight=4),  # dynamics sheet §1.8: obey Retry-After, stay small
)
