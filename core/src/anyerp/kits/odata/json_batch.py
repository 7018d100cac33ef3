"""OData V4 `$batch` in JSON: `requests` in, `responses` out, each write in an atomicity group of its own.

Business Central and F&O read it; SAP does on newer systems. A service that stops at the first failure must be asked
not to: `Prefer: odata.continue-on-error` goes along. Answers are matched by id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyerp.connector import Headers, Request, Response
from anyerp.errors import UnexpectedPayload
from anyerp.kits.odata.batch import Part
from anyerp.wire import dump_json


def request(path: str, parts: Sequence[Part], headers: Mapping[str, str] | None = None) -> Request:
    """The request for a batch of up to 100 parts (BC's limit); targets are relative to the service."""
    return Request(
        "POST",
        path,
        json={"requests": [_one(number, part) for number, part in enumerate(parts, 1)]},
        headers={"Accept": "application/json", "Prefer": "odata.continue-on-error", **(headers or {})},
    )


def _one(number: int, part: Part) -> dict[str, Any]:
    fields = {"Accept": "application/json", **({"Content-Type": "application/json"} if part.body is not None else {})}
    one: dict[str, Any] = {"id": str(number), "method": part.method, "url": part.target, "atomicityGroup": f"g{number}"}
    one["headers"] = {**fields, **part.headers}
    if part.body is not None:
        one["body"] = part.body
    return one


def answers_of(response: Response, count: int) -> list[Response]:
    """The answer to each part, in their order. Raises `UnexpectedPayload` where one is missing or nobody's."""
    try:
        found = {str(one["id"]): _answer(one) for one in response.json()["responses"]}
        return [found[str(number)] for number in range(1, count + 1)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnexpectedPayload("the answer to a batch lacks some of its parts", status=response.status) from None


def _answer(one: Mapping[str, Any]) -> Response:
    headers = Headers({str(name): str(value) for name, value in (one.get("headers") or {}).items()})
    body = one.get("body")
    content = b"" if body is None else body.encode() if isinstance(body, str) else dump_json(body)
    return Response(int(one["status"]), headers, content)
