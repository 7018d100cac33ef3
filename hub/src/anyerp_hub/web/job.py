"""Jobs over HTTP: a connection's token submits and governs its own, a token of the hub sees and governs all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.job.info import Job, JobRecord
from anyerp_hub.vault.token import READ, WRITE, Token
from anyerp_hub.web.answer import Data
from anyerp_hub.web.auth import Bearer, TheHub, allowed
from anyerp_hub.web.problem import RESPONSES
from anyerp_hub.web.whole import WHOLE

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=RESPONSES)
Page = Annotated[int, Query(ge=1, le=500)]


class JobBody(BaseModel):
    """Many records to write, one outcome for each."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    resource: str = Field(min_length=1, max_length=64)
    kind: Literal["create", "update"] = "create"
    records: list[dict[str, Any]] = Field(min_length=1, max_length=10_000)
    batch_size: Annotated[int, Field(ge=1, le=10_000), WHOLE] | None = None
    pause: float = Field(0.0, ge=0, le=3600)
    on_loss: Literal["refuse", "report"] = "refuse"


@router.post("", operation_id="submit_job", response_model=Job, status_code=202)
def submit(request: Request, hub: TheHub, token: Bearer, body: JobBody, response: Response) -> dict[str, Any]:
    """Write many records in the background."""
    id = allowed(request, token, body.resource, WRITE)
    job = hub.jobs.submit(
        id, body.resource, body.records, kind=body.kind, batch_size=body.batch_size, pause=body.pause,
        on_loss=body.on_loss,
    )  # fmt: skip
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job.to_dict()


@router.get("", operation_id="list_jobs", response_model=Data[Job])
def list_jobs(
    hub: TheHub, token: Bearer, limit: Page = 100, after: str | None = None, state: str | None = None
) -> dict[str, Any]:
    """Jobs, newest first, behind the job `after`."""
    mine = None if token.allows("hub", READ) else token.connection_id
    if mine is None and not token.allows("hub", READ):
        return {"data": []}
    return {"data": [one.to_dict() for one in hub.jobs.list(mine, state=state, after=after, limit=limit)]}


@router.get("/{id}", operation_id="get_job", response_model=Job)
def get_job(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
    """One job, with how many of its records stand where."""
    return _mine(hub, token, id, READ).to_dict()


@router.get("/{id}/records", operation_id="list_job_records", response_model=Data[JobRecord])
def list_records(
    hub: TheHub, token: Bearer, id: str, limit: Page = 100, after: int = -1, state: str | None = None
) -> dict[str, Any]:
    """What became of each record so far, behind the position `after`."""
    _mine(hub, token, id, READ)
    found = hub.jobs.records(id, state=state, after=max(-1, min(after, 2**31 - 1)), limit=limit)
    return {"data": [one.to_dict() for one in found]}


def _governing(wish: str) -> Callable[..., dict[str, Any]]:
    def govern(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
        _mine(hub, token, id, WRITE)
        job: Job = getattr(hub.jobs, wish)(id)
        return job.to_dict()

    return govern


for _wish, _about in (
    ("pause", "Stop after the batch in flight; `resume` goes on."),
    ("resume", "Go on with a paused job, or do not wait any longer with a waiting one."),
    ("cancel", "Stop after the batch in flight, for good."),
    ("retry", "Try the failed records of an ended job again, and look for those of which nobody can say."),
):
    router.post(
        f"/{{id}}/{_wish}",
        operation_id=f"{_wish}_job",
        response_model=Job,
        summary=f"{_wish.capitalize()} a job",
        description=_about,
    )(_governing(_wish))


def _mine(hub: Hub, token: Token, id: str, right: str) -> Job:
    job = hub.jobs.get(id)
    own = token.connection_id == job.connection_id and token.allows(job.resource, right)
    if not own and not token.allows("hub", right):
        raise NoSuchThing(f"there is no job {id}")
    return job
