"""The seed: three companies as they are before a test begins; the same on every machine and every day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ...odata import Row
from ..store import Company, Journal
from .company import company_row, empty_company, fill
from .order import many_orders, purchase_invoices, purchase_orders, sales_orders

_BEGIN = datetime(2026, 1, 5, 8, 0, 0, 123000, UTC)
#: Between one seeded write and the next, so that times of change tell rows apart.
_STEP = timedelta(minutes=7, milliseconds=11)


def _slow_clock() -> Callable[[], datetime]:
    moment = _BEGIN

    def now() -> datetime:
        nonlocal moment
        moment += _STEP
        return moment

    return now


def seeded(journal: Journal, orders: int) -> list[tuple[Row, Company]]:
    """Give the companies, with so many generated purchase orders in the first."""
    clock, journal.now = journal.now, _slow_clock()
    main = company_row("CRONUS USA, Inc.", "CRONUS USA, Inc.", 47433)
    german = company_row("CRONUS DE", "CRONUS Möbel GmbH", 47434)
    fresh = company_row("My Company", "", 47435)
    companies = [
        (main, empty_company(main, "USD", journal)),
        (german, empty_company(german, "EUR", journal)),
        (fresh, empty_company(fresh, "USD", journal)),
    ]
    for _, company in companies[:2]:
        fill(company)
        purchase_orders(company)
        purchase_invoices(company)
        sales_orders(company)
    if orders:
        many_orders(companies[0][1], orders)
    journal.now = clock
    journal.commit()
    return companies
