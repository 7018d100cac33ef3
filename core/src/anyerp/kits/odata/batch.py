"""OData `$batch` in multipart: one change set for each write, so that none takes another down (V2, and V4).

    parts = [Part("POST", "A_PurchaseOrder", body), ...]
    response = yield from ask(request(f"{root}/$batch", parts))
    answers = answers_of(response, len(parts))      # one Response for each part, in their order

Read it as sap sheet §9 does: lines end CRLF, paths are relative to the service, the outer status says nothing, parts
are matched by their order, lengths inside are not to be trusted, a change set that failed is answered by one part.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import BatchAnswer, Context, Headers, Request, Response
from anyerp.errors import AnyErpError, Problem, UnexpectedPayload
from anyerp.wire import dump_json

_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?', re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")


@dataclass(frozen=True, slots=True)
class Part:
    """One write of a batch: `target` is relative to the service, without a leading slash; `body` becomes JSON."""

    method: str
    target: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def request(path: str, parts: Sequence[Part], headers: Mapping[str, str] | None = None) -> Request:
    """The request for a batch. `headers` are those of the whole; each part has its own, JSON by default."""
    mark = secrets.token_hex(8)
    pieces: list[bytes] = []
    for number, part in enumerate(parts, 1):
        inner = f"c_{mark}_{number}"
        head = (
            f"--b_{mark}\r\nContent-Type: multipart/mixed; boundary={inner}\r\n\r\n--{inner}\r\n"
            f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {number}\r\n\r\n"
        )
        pieces += (head.encode(), _inner(part), f"\r\n--{inner}--\r\n\r\n".encode())
    pieces.append(f"--b_{mark}--\r\n".encode())
    kind = {"Content-Type": f"multipart/mixed; boundary=b_{mark}", "Accept": "multipart/mixed"}
    return Request("POST", path, content=b"".join(pieces), headers={**kind, **(headers or {})})


def _inner(part: Part) -> bytes:
    body = b"" if part.body is None else dump_json(part.body)
    fields = {"Accept": "application/json", **({"Content-Type": "application/json"} if body else {}), **part.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    line = f"{part.method} {part.target} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return line.encode("utf-8") + body


def answers_of(response: Response, count: int) -> list[Response]:
    """The answer to each part. Raises `UnexpectedPayload` where there are not as many: who is whose, nobody knows."""
    found = [_answer(piece) for piece in _pieces(response.headers.get("content-type", ""), response.content)]
    if len(found) != count:
        raise UnexpectedPayload(
            f"a batch of {count} changes was answered by {len(found)} answers", status=response.status
        )
    return found


def _pieces(content_type: str, content: bytes) -> list[bytes]:
    """The parts between the boundaries, in order; a part that is itself a set gives those inside it."""
    mark = _BOUNDARY.search(content_type)
    if mark is None:
        raise UnexpectedPayload("the answer to a batch is no multipart document")
    line = re.compile(rb"\r\n--" + re.escape(mark[1].encode("latin-1")) + rb"(--)?[ \t]*(?=\r\n|\Z)")
    pieces = line.split(b"\r\n" + content)
    ends = pieces[1::2]  # each boundary leaves whether it is the last
    if b"--" not in ends:
        raise UnexpectedPayload("the answer to a batch is cut off")
    found: list[bytes] = []
    for piece in pieces[2 : 2 * ends.index(b"--") + 1 : 2]:
        head, _, rest = piece.partition(b"\r\n\r\n")
        inner = _content_type(head)
        if inner.lower().startswith("multipart/mixed"):
            found += _pieces(inner, rest)
        else:
            found.append(rest)
    return found


def _content_type(head: bytes) -> str:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type":
            return value.strip().decode("latin-1")
    return ""


def _answer(piece: bytes) -> Response:
    """One embedded answer. Its body ends where the part does, whatever its length says."""
    head, _, body = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    status = _STATUS.match(first)
    if status is None:
        raise UnexpectedPayload("an answer within a batch has no status")
    fields = [line.decode("utf-8", "replace").partition(":") for line in lines]
    headers = Headers([(name.strip(), value.strip()) for name, _, value in fields])
    return Response(int(status[1]), headers, body.rstrip(b"\r\n"))


def created(
    ctx: Context,
    answers: Iterable[Response],
    entity: Callable[[Response], Mapping[str, Any]],
    explain: Callable[[Context, Request, Response], AnyErpError],
    warnings: Callable[[Response], Iterable[Problem]] = lambda response: (),
) -> list[BatchAnswer]:
    """What became of each new record, for `Resource.create_batch`: the entity that was answered, or why not.

    `entity` takes the native record out of an answer and may raise `UnexpectedPayload`: then it was written and must
    be looked for. A part's own 5xx leaves open what happened, as it does outside of a batch.
    """
    found = []
    for response in answers:
        if response.status >= 400:
            found.append(BatchAnswer(error=explain(ctx, Request("POST", "$batch"), response)))
            continue
        try:
            found.append(BatchAnswer(entity(response), warnings=tuple(warnings(response))))
        except UnexpectedPayload as error:
            found.append(BatchAnswer(error=error))
    return found
