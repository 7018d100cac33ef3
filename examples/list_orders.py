"""Lists purchase orders, and says what could not be read.

python examples/list_orders.py [CONNECTION]
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyerp
from erp import target


def main() -> None:
    """Print every order, then how many changed in the last year."""
    with target() as (name, options), anyerp.connect(name, **options) as erp:
        orders = erp.purchase_orders.list()
        for order in orders:
            vendor = order.vendor.number if order.vendor else "-"
            print(
                f"{order.number or order.id:12} {vendor:12} {order.status:18} {order.total_excl_tax} {order.currency}"
            )
        for rejected in orders.rejected:  # one broken record never stops a list
            print("could not be read:", *(reason.message for reason in rejected.reasons))

        since = datetime.now(UTC) - timedelta(days=365)
        changed = list(erp.purchase_orders.list(updated_since=since))
        print(f"{len(changed)} changed since {since:%Y-%m-%d}")


if __name__ == "__main__":
    main()
