"""Purchase orders: written whole by one request, changed by one PATCH, ended by actions (sap sheet §13)."""

from __future__ import annotations

from dataclasses import replace

from anyerp.connector import Resource

from anyerp_sap.b1.document import ACTION_ONLY, DOCUMENT
from anyerp_sap.b1.flow import acting, operations
from anyerp_sap.b1.lens.purchase_order import PURCHASE_ORDER
from anyerp_sap.b1.progress import counted
from anyerp_sap.b1.service import EntitySet

ORDERS = EntitySet("PurchaseOrders", "DocEntry", replace(DOCUMENT, also=counted), numeric=True, created="CreationDate")

PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    **operations(ORDERS, "oPurchaseOrders"),
    cancel=acting(ORDERS, "Cancel"),  # the ERP refuses it once something was copied from the order
    close=acting(ORDERS, "Close"),
    because=ACTION_ONLY,
)
