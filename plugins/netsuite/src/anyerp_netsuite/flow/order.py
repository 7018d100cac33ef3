"""Orders and bills: listed by SuiteQL, one by one through the record service (netsuite sheet §3, §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.lens import Changes

from anyerp_netsuite import document, lookup, record
from anyerp_netsuite.suiteql import Table


@dataclass(frozen=True)
class Documents:
    """One type of document: its record type, its table, and the record type of its party (`vendor`)."""

    kind: str
    table: Table
    party: str
    party_field: str
    lists: str = "item"

    def inward(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A document as lenses read it."""
        found = yield from document.inward(ctx, native, self.table.link)
        party = found.get("entity")
        if isinstance(party, dict) and "id" in party:
            id = str(party["id"])
            number = (yield from lookup.numbers(ctx, self.party, "entityid", [id])).get(id)
            found["entity"] = {**party, **({"entityId": number} if number else {})}
        return found

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One document."""
        native = yield from record.get(ctx, self.kind, id)
        return (yield from self.inward(ctx, native))

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The document whose external id is the caller's key."""
        native = yield from record.by_external_id(ctx, self.kind, key)
        return None if native is None else (yield from self.inward(ctx, native))

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A document with its lines; it is read back as the account completed it."""
        body = yield from document.created(ctx, native)
        id = yield from record.create(ctx, self.kind, body, lists=self.lists)
        return (yield from self.get(ctx, id))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """What changed, lines by their key: a line without one would be added again (netsuite sheet §3)."""
        body, replaced = yield from document.changed(ctx, native, changes)
        yield from record.change(ctx, self.kind, id, body, replace=replaced)

    def close(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:
        """Close every line, which closes the order."""
        yield from record.change(ctx, self.kind, id, document.closed(native))

    def delete(self, ctx: Context, id: str, native: dict[str, Any]) -> Flow[None]:  # noqa: ARG002 - as declared
        """Delete the document; NetSuite refuses once another came of it."""
        yield from record.delete(ctx, self.kind, id)

    def resolve(self, ctx: Context, order: Any) -> Flow[Any]:
        """Ids for a party and for items that were given by their numbers."""
        changed: dict[str, Any] = {}
        party = getattr(order, self.party_field)
        if party is not None:
            changed[self.party_field] = yield from lookup.identified(
                ctx, self.party_field, party, self.party, "entityid"
            )
        if order.lines is not None:
            numbers = [line.item.number for line in order.lines if line.item and not line.item.id and line.item.number]
            yield from lookup.ids(ctx, "item", "itemid", numbers)  # all in one query, before they are taken one by one
            lines = []
            for at, line in enumerate(order.lines):
                item = line.item
                if item is not None:
                    item = yield from lookup.identified(ctx, f"lines.{at}.item", item, "item", "itemid")
                lines.append(line if item is line.item else line.model_copy(update={"item": item}))
            changed["lines"] = tuple(lines)
        return order.model_copy(update=changed) if changed else order


def operations(documents: Documents) -> Mapping[str, Any]:
    """The operations that orders and bills have alike, by name."""
    names = ("get", "find", "create", "update", "delete", "resolve")
    return {name: getattr(documents, name) for name in names}
