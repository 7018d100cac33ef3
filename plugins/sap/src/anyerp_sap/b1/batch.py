"""New documents by `$batch`: a change set for each; the first that fails ends the batch (sap sheet §13, Wire)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, Request, Response, ask
from anyerp.errors import AnyErpError, UnexpectedPayload
from anyerp.kits.odata import batch, multipart

from anyerp_sap.b1.document import key_field
from anyerp_sap.b1.draft import Drafts
from anyerp_sap.b1.refusal import explain

_FAILED = 400
Native = dict[str, Any]


def create(
    ctx: Context,
    drafts: Drafts,
    natives: Sequence[Native],
    body_of: Callable[[Context, Native], Flow[Native]],
) -> Flow[list[BatchAnswer]]:
    """Send new documents together. What stands behind one that failed was not looked at, and is sent again."""
    answers: dict[int, BatchAnswer] = {}
    bodies: dict[int, Native] = {}
    for place, native in enumerate(natives):
        try:
            bodies[place] = yield from body_of(ctx, native)
        except AnyErpError as error:
            answers[place] = BatchAnswer(error=error)
    waiting = list(bodies)
    while waiting:
        try:
            came = yield from _sent(drafts.documents.name, [bodies[place] for place in waiting])
        except AnyErpError as error:
            if len(waiting) == len(bodies):
                raise
            answers |= {place: BatchAnswer(error=error) for place in waiting}  # those before it are known
            break
        for place, response in zip(waiting, came, strict=False):
            answers[place] = yield from _answer(ctx, drafts, bodies[place], response)
        waiting = waiting[len(came) :]
    return [answers[place] for place in range(len(natives))]


def _sent(name: str, bodies: Sequence[Native]) -> Flow[list[Response]]:
    """The answers to the first documents: to all, or up to the first that failed."""
    response = yield from ask(batch.request("$batch", [batch.Part("POST", f"/b1s/v2/{name}", body) for body in bodies]))
    found = multipart.answers(response.headers.get("content-type", ""), response.content)
    whole = len(found) == len(bodies)
    if not whole and not (found and len(found) < len(bodies) and found[-1].status >= _FAILED):
        raise UnexpectedPayload(
            f"a batch of {len(bodies)} documents was answered by {len(found)} answers", status=response.status
        )
    return found


def _answer(ctx: Context, drafts: Drafts, body: Native, response: Response) -> Flow[BatchAnswer]:
    try:
        if drafts.unclear(response):
            return BatchAnswer((yield from _kept(ctx, drafts, body, response)))
        if response.status >= _FAILED:
            return BatchAnswer(error=explain(ctx, Request("POST", drafts.documents.name), response))
        return BatchAnswer(_made(drafts.documents.key, response))
    except AnyErpError as error:
        return BatchAnswer(error=error)


def _kept(ctx: Context, drafts: Drafts, body: Native, response: Response) -> Flow[Native]:
    """The draft that a document became. A set that failed is taken back, and the draft with it: it is sent by itself.

    Without a key nobody could look whether it is there after all, and it is told as it was answered.
    """
    field = yield from key_field(ctx, drafts.documents)
    try:
        return (yield from drafts.kept(ctx, body, response))
    except AnyErpError:
        if response.status < _FAILED or body.get(field) is None:
            raise
    return (yield from drafts.create(ctx, body))


def _made(key: str, response: Response) -> Native:
    try:
        native = response.json()
    except ValueError:
        native = None
    if not isinstance(native, dict) or not isinstance(native.get(key), int):
        raise UnexpectedPayload(f"a new document was answered without its {key}", status=response.status)
    return native
