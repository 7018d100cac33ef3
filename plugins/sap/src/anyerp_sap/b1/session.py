"""One session for a connection: logged in once, its cookies on every call, renewed once (sap sheet §13, Session)."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import UnexpectedPayload

LOGIN = "Login"
_SESSION = "session"
#: The session, and the server behind the balancer that knows it.
_COOKIES = ("B1SESSION", "ROUTEID")

#: The session that this thread or task has sent last: when it is refused, another may have renewed it already.
_sent: ContextVar[str | None] = ContextVar("b1_session_sent", default=None)


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
    _sent.set(cookies)
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
    """On a 401, forget the session that was refused, and only that: many may meet the end of one at the same time."""
    refused = _sent.get()
    if response.status != 401 or refused is None:
        return False
    if ctx.memory.get(_SESSION) == refused:
        ctx.memory.pop(_SESSION, None)
    return True


def leave(ctx: Context) -> Flow[None]:
    """Log out, which gives the licence back at once; without a session there is nothing to do."""
    cookies = ctx.memory.pop(_SESSION, None)
    if cookies is not None:
        # The session's own cookies and no authorization, which would log in again where the session has ended.
        yield from ask(Request("POST", "Logout", headers={"Cookie": cookies}, authorized=False, accept=(401,)))
