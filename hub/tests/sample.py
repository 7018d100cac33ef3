"""Orders that S/4HANA's sandbox takes."""

from __future__ import annotations

from decimal import Decimal

from anyerp import PurchaseOrder, PurchaseOrderLine, Ref


def order(number: int = 1, vendor: str = "10300001") -> PurchaseOrder:
    """An order for so many pieces."""
    line = PurchaseOrderLine(
        item=Ref(number="TG11"),
        quantity=Decimal(number),
        unit="C62",
        unit_price=Decimal("12.50"),
        location=Ref(id="1010~101A"),
    )
    return PurchaseOrder(
        company=Ref(number="1010"),
        vendor=Ref(number=vendor),
        buyer=Ref(number="001"),
        currency="EUR",
        extra={"PurchasingOrganization": "1010"},
        lines=(line,),
    )
