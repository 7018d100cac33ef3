"""`$batch` as JSON: `{requests: [{id, method, url, headers, body}]}` to `{responses: [...]}` (dynamics sheet §2.5)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json, load_json

from .batch import Answer, Begin, ChangeSet, Handle, Operation, failed, run_change_set
from .error import ODataError


def read_json_batch(call: Call, root: str = "") -> list[Operation | ChangeSet]:
    """Give the operations of a JSON batch; neighbours of one `atomicityGroup` form a change set. Raises `batch`.

    A relative `url` is taken from `root` (a path such as `/v2.0/sandbox/api/v2.0`), one with a leading slash as it is.
    """
    try:
        body = load_json(call.content)
        found = [(item.get("atomicityGroup"), _operation(item, root)) for item in body["requests"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ODataError("batch", "The batch must be a JSON object with a list named 'requests'.") from None
    parts: list[Operation | ChangeSet] = []
    last: Any = None
    for group, operation in found:
        if group is None:
            parts.append(operation)
        elif group == last and isinstance(parts[-1], ChangeSet):
            parts[-1] = ChangeSet((*parts[-1].operations, operation))
        else:
            parts.append(ChangeSet((operation,)))
        last = group
    return parts


def _operation(item: dict[str, Any], root: str) -> Operation:
    url, body = str(item["url"]), item.get("body")
    target = url if url.startswith(("/", "$")) or "://" in url else f"{root}/{url}"
    content = b"" if body is None else body.encode() if isinstance(body, str) else dump_json(body)
    identity = item.get("id")
    headers = Headers({str(name): str(value) for name, value in (item.get("headers") or {}).items()})
    return Operation(
        Call(str(item["method"]).upper(), target, headers, content), None if identity is None else str(identity)
    )


def _write(answer: Answer) -> dict[str, Any]:
    response = answer.response
    out: dict[str, Any] = {
        "id": answer.id,
        "status": response.status,
        "headers": {name.lower(): value for name, value in response.headers.items_with_repeats()},
    }
    if response.content:
        if "json" in response.media_type:
            out["body"] = load_json(response.content)
        elif response.media_type.startswith("text/"):
            out["body"] = response.text()
        else:
            out["body"] = b64encode(response.content).decode()
    return out


def run_json_batch(
    parts: list[Operation | ChangeSet],
    handle: Handle,
    begin: Begin,
    *,
    continue_on_error: bool = True,
    together: bool = False,
) -> Response:
    """Run a batch; the outer status is 200. `together` makes it one transaction whose every answer is still given.

    Without `continue_on_error` it stops after the first error.
    """
    undo = begin() if together else None
    answers: list[Answer] = []
    broken = False
    for part in parts:
        here = (
            run_change_set(part, handle, begin) if isinstance(part, ChangeSet) else [Answer(part.id, handle(part.call))]
        )
        answers += here
        broken = broken or any(failed(answer.response) for answer in here)
        if broken and not continue_on_error:
            break
    if broken and undo is not None:
        undo()
    headers = Headers({"Content-Type": "application/json; odata.metadata=minimal", "OData-Version": "4.0"})
    return Response(200, headers, dump_json({"responses": [_write(answer) for answer in answers]}))
