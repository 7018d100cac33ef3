"""The operations that all documents have, made for one entity set (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from anyerp.connector import Context, Flow
from anyerp.errors import OutcomeUnknown
from anyerp.kits.odata import v4
from anyerp.lens import Changes

from anyerp_sap.b1.document import LINES, composed, key_field, patched
from anyerp_sap.b1.service import EntitySet, etag_of, write

Native: TypeAlias = dict[str, Any]
_NO_CONTENT = 204


def reading(documents: EntitySet) -> Callable[[Context, str], Flow[Native]]:
    """One document by its DocEntry."""
    return documents.one


def finding(documents: EntitySet) -> Callable[[Context, str], Flow[Native | None]]:
    """The document that bears the caller's key."""

    def find(ctx: Context, key: str) -> Flow[Native | None]:
        field = yield from key_field(ctx, documents)
        return (yield from documents.first(ctx, f"{field} eq {v4.literal(key)}"))

    return find


def finding_many(documents: EntitySet) -> Callable[[Context, Sequence[str]], Flow[dict[str, Native]]]:
    """The documents that bear one of the caller's keys."""

    def find_many(ctx: Context, keys: Sequence[str]) -> Flow[dict[str, Native]]:
        field = yield from key_field(ctx, documents)
        return (yield from documents.several(ctx, field, keys))

    return find_many


def creating(
    documents: EntitySet, prepare: Callable[[Context, Native], Flow[Native]] | None = None
) -> Callable[[Context, Native], Flow[Native]]:
    """Send a whole document; `prepare` may complete its body. Raises `OutcomeUnknown` where it was kept as a draft."""

    def create(ctx: Context, native: Native) -> Flow[Native]:
        body = yield from composed(ctx, documents, native)
        if prepare is not None:
            body = yield from prepare(ctx, body)
        response = yield from write("POST", documents.name, body)
        if response.status == _NO_CONTENT:
            raise kept(response.status)
        return (yield from documents.given(ctx, response))

    return create


def kept(status: int) -> OutcomeUnknown:
    """The error of a document that was accepted and is not there (sap sheet §13, Approval)."""
    return OutcomeUnknown(
        "it was accepted without being made: an approval procedure keeps it as a draft",
        status=status,
        hint="look among the drafts in Business One before sending it again",
    )


def updating(
    documents: EntitySet, at: Callable[[str], str] | None = None
) -> Callable[[Context, str, Native, Changes], Flow[None]]:
    """Header and lines by one PATCH. Lines left out stay, so that removing one means naming all the others."""

    def update(ctx: Context, id: str, native: Native, changes: Changes) -> Flow[None]:
        body = yield from patched(ctx, native, changes)
        lists = changes.lists.get(LINES)
        headers = {"B1S_ReplaceCollectionsOnPatch": "true"} if lists is not None and lists.removed else {}
        yield from write("PATCH", (at or documents.at)(id), body, etag=etag_of(native), **headers)

    return update


def acting(documents: EntitySet, action: str) -> Callable[[Context, str, Mapping[str, Any]], Flow[None]]:
    """An action on one document (`Cancel`, `Close`, `CreateCancellationDocument`), unless it was changed meanwhile."""

    def act(ctx: Context, id: str, native: Mapping[str, Any]) -> Flow[None]:
        yield from write("POST", f"{documents.at(id)}/{action}", etag=etag_of(native))

    return act
