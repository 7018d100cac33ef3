"""What management calls answer, as OpenAPI describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from anyerp_hub.connection.info import ConnectionInfo
from anyerp_hub.connection.session import ConnectSession
from anyerp_hub.flow.definition import Flow
from anyerp_hub.vault.token import Token
from anyerp_hub.webhook.endpoint import Endpoint

T = TypeVar("T")


class Data(BaseModel, Generic[T]):
    """A list."""

    data: list[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeConnection(ConnectionInfo):
    """A new connection with its first token, which is shown this once."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken(Token):
    """A new token, which is shown this once."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSession(ConnectSession):
    """A new link, which is shown this once."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEndpoint(Endpoint):
    """A new endpoint, or one with a new secret, which is shown this once."""

    secret: str = field(repr=False)


class CheckAnswer(BaseModel):
    """Whether one thing of a connection works, and what is missing where it does not.

    `kind`: its address, the clock of the hub's machine, or a resource by its name.
    """

    name: str
    kind: str
    ok: bool
    detail: str | None
    hint: str | None


class AuditAnswer(BaseModel):
    """Who did what."""

    seq: int
    at: datetime
    connection_id: str | None
    actor: str
    action: str
    detail: Any


class EventAnswer(BaseModel):
    """Something that happened; `GET /v1/event-types` has the schema of its data."""

    seq: int
    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


class EventType(BaseModel):
    """An event, and the JSON Schema of its data."""

    type: str
    about: str
    json_schema: dict[str, Any] = Field(alias="schema")


class DeliveryId(BaseModel):
    """The delivery that was put on its way."""

    delivery_id: str


class Count(BaseModel):
    """How many."""

    count: int


class ConnectorRow(BaseModel):
    """An installed connector."""

    name: str
    title: str
    version: str


class ConnectorAnswer(BaseModel):
    """What a connector needs, and each operation of its resources: null where it works, else why not."""

    name: str
    title: str
    settings: dict[str, Any]
    credentials: list[dict[str, Any]]
    resources: dict[str, dict[str, str | None]]


class FieldAnswer(BaseModel):
    """What a field can do, and why not more."""

    field: str
    mode: str
    paths: list[str]
    because: str | None


class Coverage(BaseModel):
    """What a resource can do in a connector."""

    resource: str
    operations: dict[str, str | None]
    fields: list[FieldAnswer]
    write_schema: dict[str, Any]


class FlowAnswer(Flow):
    """A flow as it is stored: which version it is, and when it is due by itself."""

    version: int
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime


class FlowSecret(BaseModel):
    """The secret with which calls that start a flow are signed."""

    secret: str = Field(repr=False)


class Accepted(BaseModel):
    """A signed call that starts a flow."""

    flow: str
    state: str
