"""`$batch` in its two forms: what is asked, how it is run, and the answers put together again.

The product gives `handle(call) -> Response` for one operation and `begin() -> undo`, which remembers the state so
that a failed change set leaves nothing behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from anyerp.testing.sandbox import Call
from anyerp.wire import Response

Handle = Callable[[Call], Response]
Begin = Callable[[], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a batch and the id by which its answer is known."""

    call: Call
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Operations that happen together or not at all."""

    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one operation."""

    id: str | None
    response: Response


def failed(response: Response) -> bool:
    """Whether an answer is an error."""
    return response.status >= 400


def resolve(call: Call, located: dict[str, str]) -> Call:
    """`$1/Lines` becomes the path of what operation 1 created."""
    found = re.match(r"^(?:[^?]*/)?\$([A-Za-z0-9_-]+)(?=[/?]|$)", call.target)
    if found is None or found[1] not in located:
        return call
    return replace(call, target=located[found[1]] + call.target[found.end() :])


def run_change_set(change_set: ChangeSet, handle: Handle, begin: Begin) -> list[Answer]:
    """Run a change set. On the first error everything is undone and that one answer is all there is."""
    undo = begin()
    answers: list[Answer] = []
    located: dict[str, str] = {}
    for operation in change_set.operations:
        response = handle(resolve(operation.call, located))
        if failed(response):
            undo()
            return [Answer(operation.id, response)]
        if operation.id is not None and "location" in response.headers:
            located[operation.id] = response.headers["location"]
        answers.append(Answer(operation.id, response))
    return answers


def count(parts: list[Operation | ChangeSet]) -> int:
    """How many operations there are."""
    return sum(len(part.operations) if isinstance(part, ChangeSet) else 1 for part in parts)
