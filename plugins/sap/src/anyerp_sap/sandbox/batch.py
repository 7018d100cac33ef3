"""`$batch`: multipart in, multipart out; change sets are all or nothing and hold one document (sap sheet §9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from anyerp.wire import Headers, Response

from anyerp_sap.sandbox.errors import SapError, say
from anyerp_sap.sandbox.exchange import Exchange

_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?', re.IGNORECASE)
_REQUEST = re.compile(r"(GET|POST|PUT|PATCH|MERGE|DELETE) (\S+)(?: HTTP/1\.[01])?")
_REFERENCE = re.compile(r"^\$(\w+)(?=/|$)")


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a batch, with its Content-ID (empty when it has none)."""

    exchange: Exchange
    content_id: str


#: A read, or the writes of one change set.
Operation = Part | list[Part]


def malformed(why: str) -> SapError:
    """Make the 400 of a batch that can't be taken apart."""
    return SapError(400, [say("/IWFND/CM_BEC/026", why)])


def parse(exchange: Exchange) -> list[Operation]:
    """Take a batch apart. Lines must end CRLF. Raises a 400 when it is malformed."""
    operations: list[Operation] = []
    for headers, body in _parts(exchange.headers, exchange.content):
        if headers.get("content-type", "").lower().startswith("multipart/mixed"):
            operations.append([_part(h, b, exchange) for h, b in _parts(headers, body)])
        else:
            operations.append(_part(headers, body, exchange))
    return operations


def _parts(headers: Headers, content: bytes) -> list[tuple[Headers, bytes]]:
    match = _BOUNDARY.search(headers.get("content-type", ""))
    if match is None:
        raise malformed("no boundary")
    mark = b"--" + match[1].encode()
    pieces = re.split(rb"(?:^|\r\n)" + re.escape(mark) + rb"(--)?[ \t]*(?=\r\n|$)", content)
    # Each boundary leaves its text and the group; the piece before the first is a preamble.
    if len(pieces) < 5 or pieces[-2] != b"--":
        raise malformed("boundaries do not match")
    return [_head_and_body(piece.removeprefix(b"\r\n")) for piece in pieces[2:-2:2]]


def _head_and_body(piece: bytes) -> tuple[Headers, bytes]:
    head, gap, body = piece.partition(b"\r\n\r\n")
    if not gap:
        raise malformed("no blank line behind the headers")
    lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n") if line]
    return Headers((name.strip(), value.strip()) for name, _, value in lines), body


def _part(headers: Headers, body: bytes, outer: Exchange) -> Part:
    if not headers.get("content-type", "").lower().startswith("application/http"):
        raise malformed("application/http is expected")
    line, _, rest = body.removeprefix(b"\r\n").partition(b"\r\n")
    match = _REQUEST.fullmatch(line.decode("utf-8", "replace").strip())
    if match is None:
        raise malformed("no request line")
    # A blank line at once means that there are no inner headers.
    bare = rest.startswith(b"\r\n")
    inner, content = (Headers(), rest[2:]) if bare else _head_and_body(rest)
    method = "PATCH" if match[1] == "MERGE" else match[1]
    target = match[2].removeprefix(outer.root + "/")
    # The blank lines behind a body are not part of it; its length is not trusted (sheet §9).
    return Part(outer.part(method, target, inner, content.rstrip(b"\r\n")), headers.get("content-id", ""))


def with_references(part: Part, locations: dict[str, str]) -> Part:
    """Put the address of an entity created earlier in the change set in place of `$<Content-ID>`."""
    match = _REFERENCE.match(part.exchange.path)
    if match is None or match[1] not in locations:
        return part
    target = locations[match[1]] + part.exchange.path[match.end() :]
    query = f"?{part.exchange.raw_query}" if part.exchange.raw_query else ""
    exchange = part.exchange
    moved = exchange.part(exchange.method, target + query, exchange.headers, exchange.content)
    return Part(moved, part.content_id)


class Writer:
    """Collects the answers into one multipart body."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.number = 0

    def single(self, response: Response, content_id: str = "") -> bytes:
        """Write one answer as a part, without its boundary."""
        inner = b"".join(f"{name}: {value}\r\n".encode() for name, value in response.headers.items_with_repeats())
        status = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n".encode()
        http = status + f"Content-Length: {len(response.content)}\r\n".encode() + inner + b"\r\n" + response.content
        head = f"Content-Type: application/http\r\nContent-Length: {len(http)}\r\ncontent-transfer-encoding: binary\r\n"
        head += f"content-id: {content_id}\r\n" if content_id else ""
        return head.encode() + b"\r\n" + http

    def add(self, response: Response) -> None:
        """Add the answer of a read, or the one error of a failed change set."""
        self.lines.append(self.single(response))

    def add_changeset(self, responses: list[tuple[Response, str]]) -> None:
        """Add the answers of a change set that succeeded."""
        self.number += 1
        mark = f"ejjeeffe{self.number}"
        body = b"".join(b"--%b\r\n%b\r\n" % (mark.encode(), self.single(r, content_id)) for r, content_id in responses)
        body += f"--{mark}--\r\n".encode()
        # Recorded answers have leading blanks in this length (sheet §9).
        head = f"Content-Type: multipart/mixed; boundary={mark}\r\nContent-Length: {len(body):>10}\r\n\r\n"
        self.lines.append(head.encode() + body)

    def response(self) -> Response:
        """Give the whole answer: 202, whatever happened inside."""
        body = b"".join(b"--ejjeeffe0\r\n%b\r\n" % line for line in self.lines) + b"--ejjeeffe0--\r\n"
        headers = {"content-type": "multipart/mixed; boundary=ejjeeffe0", "dataserviceversion": "2.0"}
        return Response(202, Headers(headers), body)


def run(
    exchange: Exchange,
    read: Callable[[Exchange], Response],
    write: Callable[[list[Part]], list[tuple[Response, str]]],
    fail: Callable[[SapError, Exchange], Response],
) -> Response:
    """Answer a batch. `write` runs a change set in one transaction, `fail` writes a refusal."""
    writer = Writer()
    for operation in parse(exchange):
        if isinstance(operation, list):
            try:
                writer.add_changeset(write(operation))
            except SapError as error:
                writer.add(fail(error, operation[0].exchange if operation else exchange))
            continue
        try:
            if operation.exchange.method != "GET":
                raise malformed("a write stands outside a change set")
            writer.add(read(operation.exchange))
        except SapError as error:
            writer.add(fail(error, operation.exchange))
    return writer.response()
