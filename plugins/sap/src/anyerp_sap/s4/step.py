"""Changes of one document that take several requests, one for each of its parts (sap sheet §4, §8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import AnyErpError, Conflict, InvalidRecord

from anyerp_sap.s4.service import EntitySet, entity, etag_of

_STALE = 412
_GONE = (403, 404)


@dataclass(frozen=True, slots=True)
class Step:
    """One write. `seen` is the entity as it was read, with its etag; empty for a new one.

    `taken` is the path of what a new part becomes, where its key is not the system's to choose: if it is there when
    the part is refused, somebody else has made it since the document was read.
    """

    part: EntitySet
    method: str
    path: str
    body: Any = None
    seen: Mapping[str, Any] = field(default_factory=dict)
    taken: str = ""


def add(part: EntitySet, body: dict[str, Any], taken: str = "") -> Step:
    """A new part, sent to its own set."""
    return Step(part, "POST", part.path, body, taken=taken)


def in_turn(ctx: Context, what: str, steps: Iterable[Step]) -> Flow[None]:
    """Send steps one after the other; an error says how many were done before it."""
    every = list(steps)
    for count, step in enumerate(every):
        try:
            yield from _send(ctx, step, first=not count)
        except AnyErpError as error:
            if count:
                error.hint = f"{count} of {len(every)} changes of the {what} are written already: read it again"
            raise


def _send(ctx: Context, step: Step, *, first: bool) -> Flow[None]:
    etag = etag_of(step.seen)
    try:
        yield from step.part.write(ctx, step.method, step.path, step.body, etag)
    except InvalidRecord as error:
        yield from raced(error, step.taken)
    except Conflict as error:
        if first or etag is None or error.status != _STALE:
            raise
        # A service may make a part's etag from the whole document, which our own writes have just changed. If nothing
        # that we know of the part is different, it was us.
        response = yield from ask(Request("GET", step.path, {"$format": "json"}))
        now = entity(response)
        if differs(now, step.seen):
            raise error from None
        fresh = etag_of(now) or response.headers.get("etag")
        yield from step.part.write(ctx, step.method, step.path, step.body, fresh)


def differs(now: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether a value of an entity's own is another now than it was; what we laid on ourselves (`_anyerp`) is none."""
    own = {n: v for n, v in seen.items() if not n.startswith("_anyerp") and not isinstance(v, (dict, list))}
    return any(now.get(name) != value for name, value in own.items())


def raced(error: InvalidRecord, taken: str) -> Flow[None]:
    """Raise the refusal of a new part, as a conflict where the part is there by now."""
    if taken:
        response = yield from ask(Request("GET", taken, accept=_GONE))
        if response.status not in _GONE:
            facts: dict[str, Any] = {"problems": error.problems, "status": error.status, "request_id": error.request_id}
            raise Conflict(error.message, hint="somebody else wrote it meanwhile: read again and decide", **facts)
    raise error
