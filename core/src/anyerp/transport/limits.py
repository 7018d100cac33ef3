"""The limits of a transport: how long, how much, how many, how often."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one transport may take. Times are seconds, sizes bytes.

    `total` bounds a whole `send`: every attempt, every wait between them, and the reading of the answer to its last
    byte. `connect` bounds one address and one TLS handshake, `read` the silence between two pieces of an answer
    (rounded up to whole seconds where a host's own synchronous client carries).
    `max_response` counts decoded bytes. `retries` is the number of further attempts after the first. The waits
    between attempts are drawn from 0 to `backoff_base * 2**n`, at most `backoff_cap`; a Retry-After of the ERP goes
    before, at most `retry_after_cap`.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 120.0
    max_response: int = 32 * 1024 * 1024
    max_in_flight: int = 8
    retries: int = 3
    backoff_base: float = 0.5
    backoff_cap: float = 30.0
    retry_after_cap: float = 120.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total", "max_response", "max_in_flight"):
            if not getattr(self, name) > 0:
                raise ValueError(f"Limits.{name} must be more than 0, not {getattr(self, name)!r}")
        for name in ("retries", "backoff_base", "backoff_cap", "retry_after_cap"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"Limits.{name} must not be negative, as {getattr(self, name)!r} is")
