"""What the demonstration shows and runs: a host application that knows no ERP."""

from __future__ import annotations

from decimal import Decimal

from anyerp import Connection, PurchaseOrder, PurchaseOrderLine


def host(erp: Connection, key: str) -> tuple[list[PurchaseOrder], PurchaseOrder, PurchaseOrder]:
    """The host's whole program; gives the orders, the new one as read back, and what a repeated create gave."""
    # [five lines
    orders = list(erp.purchase_orders.list())  # all of them, page by page
    order = another(orders)  # three of what the first open one has
    done = erp.purchase_orders.create(order, key=key)  # exactly one
    back = erp.purchase_orders.get(str(done.record.id))  # read it back
    same = erp.purchase_orders.create(order, key=key)  # finds the first
    # five lines]
    return orders, back, same.record


def another(orders: list[PurchaseOrder]) -> PurchaseOrder:
    """An order like the first open one: the same vendor, three of its first item."""
    like, line = next((it, it.lines[0]) for it in orders if it.status == "open" and it.lines and it.lines[0].item)
    return PurchaseOrder(
        company=like.company,
        vendor=like.vendor,
        currency=like.currency,
        buyer=like.buyer,
        lines=(
            PurchaseOrderLine(
                item=line.item, quantity=Decimal(3), unit=line.unit, unit_price=line.unit_price, location=line.location
            ),
        ),
    )
