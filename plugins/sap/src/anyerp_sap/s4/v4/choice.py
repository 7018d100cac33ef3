"""Which of the two purchase order services a connection speaks: what it says, or what the system offers (sheet §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, PageAnswer, Query, Request, ask
from anyerp.lens import Changes

from anyerp_sap.s4 import purchase_order as v2
from anyerp_sap.s4.v4 import purchase_order as v4
from anyerp_sap.s4.v4.service import ROOT

_MEMORY = "dialect of purchase orders"
#: Not active, or no arrangement for it: the older service is used (sap sheet §2).
_CLOSED = (403, 404)
Native = dict[str, Any]


def dialect(ctx: Context) -> Flow[ModuleType]:
    """The flows to use. With `auto` the V4 service is asked for once a connection."""
    chosen = ctx.settings.purchase_orders
    if chosen == "auto":
        if _MEMORY not in ctx.memory:
            response = yield from ask(Request("GET", f"{ROOT}/", accept=_CLOSED))
            ctx.memory[_MEMORY] = "v2" if response.status in _CLOSED else "v4"
        chosen = ctx.memory[_MEMORY]
    return v4 if chosen == "v4" else v2


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page; a next link is followed in the dialect that gave it, whoever goes on with its cursor."""
    link = state.get("link") if isinstance(state, dict) else None
    if link is not None:
        spoken: ModuleType = v4 if ROOT in link else v2
    else:
        spoken = yield from dialect(ctx)
    found: PageAnswer = yield from spoken.page(ctx, query, state)
    return found


def get(ctx: Context, id: str) -> Flow[Native]:
    """One order."""
    found: Native = yield from (yield from dialect(ctx)).get(ctx, id)
    return found


def find(ctx: Context, key: str) -> Flow[Native | None]:
    """The order with the caller's key."""
    found: Native | None = yield from (yield from dialect(ctx)).find(ctx, key)
    return found


def create(ctx: Context, native: Native) -> Flow[Native]:
    """A new order."""
    found: Native = yield from (yield from dialect(ctx)).create(ctx, native)
    return found


def create_batch(ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
    """New orders."""
    found: list[BatchAnswer] = yield from (yield from dialect(ctx)).create_batch(ctx, natives)
    return found


def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, Native]]:
    """The orders with these keys."""
    found: dict[str, Native] = yield from (yield from dialect(ctx)).find_many(ctx, keys)
    return found


def update(ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
    """Changes of an order."""
    yield from (yield from dialect(ctx)).update(ctx, id, native, changes)


def cancel(ctx: Context, id: str, native: Native) -> Flow[None]:
    """An order is cancelled."""
    yield from (yield from dialect(ctx)).cancel(ctx, id, native)


def close(ctx: Context, id: str, native: Native) -> Flow[None]:
    """An order is closed."""
    yield from (yield from dialect(ctx)).close(ctx, id, native)


PURCHASE_ORDERS = replace(
    v2.PURCHASE_ORDERS,
    wire_rows=("value", v2.PURCHASE_ORDERS.rows),
    page=page,
    get=get,
    create=create,
    create_batch=create_batch,
    find_many=find_many,
    update=update,
    cancel=cancel,
    close=close,
    find=find,
)
