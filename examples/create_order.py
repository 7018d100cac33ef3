"""Creates a purchase order: exactly once, with every outcome told apart, and no value lost.

python examples/create_order.py [CONNECTION]
"""

from __future__ import annotations

from decimal import Decimal

import anyerp
from anyerp import Address, PurchaseOrder, PurchaseOrderLine, Ref
from erp import target

ORDER = PurchaseOrder(
    company=Ref(number="1010"),
    vendor=Ref(number="10300001"),
    currency="EUR",
    buyer=Ref(number="001"),
    lines=(
        PurchaseOrderLine(
            item=Ref(number="TG11"),
            quantity=Decimal(3),
            unit="C62",
            unit_price=Decimal("12.50"),
            location=Ref(id="1010~101A"),
        ),
    ),
)


def main() -> None:
    """Create an order twice with one key, then try what this ERP cannot hold."""
    with target() as (name, options), anyerp.connect(name, **options) as erp:
        try:
            done = erp.purchase_orders.create(ORDER, key="req-42")
        except anyerp.OutcomeUnknown as error:
            print("nobody can say whether it was created; look before sending it again:", error)
            return
        except anyerp.InvalidRecord as error:
            print("not created:", error)  # with every problem that the ERP names
            return
        print(f"{done.outcome}: {done.record.number}, {done.record.total_excl_tax} {done.record.currency}")

        again = erp.purchase_orders.create(ORDER, key="req-42")  # a repeated request makes no second order
        print(f"again: {again.record.number}, known {again.settled}")

        billed = ORDER.model_copy(update={"bill_to": Address(city="Berlin")})
        try:
            erp.purchase_orders.create(billed, key="req-43")
        except anyerp.NotRepresentable as error:  # refused before anything is sent
            print("refused:", error.problems[0].message)
        reported = erp.purchase_orders.create(billed, key="req-43", on_loss="report")
        print(f"{reported.record.number} without:", *(problem.pointer for problem in reported.lost))


if __name__ == "__main__":
    main()
