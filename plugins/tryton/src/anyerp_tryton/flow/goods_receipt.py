"""Goods receipts: made as a draft that takes over the order's moves, received, put away; cancelled as a whole."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import AnyErpError, InvalidRecord, OutcomeUnknown
from anyerp.lens import Changes
from anyerp.model import GoodsReceipt

from anyerp_tryton import rpc
from anyerp_tryton.flow.lookup import References
from anyerp_tryton.flow.origin import resolved, with_orders
from anyerp_tryton.flow.receipt_values import Receipt, receipt
from anyerp_tryton.flow.table import Rows, Table
from anyerp_tryton.flow.trade import HEADER, LINE, with_found
from anyerp_tryton.flow.values import flat
from anyerp_tryton.flow.write import guarded
from anyerp_tryton.lens.goods_receipt import ALSO, GOODS_RECEIPT
from anyerp_tryton.lens.origin import OPEN, SHUT, joined, parted

MODEL = "stock.shipment.in"
MOVES = "incoming_moves."
_OWN = ("_reference", "_key")


def finish(ctx: Context, rows: Rows) -> Flow[None]:
    """Take the two references apart, and say of each line its order and its warehouse."""
    for row in rows:
        row["_reference"], row["_key"] = parted(row.get("reference"))
        for move in row.get(MOVES) or ():
            move["_warehouse"], move["_warehouse."] = row.get("warehouse"), row.get("warehouse.")
    yield from with_orders(ctx, rows, MOVES)


TABLE = Table(MODEL, ALSO, stamps=("last_modified_at", "moves.last_modified_at"), finish=finish)
_LISTS = {"incoming_moves": "stock.move"}


def resolve(ctx: Context, record: GoodsReceipt) -> Flow[GoodsReceipt]:
    """The receipt with ids in the place of numbers, those of the orders' lines among them."""
    wanted = References()
    for name, model, by in (("vendor", "party.party", "code"), ("location", "stock.location", "code"), HEADER[0]):
        wanted.want(f"/{name}", name, model, by, getattr(record, name))
    for index, line in enumerate(record.lines or ()):
        for name, model, by in LINE:
            wanted.want(f"/lines/{index}/{name}", name, model, by, getattr(line, name))
    record = with_found(record, (yield from wanted.found(ctx)))
    found: GoodsReceipt = yield from resolved(ctx, record)
    return found


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The receipt with a host's key, if it has been received: a draft of ours is only half of one."""
    return (yield from _with_key(ctx, key, "!=", "draft"))


def _with_key(ctx: Context, key: str, operator: str, state: str) -> Flow[dict[str, Any] | None]:
    literal = key.strip()
    for sign in ("\\", "%", "_"):
        literal = literal.replace(sign, f"\\{sign}")
    return (yield from TABLE.find(ctx, ["reference", "like", f"%{OPEN}{literal}{SHUT}"], ["state", operator, state]))


def create(ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Make a draft, receive it, put it away: three calls. With a key, a draft that was left half way is gone on with.

    What Tryton refuses on the way is undone, and no draft stays.
    """
    header, lines = flat(native, (MOVES,)), [flat(line) for line in native.get(MOVES) or ()]
    reference, key = (header.pop(name, None) for name in _OWN)
    begun = (yield from _with_key(ctx, key, "=", "draft")) if key else None
    if begun is None:
        if not lines:
            raise InvalidRecord("lines <-> incoming_moves: a receipt without lines receives nothing")
        wanted = yield from receipt(ctx, {**header, "reference": joined(reference, key)}, lines)
        id = yield from _draft(ctx, wanted)
    else:
        wanted, id = Receipt({}), begun["id"]
    yield from _received(ctx, id, wanted)
    try:
        return (yield from TABLE.get(ctx, str(id)))
    except AnyErpError as error:
        raise OutcomeUnknown(f"{MODEL} {id} was received, but could not be read: {error.message}") from error


def _draft(ctx: Context, wanted: Receipt) -> Flow[int]:
    values = {**wanted.values, "incoming_moves": wanted.commands()}
    more = {"_timestamp": wanted.stamps, "company": values["company"]}
    ids = yield from rpc.call(ctx, f"{MODEL}.create", [values], writes=True, more=more)
    return int(ids[0])


def _received(ctx: Context, id: int, wanted: Receipt) -> Flow[None]:
    try:
        for button in ("receive", "do"):
            yield from rpc.call(ctx, f"{MODEL}.{button}", [id], writes=True)
    except InvalidRecord as refused:
        yield from _undone(ctx, id, wanted, refused)
        raise


def _undone(ctx: Context, id: int, wanted: Receipt, refused: InvalidRecord) -> Flow[None]:
    """Give the orders their moves back and delete the draft: then nothing has been done, and it is said so."""
    moves = list(wanted.taken)
    try:
        if moves:
            yield from rpc.call(ctx, f"{MODEL}.write", [id], {"incoming_moves": [["remove", moves]]}, writes=True)
            before = [step for move in moves for step in ([move], wanted.before[move])]
            yield from rpc.call(ctx, "stock.move.write", *before, writes=True)
        yield from rpc.call(ctx, f"{MODEL}.delete", [id], writes=True)
    except AnyErpError:
        refused.hint = f"shipment {id} remains in Tryton as a draft; delete it there"
    refused.certain = True


def update(ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
    """Change the two references, which are one field in Tryton and can be written in every state."""
    if changes.lists:
        raise InvalidRecord("lines <-> incoming_moves: what came is not changed; cancel the receipt and make another")
    values = dict(changes.fields)
    if any(name in values for name in _OWN):
        values["reference"] = joined(*(values.pop(name, native.get(name)) for name in _OWN))
    if values:
        yield from guarded(ctx, TABLE, id, native, "write", values)


def cancel(ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
    """Cancel a receipt as a whole, its moves with it. The order then waits for a person's decision (wire §17)."""
    if native.get("state") != "cancelled":
        yield from guarded(ctx, TABLE, id, native, "cancel", lists=_LISTS)


GOODS_RECEIPTS = Resource(
    lens=GOODS_RECEIPT,
    rows="result",
    page=TABLE.page,
    get=TABLE.get,
    create=create,
    update=update,
    cancel=cancel,
    find=find,
    resolve=resolve,
    updated_since="native",
    because={
        "delete": "never: a receipt that counts is cancelled, which undoes it; Tryton deletes none that counts",
        "close": "never: this is for orders",
    },
)
