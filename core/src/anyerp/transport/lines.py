"""Our own synchronous client: HTTP/1.1 by the standard library.

Bodies are read straight into the bytes that are given on. httpcore2 copies each piece four times on the way, which
was the largest single cost of reading a page (ADR 0016).
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from ssl import SSLContext
from typing import Any

from anyerp.transport.line import Line, head_of, pieces
from anyerp.transport.message import Attempt, Uncarried
from anyerp.transport.origin import Origin
from anyerp.wire import Headers

_IDLE_SECONDS = 5.0
#: A target that goes on the wire as it stands. Dots behind a slash, other characters and stray escapes do not.
_PLAIN = re.compile(
    r"""/(?!\.) (?: [\w!$&'()*+,;=:@~-]++ | \. | /(?!\.) | %[\dA-Fa-f]{2} )*+
    (?: \? (?: [\w!$&'()*+,;=:@~./?-]++ | %[\dA-Fa-f]{2} )*+ )?""",
    re.ASCII | re.VERBOSE,
)
_LONGEST = 65_000  # httpx2 takes some bytes more for the whole URL
_ANNOUNCED = frozenset({"POST", "PUT", "PATCH"})


class LineError(Exception):
    """What went wrong on a line. Its kinds have the names that the HTTP libraries give theirs."""


class ConnectError(LineError):
    """No connection; the cause says why."""


class ConnectTimeout(LineError):
    """No connection in time."""


class ReadTimeout(LineError):
    """No answer in time."""


class WriteTimeout(LineError):
    """The request was not taken in time."""


class ProtocolError(LineError):
    """The server broke off, or does not speak HTTP."""


class TransportError(LineError):
    """The connection broke."""


class Lines:
    """Keeps up to `idle` connections warm for 5 s, in any number of threads. Knows no proxy and no HTTP/2.

    A body of at most `most` bytes comes in one piece.
    """

    def __init__(self, idle: int, most: int) -> None:
        self._most = most
        self._idle: deque[Line] = deque()
        self._room = idle
        self._lock = threading.Lock()
        self._context: SSLContext | None = None
        self.is_closed = False

    def send(self, attempt: Attempt, timeouts: Mapping[str, Any]) -> Reply:
        """Send a request and read the head of its answer; the body waits in the reply.

        `timeouts` has `connect`, `read` and `write` in seconds; one that can be made a float is asked anew before each
        read. Raises `LineError`, or `Uncarried` for what cannot be written as HTTP.
        """
        origin, body = attempt.origin, attempt.content or b""
        try:
            head = head_of(attempt.method.encode("ascii"), target_of(attempt), _fields(attempt, len(body)))
        except ValueError:
            raise Uncarried from None
        line = self._warm(origin) or self._fresh(origin, timeouts["connect"])
        try:
            with _told():
                try:
                    line.send(head, body, timeouts["write"])
                except TimeoutError as error:
                    raise WriteTimeout from error
                except OSError:  # it may have answered before it hung up, as with 413
                    pass
                return Reply(self, line, line.receive(attempt.method, timeouts["read"]), self._most)
        except BaseException:
            line.close()
            raise

    def close(self) -> None:
        """Hang up what is idle; what is in use follows when its answer has been read."""
        with self._lock:
            self.is_closed = True
            lines, self._idle = self._idle, deque()
        for line in lines:
            line.close()

    def _warm(self, origin: Origin) -> Line | None:
        """Take the connection used last, if it still stands."""
        while True:
            with self._lock:
                line = next((one for one in reversed(self._idle) if one.origin == origin), None)
                if line is None:
                    return None
                self._idle.remove(line)
            if time.monotonic() < line.idle_until and not line.dropped():
                return line
            line.close()

    def _fresh(self, origin: Origin, timeout: float) -> Line:
        try:
            return Line(origin, self._tls, timeout)
        except TimeoutError as error:
            raise ConnectTimeout from error
        except OSError as error:
            raise ConnectError from error
        except ValueError:  # no name that a socket takes
            raise Uncarried from None

    def _tls(self) -> SSLContext:
        import httpx2  # noqa: PLC0415 - only for its choice of authorities

        with self._lock:
            if self._context is None:
                self._context = httpx2.create_ssl_context()
                self._context.set_alpn_protocols(["http/1.1"])
            return self._context

    def keep(self, line: Line) -> None:
        """Keep a connection whose exchange is complete."""
        line.idle_until = time.monotonic() + _IDLE_SECONDS
        with self._lock:
            if not self.is_closed:
                self._idle.append(line)
            over = line if self.is_closed else self._idle.popleft() if len(self._idle) > self._room else None
        if over is not None:
            over.close()


class Reply:
    """An answer whose head has been read, used like a library's response."""

    def __init__(self, lines: Lines, line: Line, answer: HTTPResponse, most: int) -> None:
        self._lines = lines
        self._line: Line | None = line
        self._answer = answer
        self._most = most
        self.status_code = answer.status
        self.headers = Headers(answer.getheaders())

    def iter_raw(self) -> Iterator[bytes]:
        """Read the body, still packed, piece by piece. Raises `LineError`."""
        with _told():
            yield from pieces(self._answer, self._most)

    def close(self) -> None:
        """Keep the connection if the answer was read to its end, else hang up."""
        line, self._line = self._line, None
        if line is None:
            return
        if self._answer.isclosed() and not self._answer.will_close:
            self._lines.keep(line)
        else:
            line.close()


def target_of(attempt: Attempt) -> bytes:
    """The target as it goes on the wire. What is not plain is written as httpx2 writes it. Raises `ValueError`."""
    if len(attempt.target) < _LONGEST and _PLAIN.fullmatch(attempt.target):
        return attempt.target.encode("ascii")
    import httpx2  # noqa: PLC0415 - flows write plain targets

    try:
        return httpx2.URL(attempt.url).raw_path
    except httpx2.InvalidURL:
        raise ValueError("no URL for httpx2") from None


def _fields(attempt: Attempt, size: int) -> list[tuple[bytes, bytes]]:
    given = {name.lower() for name, _ in attempt.headers}
    ours = [] if b"host" in given else [(b"Host", attempt.origin.authority.encode("ascii"))]
    if (size or attempt.method in _ANNOUNCED) and b"content-length" not in given:
        ours.append((b"Content-Length", b"%d" % size))
    return ours + attempt.headers


@contextmanager
def _told() -> Iterator[None]:
    """Name the errors of sockets and `http.client`."""
    try:
        yield
    except TimeoutError as error:
        raise ReadTimeout from error
    except (HTTPException, ValueError) as error:
        raise ProtocolError from error
    except OSError as error:
        raise TransportError from error
