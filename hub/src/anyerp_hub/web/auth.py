"""Bearer tokens: which connection a call is for, and what it may do."""

from __future__ import annotations

from typing import Annotated

from anyerp import Connection
from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from anyerp_hub.error import NoSuchThing, ScopeMissing, TokenRejected
from anyerp_hub.hub import Hub
from anyerp_hub.vault.token import READ, WRITE, Token

_scheme = HTTPBearer(auto_error=False, description="A token of a connection, or one that governs the hub.")


def the_hub(request: Request) -> Hub:
    """The hub that this app serves."""
    hub: Hub = request.app.state.hub
    return hub


async def _the_hub(request: Request) -> Hub:
    return the_hub(request)  # as a coroutine it is called where it is, and not in a thread


def bearer(request: Request, _: Annotated[object, Depends(_scheme)] = None) -> Token:
    """The token of a call. Raises `TokenRejected`."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text:
        raise TokenRejected("no token was given", hint="send Authorization: Bearer any_...")
    token = the_hub(request).tokens.verify(text.strip())
    request.state.connection_id = token.connection_id
    return token


def _governing(right: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a dependency
    def check(token: Annotated[Token, Depends(bearer)]) -> Token:
        if not token.allows("hub", right):
            raise ScopeMissing(f"this needs a token with hub:{right}", hint="use a token that governs the hub")
        return token

    return check


TheHub = Annotated[Hub, Depends(_the_hub)]
Bearer = Annotated[Token, Depends(bearer)]
MayRead = Annotated[Token, Depends(_governing(READ))]
MayWrite = Annotated[Token, Depends(_governing(WRITE))]


def allowed(request: Request, token: Token, resource: str, right: str) -> str:
    """The id of the connection whose resource a token may read or write. Raises `ScopeMissing`."""
    request.state.resource = resource
    if token.connection_id is None:
        raise ScopeMissing("this needs a token of a connection", hint="issue one for the connection that you mean")
    if not token.allows(resource, right):
        raise ScopeMissing(f"the token does not have {resource}:{right}")
    return token.connection_id


def opened(request: Request, token: Token, resource: str, right: str) -> Connection:
    """The connection of a call, open."""
    return the_hub(request).connection(allowed(request, token, resource, right))


def visible(token: Token, connection_id: str, right: str) -> str:
    """Whether a token may see a connection: its own, or any for one that governs the hub. Raises `NoSuchThing`."""
    if token.connection_id != connection_id and not token.allows("hub", right):
        raise NoSuchThing(f"there is no connection {connection_id}")
    return connection_id
