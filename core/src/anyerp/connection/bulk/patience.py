"""Patience: what an ERP refuses only for now is asked again, and what would stop every record stops the run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TypeVar

from anyerp.connection.bulk.outcome import NotSent, RecordOutcome
from anyerp.connector import Flow, Wait
from anyerp.errors import (
    AnyErpError,
    CredentialsRejected,
    PermissionDenied,
    RateLimited,
    ReauthorizationRequired,
    Unavailable,
)

T = TypeVar("T")

#: Seconds before a record is tried again that the ERP refused for now (429, 503, a lock), each fully jittered by half.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
#: The longest that a Retry-After is obeyed, in seconds.
LONGEST = 120.0

_AT_ONCE = (CredentialsRejected, ReauthorizationRequired)
_IN_A_ROW = 5


class Brake:
    """Stops a run at what every further record would meet as well. Wrong credentials sent a thousand times lock a user.

    Those stop it at once, and so does an ERP that has never answered; a missing permission or an ERP that is down for
    longer than patience lasts stops it after five records in a row.
    """

    def __init__(self) -> None:
        self.stopped: AnyErpError | None = None
        self.heard = False
        self._in_a_row = 0

    def note(self, outcomes: Iterable[RecordOutcome]) -> None:
        """Hear what became of some records."""
        for outcome in outcomes:
            error = outcome.error
            if error is None:
                self._in_a_row = 0
                self.heard |= outcome.outcome != "not_applied"
                continue
            if isinstance(error, _AT_ONCE) or (self.silent(error) and outcome.outcome == "not_applied"):
                self.stopped = self.stopped or error
            elif isinstance(error, PermissionDenied | RateLimited | Unavailable):
                self._in_a_row += 1
                if self._in_a_row >= _IN_A_ROW:
                    self.stopped = self.stopped or error
            elif not isinstance(error, NotSent):
                self._in_a_row = 0
            self.heard |= outcome.outcome != "not_applied" or error.status is not None

    def silent(self, error: AnyErpError | None) -> bool:
        """Whether the ERP has not been heard of in this run: an address that is wrong, and not a pause."""
        return isinstance(error, Unavailable) and error.status is None and not self.heard

    def not_sent(self, index: int, key: str | None, id: str | None) -> RecordOutcome:
        """The outcome of a record that came after the stop."""
        assert self.stopped is not None
        error = NotSent(
            f"not sent, because of a record before: {self.stopped.message}", connector=self.stopped.connector
        )
        return RecordOutcome(index, "not_applied", key, id, error=error)


def waits(error: AnyErpError, tries: int) -> float | None:
    """Seconds to wait before another try (`tries` were made); None where none makes sense."""
    if error.retry != "later" or tries > len(WAITS):
        return None
    own = WAITS[tries - 1] * (1 + random.random()) / 2  # noqa: S311 - spreads callers, hides nothing
    return max(own, min(error.retry_after or 0.0, LONGEST))


def patient(attempt: Callable[[], Flow[T]], brake: Brake) -> Flow[T]:
    """Run a flow; where the ERP refuses it for now and nothing of it was written, wait and run it again."""
    tries = 1
    while True:
        try:
            return (yield from attempt())
        except AnyErpError as error:
            pause = None if brake.silent(error) else waits(error, tries)
            if pause is None:
                raise
        yield Wait(pause)
        tries += 1
