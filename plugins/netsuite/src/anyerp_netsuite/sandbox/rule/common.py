"""What several business rules need: labels in refusals, money rounding, units, what can be received."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from anyerp_netsuite.sandbox.field import Ref, Values
from anyerp_netsuite.sandbox.problem import Problem, invalid_value, user_error
from anyerp_netsuite.sandbox.store import Record, Store

ZERO = Decimal(0)
#: Item types that pass through a dock; services and charges are only billed.
RECEIVABLE = frozenset({"InvtPart", "Assembly", "NonInvtPart"})
STOCKED = frozenset({"InvtPart", "Assembly"})


def missing(*labels: str) -> Problem:
    """The refusal of a form with empty mandatory fields."""
    return user_error(f"Please enter value(s) for: {', '.join(labels)}.")


def bad_value(value: object, name: str, path: str) -> Problem:
    """The refusal of a value that another field rules out."""
    return Problem(400, (invalid_value(value, name, path),), section="#sec10.4.1")


def rounded(amount: Decimal, places: int) -> Decimal:
    """Money in a currency of so many decimals."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def places(store: Store, currency: Ref) -> int:
    """The decimals of a currency: 0 for yen, 3 for dinars."""
    return int(store.at(currency).values.get("currencyPrecision", 2))


def units_of(store: Store, item: Record) -> dict[str, Values]:
    """The units an item may be counted in, by internal id as lines spell it; empty without a units type."""
    kind = item.values.get("unitsType")
    if kind is None:
        return {}
    uom = store.at(kind).values.get("uom", ())
    return {str(one["internalId"]): one for one in uom if one.get("conversionRate")}


def in_stock_units(store: Store, line: Values, amount: Decimal) -> Decimal:
    """A line's quantity in the item's stock unit."""
    item = store.at(line["item"])
    units = units_of(store, item)
    unit, stock = units.get(line.get("units", "")), units.get(item.values.get("stockUnit", ""))
    if unit is None or stock is None:
        return amount
    return amount * Decimal(unit["conversionRate"]) / Decimal(stock["conversionRate"])


def item_kind(store: Store, line: Values) -> str:
    """The item type of a line: InvtPart, Service, ..."""
    return store.at(line["item"]).type.sql_type


def open_quantity(line: Values, done: str) -> Decimal:
    """What of an order line is still to come, by the counter of what came."""
    if line.get("isClosed"):
        return ZERO
    return max(ZERO, Decimal(line["quantity"]) - Decimal(line.get(done, ZERO)))


def order_line(order: Record, number: object) -> Values | None:
    """The item line of an order with that line id."""
    return next((line for line in order.values.get("item", []) if line["line"] == number), None)
