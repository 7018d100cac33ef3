"""What tells one kind of document from another, and its references by number made ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from anyerp.connector import Context, Flow
from anyerp.model import PurchaseOrder, SalesOrder, VendorInvoice

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems, References
from anyerp_tryton.flow.table import Table, number_of

R = TypeVar("R", PurchaseOrder, SalesOrder, VendorInvoice)
Wanted = tuple[tuple[str, str, str], ...]
#: A unified field, the model that it refers to, and by which of its fields a number is looked up.
HEADER: Wanted = (
    ("company", "company.company", "party.code"),
    ("payment_terms", "account.invoice.payment_term", "name"),
)
LINE: Wanted = (("item", "product.product", "code"), ("location", "stock.location", "code"))


@dataclass(frozen=True, slots=True)
class Trade:
    """A document with lines: its table, its lines' model and their way up, whose it is, and what is filled in.

    `party` is the unified field of the other side; `unit` the product's field for a line without a unit; `addresses`
    are fields of the document, each with the mark of an address that suits it.
    """

    table: Table
    line: str
    parent: str
    party: str
    unit: str
    addresses: tuple[tuple[str, str], ...] = (("invoice_address", "invoice"),)
    on_header: Wanted = HEADER
    on_lines: Wanted = LINE


def resolved(ctx: Context, trade: Trade, record: R) -> Flow[R]:
    """The record with ids in the place of numbers: party code, term name, product and location code, line number."""
    wanted = References()
    for name, model, by in ((trade.party, "party.party", "code"), *trade.on_header):
        wanted.want(f"/{name}", name, model, by, getattr(record, name))
    for index, line in enumerate(record.lines or ()):
        for name, model, by in trade.on_lines:
            wanted.want(f"/lines/{index}/{name}", name, model, by, getattr(line, name))
    found: dict[str, Any] = yield from wanted.found(ctx)
    found |= yield from _line_ids(ctx, trade, record)
    done: R = with_found(record, found)
    return done


def with_found(record: Any, found: dict[str, Any]) -> Any:
    """A record with values put in at pointers (`/vendor`, `/lines/0/item`)."""
    if not found:
        return record
    update = {pointer[1:]: value for pointer, value in found.items() if pointer.count("/") == 1}
    for pointer, value in found.items():
        if pointer.startswith("/lines/"):
            _, _, index, name = pointer.split("/")
            lines = update.setdefault("lines", list(record.lines))
            lines[int(index)] = lines[int(index)].model_copy(update={name: value})
    if "lines" in update:
        update["lines"] = tuple(update["lines"])
    return record.model_copy(update=update)


def _line_ids(ctx: Context, trade: Trade, record: R) -> Flow[dict[str, str]]:
    """The ids of lines that an update gives by number alone, by pointer. Numbers need not be unique in Tryton."""
    wanted = {
        f"/lines/{index}/id": line.number
        for index, line in enumerate(record.lines or ())
        if line.id is None and line.number is not None
    }
    if record.id is None or not wanted:
        return {}
    domain = [[trade.parent, "=", number_of(record.id)], ["sequence", "in", sorted(set(wanted.values()))]]
    rows = yield from rpc.rows(ctx, trade.line, domain, ["sequence"])
    given = {line.id for line in record.lines or ()}
    known: dict[int, list[str]] = {}
    for row in rows:
        known.setdefault(row["sequence"], []).append(str(row["id"]))
    found: dict[str, str] = {}
    problems = Problems()
    for pointer, number in wanted.items():
        match [id for id in known.get(number, []) if id not in given]:
            case [only]:
                found[pointer] = only
            case [_, *_]:
                problems.add(pointer, "number", "sequence", f"several lines have the number {number}; give their ids")
    problems.demand()
    return found
