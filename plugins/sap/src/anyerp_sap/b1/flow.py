"""The operations that all documents have, made for one entity set (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from anyerp.connector import BatchAnswer, Context, Flow
from anyerp.kits.odata import v4
from anyerp.lens import Changes

from anyerp_sap.b1 import batch
from anyerp_sap.b1.document import LINES, composed, key_field, patched
from anyerp_sap.b1.draft import Drafts, is_draft, no_draft
from anyerp_sap.b1.service import EntitySet, etag_of, write
from anyerp_sap.b1.stamp import given

Native: TypeAlias = dict[str, Any]
Prepare: TypeAlias = Callable[[Context, Native], Flow[Native]]


def operations(documents: EntitySet, object_code: str, prepare: Prepare | None = None) -> dict[str, Any]:
    """What every kind of document can do; `prepare` may complete the body of a new one."""
    drafts = Drafts(documents, object_code)

    def get(ctx: Context, id: str) -> Flow[Native]:
        """One document by its DocEntry, or one that is kept as a draft."""
        return (yield from (drafts.get(ctx, id) if is_draft(id) else documents.one(ctx, id)))

    def find(ctx: Context, key: str) -> Flow[Native | None]:
        """The document that bears the caller's key, also one that still waits for approval among the drafts."""
        field = yield from key_field(ctx, documents)
        condition = f"{field} eq {v4.literal(key)}"
        found = yield from documents.first(ctx, condition)
        return found if found is not None else (yield from drafts.find(ctx, condition))

    def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, Native]]:
        """The documents that bear one of these keys, and the drafts for those that none bears."""
        field = yield from key_field(ctx, documents)
        found = yield from documents.several(ctx, field, keys)
        rest = [key for key in keys if key not in found]
        return found if not rest else {**found, **(yield from drafts.several(ctx, field, rest))}

    def create(ctx: Context, native: Native) -> Flow[Native]:
        """Send the whole document. Where an approval procedure keeps it as a draft, that is what was made."""
        return (yield from drafts.create(ctx, (yield from body_of(ctx, native))))

    def body_of(ctx: Context, native: Native) -> Flow[Native]:
        body = yield from composed(ctx, documents, native)
        return body if prepare is None else (yield from prepare(ctx, body))

    def create_batch(ctx: Context, natives: Sequence[Native]) -> Flow[list[BatchAnswer]]:
        """Many documents in one request, each in a change set of its own."""
        return (yield from batch.create(ctx, drafts, natives, body_of))

    def update(ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        """Header and lines by one PATCH. Lines left out stay, so that removing one means naming all the others."""
        body = yield from patched(ctx, native, changes)
        lists = changes.lists.get(LINES)
        headers = {"B1S_ReplaceCollectionsOnPatch": "true"} if lists is not None and lists.removed else {}
        yield from write("PATCH", drafts.at(id), body, etag=etag_of(native), **headers)

    return {
        "page": documents.page,
        "get": get,
        "find": find,
        "find_many": find_many,
        "create": create,
        "create_batch": create_batch,
        "update": update,
        "given": given,
        "updated_since": "native",
    }


def acting(documents: EntitySet, action: str) -> Callable[[Context, str, Mapping[str, Any]], Flow[None]]:
    """An action on one document (`Cancel`, `Close`, `CreateCancellationDocument`), unless it was changed meanwhile."""

    def act(ctx: Context, id: str, native: Mapping[str, Any]) -> Flow[None]:
        no_draft(id)
        yield from write("POST", f"{documents.at(id)}/{action}", etag=etag_of(native))

    return act
