"""One HTTP/1.1 connection: a socket with patience, and the standard library's HTTP over it."""

from __future__ import annotations

import email.errors
import http.client
import io
import select
import socket
from collections.abc import Callable, Iterator
from ssl import SSLContext
from typing import Any, SupportsFloat

from anyerp.transport.origin import Origin

Pairs = list[tuple[bytes, bytes]]
_PIECE = 64 * 1024
#: What the standard library misses in the head of a multipart answer: that what follows begins with a boundary.
_NO_BODY_YET = (email.errors.StartBoundaryNotFoundDefect, email.errors.MultipartInvariantViolationDefect)


class _Incoming(io.RawIOBase):
    """The receiving side of a socket; each read asks anew how long it may wait.

    Without this an answer that drips would never end, since a timeout of the socket counts from the last byte.
    """

    def __init__(self, sock: socket.socket, patience: SupportsFloat) -> None:
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(float(self._patience))
        return self._sock.recv_into(buffer)


class Line:
    """A connection to one origin, used for one exchange after another.

    `send` a request, `receive` the head of its answer, then read the body by `pieces`. Raises what sockets and
    `http.client` raise: `OSError` (`TimeoutError` when patience ends) and `HTTPException`.
    """

    def __init__(self, origin: Origin, tls: Callable[[], SSLContext], timeout: float) -> None:
        self.origin = origin
        host = origin.host.strip("[]")
        sock = socket.create_connection((host, origin.port), timeout=timeout)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sock = tls().wrap_socket(sock, server_hostname=host) if origin.scheme == "https" else sock
        except BaseException:
            sock.close()
            raise
        self.idle_until = 0.0

    def dropped(self) -> bool:
        """Whether the other side has hung up, or speaks without being asked."""
        poll = getattr(select, "poll", None)
        if poll is None:  # Windows
            return bool(select.select([self._sock], [], [], 0)[0])
        waiting = poll()
        waiting.register(self._sock, select.POLLIN)
        return bool(waiting.poll(0))

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def send(self, head: bytes, body: bytes, patience: SupportsFloat) -> None:
        """Send a request whose head has been made by `head_of`."""
        for part in (head + body,) if len(body) < _PIECE else (head, body):
            self._sock.settimeout(float(patience))
            self._sock.sendall(part)

    def receive(self, method: str, patience: SupportsFloat) -> http.client.HTTPResponse:
        """Read the head of the answer, passing over interim ones."""
        reader = _Reader(_Incoming(self._sock, patience), 16 * 1024)
        while True:
            answer = http.client.HTTPResponse(_Shown(reader), method=method)  # type: ignore[arg-type]
            answer.begin()
            lengths = set(answer.msg.get_all("content-length", ()))
            wrong = any(not isinstance(defect, _NO_BODY_YET) for defect in answer.msg.defects)
            if wrong or len(lengths) > 1 or not all(length.isdecimal() for length in lengths):
                raise http.client.HTTPException("a header line is malformed")
            if answer.status // 100 != 1 or answer.status == http.client.SWITCHING_PROTOCOLS:
                return answer


class _Reader(io.BufferedReader):
    """What has been received ahead belongs to the exchange, so an interim answer does not close it."""

    def close(self) -> None:
        pass

    def flush(self) -> None:
        """Nothing: an answer that nobody read to its end is closed by the collector, when this may be gone already."""


class _Shown:
    """As much of a socket as `http.client` asks of it."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        return self._reader


def head_of(method: bytes, target: bytes, fields: Pairs) -> bytes:
    """Write the head of a request. Raises `ValueError` when a part would break out of its line."""
    lines = [b"%s %s HTTP/1.1" % (method, target), *(b"%s: %s" % field for field in fields)]
    if any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines) or b" " in target:
        raise ValueError("a header field or the target holds a line break")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def pieces(answer: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    """Read a body: in one piece, without copying, when its length is known and at most `most`."""
    if answer.length is not None and answer.length <= most:
        if whole := answer.read():
            yield whole
    else:
        while piece := answer.read(_PIECE):
            yield piece
