"""Asynchronous calls: jobs, tasks, results, and the idempotency key that counts only here (netsuite sheet §3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anyerp.wire import Headers, Response

from anyerp_netsuite.sandbox.problem import Detail, Problem, no_such_method, not_found
from anyerp_netsuite.sandbox.render import iso, self_link
from anyerp_netsuite.sandbox.request import JOBS, Ask, answered

_TASK_PARTS, _RESULT_PARTS = 3, 4


@dataclass
class Job:
    """One accepted call. Its work is done; `polls` is how often it still says that it is not."""

    id: str
    started: datetime
    ended: datetime
    results: list[Response]
    polls: int

    @property
    def completed(self) -> bool:
        """Whether pollers may see the results."""
        return self.polls <= 0

    def progress(self, results: list[Response]) -> str:
        """`pending`, then `succeeded` or `failed`; the last is assumed (sheet §3)."""
        if not self.completed:
            return "pending"
        return "succeeded" if all(one.status < 400 for one in results) else "failed"


@dataclass
class Jobs:
    """The async service. `pending_polls`: how often each new job answers `pending`."""

    now: Callable[[], datetime]
    pending_polls: int = 1
    jobs: dict[str, Job] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def submit(self, ask: Ask, operations: list[Callable[[], Response]]) -> Response:
        """Run a call's operations, each on its own feet; 202 with the job in `Location`. Raises `Problem`."""
        started = self.now()
        results = [_run(operation) for operation in operations]
        job = Job(str(len(self.jobs) + 1), started, self.now(), results, self.pending_polls)
        self.jobs[job.id] = job
        if key := ask.header("X-NetSuite-Idempotency-Key"):
            self.keys[key] = job.id
        return Response(202, Headers(_accepted(f"{ask.origin}{JOBS}/{job.id}")))

    def refuse_repeat(self, ask: Ask) -> None:
        """Raise the 400 with title Conflict for an idempotency key that was seen before."""
        job = self.keys.get(ask.header("X-NetSuite-Idempotency-Key"))
        if job is not None:
            text = (
                "A request with the same idempotency key is already submitted. "
                'See the "Location" header for a link to the previously submitted job'
            )
            detail = Detail(text, "IDEMPOTENCY_ERROR")
            headers = _accepted(f"{JOBS}/{job}")  # path only, as printed (samples/errors.json)
            raise Problem(400, (detail,), title="Conflict", section="#sec10.4.10", headers=headers)

    def answer(self, ask: Ask) -> Response:
        """GET job, task list, task, result. Raises `Problem`."""
        if ask.method != "GET":
            raise no_such_method(ask.method)
        id, *rest = ask.path.removeprefix(JOBS).strip("/").split("/")
        job = self.jobs.get(id)
        if job is None:
            raise not_found("Job does not exist.")
        href = f"{ask.origin}{JOBS}/{id}"
        if not rest:
            shown = self._job(job, href)
            job.polls -= 1
            return answered(shown)
        if rest[0] != "task" or len(rest) >= _RESULT_PARTS:
            raise not_found()
        if len(rest) == 1:
            links = [link for n in range(1, len(job.results) + 1) for link in self_link(f"{href}/task/{n}")]
            return answered({"links": self_link(f"{href}/task"), "count": 1, "items": [{"links": links}]})
        if not rest[1].isdigit() or not 1 <= int(rest[1]) <= len(job.results):
            raise not_found("Task does not exist.")
        result, where = job.results[int(rest[1]) - 1], f"{href}/task/{rest[1]}"
        if len(rest) < _TASK_PARTS:
            return answered(self._task(job, rest[1], result, where))
        if rest[2] != "result" or not job.completed:
            raise not_found("The result is not available.")
        return result

    def _job(self, job: Job, href: str) -> dict[str, Any]:
        return {
            "links": self_link(href),
            "completed": job.completed,
            "id": job.id,
            "progress": job.progress(job.results),
            "task": {"links": self_link(f"{href}/task")},
        }

    def _task(self, job: Job, id: str, result: Response, href: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "links": [{"rel": "related", "href": f"{href}/result"}, *self_link(href)],
            "completed": job.completed,
            "id": id,
            "progress": job.progress([result]),
            "startTime": iso(job.started),
        }
        return {**body, "endTime": iso(job.ended)} if job.completed else body


def _run(operation: Callable[[], Response]) -> Response:
    try:
        return operation()
    except Problem as problem:
        return problem.response()


def _accepted(location: str) -> dict[str, str]:
    return {"Preference-Applied": "respond-async", "Location": location}
