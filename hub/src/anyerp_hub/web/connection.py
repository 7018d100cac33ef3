"""Connections, their tokens, and the links by which people connect, for tokens that govern the hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from anyerp.model import RESOURCES
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from anyerp_hub.connection.info import ConnectionInfo, plainly
from anyerp_hub.connection.session import ConnectSession
from anyerp_hub.error import NoSuchThing
from anyerp_hub.vault.token import READ, Token
from anyerp_hub.web.answer import AuditAnswer, CheckAnswer, Data, EventAnswer, MadeConnection, MadeSession, MadeToken
from anyerp_hub.web.auth import Bearer, MayRead, MayWrite, TheHub, visible
from anyerp_hub.web.moment import Moment
from anyerp_hub.web.problem import RESPONSES
from anyerp_hub.web.whole import WHOLE

router = APIRouter(prefix="/v1", responses=RESPONSES)
Page = Annotated[int, Query(ge=1, le=500)]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class ConnectBody(_Body):
    """A new connection."""

    connector: Words
    settings: dict[str, Any] = {}
    credentials: dict[str, Any] = Field({}, repr=False)
    name: Words | None = None
    tags: list[Words] = []
    metadata: dict[str, Any] = {}
    credentials_expire_at: Moment | None = None


class ReconnectBody(_Body):
    """What is not given stays as it is."""

    settings: dict[str, Any] | None = None
    credentials: dict[str, Any] | None = Field(None, repr=False)
    credentials_expire_at: Moment | None = None


class ChangeBody(_Body):
    """Name, tags, metadata: each as a whole."""

    name: Words | None = None
    tags: list[Words] | None = None
    metadata: dict[str, Any] | None = None


class TokenBody(_Body):
    """A new token for a connection."""

    name: str = Field("", max_length=200)
    scopes: list[Words] | None = None
    valid_for_seconds: Annotated[int, Field(ge=1, le=10**9), WHOLE] | None = None


class SessionBody(_Body):
    """A link for a person."""

    connector: Words | None = None
    connection_id: Words | None = None
    name: Words | None = None
    tags: list[Words] = []
    metadata: dict[str, Any] = {}
    return_url: Words | None = None
    valid_for_seconds: Annotated[int, Field(ge=60, le=2_592_000), WHOLE] = 86_400


@router.get("/connections", tags=["connections"], operation_id="list_connections", response_model=Data[ConnectionInfo])
def list_connections(
    hub: TheHub,
    _: MayRead,
    limit: Page = 100,
    after: str | None = None,
    health: str | None = None,
    lifecycle: str | None = None,
    tag: str | None = None,
    connector: str | None = None,
) -> dict[str, Any]:
    """Connections, oldest first, behind the id `after`; `health=needs_reauth` gives those that need somebody."""
    found = hub.connections(limit=limit, after=after, health=health, lifecycle=lifecycle, tag=tag, connector=connector)
    return {"data": [one.to_dict() for one in found]}


@router.post(
    "/connections",
    tags=["connections"],
    operation_id="create_connection",
    response_model=MadeConnection,
    status_code=201,
)
def create_connection(hub: TheHub, token: MayWrite, body: ConnectBody, response: Response) -> dict[str, Any]:
    """Try a connection, then remember it; `token` is shown this once."""
    made = hub.connect(
        body.connector, settings=body.settings, credentials=body.credentials, name=body.name, tags=body.tags,
        metadata=body.metadata, credentials_expire_at=_aware(body.credentials_expire_at), actor=token.id,
    )  # fmt: skip
    response.headers["Location"] = f"/v1/connections/{made.id}"
    return {**made.info.to_dict(), "token": made.token}


@router.get("/connections/{id}", tags=["connections"], operation_id="get_connection", response_model=ConnectionInfo)
def get_connection(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
    """One connection: state, health, issues. A connection's own token may see it."""
    return hub.info(visible(token, id, READ)).to_dict()


@router.patch(
    "/connections/{id}", tags=["connections"], operation_id="change_connection", response_model=ConnectionInfo
)
def change_connection(hub: TheHub, token: MayWrite, id: str, body: ChangeBody) -> dict[str, Any]:
    """Change name, tags or metadata."""
    return hub.change(id, name=body.name, tags=body.tags, metadata=body.metadata, actor=token.id).to_dict()


@router.post(
    "/connections/{id}/reconnect", tags=["connections"], operation_id="reconnect", response_model=ConnectionInfo
)
def reconnect(hub: TheHub, token: MayWrite, id: str, body: ReconnectBody) -> dict[str, Any]:
    """New credentials or settings, tried first. Id and tokens stay, waiting jobs go on."""
    info = hub.reconnect(
        id, credentials=body.credentials, settings=body.settings,
        credentials_expire_at=_aware(body.credentials_expire_at), actor=token.id,
    )  # fmt: skip
    return info.to_dict()


@router.post(
    "/connections/{id}/check", tags=["connections"], operation_id="check_connection", response_model=Data[CheckAnswer]
)
def check_connection(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
    """Try it now: what works, and what is missing for the rest."""
    checks = hub.check(visible(token, id, READ))
    facts = ("name", "kind", "ok", "detail", "hint")
    return {"data": [{name: getattr(one, name) for name in facts} for one in checks]}


@router.post(
    "/connections/{id}/pause", tags=["connections"], operation_id="pause_connection", response_model=ConnectionInfo
)
def pause(hub: TheHub, token: MayWrite, id: str) -> dict[str, Any]:
    """Let it rest: its calls and jobs wait."""
    return hub.pause(id, token.id).to_dict()


@router.post(
    "/connections/{id}/resume", tags=["connections"], operation_id="resume_connection", response_model=ConnectionInfo
)
def resume(hub: TheHub, token: MayWrite, id: str) -> dict[str, Any]:
    """Take it up again."""
    return hub.resume(id, token.id).to_dict()


@router.delete("/connections/{id}", tags=["connections"], operation_id="disconnect", response_model=ConnectionInfo)
def disconnect(hub: TheHub, token: MayWrite, id: str) -> dict[str, Any]:
    """End it and forget its credentials; reconnecting keeps the id and the tokens."""
    return hub.disconnect(id, token.id).to_dict()


@router.get("/connections/{id}/tokens", tags=["tokens"], operation_id="list_tokens", response_model=Data[Token])
def list_tokens(hub: TheHub, _: MayRead, id: str) -> dict[str, Any]:
    """What is known of a connection's tokens: everything but the tokens."""
    hub.info(id)
    return {"data": [_token(one) for one in hub.tokens.list(id)]}


@router.post(
    "/connections/{id}/tokens", tags=["tokens"], operation_id="create_token", response_model=MadeToken, status_code=201
)
def create_token(hub: TheHub, _: MayWrite, id: str, body: TokenBody) -> dict[str, Any]:
    """A new token for a connection; `token` is shown this once."""
    hub.info(id)
    valid = None if body.valid_for_seconds is None else timedelta(seconds=body.valid_for_seconds)
    issued = hub.tokens.issue(id, scopes=body.scopes, name=body.name, valid_for=valid)
    return {**_token(issued.token), "token": issued.secret}


@router.delete("/tokens/{id}", tags=["tokens"], operation_id="revoke_token", status_code=204)
def revoke_token(hub: TheHub, _: MayWrite, id: str) -> None:
    """Make a token worthless, at once."""
    hub.tokens.revoke(id)


@router.post(
    "/connect-sessions",
    tags=["connect"],
    operation_id="create_connect_session",
    response_model=MadeSession,
    status_code=201,
)
def create_session(hub: TheHub, _: MayWrite, body: SessionBody, request: Request) -> dict[str, Any]:
    """A link by which a person connects a system, or reconnects one (`connection_id`); `url` is shown this once."""
    facts = body.model_dump(exclude={"valid_for_seconds"})
    made = hub.sessions.create(**facts, valid_for=timedelta(seconds=body.valid_for_seconds))
    return {**_session(made.session), "url": str(request.url_for("connect_page", link=made.link))}


@router.get(
    "/connect-sessions/{id}", tags=["connect"], operation_id="get_connect_session", response_model=ConnectSession
)
def get_session(hub: TheHub, _: MayRead, id: str) -> dict[str, Any]:
    """Whether a link was used, and which connection came of it."""
    return _session(hub.sessions.get(id))


@router.get(
    "/connections/{id}/audit", tags=["connections"], operation_id="list_audit", response_model=Data[AuditAnswer]
)
def audit(hub: TheHub, _: MayRead, id: str, after: int = 0, limit: Page = 100) -> dict[str, Any]:
    """Who did what, and every change of state."""
    hub.info(id)
    return {"data": hub.audit(id, after=_number(after), limit=limit)}


@router.get("/events", tags=["events"], operation_id="list_events", response_model=Data[EventAnswer])
def list_events(
    hub: TheHub, token: Bearer, after: int = 0, limit: Page = 100, type: str | None = None
) -> dict[str, Any]:
    """Events in order, behind the sequence number `after`; a connection's token sees those of its connection."""
    mine = None if token.allows("hub", READ) else token.connection_id
    if mine is None and not token.allows("hub", READ):
        raise NoSuchThing("there are no events for this token")
    closed = () if token.allows("hub", READ) else [name for name in RESOURCES if not token.allows(name, READ)]
    found = hub.events(after=_number(after), connection_id=mine, types=type, without=closed, limit=limit)
    return {"data": [{"seq": one.seq, **one.to_dict()} for one in found]}


def _number(value: int) -> int:
    return max(0, min(value, 2**62))


def _token(token: Token) -> dict[str, Any]:
    facts: dict[str, Any] = plainly({name: getattr(token, name) for name in token.__slots__})
    return facts


def _session(session: ConnectSession) -> dict[str, Any]:
    facts: dict[str, Any] = plainly({name: getattr(session, name) for name in session.__slots__})
    return facts


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)
