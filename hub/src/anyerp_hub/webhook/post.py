"""One POST to an endpoint: to the address that was checked, within a deadline, following nothing."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2

from anyerp_hub.error import UnsafeAddress
from anyerp_hub.webhook.guard import Guard

DEADLINE = 15.0  # seconds for all of it
_ENOUGH = 64 * 1024  # bytes of an answer that are read at most; nobody needs them


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or the kind of failure. `retry_after` in seconds where it was given."""

    status: int | None
    error: str | None
    milliseconds: int
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it: 2xx only. A redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, headers: Mapping[str, str], body: bytes, guard: Guard, context: ssl.SSLContext | None) -> Answer:
    """Send; raises nothing."""
    begun = time.monotonic()
    backend = _Pinned(guard, begun + DEADLINE)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), DEADLINE)
    status, error, wait = None, None, None
    try:
        guard.address(url)
        sent = [("User-Agent", "anyerp-hub"), ("Content-Type", "application/json"), *headers.items()]
        with (
            httpcore2.ConnectionPool(ssl_context=context or _context(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=sent, content=body, extensions={"timeout": timeouts}) as response,
        ):
            status, wait = response.status, _seconds(response.headers)
            size = 0
            for piece in response.iter_stream():
                size += len(piece)
                if size > _ENOUGH:
                    break
    except UnsafeAddress as refused:
        error = refused.message
    except httpcore2.TimeoutException:
        error = f"no answer within {DEADLINE:.0f} s"
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as failed:
        # A status that came counts, even if the body behind it did not come whole.
        error = f"{type(failed).__name__}: {str(failed)[:200]}"
    return Answer(status, None if status is not None else error, int((time.monotonic() - begun) * 1000), wait)


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _seconds(headers: Iterable[tuple[bytes, bytes]]) -> float | None:
    found = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return float(found) if found.isdigit() and len(found) < 7 else None


class _Pinned(httpcore2.NetworkBackend):
    """Connects to a checked address of a host, and gives every operation only the time that is left."""

    def __init__(self, guard: Guard, deadline: float) -> None:
        self._guard, self._deadline, self._inner = guard, deadline, httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, timeout: Any = None, *args: Any, **options: Any) -> Any:  # noqa: ARG002
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._guard.checked(host, port):
            left = max(0.001, self._deadline - time.monotonic())
            try:
                return _Timed(self._inner.connect_tcp(address, port, left, *args, **options), self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed


class _Timed(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def _left(self, late: type[Exception]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise late("the deadline is over")
        return left

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:  # noqa: ARG002 - only the deadline counts
        return self._inner.read(max_bytes, self._left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: Any = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, self._left(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: Any = None) -> Any:  # noqa: ARG002
        left = self._left(httpcore2.ConnectTimeout)
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
