"""The sample account: the same on every machine and every day."""

from __future__ import annotations

from datetime import UTC, datetime

from anyerp_netsuite.sandbox.seed import master, order
from anyerp_netsuite.sandbox.seed.common import at
from anyerp_netsuite.sandbox.store import Store


def sow(store: Store, orders: int) -> None:
    """Fill a store: master data, twelve purchase orders and `orders` more."""
    store.start_at(
        ids={"transaction": 2400, "entity": 1900, "item": 100}, numbers={"PO": 45723, "PURCHORD": 2812, "V-": 1008}
    )
    with at(store, datetime(2026, 2, 2, 8, tzinfo=UTC)):
        master.sow(store)
    with at(store, datetime(2026, 3, 20, 10, tzinfo=UTC)):
        order.sow(store)
    order.sow_many(store, orders)
    store.start_at(ids={"transaction": max(2500, 10_001 + orders)}, numbers={})
    for key in ("subsidiary", "location", "currency", "term", "account", "unitstype", "department", "classification"):
        store.start_at(ids={key: max(int(id) for id in store.records[key])}, numbers={})
