"""A contender for a benchmark rig: reads purchase orders through anyerp and writes them as unified JSON lines.

    python benchmarks/contender.py BASE_URL sap OUT [--whole] [--every-field]

OUT `-` touches every record and prints `count=N cents=SUM` instead. `--whole` reads every field that the lens maps;
`--every-field` asks for whole records in place of a `$select`, to see what unread bytes cost. Nothing is special here:
it is the public API, as a host uses it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import anyerp
import msgspec
from anyerp import PurchaseOrder
from anyerp.kits.odata import v2

#: The rig's own reading of SAP's processing status; ours is kept beside the native code.
STATUS = {"26": "draft", "03": "pending_approval", "05": "open", "08": "closed"}


#: What the rig's record is made of. `--whole` reads every field that the lens maps instead.
FIELDS = (
    "number", "status", "native_status", "order_date", "currency", "vendor", "total_excl_tax",
    "lines.number", "lines.item", "lines.description", "lines.quantity", "lines.native_unit", "lines.unit_price",
    "lines.price_quantity", "lines.amount", "lines.requested_date",
)  # fmt: skip


def orders(base_url: str) -> Iterator[PurchaseOrder]:
    """Every order of the system, or those changed since `BENCH_SINCE`."""
    since = os.environ.get("BENCH_SINCE")
    with anyerp.connect(
        "sap-s4hana",
        settings={"base_url": base_url, "paging": "server"},
        credentials={"username": "bench", "password": "bench"},
    ) as erp:
        yield from erp.purchase_orders.list(
            updated_since=datetime.fromisoformat(since) if since else None,
            fields=None if "--whole" in sys.argv else FIELDS,
        )


def unified(order: PurchaseOrder) -> dict[str, Any]:
    """The rig's record. It wants the price of one unit, where the ERP has one for `price_quantity`."""
    lines = []
    for line in order.lines or ():
        price, per = line.unit_price, line.price_quantity
        lines.append(
            {
                "number": line.number,
                "item": line.item.id if line.item else None,
                "description": line.description,
                "quantity": line.quantity,
                "unit": line.native_unit,
                "unit_price": price if per is None or per == 1 or price is None else price / per,
                "amount": line.amount,
                "delivery_date": line.requested_date,
            }
        )
    cancelled = order.status == "cancelled"
    return {
        "id": order.id,
        "number": order.number,
        "status": "cancelled" if cancelled else STATUS[order.native_status or ""],
        "order_date": order.order_date,
        "currency": order.currency,
        "vendor": order.vendor.id if order.vendor else None,
        "total": order.total_excl_tax,
        "lines": lines,
    }


def main(base_url: str, wire: str, out: str, *flags: str) -> None:
    """Read everything."""
    if wire != "sap":
        raise SystemExit(f"only the sap format is read here, not {wire}")
    if "--every-field" in flags:
        chosen = v2.select
        v2.select = lambda paths: ("", chosen(paths)[1])
    if out == "-":
        count, total = 0, Decimal(0)
        for order in orders(base_url):
            count += 1
            for line in order.lines or ():
                total += line.amount or 0
        print(f"count={count} cents={int(total * 100)}")
        return
    encode_lines = msgspec.json.Encoder().encode_lines
    with Path(out).open("wb") as file:
        found = map(unified, orders(base_url))
        while some := list(islice(found, 100)):
            file.write(encode_lines(some))


if __name__ == "__main__":
    main(*sys.argv[1:])
