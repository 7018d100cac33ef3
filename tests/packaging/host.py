"""A host application's code, for the type checker alone: what `mypy --strict` must accept and know."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

import anyerp
from anyerp import (
    AsyncConnection,
    Check,
    Collection,
    Connection,
    Done,
    Page,
    Plan,
    PurchaseOrder,
    PurchaseOrderLine,
    Ref,
    Vendor,
)
from anyerp.errors import AnyErpError, Problem


def explain(error: AnyErpError) -> str:
    assert_type(error.hint, str | None)
    assert_type(error.problems, tuple[Problem, ...])
    return f"{error.connector}: {error.hint}"


def orders(erp: Connection, order: PurchaseOrder) -> Decimal:
    assert_type(erp.purchase_orders, Collection[PurchaseOrder])
    assert_type(erp.purchase_orders.get("x"), PurchaseOrder)
    assert_type(erp.purchase_orders.page(), Page[PurchaseOrder])
    assert_type(erp.purchase_orders.create(order, key="k"), Done[PurchaseOrder])
    assert_type(erp.purchase_orders.create(order, dry_run=True), Plan[PurchaseOrder])
    assert_type(erp.purchase_orders.update(order).record, PurchaseOrder)
    assert_type(erp.purchase_orders.cancel("x"), PurchaseOrder)
    assert_type(erp.vendors.get("x"), Vendor)
    assert_type(erp.check(), list[Check])
    total = Decimal(0)
    for each in erp.purchase_orders.list():
        assert_type(each, PurchaseOrder)
        assert_type(each.vendor, Ref | None)
        assert_type(each.lines, tuple[PurchaseOrderLine, ...] | None)
        total += each.total_excl_tax or 0
    return total


def connected() -> Connection:
    erp = anyerp.connect("acme", settings={"base_url": "https://erp.example"}, credentials={"api_key": "..."})
    assert_type(erp, Connection)
    return erp


async def later(erp: AsyncConnection) -> list[PurchaseOrder]:
    assert_type(await erp.purchase_orders.get("x"), PurchaseOrder)
    return [each async for each in erp.purchase_orders.list()]
