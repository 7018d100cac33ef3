"""Stock levels: read only, page by page of one long key (sap sheet §12)."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, PageAnswer, Query, Resource
from anyerp.errors import NotFound
from anyerp.kits.odata import v2

from anyerp_sap.s4.lens.stock_level import KEY, STOCK_LEVEL, key_of
from anyerp_sap.s4.service import EntitySet

STOCK = EntitySet("API_MATERIAL_STOCK_SRV", "A_MatlStkInAcctMod", KEY, called="stock")
_GROUP = ("Material", "Plant")


def page(ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
    """One page in the order of the key.

    A filter for the rows behind a key of eleven fields makes too long a URL (sap sheet §6): the next page begins at the
    last material and plant, behind the rows that were read of them. Only what changes within those can shift.
    """
    if ctx.settings.paging != "keyset" or "link" in (state or {}):
        return (yield from STOCK.page(ctx, query, state))
    params = {"$top": str(query.page_size), "$orderby": ",".join(KEY)}
    group = {name: state[name] for name in _GROUP} if state else None
    done = state["done"] if state else 0
    if group is not None:
        same = " and ".join(f"{name} eq {v2.literal(value)}" for name, value in group.items())
        params |= {"$filter": f"({v2.after(group)}) or ({same})", "$skip": str(done)}
    response = yield from STOCK.read(ctx, STOCK.path, params)
    link = v2.next_link(response.content)
    if link is not None:
        return PageAnswer(response.content, next={"link": link})
    if response.content.count(b'"__metadata"') < query.page_size:  # flat: each row has one
        return PageAnswer(response.content)
    rows = v2.rows(response.content)
    last = {name: str(rows[-1][name]) for name in _GROUP}
    read = sum(all(row[name] == last[name] for name in _GROUP) for row in rows)
    return PageAnswer(response.content, next={**last, "done": read + done if last == group else read})


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One row by its whole key."""
    key = key_of(id)
    if key is None:
        raise NotFound(f"no stock {id}: an id has {len(KEY)} parts")
    return (yield from STOCK.one(ctx, **key))


NEVER = "never: stock is changed by goods movements, the service only reads"
STOCK_LEVELS = Resource(
    lens=STOCK_LEVEL,
    rows="d/results",
    page=page,
    get=get,
    because=dict.fromkeys(("create", "update", "delete", "cancel", "close"), NEVER)
    | {"find": "never: nobody writes these here, so there is no lost answer to settle"},
)
