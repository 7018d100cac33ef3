"""Changes of a document that take several requests, one for each row (dynamics sheet §1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyerp.connector import Context, Flow
from anyerp.errors import AnyErpError, Conflict

from anyerp_dynamics.fno.service import EntitySet, Row, etag_of

_STALE = 412


@dataclass(frozen=True, slots=True)
class Step:
    """One write of a change: `seen` is the row as it was read, with its etag (None: a new row; the key: `key`)."""

    part: EntitySet
    method: str
    key: tuple[Any, ...] = ()
    values: Row | None = None
    seen: Mapping[str, Any] | None = None


def in_turn(ctx: Context, what: str, steps: list[Step]) -> Flow[None]:
    """Send the steps of a change one after the other; an error says how many were done before it."""
    for done, step in enumerate(steps):
        try:
            yield from _sent(ctx, step, first=not done)
        except AnyErpError as error:
            if done:
                error.hint = f"{done} of {len(steps)} changes of {what} are written already: read it again"
            raise


def _sent(ctx: Context, step: Step, *, first: bool) -> Flow[None]:
    if step.method == "POST":
        yield from step.part.add(ctx, step.values or {})
        return
    seen = step.seen or {}
    try:
        yield from _written(ctx, step, etag_of(seen))
    except Conflict as error:
        known = {name: value for name, value in seen.items() if name[:1] != "@" and not isinstance(value, list)}
        if first or error.status != _STALE:
            raise
        # Our own writes may have moved this row's etag. If nothing that we know of it is different, it was us.
        now = yield from step.part.one(ctx, *step.key, fields=known)
        if any(now.get(name) != value for name, value in known.items()):
            raise error from None
        yield from _written(ctx, step, etag_of(now))


def _written(ctx: Context, step: Step, etag: str | None) -> Flow[None]:
    if step.method == "DELETE":
        yield from step.part.remove(ctx, step.key, etag)
    else:
        yield from step.part.change(ctx, step.key, step.values or {}, etag)
