"""Asynchronous calls: a collection is accepted as a job, and tells by its tasks what became of each record (§3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from anyerp.connector import Context, Flow, Request, Response, Wait, ask
from anyerp.errors import AnyErpError, OutcomeUnknown, UnexpectedPayload

from anyerp_netsuite.record import RECORDS, STRICT, made
from anyerp_netsuite.refusal import explain

JOBS = "/services/rest/async/v1/job/"
#: Records of one collection at most.
MOST = 100
_COLLECTION = "application/vnd.oracle.resource+json; type=collection"
#: Seconds between two looks at a job, the last one again and again, and how long a job is waited for in all.
_PAUSES, _PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0), 600.0
#: What a result answers a refused record with; whatever else it says may be about the asking, not about the record.
_REFUSED = (400, 409, 422)


def submit(kind: str, bodies: Sequence[Any]) -> Flow[str]:
    """Send new records as one job; gives the job's path.

    The idempotency key counts for asynchronous calls only. With it a call whose answer was lost may be made again: the
    second is refused with the first one's job, or is the first that arrives.
    """
    headers = {
        **STRICT,
        "Prefer": "respond-async",
        "Content-Type": _COLLECTION,
        "X-NetSuite-Idempotency-Key": str(uuid4()),
    }
    request = Request("POST", f"{RECORDS}/{kind}", headers=headers, json={"items": list(bodies)})
    try:
        response = yield from ask(request)
    except OutcomeUnknown:
        response = yield from ask(Request("POST", request.path, headers=headers, json=request.json, accept=(400,)))
        if response.status == 400 and "location" not in response.headers:
            raise
    return _job(response)


def _job(response: Response) -> str:
    path = urlsplit(response.headers.get("location", "")).path  # absolute, or a path only
    if not path.startswith(JOBS) or not path.removeprefix(JOBS).isalnum():
        raise OutcomeUnknown(
            "the answer does not say which job was accepted",
            status=response.status,
            hint="look whether it was done before sending it again",
        )
    return path


def ended(job: str) -> Flow[bool]:
    """Wait for the end of a job; gives whether all of it succeeded. Raises `OutcomeUnknown` if it takes too long."""
    waited, looks = 0.0, 0
    while waited < _PATIENCE:
        response = yield from ask(Request("GET", job))
        try:
            said = response.json()
            if said["completed"] is True:
                return bool(said["progress"] == "succeeded")
        except (ValueError, KeyError, TypeError):
            raise UnexpectedPayload("the answer is no job of NetSuite's", status=response.status) from None
        pause = _PAUSES[min(looks, len(_PAUSES) - 1)]
        yield Wait(pause)
        waited, looks = waited + pause, looks + 1
    raise OutcomeUnknown(f"the job {job} is still at work after {_PATIENCE:.0f} seconds", hint="look later")


def result(ctx: Context, job: str, number: int) -> Flow[str | AnyErpError]:
    """The id of the record that a task has made (tasks count from 1, in the records' order), or why there is none."""
    try:
        response = yield from ask(Request("GET", f"{job}/task/{number}/result", accept=_REFUSED))
        if response.status in _REFUSED:
            return explain(ctx, Request("POST", job), response)
        return made(response)
    except AnyErpError as error:
        return error if isinstance(error, OutcomeUnknown) else OutcomeUnknown(f"no result to be had: {error.message}")
