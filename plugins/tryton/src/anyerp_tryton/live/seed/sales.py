"""Sales orders, two in each stage of their life, from draft to paid."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import Any

from ..rpc import Rpc
from .goods import TAXED
from .orders import Masters, bill, pay

SALE = "sale.sale"
PER_STAGE = 2
STAGES = ("draft", "quotation", "cancelled", "processing", "partly_shipped", "shipped", "billed", "done")
# product, unit, quantity, unit price in dollars
WARES = (("BOLT-M8", "Unit", 6.0, "0.25"), ("HOSE-19", "Meter", 4.0, "14.5000"))
TICKS = len(STAGES)


def sales(rpc: Rpc, masters: Masters, customers: dict[str, int], tick: Callable[[], None]) -> dict[str, list[int]]:
    """Make the orders and move each to its stage; ids by stage. `tick` is called after each stage.

    The goods come from what the purchases left in the warehouses. RpcError when Tryton refuses.
    """
    addresses = {row["id"]: row["addresses"][0] for row in rpc.read("party.party", [*customers.values()], "addresses")}
    made: dict[str, list[int]] = {}
    for place, stage in enumerate(STAGES):
        orders = [
            _order(masters, customers, addresses, stage, place * PER_STAGE + number) for number in range(PER_STAGE)
        ]
        made[stage] = rpc.create(SALE, *orders)
        buttons = {"draft": (), "quotation": ("quote",), "cancelled": ("cancel",)}.get(stage, ("quote", "confirm"))
        for button in buttons:
            rpc.click(SALE, button, made[stage])
        if stage in ("partly_shipped", "shipped", "billed", "done"):
            _ship(rpc, made[stage], 0.5 if stage == "partly_shipped" else 1.0)
        tick()
    bill(rpc, SALE, made["billed"] + made["done"])
    pay(rpc, SALE, made["done"], masters.accounts)
    return made


def _order(m: Masters, customers: dict[str, int], addresses: dict[int, int], stage: str, turn: int) -> dict[str, Any]:
    customer = list(customers.values())[turn % len(customers)]
    today = dt.datetime.now(dt.UTC).date()
    return {
        "party": customer,
        "invoice_address": addresses[customer],
        "shipment_address": addresses[customer],
        "reference": f"{stage.upper()}-{turn + 1}",
        "description": f"Sale {turn + 1}, meant to stay {stage.replace('_', ' ')}",
        "comment": "Call before you come." if turn % 2 == 0 else None,
        "currency": m.currencies[("USD", "EUR", "JPY")[turn % 3]],
        "payment_term": list(m.terms.values())[turn % len(m.terms)],
        "warehouse": list(m.warehouses.values())[turn % len(m.warehouses)],
        "sale_date": today - dt.timedelta(days=turn),
        "shipping_date": today + dt.timedelta(days=7),
        "invoice_method": "fulfillment",
        "lines": [
            [
                "create",
                [
                    *(
                        {
                            "type": "line",
                            "sequence": (place + 1) * 10,
                            "product": m.products[product],
                            "unit": m.units[unit],
                            "quantity": quantity,
                            "unit_price": Decimal(price),
                            "taxes": [["add", [m.tax]]] if product in TAXED else [],
                        }
                        for place, (product, unit, quantity, price) in enumerate(WARES)
                    ),
                    {"type": "comment", "sequence": 90, "description": "Packed for the sea."},
                ],
            ]
        ],
    }


def _ship(rpc: Rpc, orders: list[int], share: float) -> None:
    """Ship `share` of every line; the rest becomes a shipment of its own that waits."""
    model = "stock.shipment.out"
    shipments = list(chain(*(row["shipments"] for row in rpc.read(SALE, orders, "shipments"))))
    if share < 1:
        rows = rpc.read(model, shipments, "inventory_moves.quantity")
        for move in chain(*(row["inventory_moves."] for row in rows)):
            rpc.write("stock.move", [move["id"]], {"quantity": move["quantity"] * share})
    for button in ("assign_force", "pick", "pack", "ship", "do"):
        rpc.click(model, button, shipments)
