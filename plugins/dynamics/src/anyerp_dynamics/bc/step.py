"""Changes of one document that take several requests, as nothing can be changed within its parent (sheet §2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import AnyErpError, Conflict

from anyerp_dynamics.bc.company import company
from anyerp_dynamics.bc.service import EntitySet, etag_of, record


@dataclass(frozen=True, slots=True)
class Step:
    """One write at `rest` below a set. `seen` is the row as it was read, with its etag; empty for a new one.

    `ours` are the fields of `seen` that other steps of the same document may change.
    """

    method: str
    rest: tuple[str, ...]
    body: Any = None
    seen: Mapping[str, Any] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()


def in_turn(ctx: Context, entity_set: EntitySet, what: str, steps: Iterable[Step]) -> Flow[None]:
    """Send steps one after the other; an error says how many were done before it."""
    every = list(steps)
    for count, step in enumerate(every):
        try:
            yield from _send(ctx, entity_set, step, first=not count)
        except AnyErpError as error:
            if count:
                error.hint = f"{count} of {len(every)} changes of the {what} are written already: read it again"
            raise


def _send(ctx: Context, entity_set: EntitySet, step: Step, *, first: bool) -> Flow[None]:
    try:
        yield from entity_set.write(ctx, step.method, step.rest, step.body, etag_of(step.seen))
    except Conflict as error:
        if first or not step.seen:
            raise
        # A write to one line works the others' amounts out anew, which changes their etags. Where nothing else is
        # different from what was read, it was us.
        at = yield from company(ctx)
        response = yield from ask(Request("GET", entity_set.path(ctx, at, *step.rest)))
        now = record(response)
        if any(now.get(name) != value for name, value in _own(step)):
            raise error from None
        yield from entity_set.write(ctx, step.method, step.rest, step.body, etag_of(now))


def _own(step: Step) -> Iterable[tuple[str, Any]]:
    for name, value in step.seen.items():
        if "@" not in name and name not in step.ours and not isinstance(value, (dict, list)):
            yield name, value
