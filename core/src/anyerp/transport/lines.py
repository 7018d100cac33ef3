"""How our own client carries requests: httpx2 above, the standard library's HTTP/1.1 below.

Bodies are read straight into the bytes that are given on. httpcore2 copies each piece four times on the way, which
was the largest single cost of reading a page (ADR 0016).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from ssl import SSLContext

import httpx2

from anyerp.transport.line import Line, head_of, pieces
from anyerp.transport.origin import Origin

_IDLE_SECONDS = 5.0


class LineTransport(httpx2.BaseTransport):
    """Keeps up to `idle` connections warm for 5 s, in any number of threads. Knows no proxy and no HTTP/2.

    Reads the httpx extension `timeout`; a timeout that can be made a float is asked anew before each read. A body of
    at most `most` bytes comes in one piece. Raises the errors of httpx2.
    """

    def __init__(self, idle: int, most: int) -> None:
        self._most = most
        self._idle: deque[Line] = deque()
        self._room = idle
        self._lock = threading.Lock()
        self._context: SSLContext | None = None
        self._closed = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and read the head of its answer; the body waits in the answer's stream."""
        patience = request.extensions["timeout"]
        body = request.read()
        url = request.url
        try:
            head = head_of(request.method.encode("ascii"), url.raw_path, request.headers.raw)
        except ValueError:
            raise httpx2.LocalProtocolError("the request cannot be written as HTTP") from None
        origin = Origin(url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80))
        line = self._warm(origin) or self._fresh(origin, patience["connect"])
        try:
            with _told():
                try:
                    line.send(head, body, patience["write"])
                except TimeoutError as error:
                    raise httpx2.WriteTimeout("the request was not taken in time") from error
                except OSError:  # it may have answered before it hung up, as with 413
                    pass
                answer = line.receive(request.method, patience["read"])
        except BaseException:
            line.close()
            raise
        return httpx2.Response(
            answer.status,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.getheaders()],
            stream=_Stream(self, line, answer, self._most),
        )

    def close(self) -> None:
        """Hang up what is idle; what is in use follows when its answer has been read."""
        with self._lock:
            self._closed = True
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
            raise httpx2.ConnectTimeout("no connection in time") from error
        except OSError as error:
            raise httpx2.ConnectError("no connection") from error

    def _tls(self) -> SSLContext:
        with self._lock:
            if self._context is None:
                self._context = httpx2.create_ssl_context()
                self._context.set_alpn_protocols(["http/1.1"])
            return self._context

    def keep(self, line: Line) -> None:
        """Keep a connection whose exchange is complete."""
        line.idle_until = time.monotonic() + _IDLE_SECONDS
        with self._lock:
            if not self._closed:
                self._idle.append(line)
            over = line if self._closed else self._idle.popleft() if len(self._idle) > self._room else None
        if over is not None:
            over.close()


class _Stream(httpx2.SyncByteStream):
    def __init__(self, transport: LineTransport, line: Line, answer: HTTPResponse, most: int) -> None:
        self._transport = transport
        self._line: Line | None = line
        self._answer = answer
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        with _told():
            yield from pieces(self._answer, self._most)

    def close(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if self._answer.isclosed() and not self._answer.will_close:
            self._transport.keep(line)
        else:
            line.close()


@contextmanager
def _told() -> Iterator[None]:
    """Raise the errors of sockets and `http.client` as httpx2 names them."""
    try:
        yield
    except TimeoutError as error:
        raise httpx2.ReadTimeout("no answer in time") from error
    except (HTTPException, ValueError) as error:
        raise httpx2.RemoteProtocolError("the server broke off, or does not speak HTTP") from error
    except OSError as error:
        raise httpx2.ReadError("the connection broke") from error
