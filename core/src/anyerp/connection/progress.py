"""How far a write has come: whether the ERP accepted a part of it before something failed."""

from __future__ import annotations

from typing import Any, TypeVar

from anyerp.connector import Flow, Request, Response
from anyerp.errors import AnyErpError, OutcomeUnknown, UnexpectedPayload

T = TypeVar("T")


class Progress:
    """Watches one flow. `written` turns true once the ERP has accepted one of its writes.

    A status alone does not say so: some ERPs refuse with 200 and a body, which the flow then raises. Accepted is what
    the flow went on from. `answered` says that a write was answered well, whatever the flow made of it, `sent` that one
    was sent.
    """

    def __init__(self) -> None:
        self.written = False
        self.answered = False
        self.sent = False

    def lost(self, error: AnyErpError) -> bool:
        """Whether an error leaves open what was written: then look, and never send again."""
        if error.certain:
            return False
        unreadable = self.answered and isinstance(error, UnexpectedPayload)
        return self.written or unreadable or isinstance(error, OutcomeUnknown)

    def watch(self, flow: Flow[T]) -> Flow[T]:
        """Run a flow as it is, noting the writes that were accepted."""
        answer: Any = None
        error: AnyErpError | None = None
        answered = False
        while True:
            try:
                step = flow.send(answer) if error is None else flow.throw(error)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            self.written |= answered
            answer, error, answered = None, None, False
            self.sent |= isinstance(step, Request) and bool(step.writes) and step.authorized
            try:
                answer = yield step
            except AnyErpError as raised:
                error = raised
            else:
                if isinstance(step, Request) and step.writes and step.authorized and isinstance(answer, Response):
                    answered = answer.status < 400
                    self.answered |= answered


def unread(name: str, error: AnyErpError) -> OutcomeUnknown:
    """What to say of a write that was accepted but could not be read back: never that nothing happened."""
    return OutcomeUnknown(
        f"{name}: the ERP accepted the write, but reading it back failed: {error.message}",
        hint="read the record before you send anything again",
        connector=error.connector,
        request_id=error.request_id,
        status=error.status,
        problems=error.problems,
    )
