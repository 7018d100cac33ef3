"""Purchase orders: documents that are gone when all of them is invoiced (dynamics sheet §2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, Resource
from anyerp.errors import NotFound

from anyerp_dynamics.bc.document import Document, key_path, with_dimensions
from anyerp_dynamics.bc.gone import all_ended, ended, explained
from anyerp_dynamics.bc.lens.document import SEPARATOR
from anyerp_dynamics.bc.lens.purchase_order import LINES, PURCHASE_ORDER
from anyerp_dynamics.bc.service import EntitySet

ORDERS = Document(EntitySet("purchaseOrders", also=with_dimensions(LINES), orders=True), LINES)


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One order with its lines. Raises `NotFound`, which says by what it was invoiced where that ended it."""
    own, _, number = id.partition(SEPARATOR)
    try:
        return (yield from ORDERS.get(ctx, own))
    except NotFound as error:
        if not number or error.status is None:
            raise
        raise (yield from explained(ctx, number, error)) from None


def find(ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
    """The order that carries the caller's key. Raises `Conflict` where it was invoiced in full and is gone."""
    found = yield from ORDERS.find(ctx, key)
    if found is None:
        yield from ended(ctx, key_path(ctx), key)
    return found


def create_batch(ctx: Context, natives: Sequence[dict[str, Any]]) -> Flow[list[BatchAnswer]]:
    """Many orders in one batch, but for those whose key belongs to an order that was invoiced and is gone."""
    return ORDERS.create_batch(ctx, natives, all_ended)


PURCHASE_ORDERS = Resource(
    lens=PURCHASE_ORDER,
    rows="value",
    page=ORDERS.set.page,
    get=get,
    create=ORDERS.create,
    update=ORDERS.update,
    delete=ORDERS.delete,
    find=find,
    create_batch=create_batch,
    find_many=ORDERS.find_many,
    resolve=ORDERS.resolve,
    updated_since="native",
    because={
        "cancel": "never: Business Central has no cancelled orders; an order is deleted",
        "close": "never: an order closes itself, and is deleted, when all of it is invoiced",
    },
)
