"""Many records at once: `$batch` with a change set for each, and looking for many keys (sap sheet §6, §9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anyerp.connector import BatchAnswer, Context, Flow, Request, Response, ask
from anyerp.errors import AnyErpError, UnexpectedPayload
from anyerp.kits.odata import batch, csrf, v2
from anyerp.wire import dump_json

from anyerp_sap.s4.auth import explain, messages
from anyerp_sap.s4.service import EntitySet, entity

#: Keys in one filter: a URL of more than about 2 kB may be refused on the way.
_KEYS = 25


def create(
    ctx: Context,
    into: EntitySet,
    natives: Sequence[dict[str, Any]],
    complete: Callable[[Context, dict[str, Any]], dict[str, Any]],
) -> Flow[list[BatchAnswer]]:
    """Send new entities in one batch, each in a change set of its own: many services take one document a set."""
    answers: dict[int, BatchAnswer] = {}
    parts: dict[int, batch.Part] = {}
    for place, native in enumerate(natives):
        try:
            parts[place] = batch.Part("POST", into.name, dump_json(complete(ctx, native)))
        except AnyErpError as error:
            answers[place] = BatchAnswer(error=error)
    if parts:
        request = batch.request(f"{into.root}/$batch", list(parts.values()))
        response = yield from csrf.write(ctx, into.root, request, explain)
        said = batch.created(ctx, batch.answers_of(response, len(parts)), _made(ctx, into), explain, messages)
        answers |= zip(parts, said, strict=True)
    return [answers[place] for place in range(len(natives))]


def _made(ctx: Context, into: EntitySet) -> Callable[[Response], dict[str, Any]]:
    """Takes the keys of a new entity out of its answer, which has all the rest of it too."""
    remembered = f"identity of {into.name}"
    if remembered not in ctx.memory:
        paths = () if ctx.lens is None else ctx.lens.only(("id", "number")).native_fields
        ctx.memory[remembered] = tuple(dict.fromkeys((*into.key, *(path.partition("/")[0] for path in paths))))
    pick = v2.picker(ctx.memory[remembered])

    def made(response: Response) -> dict[str, Any]:
        try:
            found = pick(response.content)
        except ValueError:
            raise UnexpectedPayload("the answer is no OData V2 JSON", status=response.status) from None
        if not all(found.get(name) for name in into.key):
            raise UnexpectedPayload("a new entity was answered without its key", status=response.status)
        return found

    return made


def find_many(ctx: Context, among: EntitySet, field: str, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
    """The entities whose `field` holds one of the keys, the first of each: their keys and that field."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(keys), _KEYS):
        condition = " or ".join(f"{field} eq {v2.literal(key)}" for key in keys[start : start + _KEYS])
        params = {"$filter": condition, "$select": ",".join((*among.key, field)), "$orderby": ",".join(among.key)}
        response = yield from ask(Request("GET", among.path, {**params, "$format": "json"}))
        rows = entity(response).get("results")
        if not isinstance(rows, list):
            raise UnexpectedPayload("a list was expected", status=response.status)
        for row in rows:
            found.setdefault(str(row.get(field)), row)
    return found


def copied(native: dict[str, Any]) -> dict[str, Any]:
    """A copy of a payload that shares no object or list with it; plain values only, so that it is quick."""
    return {name: _copied(value) for name, value in native.items()}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return copied(value)
    return [_copied(item) for item in value] if isinstance(value, list) else value
