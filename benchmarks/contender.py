"""A contender for a benchmark rig: reads purchase orders through anyerp and writes them as unified JSON lines.

    python benchmarks/contender.py BASE_URL sap|d365|netsuite OUT [--whole] [--every-field]

OUT `-` touches every record and prints `count=N cents=SUM` instead. `--whole` reads every field that the lens maps;
`--every-field` asks SAP for whole records in place of a `$select`, to see what unread bytes cost. It is the public API,
as a host uses it; what the rig's pages have otherwise than the ERP is said in `rig.py`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import anyerp
import msgspec
import rig
from anyerp import PurchaseOrder, PurchaseOrderLine
from anyerp.kits.odata import v2

#: What the rig's record is made of, beside what its status is told by. `--whole` reads all that the lens maps instead.
FIELDS = (
    "number", "order_date", "currency", "vendor",
    "lines.number", "lines.item", "lines.description", "lines.quantity", "lines.native_unit", "lines.unit_price",
    "lines.price_quantity", "lines.amount", "lines.requested_date",
)  # fmt: skip
ONE = Decimal(1)


def orders(base_url: str, wire: str) -> Iterator[PurchaseOrder]:
    """Every order of the system, or those changed since `BENCH_SINCE`."""
    since = os.environ.get("BENCH_SINCE")
    system = rig.SYSTEMS[wire]
    with anyerp.connect(
        system.connector(),
        settings={"base_url": base_url, **system.settings},
        credentials=system.credentials,
    ) as erp:
        yield from erp.purchase_orders.list(
            updated_since=datetime.fromisoformat(since) if since else None,
            fields=None if "--whole" in sys.argv else (*FIELDS, *system.by, system.total),
        )


class Line(msgspec.Struct, gc=False):
    """The rig's line."""

    number: int | None
    item: str | None
    description: str | None
    quantity: Decimal | None
    unit: str | None
    unit_price: Decimal | None
    amount: Decimal | None
    delivery_date: date | None


class Order(msgspec.Struct, gc=False):
    """The rig's order."""

    id: str | None
    number: str | None
    status: str
    order_date: date | None
    currency: str | None
    vendor: str | None
    total: Decimal | None
    lines: list[Line]


def line(given: PurchaseOrderLine) -> Line:
    """The rig's line of ours. It wants the price of one unit, where the ERP has one for `price_quantity`."""
    item, price, per = given.item, given.unit_price, given.price_quantity
    if price is not None and per is not None and per != ONE:
        price /= per
    return Line(
        given.number,
        item.id if item else None,
        given.description,
        given.quantity,
        given.native_unit,
        price,
        given.amount,
        given.requested_date,
    )


def unified(order: PurchaseOrder, system: rig.System) -> Order:
    """The rig's order of ours."""
    vendor = order.vendor
    return Order(
        order.id,
        order.number,
        system.status(order),
        order.order_date,
        order.currency,
        vendor.id if vendor else None,
        getattr(order, system.total),
        [line(one) for one in order.lines or ()],
    )


def main(base_url: str, wire: str, out: str, *flags: str) -> None:
    """Read everything."""
    if "--every-field" in flags:
        chosen = v2.select
        v2.select = lambda paths: ("", chosen(paths)[1])
    if out == "-":
        count, total = 0, Decimal(0)
        for order in orders(base_url, wire):
            count += 1
            for line in order.lines or ():
                total += line.amount or 0
        print(f"count={count} cents={int(total * 100)}")
        return
    encode_lines = msgspec.json.Encoder().encode_lines
    system = rig.SYSTEMS[wire]
    with Path(out).open("wb") as file:
        found = (unified(order, system) for order in orders(base_url, wire))
        while some := list(islice(found, 100)):
            file.write(encode_lines(some))


if __name__ == "__main__":
    main(*sys.argv[1:])
