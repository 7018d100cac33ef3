"""Purchase orders: gone when all of them is invoiced (dynamics sheet §2.3)."""

from __future__ import annotations

from anyerp_dynamics.bc.document import Document, beside, resource
from anyerp_dynamics.bc.gone import Trace, Vanishing
from anyerp_dynamics.bc.lens.purchase_order import LINES, PURCHASE_ORDER
from anyerp_dynamics.bc.service import EntitySet

ORDERS = Vanishing(
    Document(EntitySet("purchaseOrders", also=beside(LINES), orders=True), LINES),
    "purchase order",
    (
        Trace("invoiced", EntitySet("purchaseInvoices"), "invoiceDate", only="status ne 'Draft'"),
        Trace("received", EntitySet("purchaseReceipts"), "postingDate"),
    ),
)
BECAUSE = {
    "cancel": "never: Business Central has no cancelled orders; an order is deleted",
    "close": "never: an order closes itself, and is deleted, when all of it is invoiced",
}

PURCHASE_ORDERS = resource(PURCHASE_ORDER, ORDERS.document, BECAUSE, ORDERS)
