"""Writing one record: made and read back, or changed only while its stamps are what they were (wire §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import AnyErpError, Conflict, OutcomeUnknown

from anyerp_tryton import rpc
from anyerp_tryton.flow.table import Table
from anyerp_tryton.rpc import NONE


@dataclass(frozen=True, slots=True)
class Owner:
    """The record that is written in place of a table's own: its model, and the field by which that one names it."""

    model: str
    field: str


def made(
    ctx: Context,
    table: Table,
    values: dict[str, Any],
    more: Mapping[str, Any] = NONE,
    owner: Owner | None = None,
) -> Flow[dict[str, Any]]:
    """Make a record in one call, then read it as Tryton completed it; with an `owner`, make that, the record in it."""
    model, by = (owner.model, owner.field) if owner else (table.model, "id")
    ids = yield from rpc.call(ctx, f"{model}.create", [values], writes=True, more=more)
    reason: AnyErpError | None = None
    try:
        if (found := (yield from table.find(ctx, [by, "=", ids[0]]))) is not None:
            return found
    except AnyErpError as error:
        reason = error
    # It is made; that it cannot be read now must not look as if it were not.
    why, hint = (reason.message, reason.hint) if reason else ("it is not found", None)
    raise OutcomeUnknown(f"{model} {ids[0]} was made, but could not be read: {why}", hint=hint) from reason


def guarded(
    ctx: Context,
    table: Table,
    id: str,
    native: dict[str, Any],
    method: str,
    *params: Any,
    lists: Mapping[str, str] = NONE,
    owner: Owner | None = None,
) -> Flow[None]:
    """A write that fails if the record, or a record of its lists, has changed; the conflict carries it as it is now.

    `lists` are the lists whose records take part, name to model. With an `owner` that one is written, and the stamps of
    both count.
    """
    target, model = native, table.model
    rows = [(table.model, native), *((of, row) for name, of in lists.items() for row in native.get(f"{name}.") or ())]
    if owner is not None:
        target, model = native[f"{owner.field}."], owner.model
        rows.append((model, target))
    more = {"_timestamp": {f"{of},{row['id']}": row["_timestamp"] for of, row in rows if row.get("_timestamp")}}
    try:
        yield from rpc.call(ctx, f"{model}.{method}", [target["id"]], *params, writes=True, more=more)
    except Conflict as conflict:
        now = yield from table.get(ctx, id)
        assert ctx.lens is not None
        conflict.current = ctx.lens.get(now)
        raise
