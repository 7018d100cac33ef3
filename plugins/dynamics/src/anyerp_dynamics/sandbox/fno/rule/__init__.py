"""Business rules by table: what fills a new row, what every write is held to, what a removal takes along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...odata import Row
from . import invoice, master, purchase, sales
from .desk import Desk, label


def _none_given(desk: Desk, row: Row, given: Row) -> None:
    pass


def _unchecked(desk: Desk, row: Row, old: Row | None) -> None:
    pass


def _alone(desk: Desk, row: Row) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Rule:
    """`defaults(desk, row, given)`, `check(desk, row, old)`, `remove(desk, row)`, and `written(desk, row)` after."""

    defaults: Callable[[Desk, Row, Row], None] = _none_given
    check: Callable[[Desk, Row, Row | None], None] = _unchecked
    remove: Callable[[Desk, Row], None] = _alone
    written: Callable[[Desk, Row], None] = _alone


RULES: dict[str, Rule] = {
    "purchase_order": Rule(purchase.header_defaults, purchase.header_check, purchase.header_remove),
    "purchase_order_line": Rule(purchase.line_defaults, purchase.line_check, purchase.line_remove),
    "sales_order": Rule(sales.header_defaults, sales.header_check, sales.header_remove),
    "sales_order_line": Rule(sales.line_defaults, sales.line_check, written=sales.line_written),
    "vendor_invoice": Rule(invoice.header_defaults, invoice.header_check, invoice.header_remove),
    "vendor_invoice_line": Rule(invoice.line_defaults, invoice.line_check),
    "vendor": Rule(master.vendor_defaults, master.vendor_check, master.vendor_remove),
    "customer": Rule(master.customer_defaults, master.customer_check),
    "item": Rule(master.item_defaults),
}

__all__ = ["RULES", "Desk", "Rule", "label"]
