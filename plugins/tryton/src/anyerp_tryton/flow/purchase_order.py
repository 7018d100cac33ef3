"""Purchase orders: found by the caller's key, made as drafts, changed in one write, cancelled, deleted."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import InvalidRecord
from anyerp.lens import Changes
from anyerp.model import PurchaseOrder

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import Problems, References
from anyerp_tryton.flow.order_values import LINES, finished
from anyerp_tryton.flow.table import Table, number_of
from anyerp_tryton.flow.values import Part, commands, flat
from anyerp_tryton.flow.write import guarded, made
from anyerp_tryton.lens.purchase_order import ALSO, PURCHASE_ORDER
from anyerp_tryton.session import context

#: Writing a line by itself does not touch its order's stamp (wire §13).
TABLE = Table("purchase.purchase", ALSO, stamps=("last_modified_at", "lines.last_modified_at"))
_LISTS = {"lines": "purchase.line"}
_CANCELLABLE = ("draft", "quotation")


def resolve(ctx: Context, record: PurchaseOrder) -> Flow[PurchaseOrder]:
    """The order with ids in the place of numbers: party code, term name, product and location code, line number."""
    wanted = References()
    wanted.want("/vendor", "vendor", "party.party", "code", record.vendor)
    wanted.want("/company", "company", "company.company", "party.code", record.company)
    wanted.want("/payment_terms", "payment_terms", "account.invoice.payment_term", "name", record.payment_terms)
    for index, line in enumerate(record.lines or ()):
        wanted.want(f"/lines/{index}/item", "item", "product.product", "code", line.item)
        wanted.want(f"/lines/{index}/location", "location", "stock.location", "code", line.location)
    found: dict[str, Any] = yield from wanted.found(ctx)
    found |= yield from _line_ids(ctx, record)
    if not found:
        return record
    header = {name: found[f"/{name}"] for name in ("vendor", "company", "payment_terms") if f"/{name}" in found}
    if any(pointer.startswith("/lines/") for pointer in found):
        header["lines"] = tuple(
            line.model_copy(
                update={
                    name: found[f"/lines/{index}/{name}"]
                    for name in ("id", "item", "location")
                    if f"/lines/{index}/{name}" in found
                }
            )
            for index, line in enumerate(record.lines or ())
        )
    return record.model_copy(update=header)


def _line_ids(ctx: Context, record: PurchaseOrder) -> Flow[dict[str, str]]:
    """The ids of lines that an update gives by number alone, by pointer. Numbers need not be unique in Tryton."""
    wanted = {
        f"/lines/{index}/id": line.number
        for index, line in enumerate(record.lines or ())
        if line.id is None and line.number is not None
    }
    if record.id is None or not wanted:
        return {}
    domain = [["purchase", "=", number_of(record.id)], ["sequence", "in", sorted(set(wanted.values()))]]
    rows = yield from rpc.rows(ctx, "purchase.line", domain, ["sequence"])
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


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The oldest order of the company whose description is the key: a copy of an order copies it too (wire §9)."""
    user = yield from context(ctx)
    own = [["company", "=", user["company"]]] if user.get("company") is not None else []
    return (yield from TABLE.find(ctx, ["description", "=", key.strip()], *own))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Make a draft, lines and all, in one call; then read it as Tryton completed it."""
    header = Part("", flat(native, (LINES,)))
    added = [Part(f"/lines/{index}", flat(line)) for index, line in enumerate(native.get(LINES) or ())]
    yield from finished(ctx, header, added, [], [])
    values = header.values
    if added:
        values["lines"] = commands((part.values for part in added), (), ())
    more = {"company": values["company"]} if values.get("company") is not None else {}
    return (yield from made(ctx, TABLE, values, more))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Write header and lines in one call, which Tryton refuses if either was changed since it was read (wire §6)."""
    header = Part("", dict(changes.fields), native)
    lines = changes.lists.get(LINES)
    before = len(native.get(LINES) or ())
    added = [Part(f"/lines/{before + n}", flat(row)) for n, row in enumerate(lines.added if lines else ())]
    changed = [Part("/lines", dict(to.fields), row) for row, to in (lines.changed if lines else ())]
    removed = list(lines.removed) if lines else []
    yield from finished(ctx, header, added, changed, removed)
    values = header.values
    steps = commands(
        (part.values for part in added),
        ((part.native["id"], part.values) for part in changed),
        (row["id"] for row in removed),
    )
    if steps:
        values["lines"] = steps
    if values:
        yield from guarded(ctx, TABLE, id, native, "write", values, lists=_LISTS)


def cancel(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Cancel a draft or a quotation; one that is cancelled already stays so."""
    state = native.get("state")
    if state == "cancelled":
        return
    if state not in _CANCELLABLE:
        raise InvalidRecord(
            f"the order is {state}, and Tryton cancels drafts and quotations only",
            hint="cancel its shipments and invoices in Tryton",
        )
    yield from guarded(ctx, TABLE, id, native, "cancel", lists=_LISTS)


def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Delete a draft or a cancelled order; Tryton says no to any other."""
    yield from guarded(ctx, TABLE, id, native, "delete", lists=_LISTS)


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="result",
    page=TABLE.page,
    get=TABLE.get,
    create=create,
    update=update,
    delete=delete,
    cancel=cancel,
    find=find,
    resolve=resolve,
    updated_since="native",
    because={"close": "never: an order closes itself when all of it has come and is paid"},
)
