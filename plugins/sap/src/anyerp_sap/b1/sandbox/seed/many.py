"""As many more purchase orders as a test of paging or of bulk needs, cheap and all a little different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from anyerp_sap.b1.sandbox.rules import document
from anyerp_sap.b1.sandbox.world import World

_FIRST = datetime(2025, 3, 1, 6, 0, tzinfo=UTC)
_VENDORS = ("V10000", "V10010", "V20000", "V30000", "V50000")
_ITEMS = ("A1001", "A1002", "O'RING/8")


def add_orders(world: World, count: int) -> None:
    """Add open orders of one line, a minute apart."""
    for place in range(count):
        line = {
            "ItemCode": _ITEMS[place % len(_ITEMS)],
            "Quantity": place % 17 + 1,
            "UnitPrice": str(10 + place % 90),
        }
        with world.at(_FIRST + timedelta(minutes=place)):
            document.create(
                world,
                "PurchaseOrders",
                {"CardCode": _VENDORS[place % len(_VENDORS)], "DocumentLines": [line], "NumAtCard": f"GEN-{place + 1}"},
            )
