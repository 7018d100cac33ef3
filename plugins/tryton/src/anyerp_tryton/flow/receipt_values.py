"""What a receipt's values need before they are sent: the moves that its orders wait for, its places (wire §17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow

from anyerp_tryton.flow.lookup import Problems, existing
from anyerp_tryton.flow.origin import ORDERED, ORIGIN, agreed, origin_id
from anyerp_tryton.flow.values import Flat, Part, by_code, there
from anyerp_tryton.session import context

_PLACES = ("input_location", "storage_location")


@dataclass(slots=True)
class Receipt:
    """A shipment ready to be made: its values, the moves it takes over from orders, their stamps and what they were."""

    values: Flat
    taken: dict[int, Flat] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    before: dict[int, Flat] = field(default_factory=dict)

    def commands(self) -> list[list[Any]]:
        """The moves as commands: they get the quantity that came, and are added."""
        steps = [step for id, values in self.taken.items() for step in ([id], values)]
        return [["write", *steps], ["add", list(self.taken)]]


def receipt(ctx: Context, header: Flat, lines: list[Flat]) -> Flow[Receipt]:
    """The shipment for a receipt. Raises `InvalidRecord` naming everything that leads nowhere."""
    problems, parts = Problems(), [Part(f"/lines/{index}", line) for index, line in enumerate(lines)]
    yield from by_code(ctx, parts, "unit./symbol", "product.uom", "unit", problems)
    wanted = (id for part in parts if (id := origin_id(part.values.get("origin"))))
    ordered = yield from existing(ctx, ORIGIN, wanted, ORDERED)
    whole, made = Part("", header), Receipt(header)
    orders = []
    for part in parts:
        row = agreed(part, ordered, problems)
        if row is not None:
            orders.append(row["purchase."])
            _take(made, part, row, problems)
        elif origin_id(part.values.get("origin")) is None:
            why = "which line of an order? Tryton asks a person before it takes what nobody ordered"
            problems.add(f"{part.pointer}/purchase_order_line_id", "purchase_order_line_id", "origin", why)
    problems.demand()
    user = yield from context(ctx)
    places = [part.values["_warehouse"] for part in parts if part.values.get("_warehouse")]
    _settle(whole, "supplier", "vendor", (order["party"] for order in orders), problems)
    _settle(whole, "warehouse", "location", [*places, *(order["warehouse"] for order in orders)], problems)
    _settle(whole, "company", "company", (order["company"] for order in orders), problems, user.get("company"))
    problems.demand()
    yield from there(ctx, [whole], "supplier", "party.party", "vendor", problems)
    warehouses = yield from there(ctx, [whole], "warehouse", "stock.location", "location", problems, _PLACES)
    problems.demand()
    place = warehouses[header["warehouse"]]
    header["warehouse_input"], header["warehouse_storage"] = (place[name] for name in _PLACES)
    return made


def _take(made: Receipt, part: Part, row: dict[str, Any], problems: Problems) -> None:
    """Take over the next move of the order's line that is still to come."""
    quantity = part.values.get("quantity")
    if quantity is None or quantity <= 0:
        problems.add(f"{part.pointer}/quantity", "quantity", "quantity", "how much came? More than nothing is needed")
    for move in row.get("moves.") or ():
        if move["state"] == "draft" and not move["shipment"] and move["id"] not in made.taken:
            id = move["id"]
            made.taken[id] = {"quantity": quantity, "unit": part.values.get("unit") or row["unit"]}
            made.before[id] = {name: move[name] for name in ("quantity", "unit")}
            made.stamps[f"stock.move,{id}"] = move["_timestamp"]
            return
    why = "the order waits for nothing more on this line"
    problems.add(f"{part.pointer}/purchase_order_line_id", "purchase_order_line_id", f"{ORIGIN}.moves", why)


def _settle(whole: Part, name: str, said: str, found: Iterable[Any], problems: Problems, otherwise: Any = None) -> None:
    """A value of the whole receipt, which its lines must share: as given, as they say, or as a user has it."""
    values = dict.fromkeys(value for value in (whole.values.get(name), *found) if value is not None)
    if len(values) > 1:
        problems.add(f"/{said}", said, name, f"one receipt has one, and the lines' are {', '.join(map(str, values))}")
    elif not values and otherwise is None:
        problems.add(f"/{said}", said, name, "neither given nor said by an order's line")
    whole.values[name] = next(iter(values), otherwise)
