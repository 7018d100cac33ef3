"""Concurrency governance: how many calls the account takes at a time, all integrations together (sheet §5)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from anyerp_netsuite.sandbox.auth.gate import Gate
from anyerp_netsuite.sandbox.problem import Detail, Problem


@dataclass
class Governance:
    """Counts calls in flight.

    `others` are those of other integrations and users; `as_login` shows the overload as INVALID_LOGIN, which has been
    seen too (sheet §2d); `most` is the highest number of calls seen in flight.
    """

    limit: int
    others: int = 0
    as_login: bool = False
    most: int = 0
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Hold a slot while the block runs, when there is one."""
        with self._lock:
            admitted = self._inside + self.others < self.limit
            self._inside += admitted
            self.most = max(self.most, self._inside)
        try:
            yield admitted
        finally:
            with self._lock:
                self._inside -= admitted

    def refusal(self, gate: Gate) -> Problem:
        """The 429; its title and extra code are Oracle's own (samples/errors.json)."""
        if self.as_login:
            return gate.refused("OAuth", "token_rejected")
        detail = Detail("Concurrent request limit exceeded. Request blocked.", "CONCURRENCY_LIMIT_EXCEEDED")
        return Problem(429, (detail,), extra={"o:errorCode": "USER_ERROR"})
