"""The bound actions of documents: Close, Cancel, Reopen, CreateCancellationDocument (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from anyerp_sap.b1.sandbox.edm import Row
from anyerp_sap.b1.sandbox.errors import business, unsupported
from anyerp_sap.b1.sandbox.rules import stock
from anyerp_sap.b1.sandbox.rules.base import draw, settle
from anyerp_sap.b1.sandbox.rules.document import save
from anyerp_sap.b1.sandbox.rules.total import remain
from anyerp_sap.b1.sandbox.schema import DocumentKind
from anyerp_sap.b1.sandbox.world import World

_CLOSED = "Document is already closed"


def close(world: World, kind: DocumentKind, row: Row) -> None:
    """No more is awaited. The document is closed without being cancelled."""
    if kind.name == "PurchaseInvoices":
        raise unsupported("Close is not supported for this object")
    if row["DocumentStatus"] == "bost_Close":
        raise unsupported(_CLOSED)
    _replace(world, kind, row, _lines(row, lambda line: "bost_Close"), {})


def cancel(world: World, kind: DocumentKind, row: Row) -> None:
    """As if it had never been: bost_Close and Cancelled tYES. Only before anything was copied from it."""
    if kind.posted:
        raise unsupported("Cancel is not supported for this object; create a cancellation document")
    if row["DocumentStatus"] == "bost_Close":
        raise unsupported(_CLOSED)
    if any(line.get("_taken") for line in row["DocumentLines"]):
        raise business("10000871 - Document was already copied to a target document")
    marks = {"Cancelled": "tYES", "CancelStatus": "csYes", "CancelDate": world.today()}
    _replace(world, kind, row, _lines(row, lambda line: "bost_Close"), marks)


def reopen(world: World, kind: DocumentKind, row: Row) -> None:
    """Undo a Close: lines that still wait for something are open again."""
    waiting = any(line.get("_taken", Decimal(0)) < line["Quantity"] for line in row["DocumentLines"])
    if kind.posted or row["DocumentStatus"] == "bost_Open" or row["Cancelled"] == "tYES" or not waiting:
        raise unsupported("Document cannot be reopened")
    lines = _lines(
        row, lambda line: "bost_Open" if line.get("_taken", Decimal(0)) < line["Quantity"] else line["LineStatus"]
    )
    _replace(world, kind, row, lines, {})


def create_cancellation(world: World, kind: DocumentKind, row: Row) -> Row:
    """A posted document is undone by another of the same set: the original is csYes, the new one csCancellation."""
    if not kind.posted:
        raise unsupported("A cancellation document is not supported for this object")
    if row["CancelStatus"] != "csNo":
        raise unsupported("Document is already cancelled")
    if any(line.get("_taken") for line in row["DocumentLines"]):
        raise business("10000871 - Document was already copied to a target document")
    lines = _lines(row, lambda line: "bost_Close")
    own = [{**line, "BaseType": kind.code, "BaseEntry": row["DocEntry"], "BaseLine": line["LineNum"]} for line in lines]
    new = {**row, "DocumentLines": own, "CancelStatus": "csCancellation", "DocumentStatus": "bost_Close"}
    new["DocDate"] = world.today()
    draw(world, row, -1)
    marks = {"Cancelled": "tYES", "CancelStatus": "csYes", "CancelDate": world.today()}
    _replace(world, kind, row, lines, marks)
    return save(world, kind.name, new)


#: Action → what it does; one that gives a document answers with it.
ACTIONS: Mapping[str, Callable[[World, DocumentKind, Row], Row | None]] = {
    "Close": close,
    "Cancel": cancel,
    "Reopen": reopen,
    "CreateCancellationDocument": create_cancellation,
}


def _lines(row: Row, status: Callable[[Row], str]) -> list[Row]:
    lines = [{**line, "LineStatus": status(line)} for line in row["DocumentLines"]]
    for line in lines:
        remain(line)
    return lines


def _replace(world: World, kind: DocumentKind, row: Row, lines: list[Row], marks: Row) -> None:
    new = {**row, **marks, "DocumentLines": lines}
    settle(world, new)
    world.touched(new)
    stock.move(world, kind, row, new)
    world.store.put(kind.name, row["DocEntry"], new)
