"""Watches over HTTP: a connection's token watches what it may read, a token of the hub sees and governs all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.job.info import Job
from anyerp_hub.sync.watches import ResourceWatch
from anyerp_hub.vault.token import READ, WRITE, Token
from anyerp_hub.web.answer import Data
from anyerp_hub.web.auth import Bearer, TheHub, allowed
from anyerp_hub.web.problem import RESPONSES

router = APIRouter(prefix="/v1/watches", tags=["watches"], responses=RESPONSES)


class WatchBody(BaseModel):
    """A resource to look at, every so many seconds or on request. `connection_id` is for tokens of the hub."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    resource: str = Field(min_length=1, max_length=64)
    connection_id: str | None = Field(None, max_length=64)
    every: float | None = Field(None, ge=1, le=2_592_000)
    deletions: bool = False
    initial: bool = False


@router.post("", operation_id="create_watch", response_model=ResourceWatch, status_code=201)
def create_watch(request: Request, hub: TheHub, token: Bearer, body: WatchBody, response: Response) -> dict[str, Any]:
    """Tell of what changes in a resource from now on, as events."""
    if body.connection_id is not None and token.allows("hub", WRITE):
        id = body.connection_id
    else:
        id = allowed(request, token, body.resource, READ)
        if body.connection_id not in (None, id):
            raise NoSuchThing(f"there is no connection {body.connection_id}")
    made = hub.watches.add(
        id, body.resource, every=body.every, deletions=body.deletions, initial=body.initial
    )  # fmt: skip
    response.headers["Location"] = f"/v1/watches/{made.id}"
    return made.to_dict()


@router.get("", operation_id="list_watches", response_model=Data[ResourceWatch])
def list_watches(
    hub: TheHub, token: Bearer, limit: Annotated[int, Query(ge=1, le=500)] = 100, after: str | None = None
) -> dict[str, Any]:
    """Watches, oldest first, behind the watch `after`."""
    every = token.allows("hub", READ)
    if token.connection_id is None and not every:
        return {"data": []}
    found = hub.watches.list(None if every else token.connection_id, after=after, limit=limit)
    return {"data": [one.to_dict() for one in found if every or token.allows(one.resource, READ)]}


@router.get("/{id}", operation_id="get_watch", response_model=ResourceWatch)
def get_watch(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
    """One watch, with what its last look found."""
    return _mine(hub, token, id, READ).to_dict()


@router.delete("/{id}", operation_id="delete_watch", status_code=204)
def delete_watch(hub: TheHub, token: Bearer, id: str) -> None:
    """Watch no longer; events that were told stay."""
    hub.watches.remove(_mine(hub, token, id, WRITE).id)


@router.post("/{id}/run", operation_id="run_watch", response_model=Job, status_code=202)
def run_watch(hub: TheHub, token: Bearer, id: str, response: Response) -> dict[str, Any]:
    """Look now, as a job; the job that does so already, if there is one."""
    job = hub.watches.submit(_mine(hub, token, id, WRITE).id)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job.to_dict()


def _mine(hub: Hub, token: Token, id: str, right: str) -> ResourceWatch:
    watch = hub.watches.get(id)
    own = token.connection_id == watch.connection_id and token.allows(watch.resource, READ)
    if not own and not token.allows("hub", right):
        raise NoSuchThing(f"there is no watch {id}")
    return watch
