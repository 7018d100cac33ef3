"""SAP's CSRF tokens: fetched once a session, renewed once when refused (sap sheet §3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import AnyErpError

_FORBIDDEN = 403
_MEMORY = "csrf"


def write(
    ctx: Context, root: str, request: Request, explain: Callable[[Context, Request, Response], AnyErpError]
) -> Flow[Response]:
    """Send a write with the session's token; where the token is refused, fetch another and send once more.

    A 403 that does not ask for a token is a missing authorisation and is explained as such, never repeated. The
    cookies that belong to the token are the transport's.
    """
    allowed = tuple(status for status in (*request.accept, _FORBIDDEN))
    for last in (False, True):
        if _MEMORY not in ctx.memory:
            ctx.memory[_MEMORY] = yield from _fetch(root)
        sent = replace(request.with_headers({"X-CSRF-Token": ctx.memory[_MEMORY]}), accept=allowed)
        response = yield from ask(sent)
        refused = response.status == _FORBIDDEN and response.headers.get("x-csrf-token", "").lower() == "required"
        if refused and not last:
            ctx.memory.pop(_MEMORY, None)
            continue
        if response.status == _FORBIDDEN and _FORBIDDEN not in request.accept:
            raise explain(ctx, request, response)
        return response
    raise AssertionError("the loop always returns")


def _fetch(root: str) -> Flow[str]:
    response = yield from ask(Request("GET", f"{root}/", headers={"X-CSRF-Token": "Fetch"}))
    return response.headers.get("x-csrf-token", "")
