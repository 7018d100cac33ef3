"""A NetSuite account to test against: SuiteTalk REST, SuiteQL and logon, written from the fact sheet."""

from decimal import Decimal

from anyerp_netsuite.sandbox.merge import merged
from anyerp_netsuite.sandbox.rule import save
from anyerp_netsuite.sandbox.seed.order import bill
from anyerp_netsuite.sandbox.server import NetSuiteSandbox

__all__ = ["NetSuiteSandbox", "with_open_order"]


def with_open_order() -> NetSuiteSandbox:
    """An account in which what was begun is done, but for one order: of it more can be received and billed, often."""
    box = NetSuiteSandbox(orders=1)
    box.receive("2173", 1, 600)
    bill(box.store, box.store.get("purchaseorder", "2178"), {1: Decimal("7.5")}, "INV-779")
    much = {"item": [{"line": 1, "quantity": Decimal(10_000)}]}
    save(box.store, merged(box.store.get("purchaseorder", "10001"), much))
    box.receive("10001", 1, 1)
    bill(box.store, box.store.get("purchaseorder", "10001"), {1: Decimal(1)}, "INV-780")
    return box
