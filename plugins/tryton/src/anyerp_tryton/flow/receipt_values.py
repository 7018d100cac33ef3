"""What a receipt's values need before they are sent: the order's own moves, places, a price (wire §17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow

from anyerp_tryton.codec import exact
from anyerp_tryton.flow.lookup import Problems, existing
from anyerp_tryton.flow.origin import ORDERED, ORIGIN, agreed, origin_id
from anyerp_tryton.flow.values import Flat, Part, by_code, there
from anyerp_tryton.session import context

_PLACES = ("input_location", "storage_location")
_PRICE = exact(4)


@dataclass(slots=True)
class Receipt:
    """A shipment ready to be made: its values, the moves it takes over from orders, their stamps and what they were."""

    values: Flat
    taken: list[tuple[int, Flat]] = field(default_factory=list)
    new: list[Flat] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)
    before: dict[int, Flat] = field(default_factory=dict)

    def commands(self) -> list[list[Any]]:
        """The moves as commands: those of orders get their quantity and are added, others are made."""
        changes = [["write", *(step for id, values in self.taken for step in ([id], values))]] if self.taken else []
        added = [["add", [id for id, _ in self.taken]]] if self.taken else []
        return [*changes, *added, *([["create", self.new]] if self.new else [])]


def receipt(ctx: Context, header: Flat, lines: list[Flat]) -> Flow[Receipt]:
    """The shipment for a receipt. Raises `InvalidRecord` naming everything that leads nowhere."""
    problems, parts = Problems(), [Part(f"/lines/{index}", line) for index, line in enumerate(lines)]
    yield from by_code(ctx, parts, "unit./symbol", "product.uom", "unit", problems)
    ordered = yield from existing(
        ctx, ORIGIN, (id for part in parts if (id := origin_id(part.values.get("origin")))), ORDERED
    )
    rows = [agreed(part, ordered, problems) for part in parts]
    products = yield from there(
        ctx, parts, "product", "product.product", "item", problems, ("default_uom", "cost_price", "type")
    )
    whole = Part("", header)
    user = yield from context(ctx)
    orders = [row["purchase."] for row in rows if row]
    _settle(whole, "supplier", "vendor", (order["party"] for order in orders), problems)
    places = [part.values.pop("_warehouse") for part in parts if "_warehouse" in part.values]
    _settle(whole, "warehouse", "location", [*places, *(order["warehouse"] for order in orders)], problems)
    _settle(whole, "company", "company", (order["company"] for order in orders), problems, user.get("company"))
    parties = yield from there(ctx, [whole], "supplier", "party.party", "vendor", problems, ("supplier_location",))
    warehouses = yield from there(ctx, [whole], "warehouse", "stock.location", "location", problems, _PLACES)
    companies = yield from there(ctx, [whole], "company", "company.company", "company", problems, ("currency",))
    for part, row in zip(parts, rows, strict=True):
        _complete(part, row, products, problems)
    problems.demand()
    place = warehouses[header["warehouse"]]
    header["warehouse_input"], header["warehouse_storage"] = (place[name] for name in _PLACES)
    made = Receipt(header)
    between = {
        "from_location": parties[header["supplier"]]["supplier_location"],
        "to_location": place["input_location"],
        "company": header["company"],
    }
    for part, row in zip(parts, rows, strict=True):
        _move(made, part, row, between, companies[header["company"]]["currency"])
    return made


def _settle(whole: Part, name: str, said: str, found: Iterable[Any], problems: Problems, otherwise: Any = None) -> None:
    """A value of the whole receipt, which its lines must share: as given, as they say, or as a user has it."""
    values = dict.fromkeys(value for value in (whole.values.get(name), *found) if value is not None)
    if len(values) > 1:
        problems.add(f"/{said}", said, name, f"one receipt has one, and the lines' are {', '.join(map(str, values))}")
    elif not values and otherwise is None:
        problems.add(f"/{said}", said, name, "neither given nor said by an order's line")
    whole.values[name] = next(iter(values), otherwise)


def _complete(part: Part, row: dict[str, Any] | None, products: dict[int, Any], problems: Problems) -> None:
    """Every line needs a product, a quantity and a unit."""
    values = part.values
    values.setdefault("product", row["product"] if row else None)
    if values["product"] is None:
        problems.add(
            f"{part.pointer}/item", "item", "product", "goods are needed: an order's line for them, or an item"
        )
    if values.get("quantity") is None:
        problems.add(f"{part.pointer}/quantity", "quantity", "quantity", "how much came?")
    if values.get("unit") is None and "unit" not in values:
        values["unit"] = row["unit"] if row else products.get(values["product"] or 0, {}).get("default_uom")


def _move(made: Receipt, part: Part, row: dict[str, Any] | None, between: Flat, currency: int) -> None:
    """Take over the order's next move that is still to come; make one where there is none."""
    values = part.values
    taken = {id for id, _ in made.taken}
    open_ = [
        move
        for move in (row or {}).get("moves.") or ()
        if move["state"] == "draft" and not move["shipment"] and move["id"] not in taken
    ]
    if open_:
        made.taken.append((open_[0]["id"], {"quantity": values["quantity"], "unit": values["unit"]}))
        made.before[open_[0]["id"]] = {name: open_[0][name] for name in ("quantity", "unit")}
        made.stamps[f"stock.move,{open_[0]['id']}"] = open_[0]["_timestamp"]
        return
    price = row["unit_price"] if row else None
    assert _PRICE.encode is not None
    made.new.append({
        **{name: value for name, value in values.items() if value is not None},
        **between,
        "unit_price": price or _PRICE.encode(0),
        "currency": row["purchase."]["currency"] if row else currency,
    })  # fmt: skip
