"""Just enough HTTP/1.1 to stand between a client and a sandbox: whole messages in, whole messages out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from anyerp.wire import Headers

_MOST = 64 * 1024


class Gone(Exception):
    """The other side hung up, or does not speak HTTP."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its first line, its header fields, its whole body."""

    first: str
    headers: Headers
    body: bytes = b""

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.first.split(" ", 2)[1])

    def wire(self, body: bytes | None = None) -> bytes:
        """The bytes to send, with `body` in place of its own; the length is always told."""
        content = self.body if body is None else body
        fields = [
            f"{name}: {value}\r\n"
            for name, value in self.headers.items_with_repeats()
            if name.lower() not in ("content-length", "transfer-encoding", "connection")
        ]
        bare = self.first.startswith("HTTP/") and self.status in (204, 304)
        length = "" if bare else f"Content-Length: {len(content)}\r\n"
        return f"{self.first}\r\n{''.join(fields)}{length}\r\n".encode("latin-1") + content


async def receive(reader: asyncio.StreamReader, *, answer_to: str | None = None) -> Message:
    """Read a request, or the answer to a request of the method `answer_to`. Raises `Gone`."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = Headers([(name.strip(), value.strip()) for name, _, value in pairs])
        bodiless = answer_to == "HEAD" or (answer_to is not None and first.split(" ", 2)[1] in ("204", "304"))
        body = b"" if bodiless else await _body(reader, headers, to_end=answer_to is not None)
        return Message(first, headers, body)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError, IndexError):
        raise Gone from None


async def _body(reader: asyncio.StreamReader, headers: Headers, *, to_end: bool) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        pieces = []
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            pieces.append(await reader.readexactly(size))
            await reader.readexactly(2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return b"".join(pieces)
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    return await reader.read() if to_end else b""


async def connect(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection to the ERP. Raises `Gone`."""
    try:
        return await asyncio.open_connection(host, port, limit=_MOST)
    except OSError:
        raise Gone from None
