"""`$batch`: several requests in one body, changesets all or nothing, the rest unread after the first failure (§13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from anyerp.wire import Headers, Response

from anyerp_sap.b1.sandbox.errors import bad_payload
from anyerp_sap.b1.sandbox.exchange import Asked

_BOUNDARY = re.compile(r'multipart/mixed\s*;.*?boundary="?([^";\s]+)"?', re.IGNORECASE)
_REQUEST = re.compile(r"([A-Z]+) (\S+)(?: HTTP/1\.[01])?\Z")
_ROOT = re.compile(r"(?:https?://[^/]+)?/?(?:b1s/v[12]/)?")
_FAILED = 400
_REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found"}


class _Undo(Exception):
    """A part of a changeset failed with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch's parts are answered one by one, and how several are done together."""

    answer: Callable[[Asked], Response]
    status: int

    def run(self, headers: Headers, content: bytes, together: Callable[[Callable[[], None]], None]) -> Response:
        """Answer a batch. `together` runs a function and takes back its writes when it raises. Raises `Refused`."""
        parts: list[tuple[str, bytes]] = []
        for part_headers, body in _parts(headers, content):
            if "multipart/mixed" in part_headers.get("content-type", ""):
                answers, failed = self._changeset(part_headers, body, together)
            else:
                answers, failed = self._single(part_headers, body)
            parts.append(answers)
            if failed:
                break
        return Response(
            self.status, Headers({"Content-Type": _multipart("batchresponse")}), _join("batchresponse", parts)
        )

    def _single(self, headers: Headers, content: bytes) -> tuple[tuple[str, bytes], bool]:
        response = self.answer(_request(content, {}))
        return _part(headers, response), response.status >= _FAILED

    def _changeset(
        self, headers: Headers, content: bytes, together: Callable[[Callable[[], None]], None]
    ) -> tuple[tuple[str, bytes], bool]:
        answers: list[tuple[str, bytes]] = []

        def all_of_them() -> None:
            known: dict[str, str] = {}
            for part_headers, body in _parts(headers, content):
                asked = _request(body, known)
                if asked.method == "GET":
                    raise bad_payload("A changeset must not contain a GET request")
                response = self.answer(asked)
                if response.status >= _FAILED:
                    raise _Undo(response)
                known[part_headers.get("content-id", "")] = _ROOT.sub("", response.headers.get("location", ""), count=1)
                answers.append(_part(part_headers, response))

        try:
            together(all_of_them)
        except _Undo as undone:
            return _part(Headers(), undone.response), True
        return (_multipart("changesetresponse"), _join("changesetresponse", answers)), False


def _parts(headers: Headers, content: bytes) -> list[tuple[Headers, bytes]]:
    """The parts of a multipart body with their headers. Raises `Refused` (-1000)."""
    boundary = _BOUNDARY.search(headers.get("content-type", ""))
    if not boundary:
        raise bad_payload("Invalid batch request: no boundary")
    pieces = re.split(rb"(?:\r?\n|\A)--" + re.escape(boundary[1].encode()), content)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise bad_payload("Invalid batch request: the body is not closed by its boundary")
    return [_headed(piece.lstrip(b"\r\n")) for piece in pieces[1:-1]]


def _headed(content: bytes) -> tuple[Headers, bytes]:
    head, _, body = re.sub(rb"\r\n", b"\n", content).partition(b"\n\n")
    fields = [line.split(":", 1) for line in head.decode("utf-8", "replace").split("\n") if ":" in line]
    return Headers([(name.strip(), value.strip()) for name, value in fields]), body


def _request(content: bytes, known: dict[str, str]) -> Asked:
    """A request line with headers and body; `$1` in front of its path is what the part of that Content-ID made."""
    line, _, rest = content.lstrip(b"\n").partition(b"\n")
    found = _REQUEST.match(line.decode("utf-8", "replace").strip())
    if not found:
        raise bad_payload("Invalid batch request: no request line")
    headers, body = _headed(rest) if rest and not rest.startswith(b"\n") else (Headers(), rest.lstrip(b"\n"))
    path, _, query = _ROOT.sub("", found[2], count=1).partition("?")
    reference = re.match(r"\$(\w+)", path)
    if reference and reference[1] in known:
        path = known[reference[1]] + path[reference.end() :]
    return Asked(found[1], path, query, headers, body.rstrip(b"\n"))


def _part(headers: Headers, response: Response) -> tuple[str, bytes]:
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Error')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items_with_repeats()]
    lines.append(f"Content-Length: {len(response.content)}")
    kind = "application/http\r\nContent-Transfer-Encoding: binary"
    if "content-id" in headers:
        kind += f"\r\nContent-ID: {headers['content-id']}"
    return kind, "\r\n".join([*lines, "", ""]).encode() + response.content


def _multipart(boundary: str) -> str:
    return f"multipart/mixed;boundary={boundary}"


def _join(boundary: str, parts: list[tuple[str, bytes]]) -> bytes:
    marked = [f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + body + b"\r\n" for kind, body in parts]
    return b"".join([*marked, f"--{boundary}--\r\n".encode()])
