"""Writing one record: made and read back, or changed only while its stamps are what they were (wire §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import AnyErpError, Conflict, OutcomeUnknown

from anyerp_tryton import rpc
from anyerp_tryton.flow.table import Table
from anyerp_tryton.rpc import NONE


def made(ctx: Context, table: Table, values: dict[str, Any], more: Mapping[str, Any] = NONE) -> Flow[dict[str, Any]]:
    """Make a record in one call, then read it as Tryton completed it."""
    ids = yield from rpc.call(ctx, f"{table.model}.create", [values], writes=True, more=more)
    try:
        return (yield from table.get(ctx, str(ids[0])))
    except AnyErpError as error:
        # It is made; that it cannot be read now must not look as if it were not.
        raise OutcomeUnknown(
            f"{table.model} {ids[0]} was made, but could not be read: {error.message}", hint=error.hint
        ) from error


def guarded(
    ctx: Context,
    table: Table,
    id: str,
    native: dict[str, Any],
    method: str,
    *params: Any,
    lists: Mapping[str, str] = NONE,
) -> Flow[None]:
    """A write that fails if the record, or a record of its lists, has changed; the conflict carries it as it is now.

    `lists` are the lists whose records take part, name to model.
    """
    more = {"_timestamp": _stamps(table.model, native, lists)}
    try:
        yield from rpc.call(ctx, f"{table.model}.{method}", [native["id"]], *params, writes=True, more=more)
    except Conflict as conflict:
        now = yield from table.get(ctx, id)
        assert ctx.lens is not None
        conflict.current = ctx.lens.get(now)
        raise


def _stamps(model: str, native: dict[str, Any], lists: Mapping[str, str]) -> dict[str, str]:
    rows = [(model, native), *((of, row) for name, of in lists.items() for row in native.get(f"{name}.") or ())]
    return {f"{of},{row['id']}": row["_timestamp"] for of, row in rows if row.get("_timestamp")}
