"""A little service of orders and lines, to hold the OData room to the standard."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from anyerp_dynamics.sandbox.odata import (
    STANDARD,
    EntitySet,
    EntityType,
    EnumType,
    Navigation,
    Property,
    Schema,
    choose,
    read_options,
)


class Shop:
    def __init__(self):
        order = EntityType(
            "Order",
            (
                Property("Company", nullable=False),
                Property("Number", nullable=False, max_length=20),
                Property("Status", "Status"),
                Property("Total", "Edm.Decimal", nullable=False),
                Property("Rows", "Edm.Int64", nullable=False),
                Property("At", "Edm.DateTimeOffset", nullable=False),
                Property("Day", "Edm.Date"),
                Property("Id", "Edm.Guid"),
                Property("Open", "Edm.Boolean"),
            ),
            ("Company", "Number"),
            (Navigation("Lines", "Lines", many=True, join={"Number": "Number"}, partner="Order"),),
        )
        line = EntityType(
            "Line",
            (
                Property("Number", nullable=False),
                Property("Line", "Edm.Int32", nullable=False),
                Property("Qty", "Edm.Decimal"),
            ),
            ("Number", "Line"),
            (Navigation("Order", "Orders", many=False, join={"Number": "Number"}, partner="Lines"),),
        )
        self.orders, self.lines = EntitySet("Orders", order), EntitySet("Lines", line)
        sets = {"Orders": self.orders, "Lines": self.lines}
        self.schema = Schema("Shop", sets, {"Status": EnumType("Status", ("None", "Open", "Closed"))})

        def made(number, status, total, day, **more):
            return {
                "Company": "a",
                "Number": number,
                "Status": status,
                "Total": Decimal(total),
                "Rows": 5637144576,
                "At": datetime(2026, 1, day, 12, 0, 0, 250000, tzinfo=UTC),
                "Day": datetime(2026, 1, day, tzinfo=UTC).date(),
                "Id": f"00000000-0000-0000-0000-0000000000{day:02d}",
                "Open": status == "Open",
                **more,
            }

        self.rows = {
            "Orders": [
                made("O'1", "Open", "10.50", 1),
                made("b2", "Closed", "3", 2),
                made("B3", "None", "-7.25", 3),
                made("c4", "Open", "100", 4, Day=None),
            ],
            "Lines": [
                {"Number": "O'1", "Line": 1, "Qty": Decimal(3)},
                {"Number": "O'1", "Line": 2, "Qty": Decimal("4.5")},
                {"Number": "c4", "Line": 1, "Qty": Decimal(9)},
            ],
        }

    def follow(self, row, navigation):
        found = [r for r in self.rows[navigation.target] if all(r[b] == row[a] for a, b in navigation.join.items())]
        return found if navigation.many else (found[0] if found else None)

    def ask(self, query, dialect=STANDARD, known=None):
        more = {} if known is None else {"known": known}
        options = read_options(query, self.orders.type, self.schema, dialect, **more)
        return choose(self.rows["Orders"], options, self.orders.type, self.schema, dialect, self.follow), options

    def numbers(self, filter_text, dialect=STANDARD):
        return [row["Number"] for row in self.ask(f"$filter={filter_text}", dialect)[0].rows]


@pytest.fixture
def shop():
    return Shop()
