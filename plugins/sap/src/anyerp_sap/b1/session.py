"""One session for a connection: logged in once, its cookies on every call, renewed once (sap sheet §13, Session)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import UnexpectedPayload

LOGIN = "Login"
_SESSION = "session"
#: The session, and the server behind the balancer that knows it.
_COOKIES = ("B1SESSION", "ROUTEID")


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """The session's cookies; logs in where there is no session. A refused password is not sent again."""
    cookies = ctx.memory.get(_SESSION)
    if cookies is None:
        body = {
            "CompanyDB": ctx.settings.company_db,
            "UserName": ctx.credentials.username,
            "Password": ctx.credentials.password.get_secret_value(),
        }
        # Not a write of the host's: a lost answer leaves a session that ends by itself.
        response = yield from ask(Request("POST", LOGIN, json=body, writes=False, authorized=False))
        cookies = ctx.memory[_SESSION] = _cookies(response)
    return {"Cookie": cookies}


def _cookies(response: Response) -> str:
    found = {}
    for line in response.headers.all("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        if name.strip() in _COOKIES:
            found[name.strip()] = value.strip()
    if "B1SESSION" not in found:
        found["B1SESSION"] = _named(response)
    return "; ".join(f"{name}={value}" for name, value in found.items())


def _named(response: Response) -> str:
    try:
        answer: Any = response.json()
    except ValueError:
        answer = None
    name = answer.get("SessionId") if isinstance(answer, dict) else None
    if not isinstance(name, str) or not name.isascii() or not name.isprintable() or ";" in name:
        raise UnexpectedPayload("the answer to the login holds no session", status=response.status)
    return name


def renew(ctx: Context, response: Response) -> bool:
    """On a 401, forget the session: logging in once more makes sense if there was one."""
    return response.status == 401 and ctx.memory.pop(_SESSION, None) is not None


def leave(ctx: Context) -> Flow[None]:
    """Log out, which gives the licence back at once; without a session there is nothing to do."""
    if _SESSION in ctx.memory:
        yield from ask(Request("POST", "Logout", writes=False, accept=(401,)))
        ctx.memory.pop(_SESSION, None)
