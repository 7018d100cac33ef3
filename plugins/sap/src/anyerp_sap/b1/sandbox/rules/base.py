"""Copying from one document to the next: what a receipt takes from an order's line, the order waits for no more."""

from __future__ import annotations

from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import business, invalid
from anyerp_sap.b1.sandbox.rules import stock
from anyerp_sap.b1.sandbox.rules.total import remain
from anyerp_sap.b1.sandbox.schema import DocumentKind, kind_of
from anyerp_sap.b1.sandbox.world import World


def base_line(world: World, kind: DocumentKind, document: Row, line: Row, place: int) -> Row:
    """The line that a line is copied from: `BaseType`, `BaseEntry` (the DocEntry), `BaseLine` (the LineNum, from 0)."""
    source = kind_of(line["BaseType"])
    if source is None or source.code not in kind.based_on:
        raise invalid(f"Base document type is not allowed [{kind.line_table}.BaseType][line: {place}]")
    base = world.store.get(source.name, line["BaseEntry"])
    if source.partner and base["CardCode"] != document["CardCode"]:
        raise invalid(f"Base document card and target document card do not match [{kind.line_table}.BaseCard]")
    found: Row | None = next((each for each in base["DocumentLines"] if each["LineNum"] == line["BaseLine"]), None)
    if found is None:
        raise invalid(f"Base document row does not exist [{kind.line_table}.BaseLine][line: {place}]")
    if found["LineStatus"] != "bost_Open":
        raise business(
            f"One of the base documents has already been closed [{kind.line_table}.BaseEntry][line: {place}]"
        )
    return found


def draw(world: World, document: Row, sign: int = 1) -> None:
    """Take every line's quantity from its base line (or give it back), closing and reopening what follows from it."""
    drawn: dict[tuple[int, int], dict[int, Decimal]] = {}
    for line in document["DocumentLines"]:
        if line["BaseEntry"] is not None:
            lines = drawn.setdefault((line["BaseType"], line["BaseEntry"]), {})
            lines[line["BaseLine"]] = lines.get(line["BaseLine"], Decimal(0)) + sign * line["InventoryQuantity"]
    for (code, entry), quantities in drawn.items():
        kind = kind_of(code)
        if kind is not None:
            _take(world, kind, entry, quantities)


def _take(world: World, kind: DocumentKind, entry: int, quantities: dict[int, Decimal]) -> None:
    old = world.store.get(kind.name, entry)
    lines = [dict(line) for line in old["DocumentLines"]]
    for line in lines:
        quantity = quantities.get(line["LineNum"])
        if quantity is not None:
            line["_taken"] = line.get("_taken", Decimal(0)) + quantity / line["UnitsOfMeasurment"]
            line["LineStatus"] = "bost_Close" if line["_taken"] >= line["Quantity"] else "bost_Open"
            remain(line)
    new = {**old, "DocumentLines": lines}
    settle(world, new)
    world.touched(new)
    stock.move(world, kind, old, new)
    world.store.put(kind.name, entry, new)


def settle(world: World, document: Row) -> None:
    """A document is closed when every line is."""
    done = all(line["LineStatus"] == "bost_Close" for line in document["DocumentLines"])
    document["DocumentStatus"] = "bost_Close" if done else "bost_Open"
    document["ClosingDate"] = (document["ClosingDate"] or world.today()) if done else None
