"""What follows an order: receipts, invoices, stock, and the same on the selling side (dynamics sheet §2.4)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource

from anyerp_dynamics.bc import receipt
from anyerp_dynamics.bc.document import Document, beside, resource
from anyerp_dynamics.bc.gone import Trace, Vanishing
from anyerp_dynamics.bc.lens import goods_receipt, sales_order, vendor_invoice
from anyerp_dynamics.bc.lens.customer import CUSTOMER
from anyerp_dynamics.bc.lens.stock_level import STOCK_LEVEL
from anyerp_dynamics.bc.lookup import Problems
from anyerp_dynamics.bc.master import Master, by_terms
from anyerp_dynamics.bc.purchase_order import BECAUSE
from anyerp_dynamics.bc.service import EntitySet
from anyerp_dynamics.bc.values import Values, incoterms

#: The invoices of an order carry the order's key as well: an invoice's own is looked for among the others.
INVOICES = Document(
    EntitySet("purchaseInvoices", also=beside(vendor_invoice.LINES)),
    vendor_invoice.LINES,
    "invoice",
    among="orderNumber eq ''",
)
SALES = Vanishing(
    Document(EntitySet("salesOrders", also=beside(sales_order.LINES)), sales_order.LINES),
    "sales order",
    (Trace("shipped", EntitySet("salesShipments"), "postingDate"),),
)
#: Services and non-inventory items have no stock.
STOCK = EntitySet("items", only="type eq 'Inventory'")

_POSTED = "upstream: receipts are posted together with their invoice, or inside Business Central"
_COUNTED = "never: stock is moved by posting; a changed figure would be posted as an adjustment"
_NOT_FOUND = "never: nothing is written here, and no lost answer to settle"


def _read_only(lens: Any, page: Any, get: Any, because: str, since: Any) -> Resource[Any]:
    reasons = dict.fromkeys(("create", "update", "delete", "cancel", "close"), because)
    return Resource(
        lens=lens, rows="value", page=page, get=get, updated_since=since,
        because={**reasons, "find": _NOT_FOUND},
    )  # fmt: skip


def _customer(ctx: Context, part: Values, problems: Problems) -> Flow[None]:
    yield from incoterms(ctx, part, problems)


RESOURCES: dict[str, Resource[Any]] = {
    "goods_receipts": _read_only(goods_receipt.GOODS_RECEIPT, receipt.page, receipt.get, _POSTED, "native"),
    "vendor_invoices": resource(
        vendor_invoice.VENDOR_INVOICE,
        INVOICES,
        {
            "cancel": "upstream: API v2.0 cancels sales invoices only; a posted purchase invoice is corrected inside",
            "close": "never: an invoice ends by being paid",
        },
    ),
    "stock_levels": _read_only(STOCK_LEVEL, STOCK.page, STOCK.one, _COUNTED, "none"),
    "customers": Master(EntitySet("customers"), finish=_customer).resource(CUSTOMER, resolve=by_terms),
    "sales_orders": resource(sales_order.SALES_ORDER, SALES.document, BECAUSE, SALES),
}
