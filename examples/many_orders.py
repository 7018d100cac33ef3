"""Creates many purchase orders: one outcome for each, and a run that was stopped goes on without a duplicate.

python examples/many_orders.py [CONNECTION]
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import anyerp
from anyerp import PurchaseOrder, PurchaseOrderLine, Ref
from erp import target


def order(quantity: int, vendor: str = "10300001") -> PurchaseOrder:
    """So many pieces of one material."""
    line = PurchaseOrderLine(
        item=Ref(number="TG11"),
        quantity=Decimal(quantity),
        unit="C62",
        unit_price=Decimal("12.50"),
        location=Ref(id="1010~101A"),
    )
    return PurchaseOrder(
        company=Ref(number="1010"), vendor=Ref(number=vendor), currency="EUR", buyer=Ref(number="001"), lines=(line,)
    )


def main() -> None:
    """Create four orders, one of which the ERP refuses; mend it, and go on from the report."""
    orders = [order(1), order(2), order(3, vendor="99999999"), order(4)]
    with (
        target() as (name, options),
        anyerp.connect(name, **options) as erp,
        TemporaryDirectory() as folder,
    ):
        file = Path(folder) / "orders.jsonl"
        report = erp.purchase_orders.create_many(orders, batch_size=50, pause=0.2, report=file)
        print(report)
        for one in report.not_applied:
            print(f"record {one.index}: {one.error}")

        orders[2] = order(3)
        again = erp.purchase_orders.create_many(orders, batch_size=50, pause=0.2, report=file)
        print(f"again: {again}; {sum(one.resumed for one in again)} were there already")


if __name__ == "__main__":
    main()
