"""Calls of a model's methods: the user's context goes along, refusals are raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anyerp.connector import Context, Flow, Response, ask
from anyerp.errors import UnexpectedPayload

from anyerp_tryton import envelope
from anyerp_tryton.session import context

Domain = list[Any]
NONE: Mapping[str, Any] = {}


def call(ctx: Context, method: str, *params: Any, writes: bool = False, more: Mapping[str, Any] = NONE) -> Flow[Any]:
    """The result of one call as plain values; `more` is added to the context of this call."""
    response = yield from sent(ctx, method, *params, writes=writes, more=more)
    return envelope.result(response, writes=writes)


def sent(
    ctx: Context, method: str, *params: Any, writes: bool = False, more: Mapping[str, Any] = NONE
) -> Flow[Response]:
    """The answer to one call as it came, refusals raised."""
    user = yield from context(ctx)
    response = yield from ask(envelope.request(f"model.{method}", [*params, {**user, **more}], writes=writes))
    envelope.checked(response, writes=writes)
    return response


def rows(
    ctx: Context,
    model: str,
    domain: Domain,
    fields: Iterable[str],
    limit: int | None = None,
    more: Mapping[str, Any] = NONE,
) -> Flow[list[dict[str, Any]]]:
    """The records of a model for which a domain holds, by id; `more` is added to the context."""
    found = yield from call(ctx, f"{model}.search_read", domain, 0, limit, [["id", "ASC"]], list(fields), more=more)
    if not isinstance(found, list):
        raise UnexpectedPayload(f"a list of {model} was expected")
    return found
