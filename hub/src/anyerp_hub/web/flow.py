"""Flows over HTTP, for tokens that govern the hub."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from anyerp.errors import ConfigError
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from anyerp_hub.flow.definition import End, Flow
from anyerp_hub.flow.run import Run
from anyerp_hub.web.answer import Accepted, Data, FlowAnswer, FlowSecret
from anyerp_hub.web.auth import MayRead, MayWrite, TheHub
from anyerp_hub.web.problem import RESPONSES
from anyerp_hub.web.webhook import RotateBody

#: Bytes that a call may have.
_LONGEST = 262_144
router = APIRouter(prefix="/v1/flows", tags=["flows"], responses=RESPONSES)


@router.get("", operation_id="list_flows", response_model=Data[FlowAnswer])
def list_flows(hub: TheHub, _: MayRead) -> dict[str, Any]:
    """Every flow, by name."""
    return {"data": [one.to_dict() for one in hub.flows.stored()]}


@router.get("/{name}", operation_id="get_flow", response_model=FlowAnswer)
def get_flow(hub: TheHub, _: MayRead, name: str) -> dict[str, Any]:
    """One flow."""
    return hub.flows.stored(name)[0].to_dict()


@router.put("/{name}", operation_id="put_flow", response_model=FlowAnswer)
def put_flow(hub: TheHub, _: MayWrite, name: str, body: Flow) -> dict[str, Any]:
    """Store a flow, or a new version of it. What it has read already stays read."""
    if body.name != name:
        raise ConfigError(f"the body is the flow {body.name}, the address that of {name}")
    if not isinstance(body.write, End):
        raise ConfigError(
            "over HTTP a flow writes to a connection only, not to the files and databases of this machine",
            hint="whoever runs the hub puts it: anyerp-hub put-flows FILE",
        )
    hub.flows.put(body)
    return hub.flows.stored(name)[0].to_dict()


@router.delete("/{name}", operation_id="delete_flow", status_code=204)
def delete_flow(hub: TheHub, _: MayWrite, name: str) -> None:
    """Forget a flow and its runs; its jobs stay."""
    hub.flows.remove(name)


@router.post("/{name}/run", operation_id="run_flow", response_model=Run, status_code=202)
def run_flow(hub: TheHub, _: MayWrite, name: str) -> dict[str, Any]:
    """Run a flow now: all that is new is read and handed to a job."""
    return hub.flows.run(name).to_dict()


@router.get("/{name}/webhook-secret", operation_id="get_flow_webhook_secret", response_model=FlowSecret)
def get_secret(hub: TheHub, _: MayWrite, name: str) -> dict[str, Any]:
    """The secret with which calls that start a flow are signed."""
    return {"secret": hub.flows.webhook_secret(name)}


@router.post("/{name}/rotate-webhook-secret", operation_id="rotate_flow_webhook_secret", response_model=FlowSecret)
def rotate_secret(hub: TheHub, _: MayWrite, name: str, body: RotateBody) -> dict[str, Any]:
    """Replace that secret; the one of before holds beside the new one for a while."""
    return {"secret": hub.flows.rotate_webhook_secret(name, timedelta(seconds=body.overlap_seconds))}


@router.post("/{name}/webhook", operation_id="call_flow", response_model=Accepted, status_code=202)
async def call_flow(hub: TheHub, request: Request, name: str) -> dict[str, Any]:
    """Start a flow by a call that is signed as Standard Webhooks says; no token is needed. What it says is not read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            raise ConfigError(f"the body has more than {_LONGEST} bytes", hint="send an empty one: it is not read")
    await run_in_threadpool(hub.flows.call, name, dict(request.headers), bytes(body))
    return {"flow": name, "state": "accepted"}


@router.get("/{name}/runs", operation_id="list_flow_runs", response_model=Data[Run])
def list_runs(hub: TheHub, _: MayRead, name: str, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> dict[str, Any]:
    """The runs of a flow, newest first."""
    return {"data": [one.to_dict() for one in hub.flows.runs(name, limit)]}
