"""What the company has when the sandbox starts: the same every time, each thing at its own moment."""

from __future__ import annotations

from anyerp_sap.b1.sandbox.seed.item import seed_items
from anyerp_sap.b1.sandbox.seed.many import add_orders
from anyerp_sap.b1.sandbox.seed.organisation import seed_organisation
from anyerp_sap.b1.sandbox.seed.partner import seed_partners
from anyerp_sap.b1.sandbox.seed.purchase import seed_purchases
from anyerp_sap.b1.sandbox.world import World


def seed(world: World, orders: int = 0, lights: int = 10) -> None:
    """Fill an empty world; `orders` more purchase orders than the twelve that tell a story each.

    `lights` are ordered by the second: the more, the more receipts can be made for it.
    """
    seed_organisation(world)
    seed_partners(world)
    seed_items(world)
    seed_purchases(world, lights)
    add_orders(world, orders)
