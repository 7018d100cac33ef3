"""A server of raw sockets that does what a script says, and the callers: sync and async, httpx and httpx2."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import httpx2
import pytest
from anyerp.transport import AsyncHttpTransport, HttpTransport, Limits
from anyerp.wire import Request, Response

sys.path.append(str(Path(__file__).parent.parent))  # `tls` is shared with the tests of connections

FAST = Limits(connect=2.0, read=5.0, total=5.0, backoff_base=0.01)


class Line:
    """One call as it stood on the wire, and the means to answer it."""

    def __init__(self, connection: socket.socket, head: bytes, body: bytes, over: threading.Event) -> None:
        self.connection = connection
        self.method, self.target = head.split(b"\r\n")[0].decode().split(" ")[:2]
        self.fields = [
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:] if line)
        ]
        self.body = body
        self._over = over

    def field(self, name: str) -> str | None:
        found = [value for key, value in self.fields if key == name]
        assert len(found) < 2, f"{name} stands {len(found)} times"
        return found[0] if found else None

    def say(self, *pieces: bytes, every: float = 0.0) -> None:
        for piece in pieces:
            self.connection.sendall(piece)
            if every and self._over.wait(every):
                return

    def hold(self) -> None:
        """Keep the line open in silence until the caller hangs up or the test ends."""
        while self.connection.recv(65536):
            pass


#: An act answers one call and says whether the connection stays open.
Act = Callable[[Line], bool]


def reply(status: int = 200, body: bytes = b"{}", *fields: str) -> Act:
    """Answer properly."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *fields]

    def act(line: Line) -> bool:
        line.say("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if line.method == "HEAD" else body))
        return True

    return act


def raw(*pieces: bytes, every: float = 0.0) -> Act:
    """Say these bytes, one piece after the other, and hang up."""

    def act(line: Line) -> bool:
        line.say(*pieces, every=every)
        return False

    return act


def hang_up(line: Line) -> bool:
    return False


def stay_silent(line: Line) -> bool:
    line.hold()
    return False


class Wire:
    """The server. Calls are answered by `acts` in turn, the last one for ever; `calls` keeps what was asked."""

    reply, raw = staticmethod(reply), staticmethod(raw)
    hang_up, stay_silent = staticmethod(hang_up), staticmethod(stay_silent)

    def __init__(self) -> None:
        self.acts: list[Act] = [reply()]
        self.calls: list[Line] = []
        self.connections = 0
        self._over, self._called = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._start(self._accept)

    def plays(self, *acts: Act) -> None:
        self.acts = list(acts)

    def wait_for_a_call(self) -> None:
        assert self._called.wait(5)

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._over.is_set():
                connection.close()
                return
            connection.settimeout(10)
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while (line := self._read(connection)) is not None:
                    with self._lock:
                        self.calls.append(line)
                        self._called.set()
                        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
                    if not act(line):
                        return
            except OSError:
                return

    def _read(self, connection: socket.socket) -> Line | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
            if not data[:1].isalpha():  # a handshake of TLS
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return None
        head, _, body = data.partition(b"\r\n\r\n")
        line = Line(connection, head, b"", self._over)
        while len(body) < int(line.field("content-length") or 0):
            body += connection.recv(65536)
        line.body = body
        return line

    def close(self) -> None:
        self._over.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes `accept`
        self._threads[0].join(5)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):  # wakes `recv`; most are closed already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


class Caller:
    """A transport of one kind, called alike whatever the kind. `kind` is like "httpx2 async" or "own sync"."""

    def __init__(self, kind: str) -> None:
        self.library, self.manner = kind.split()
        self.asynchronous = self.manner == "async"
        self._runner = asyncio.Runner() if self.asynchronous else None
        self._closing: list[Callable[[], object]] = []

    def run(self, made: object) -> object:
        return self._runner.run(made) if self._runner else made

    def client(self, **options: object) -> object:
        """A host's own client; None where anyerp makes it."""
        if self.library == "own":
            return None
        module = {"httpx": httpx, "httpx2": httpx2}[self.library]
        client = (module.AsyncClient if self.asynchronous else module.Client)(**{"verify": False, **options})
        self._closing.append(lambda: self.run(client.aclose() if self.asynchronous else client.close()))
        return client

    def transport(self, origin, limits=FAST, *, client=..., clock=None, **options):
        if clock is not None:
            options |= {"clock": clock, "sleep": clock.sleep_async if self.asynchronous else clock.sleep}
        kind = AsyncHttpTransport if self.asynchronous else HttpTransport
        chosen = self.client() if client is ... else client
        transport = kind(chosen, limits, trust_origin=origin, **options)
        self._closing.append(lambda: self.close_transport(transport))
        return transport

    def close_transport(self, transport) -> None:
        self.run(transport.aclose() if self.asynchronous else transport.close())

    def send(self, transport, request, url, headers=None) -> Response:
        return self.run(transport.send(request, url, *([] if headers is None else [headers])))

    def get(self, transport, url, headers=None, **options) -> Response:
        return self.send(transport, Request("GET", "/", **options), url, headers)

    def post(self, transport, url, headers=None, **options) -> Response:
        return self.send(transport, Request("POST", "/", **{"json": {"a": 1}, **options}), url, headers)

    def close(self) -> None:
        for close in reversed(self._closing):
            close()
        if self._runner:
            self._runner.close()


HOSTS = ["httpx2 sync", "httpx2 async", "httpx sync", "httpx async"]
OWN = ["own sync", "own async"]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch) -> pytest.MonkeyPatch:
    """Our own client asks the environment for proxies; the tester's must not matter."""
    for scheme in ("http", "https", "all", "no"):
        for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
            monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture
def other_wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=[*HOSTS, "own sync"])
def caller(request) -> Iterator[Caller]:
    """A caller by each of the clients that a host may have, and by our own that reads from the socket itself."""
    caller = Caller(request.param)
    yield caller
    caller.close()


@pytest.fixture(params=HOSTS)
def host_caller(request) -> Iterator[Caller]:
    """A caller by each of the clients that a host may have."""
    caller = Caller(request.param)
    yield caller
    caller.close()


@pytest.fixture(params=HOSTS + OWN)
def any_caller(request) -> Iterator[Caller]:
    """The same, and by the clients that we make ourselves."""
    caller = Caller(request.param)
    yield caller
    caller.close()


@pytest.fixture(params=OWN)
def own_caller(request) -> Iterator[Caller]:
    caller = Caller(request.param)
    yield caller
    caller.close()
