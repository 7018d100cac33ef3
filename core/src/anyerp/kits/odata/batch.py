"""OData `$batch` in multipart: one change set for each write, so that none takes another down (V2, and V4).

    parts = [Part("POST", "A_PurchaseOrder", body), ...]
    response = yield from ask(request(f"{root}/$batch", parts))
    answers = answers_of(response, len(parts))      # one Response for each part, in their order

Read it as sap sheet §9 does: lines end CRLF, paths are relative to the service, the outer status says nothing, parts
are matched by their order, lengths inside are not to be trusted, a change set that failed is answered by one part.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anyerp.connector import BatchAnswer, Context, Request, Response
from anyerp.errors import AnyErpError, Problem, UnexpectedPayload
from anyerp.kits.odata import multipart
from anyerp.wire import dump_json


@dataclass(frozen=True, slots=True)
class Part:
    """One write of a batch: `target` is relative to the service, without a leading slash.

    `body` becomes JSON; bytes are that already.
    """

    method: str
    target: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def request(path: str, parts: Sequence[Part], headers: Mapping[str, str] | None = None) -> Request:
    """The request for a batch. `headers` are those of the whole; each part has its own, JSON by default."""
    mark = secrets.token_hex(8)
    of_set = b"c_" + mark.encode()
    pieces: list[bytes] = []
    for number, part in enumerate(parts, 1):
        pieces.append(_HEAD % (mark.encode(), of_set, number, of_set, number, number))
        pieces += _inner(part)
        pieces.append(b"\r\n--%b_%d--\r\n\r\n" % (of_set, number))
    pieces.append(b"--b_%b--\r\n" % mark.encode())
    kind = {"Content-Type": f"multipart/mixed; boundary=b_{mark}", "Accept": "multipart/mixed"}
    return Request("POST", path, content=b"".join(pieces), headers={**kind, **(headers or {})})


_HEAD = (
    b"--b_%b\r\nContent-Type: multipart/mixed; boundary=%b_%d\r\n\r\n--%b_%d\r\n"
    b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: %d\r\n\r\n"
)


def _inner(part: Part) -> tuple[bytes, bytes]:
    body = part.body
    if not isinstance(body, bytes):
        body = b"" if body is None else dump_json(body)
    kind = "Accept: application/json\r\nContent-Type: application/json\r\n" if body else "Accept: application/json\r\n"
    if part.headers:
        plain = {"Accept": "application/json", **({"Content-Type": "application/json"} if body else {})}
        kind = "".join(f"{name}: {value}\r\n" for name, value in {**plain, **part.headers}.items())
    line = f"{part.method} {part.target} HTTP/1.1\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
    return line.encode("utf-8"), body


def answers_of(response: Response, count: int) -> list[Response]:
    """The answer to each part. Raises `UnexpectedPayload` where there are not as many: who is whose, nobody knows."""
    found = multipart.answers(response.headers.get("content-type", ""), response.content)
    if len(found) != count:
        raise UnexpectedPayload(
            f"a batch of {count} changes was answered by {len(found)} answers", status=response.status
        )
    return found


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
