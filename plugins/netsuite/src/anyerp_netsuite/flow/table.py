"""Resources that are read only: listed by SuiteQL; one by one through the record service, or by SuiteQL as well."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Context, Flow, Resource
from anyerp.errors import NotFound, UnexpectedPayload
from anyerp.lens import Lens

from anyerp_netsuite import document, record
from anyerp_netsuite.paging import pages
from anyerp_netsuite.suiteql import Table, rows


def one(ctx: Context, table: Table, id: str) -> Flow[dict[str, Any]]:
    """One record by SuiteQL, as the record service would nest it. Raises `NotFound`."""
    if not (id.isascii() and id.isdecimal()):
        raise NotFound(f"NetSuite's ids are whole numbers; there is no {id[:40]!r}")
    assert ctx.lens is not None
    begin, _ = table.select(ctx)
    where = " AND ".join((*table.where, f"{table.id} = TO_NUMBER(?)"))
    found: list[dict[str, Any]] = yield from rows(begin + where, [id])
    if not found:
        raise NotFound(f"{table.source.partition(' ')[0]} {id}: there is none, or the role cannot see it")
    if not all(isinstance(row, dict) for row in found):
        raise UnexpectedPayload("the answer holds no rows")
    return table.flat.native(found, ctx.fields())


def listed(lens: Lens[Any], table: Table, because: str, *, kind: str = "", native: bool = True) -> Resource[Any]:
    """A resource to read. `kind` is its record type; without one it is read by SuiteQL alone."""

    def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
        if not kind:
            return (yield from one(ctx, table, id))
        found = yield from record.get(ctx, kind, id)
        return (yield from document.completed(ctx, _alone(found), table.link))

    missing = ("create", "update", "delete", "cancel", "close", "find")
    return Resource(
        lens=lens,
        rows="items",
        flat=table.flat,
        listed=table.listed,
        page=pages(table, lens),
        get=get,
        updated_since="native" if native and table.changed else "none",
        because=dict.fromkeys(missing, because),
    )


def _alone(found: dict[str, Any]) -> dict[str, Any]:
    """A record that belongs to one subsidiary says so under `only`."""
    several = (found.get("subsidiary") or {}).get("items") if isinstance(found.get("subsidiary"), dict) else None
    if isinstance(several, list) and len(several) == 1:
        return {**found, "only": several[0]}
    return found
