"""A custom field of your own ERP, read and written: an overlay over the connector's table.

python examples/custom_field.py [CONNECTION]
"""

from __future__ import annotations

from typing import Any

import anyerp
from anyerp.lens import Lens, Map, text
from erp import target

FIELD = "CorrespncInternalReference"  # in place of a field of your own, such as YY1_Project_PDH


def with_project(lens: Lens[Any]) -> Lens[Any]:
    """Purchase orders that know the field as `extra["project"]`, at most 12 characters long."""
    return lens.extended(Map("extra.project", FIELD, text(12, empty="")))


def main() -> None:
    """Write the field, read it back, and see a value refused that is too long for it."""
    with (
        target() as (name, options),
        anyerp.connect(name, **options, overlays={"purchase_orders": with_project}) as erp,
    ):
        order = next(order for order in erp.purchase_orders.list() if order.status == "open")
        change = order.model_copy(update={"extra": {**(order.extra or {}), "project": "NORTH-7"}})
        done = erp.purchase_orders.update(change)
        print(done.record.number, "project:", (done.record.extra or {}).get("project"))
        try:
            extra = {**(done.record.extra or {}), "project": "N" * 13}
            erp.purchase_orders.update(done.record.model_copy(update={"extra": extra}))
        except anyerp.NotRepresentable as error:
            print("refused:", error.problems[0].message)


if __name__ == "__main__":
    main()
