"""`$batch` as multipart/mixed: change sets are atomic, a failed one answers with a single part (sheet §1.8)."""

from __future__ import annotations

import re
from http.client import responses as phrases
from uuid import UUID, uuid5

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response

from .batch import Answer, Begin, ChangeSet, Handle, Operation, failed, run_change_set
from .error import ODataError

_SPACE = UUID("6f0f4b5e-6a5c-4f0e-9d0e-6a3d0a5b7c11")


def boundary(content_type: str) -> str:
    """Give the boundary of a multipart content type. Raises `media_type` or `batch`."""
    if not content_type.lower().lstrip().startswith("multipart/mixed"):
        raise ODataError("media_type", "The content type of a $batch must be multipart/mixed.", status=415)
    found = re.search(r'boundary="?([^";]+)"?', content_type, re.IGNORECASE)
    if found is None:
        raise ODataError("batch", "The content type of a $batch must name a boundary.")
    return found[1].strip()


def _parts(content: bytes, mark: str) -> list[bytes]:
    pieces = re.split(rb"(?:^|\r?\n)--" + re.escape(mark.encode()), content)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ODataError("batch", f"The batch is not closed by its boundary '{mark}'.")
    return [piece.lstrip(b" \t").removeprefix(b"\r\n").removeprefix(b"\n") for piece in pieces[1:-1]]


def _headers(raw: bytes) -> tuple[Headers, bytes]:
    found = re.search(rb"\r?\n\r?\n", raw)
    head, rest = (raw, b"") if found is None else (raw[: found.start()], raw[found.end() :])
    lines = [line for line in head.decode("utf-8").splitlines() if line]
    pairs = [line.partition(":") for line in lines]
    return Headers([(name.strip(), value.strip()) for name, _, value in pairs]), rest


def _operation(headers: Headers, body: bytes) -> Operation:
    if not headers.get("content-type", "").lower().startswith("application/http"):
        raise ODataError("batch", "A part of a batch must be application/http.")
    line, _, rest = body.partition(b"\n")
    words = line.decode("utf-8").split()
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        raise ODataError("batch", "A part of a batch does not begin with a request line.")
    if rest.startswith((b"\r\n", b"\n")):
        inner, content = Headers(), re.sub(rb"^\r?\n", b"", rest)
    else:
        inner, content = _headers(rest)
    return Operation(
        Call(words[0].upper(), words[1], inner, content), headers.get("content-id") or inner.get("content-id")
    )


def read_multipart(call: Call) -> list[Operation | ChangeSet]:
    """Give the operations and change sets of a batch. Raises `media_type` or `batch`."""
    found: list[Operation | ChangeSet] = []
    for raw in _parts(call.content, boundary(call.headers.get("content-type", ""))):
        headers, body = _headers(raw)
        kind = headers.get("content-type", "")
        if kind.lower().startswith("multipart/mixed"):
            inside = [_headers(part) for part in _parts(body, boundary(kind))]
            found.append(ChangeSet(tuple(_operation(*part) for part in inside)))
            if any(operation.call.method == "GET" for operation in found[-1].operations):  # type: ignore[union-attr]
                raise ODataError("batch", "A change set cannot hold a GET.")
        else:
            found.append(_operation(headers, body))
    return found


def run_multipart(
    parts: list[Operation | ChangeSet], handle: Handle, begin: Begin, *, continue_on_error: bool = False
) -> Response:
    """Run a batch; the outer status is 200 whatever happens inside.

    Without `continue_on_error` it stops at the first error.
    """
    answered: list[list[Answer] | Answer] = []
    for part in parts:
        if isinstance(part, ChangeSet):
            answers = run_change_set(part, handle, begin)
            answered.append(answers)
            bad = bool(answers) and failed(answers[0].response)
        else:
            answer = Answer(part.id, handle(part.call))
            answered.append(answer)
            bad = failed(answer.response)
        if bad and not continue_on_error:
            break
    return _write(answered)


def _http(answer: Answer) -> bytes:
    response = answer.response
    named = f"Content-ID: {answer.id}\r\n" if answer.id else ""
    head = f"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n{named}\r\n"
    head += f"HTTP/1.1 {response.status} {phrases.get(response.status, '')}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in response.headers.items_with_repeats())
    return head.encode() + b"\r\n" + response.content


def _join(mark: str, parts: list[bytes]) -> bytes:
    return b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()


def _write(answered: list[list[Answer] | Answer]) -> Response:
    parts: list[bytes] = []
    for place, item in enumerate(answered):
        if isinstance(item, Answer):
            parts.append(_http(item))
            continue
        mark = f"changesetresponse_{uuid5(_SPACE, str(place))}"
        inner = _join(mark, [_http(answer) for answer in item])
        parts.append(f"Content-Type: multipart/mixed; boundary={mark}\r\n\r\n".encode() + inner)
    mark = f"batchresponse_{uuid5(_SPACE, 'batch')}"
    headers = Headers({"Content-Type": f"multipart/mixed; boundary={mark}", "OData-Version": "4.0"})
    return Response(200, headers, _join(mark, parts))
