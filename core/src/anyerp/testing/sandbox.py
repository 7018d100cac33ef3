"""A sandbox: a small stateful fake of an ERP, in process or on loopback.

A plugin's sandbox is a class with `handle(call) -> Response` (the protocol `Sandbox` has the rest), written from what
is known of its ERP and not from the connector. The same object answers an in-process transport and, through `serve`,
real sockets. Tests make it misbehave by its list `faults`, if `handle` sends each call `through_faults`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, runtime_checkable

from anyerp.wire import Headers, Response


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the server sees it: method, path with query as sent, headers, body."""

    method: str
    target: str
    headers: Headers = field(default_factory=Headers)
    content: bytes = b""


@runtime_checkable
class Sandbox(Protocol):
    """What the kit and the command line need of a sandbox.

    `settings` and `credentials` connect to it once its base URL is known (`settings` gets `base_url` added).
    `faults` may be appended to: each is asked before a call is handled and may answer in its place.
    `calls` is everything that was asked, for tests to look at.
    """

    faults: list[Fault]
    calls: list[Call]

    @property
    def credentials(self) -> Mapping[str, Any]:
        """What a connection logs on with."""
        ...

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Connection settings for this sandbox at an address."""
        ...

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        ...


class LostAnswer(Exception):
    """Raised by a fault or a sandbox: the connection breaks without an answer. The work may have been done."""


class SandboxFailed(BaseException):
    """The sandbox raised instead of answering. No `Exception`, so that nobody takes it for a broken connection."""


#: `fault(call, proceed)` answers in place of the sandbox, changes the answer, or raises `LostAnswer`.
Fault = Callable[[Call, Callable[[], Response]], Response | None]


def through_faults(faults: list[Fault], call: Call, answer: Callable[[], Response]) -> Response:
    """Ask each fault in turn; the first that gives a response wins, otherwise the sandbox answers."""
    for fault in list(faults):
        response = fault(call, answer)
        if response is not None:
            return response
    return answer()


@dataclass
class Once:
    """A fault that strikes a limited number of calls for which `when` holds (the first ones by default)."""

    strike: Callable[[Call, Callable[[], Response]], Response]
    when: Callable[[Call], bool] = lambda call: True
    times: int = 1

    def __call__(self, call: Call, proceed: Callable[[], Response]) -> Response | None:
        """Strike, or return None to let the call through."""
        if self.times <= 0 or not self.when(call):
            return None
        self.times -= 1
        return self.strike(call, proceed)


def lose_before(call: Call, proceed: Callable[[], Response]) -> Response:
    """A strike: the connection breaks before the ERP sees the call."""
    raise LostAnswer(f"{call.method} lost on the way there")


def lose_after(call: Call, proceed: Callable[[], Response]) -> Response:
    """A strike: the ERP does the work, and its answer is lost."""
    proceed()
    raise LostAnswer(f"answer to {call.method} lost")


def answer_with(response: Response) -> Callable[[Call, Callable[[], Response]], Response]:
    """A strike: this response in place of the sandbox's own."""
    return lambda call, proceed: response


def _handler(sandbox: Sandbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            call = Call(self.command, self.path, Headers(self.headers.items()), self.rfile.read(length))
            try:
                response = sandbox.handle(call)
            except LostAnswer:
                self.close_connection = True
                return
            self.send_response_only(response.status)
            for name, value in response.headers.items_with_repeats():
                if name.lower() != "content-length":
                    self.send_header(name, value)
            if response.status != 204:
                self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_MERGE = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            """Say nothing: the sandbox keeps `calls`."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hung up; anything else is a fault of the sandbox."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(sandbox: Sandbox, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve a sandbox on loopback while the block runs; gives its base URL."""
    server = _Server((host, port), _handler(sandbox))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
