"""Purchase orders: deep insert, then each part changed by its own request; gone when invoiced (sheet §2.3, §2.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotFound, NotSupported
from anyerp.kits.odata import v4
from anyerp.lens import Changes, ListChanges, Map
from anyerp.model import PurchaseOrder, Ref

from anyerp_dynamics.bc.body import HEADER, LINE, kept, ordered
from anyerp_dynamics.bc.gone import ended, explained
from anyerp_dynamics.bc.lens.purchase_order import DIMENSIONS, LINES, PURCHASE_ORDER, SEPARATOR
from anyerp_dynamics.bc.lookup import References
from anyerp_dynamics.bc.order_values import Part, finished, flat
from anyerp_dynamics.bc.service import EntitySet, etag_of
from anyerp_dynamics.bc.step import Step, in_turn

_DIMENSION = ("id", "code", "valueCode")
ORDERS = EntitySet(
    "purchaseOrders",
    also=(
        *(f"{DIMENSIONS}/*/{name}" for name in _DIMENSION),
        *(f"{LINES}/*/{DIMENSIONS}/*/{name}" for name in _DIMENSION),
    ),
    orders=True,
)
#: Worked out anew whenever a line changes.
_COMPUTED = frozenset({"netAmount", "netTaxAmount"})
#: What a changed header may change on its lines.
_REPRICED = frozenset({"directUnitCost", "discountPercent", "taxCode", "locationId"})


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order with its lines. Raises `NotFound`, which says by what it was invoiced where that ended it."""
    own, _, number = id.partition(SEPARATOR)
    try:
        return (yield from ORDERS.one(ctx, own))
    except NotFound as error:
        if not number or error.status is None:
            raise
        raise (yield from explained(ctx, number, error)) from None


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order that carries the caller's key. Raises `Conflict` where it was invoiced in full and is gone."""
    path = _key_path(ctx)
    found = yield from ORDERS.first(ctx, f"{path} eq {v4.literal(key)}")
    if found is None:
        yield from ended(ctx, path, key)
    return found


def _key_path(ctx: Context) -> str:
    """Where the caller's key is: an overlay may have put it into a field of a customer's own."""
    assert ctx.lens is not None
    for rule in ctx.lens.rules:
        if isinstance(rule, Map) and rule.field == "external_reference":
            return rule.path
    raise NotSupported("purchase_orders.find: the overlay maps external_reference to no single field")


def resolve(ctx: Context, record: PurchaseOrder) -> Flow[PurchaseOrder]:
    """The order with ids in the place of numbers; the vendor may stay a number, which the service takes."""
    wanted = References()
    wanted.company(record.company)
    wanted.want("/payment_terms", "payment_terms", "paymentTerms", "code", record.payment_terms)
    for index, line in enumerate(record.lines or ()):
        wanted.want(f"/lines/{index}/item", "item", "items", "number", line.item)
        wanted.want(f"/lines/{index}/account", "account", "accounts", "number", line.account)
        wanted.want(f"/lines/{index}/location", "location", "locations", "code", line.location)
    found = yield from wanted.found(ctx)
    if not found:
        return record
    header: dict[str, Any] = {name: found[f"/{name}"] for name in ("company", "payment_terms") if f"/{name}" in found}
    if record.lines is not None:
        header["lines"] = tuple(
            line.model_copy(update=_of_line(found, f"/lines/{index}")) for index, line in enumerate(record.lines)
        )
    return record.model_copy(update=header)


def _of_line(found: Mapping[str, Ref], pointer: str) -> dict[str, Ref]:
    return {
        name: found[f"{pointer}/{name}"] for name in ("item", "account", "location") if f"{pointer}/{name}" in found
    }


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Send the whole order at once, its fields in order; then read it as it became."""
    header = Part("", flat(native, LINES))
    lines = [Part(f"/lines/{index}", flat(line)) for index, line in enumerate(native.get(LINES) or ())]
    yield from finished(ctx, header, lines)
    if lines:
        header.values[LINES] = [ordered(part.values, LINE) for part in lines]
    made = yield from ORDERS.add(ctx, ordered(header.values, HEADER))
    return (yield from ORDERS.one(ctx, str(made["id"])))


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """The header by one PATCH, then each line and dimension by its own: nesting is refused (sheet §2.4)."""
    header = Part("", dict(changes.fields))
    lists = changes.lists.get(LINES, ListChanges())
    added = [Part(f"/lines/{index}", flat(line)) for index, line in enumerate(lists.added)]
    changed = [Part("/lines", dict(what.fields)) for _, what in lists.changed]
    yield from finished(ctx, header, [*added, *changed])
    seen = [before for before, _ in lists.changed]
    steps = _steps(native, header, added, list(zip(seen, changed, strict=True)), lists.removed)
    yield from in_turn(ctx, ORDERS, "order", steps)


def _steps(
    native: dict[str, Any],
    header: Part,
    added: list[Part],
    changed: list[tuple[dict[str, Any], Part]],
    removed: list[dict[str, Any]],
) -> Iterator[Step]:
    order = f"({native['id']})"
    wanted = header.values.pop(DIMENSIONS, None)
    ours = _COMPUTED
    if header.values:
        yield Step("PATCH", (order,), ordered(kept(header.values, native), HEADER), native)
        ours |= _REPRICED
    if wanted is not None:
        yield from _dimensions((order,), native, wanted)
    for gone in removed:
        yield Step("DELETE", (order, f"{LINES}({gone['id']})"), seen=gone, ours=ours)
    for before, part in changed:
        line = (order, f"{LINES}({before['id']})")
        chosen = part.values.pop(DIMENSIONS, None)
        if part.values:
            yield Step("PATCH", line, ordered(kept(part.values, before), LINE), before, ours)
        if chosen is not None:
            yield from _dimensions(line, before, chosen)
    for part in added:
        yield Step("POST", (order, LINES), ordered(part.values, LINE))


def _dimensions(parent: tuple[str, ...], native: Mapping[str, Any], wanted: list[dict[str, Any]]) -> Iterator[Step]:
    """Each dimension is a row of its own below the document or line; its id is the dimension's (sheet §2.2)."""
    there = {str(row["code"]): row for row in native.get(DIMENSIONS) or ()}
    chosen = {str(row["code"]): row for row in wanted}
    for code, row in there.items():
        at = (*parent, f"{DIMENSIONS}({row['id']})")
        if code not in chosen:
            yield Step("DELETE", at, seen=row)
        elif chosen[code]["valueCode"] != row["valueCode"]:
            yield Step("PATCH", at, {"valueCode": chosen[code]["valueCode"]}, row)
    for code, row in chosen.items():
        if code not in there:
            yield Step("POST", (*parent, DIMENSIONS), row)


def delete(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Delete a draft of which nothing has come; Business Central says no to any other."""
    yield from ORDERS.write(ctx, "DELETE", (f"({native['id']})",), etag=etag_of(native))


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=ORDERS.page,
    get=get,
    create=create,
    update=update,
    delete=delete,
    find=find,
    resolve=resolve,
    updated_since="native",
    because={
        "cancel": "never: Business Central has no cancelled orders; an order is deleted",
        "close": "never: an order closes itself, and is deleted, when all of it is invoiced",
    },
)
