"""The same calls for an asynchronous host: two lists at a time on one event loop.

python examples/async_orders.py [CONNECTION]
"""

from __future__ import annotations

import asyncio

import anyerp
from erp import target


async def main() -> None:
    """Read vendors and orders at the same time, then one order by its id."""
    with target() as (name, options):
        async with anyerp.aconnect(name, **options) as erp:

            async def vendors() -> dict[str, str]:
                return {it.id: it.name async for it in erp.vendors.list() if it.id and it.name}

            async def orders() -> list[anyerp.PurchaseOrder]:
                return [order async for order in erp.purchase_orders.list()]

            names, found = await asyncio.gather(vendors(), orders())
            for order in found[:5]:
                print(order.number, names.get(order.vendor.id or "") if order.vendor else None)
            first = await erp.purchase_orders.get(str(found[0].id))
            print(f"{first.number} has {len(first.lines or ())} line(s)")


if __name__ == "__main__":
    asyncio.run(main())
