"""Flows over HTTP, for tokens that govern the hub."""

from __future__ import annotations

from typing import Annotated, Any

from anyerp.errors import ConfigError
from fastapi import APIRouter, Query

from anyerp_hub.flow.definition import Flow
from anyerp_hub.web.auth import MayRead, MayWrite, TheHub
from anyerp_hub.web.problem import RESPONSES

router = APIRouter(prefix="/v1/flows", tags=["flows"], responses=RESPONSES)


@router.get("", operation_id="list_flows")
def list_flows(hub: TheHub, _: MayRead) -> dict[str, Any]:
    """Every flow."""
    return {"data": [one.model_dump(mode="json") for one in hub.flows.list()]}


@router.get("/{name}", operation_id="get_flow")
def get_flow(hub: TheHub, _: MayRead, name: str) -> dict[str, Any]:
    """One flow."""
    return hub.flows.get(name).model_dump(mode="json")


@router.put("/{name}", operation_id="put_flow")
def put_flow(hub: TheHub, _: MayWrite, name: str, body: Flow) -> dict[str, Any]:
    """Store a flow, or a new version of it. What it has read already stays read."""
    if body.name != name:
        raise ConfigError(f"the body is the flow {body.name}, the address that of {name}")
    return {**body.model_dump(mode="json"), "version": hub.flows.put(body)}


@router.delete("/{name}", operation_id="delete_flow", status_code=204)
def delete_flow(hub: TheHub, _: MayWrite, name: str) -> None:
    """Forget a flow and its runs; its jobs stay."""
    hub.flows.remove(name)


@router.post("/{name}/run", operation_id="run_flow", status_code=202)
def run_flow(hub: TheHub, _: MayWrite, name: str) -> dict[str, Any]:
    """Run a flow now: all that is new is read and handed to a job."""
    return hub.flows.run(name).to_dict()


@router.get("/{name}/runs", operation_id="list_flow_runs")
def list_runs(hub: TheHub, _: MayRead, name: str, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> dict[str, Any]:
    """The runs of a flow, newest first."""
    return {"data": [one.to_dict() for one in hub.flows.runs(name, limit)]}
