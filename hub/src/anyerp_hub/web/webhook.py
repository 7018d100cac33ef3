"""Webhook endpoints over HTTP, for tokens that govern the hub."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from anyerp_hub.connection.info import plainly
from anyerp_hub.event.catalogue import EVENTS
from anyerp_hub.web.answer import Count, Data, DeliveryId, EventType, MadeEndpoint
from anyerp_hub.web.auth import Bearer, MayRead, MayWrite, TheHub
from anyerp_hub.web.moment import Moment
from anyerp_hub.web.problem import RESPONSES
from anyerp_hub.web.whole import WHOLE
from anyerp_hub.webhook.endpoint import Delivery, Endpoint

router = APIRouter(prefix="/v1", tags=["webhooks"], responses=RESPONSES)
Page = Annotated[int, Query(ge=1, le=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class EndpointBody(_Body):
    """Where to send which events; none named: all."""

    url: str = Field(min_length=1, max_length=2000)
    events: list[str] = Field([], max_length=100)
    connection_id: str | None = None


class RotateBody(_Body):
    """How long the secret of before signs beside the new one."""

    overlap_seconds: Annotated[int, Field(ge=0, le=2_592_000), WHOLE] = 86_400


class ReplayBody(_Body):
    """Which events to send again: one by its id, or those of a time range."""

    event_id: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    only_failed: bool = False


@router.get("/event-types", operation_id="list_event_types", response_model=Data[EventType])
def event_types(_: Bearer) -> dict[str, Any]:
    """Every event there is, with the JSON Schema of its data."""
    return {"data": [{"type": type, "about": about, "schema": schema} for type, (about, schema) in EVENTS.items()]}


@router.get("/webhook-endpoints", operation_id="list_endpoints", response_model=Data[Endpoint])
def list_endpoints(hub: TheHub, _: MayRead) -> dict[str, Any]:
    """Every endpoint."""
    return {"data": [plainly(asdict(one)) for one in hub.webhooks.list()]}


@router.post("/webhook-endpoints", operation_id="create_endpoint", response_model=MadeEndpoint, status_code=201)
def create_endpoint(hub: TheHub, _: MayWrite, body: EndpointBody) -> dict[str, Any]:
    """Send events to an address from now on; `secret` is shown this once."""
    made = hub.webhooks.add(body.url, events=body.events, connection_id=body.connection_id)
    return {**plainly(asdict(made.endpoint)), "secret": made.secret}


@router.get("/webhook-endpoints/{id}", operation_id="get_endpoint", response_model=Endpoint)
def get_endpoint(hub: TheHub, _: MayRead, id: str) -> dict[str, Any]:
    """One endpoint."""
    return dict(plainly(asdict(hub.webhooks.get(id))))


@router.delete("/webhook-endpoints/{id}", operation_id="delete_endpoint", status_code=204)
def delete_endpoint(hub: TheHub, _: MayWrite, id: str) -> None:
    """Forget an endpoint and its log."""
    hub.webhooks.remove(id)


@router.post("/webhook-endpoints/{id}/enable", operation_id="enable_endpoint", response_model=Endpoint)
def enable_endpoint(hub: TheHub, _: MayWrite, id: str) -> dict[str, Any]:
    """Take up an endpoint again that was disabled."""
    return dict(plainly(asdict(hub.webhooks.enable(id))))


@router.post("/webhook-endpoints/{id}/rotate-secret", operation_id="rotate_secret", response_model=MadeEndpoint)
def rotate_secret(hub: TheHub, _: MayWrite, id: str, body: RotateBody) -> dict[str, Any]:
    """A new secret; that of before signs beside it for a while."""
    made = hub.webhooks.rotate_secret(id, timedelta(seconds=body.overlap_seconds))
    return {**plainly(asdict(made.endpoint)), "secret": made.secret}


@router.post("/webhook-endpoints/{id}/test", operation_id="test_endpoint", response_model=DeliveryId, status_code=202)
def try_endpoint(hub: TheHub, _: MayWrite, id: str) -> dict[str, Any]:
    """Send a `webhook.test` to this endpoint."""
    return {"delivery_id": hub.webhooks.test(id)}


@router.post("/webhook-endpoints/{id}/replay", operation_id="replay", response_model=Count, status_code=202)
def replay(hub: TheHub, _: MayWrite, id: str, body: ReplayBody) -> dict[str, Any]:
    """Send events once more, with the ids that they had."""
    since, until = _aware(body.since), _aware(body.until)
    return {"count": hub.webhooks.replay(
        id, event_id=body.event_id, since=since, until=until, only_failed=body.only_failed)}  # fmt: skip


@router.get("/webhook-endpoints/{id}/deliveries", operation_id="list_deliveries", response_model=Data[Delivery])
def deliveries(
    hub: TheHub, _: MayRead, id: str, limit: Page = 100, after: str | None = None, state: str | None = None
) -> dict[str, Any]:
    """The log, newest first, each delivery with its attempts."""
    hub.webhooks.get(id)
    found = hub.webhooks.deliveries(id, state=state, after=after, limit=limit)
    return {"data": [plainly(asdict(one)) for one in found]}


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)
