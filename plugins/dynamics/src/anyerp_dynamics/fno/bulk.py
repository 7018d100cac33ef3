"""Many records at once: `$batch` with a change set for each, and looking for many keys (dynamics sheet §1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from anyerp.connector import BatchAnswer, Context, Flow, ask
from anyerp.kits.odata import batch

from anyerp_dynamics.fno.auth import explain
from anyerp_dynamics.fno.service import AREA, EntitySet, Row, entity

#: Keys looked for by one filter, which has no `in`.
_AT_ONCE = 20
_GO_ON = {"Prefer": "odata.continue-on-error"}


def create(ctx: Context, into: EntitySet, rows: Sequence[Row]) -> Flow[list[BatchAnswer]]:
    """Send new rows in one batch, each in a change set of its own, so that none takes another down.

    Each has its whole address, as captures show. The outer status says nothing, and a refused write says 500 in here:
    `explain` knows it by its exception. Without the preference an OData V4 service stops at the first refusal; one that
    does so nevertheless gives fewer answers than were asked, and then every record is looked for.
    """
    own = {AREA: ctx.settings.data_area} if into.per_company else {}
    here = yield from into.here(ctx)
    parts = [batch.Part("POST", f"{ctx.base_url}{here.path}", {**row, **own}) for row in rows]
    request = batch.request("/data/$batch", parts, {**_GO_ON, "x-ms-client-request-id": str(uuid4())})
    answers = batch.answers_of((yield from ask(request)), len(parts))
    return batch.created(ctx, answers, entity, explain)


def carrying(ctx: Context, entity_set: EntitySet, path: str, keys: Sequence[str]) -> Flow[dict[str, Any]]:
    """The numbers of the rows that carry some keys, by key."""
    found: dict[str, Any] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = yield from entity_set.carrying(ctx, path, *keys[start : start + _AT_ONCE])
        found |= {str(row[path]): row[entity_set.key[0]] for row in rows}
    return found
