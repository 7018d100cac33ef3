"""A contender for a benchmark rig: writes purchase orders through anyerp, from unified JSON lines.

    python benchmarks/writer.py BASE_URL IN [--report FILE] [--parallel N] [--singly] [--async]

Nothing is special here: values are checked and written by `create_many`, with an outcome for every order. The orders'
own numbers are their keys; they are new, so that they are looked for only when there is a doubt.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyerp
import msgspec
from anyerp.connector.registry import registry

#: The rig has the V2 service only; a host that knows says so, and nobody has to ask.
SETTINGS = {"purchasing_organization": "1010", "purchase_orders": "v2"}
SECRETS = {"username": "bench", "password": "bench"}


class Line(msgspec.Struct):
    """A line of the rig's record."""

    number: int
    item: str
    description: str
    quantity: str
    unit: str
    unit_price: str
    delivery_date: str


class Order(msgspec.Struct):
    """The rig's record."""

    id: str
    vendor: str
    currency: str
    order_date: str
    lines: list[Line]


def orders(path: str) -> Iterator[dict[str, Any]]:
    """The values of the orders in a file; the connection checks them as the model does."""
    decode = msgspec.json.Decoder(Order).decode
    with Path(path).open("rb") as file:
        for text in file:
            given = decode(text)
            yield {
                "external_reference": given.id,
                "company": {"id": "1010"},
                "buyer": {"id": "001"},
                "vendor": {"id": given.vendor},
                "currency": given.currency,
                "order_date": given.order_date,
                "lines": [line(one) for one in given.lines],
            }


def line(given: Line) -> dict[str, Any]:
    """The values of a line. A price finer than a cent is one for a hundred."""
    price: Any = given.unit_price
    per = "1"
    if len(price.partition(".")[2]) > 2:
        price, per = Decimal(price) * 100, "100"
    return {
        "number": given.number,
        "item": {"id": given.item},
        "description": given.description,
        "quantity": given.quantity,
        "native_unit": given.unit,
        "unit_price": price,
        "price_quantity": per,
        "requested_date": given.delivery_date,
    }


def main() -> None:
    """Write them all; fail if one has no outcome or was not applied."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base_url")
    parser.add_argument("path")
    parser.add_argument("--report")
    parser.add_argument("--parallel", type=int, default=4)
    parser.add_argument("--singly", action="store_true")
    parser.add_argument("--async", dest="asynchronous", action="store_true")
    given = parser.parse_args()
    connector = registry().connector("sap-s4hana")
    if given.singly:
        alone = replace(connector.resources["purchase_orders"], create_batch=None)
        connector = replace(connector, resources={**connector.resources, "purchase_orders": alone})
    access: dict[str, Any] = {"settings": {"base_url": given.base_url, **SETTINGS}, "credentials": SECRETS}
    options: dict[str, Any] = {"parallel": given.parallel, "look": "doubtful", "report": given.report}
    if given.asynchronous:
        import asyncio  # noqa: PLC0415 - a synchronous host does without

        async def write() -> Any:
            async with anyerp.aconnect(connector, **access) as erp:
                return await erp.purchase_orders.create_many(orders(given.path), **options)

        report = asyncio.run(write())
    else:
        with anyerp.connect(connector, **access) as erp:
            report = erp.purchase_orders.create_many(orders(given.path), **options)
    with Path(given.path).open("rb") as file:
        whole = len(report) == sum(1 for _ in file)
    sys.exit(0 if report.ok and whole else f"{report}: {report[0]}")


if __name__ == "__main__":
    main()
