"""Sessions: login once, its header on every call, the user's context with it (wire §2)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Response, ask
from anyerp.errors import UnexpectedPayload

from anyerp_tryton.envelope import request, result

_SESSION, _CONTEXT = "session", "context"


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """The session's header; logs in where there is no session. A refused password is never sent again (wire §2)."""
    header = ctx.memory.get(_SESSION)
    if header is None:
        user = ctx.credentials.username
        secret = {"password": ctx.credentials.password.get_secret_value()}
        response = yield from ask(request("common.db.login", [user, secret], authorized=False))
        match result(response):
            case [int(number), str(token), *_]:
                parts = f"{user}:{number}:{token}".encode()
                header = ctx.memory[_SESSION] = "Session " + base64.b64encode(parts).decode("ascii")
            case _:
                raise UnexpectedPayload("the answer to the login holds no session", status=response.status)
    return {"Authorization": header}


def renew(ctx: Context, response: Response) -> bool:
    """On a 401, forget the session: logging in once more makes sense if there was one."""
    return response.status == 401 and ctx.memory.pop(_SESSION, None) is not None


def context(ctx: Context) -> Flow[dict[str, Any]]:
    """The user's context, which belongs behind every call's parameters: company, groups, language."""
    known: dict[str, Any] | None = ctx.memory.get(_CONTEXT)
    if known is None:
        response = yield from ask(request("model.res.user.get_preferences", [True, {}]))
        found = result(response)
        if not isinstance(found, dict):
            raise UnexpectedPayload("the answer holds no preferences", status=response.status)
        known = ctx.memory[_CONTEXT] = {
            **found,
            "language": ctx.settings.language,
            **({"company": ctx.settings.company} if ctx.settings.company is not None else {}),
        }
    return known


def leave(ctx: Context) -> Flow[None]:
    """End the session: Tryton keeps one for thirty days, and every call looks at all that a user has (wire §2)."""
    if _SESSION in ctx.memory:
        yield from ask(request("common.db.logout", []))
        ctx.memory.pop(_SESSION, None)
