"""Errors from statuses: the common ground of every connector's `explain`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from anyerp.errors import (
    AnyErpError,
    Conflict,
    CredentialsRejected,
    InvalidRecord,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    Problem,
    RateLimited,
    Unavailable,
)
from anyerp.wire import Request, Response, retry_after

#: The longest wait that an error repeats, in seconds: what is longer is a mistake, or no wait but a closing time.
LONGEST = 86_400.0


def by_status(
    request: Request,
    response: Response,
    message: str | None = None,
    *,
    problems: Iterable[Problem] = (),
    hint: str | None = None,
    request_id: str | None = None,
) -> AnyErpError:
    """The error that a status means everywhere; `message` and `problems` are the ERP's own words, already picked out.

    A 5xx to a write leaves the outcome unknown, whatever the body says, unless the caller knows better.
    """
    status = response.status
    words = message or f"{request.method} was answered with status {status}"
    facts: dict[str, Any] = {"status": status, "problems": tuple(problems), "request_id": request_id}
    match status:
        case 401:
            return CredentialsRejected(words, hint=hint or "check user and password or key with the ERP", **facts)
        case 403:
            return PermissionDenied(words, hint=hint or "ask the ERP's administrator for the missing role", **facts)
        case 404 | 410:
            return NotFound(words, hint=hint, **facts)
        case 409 | 412 | 423 | 428:
            return Conflict(words, hint=hint or "read the record again and decide", **facts)
        case 429:
            return RateLimited(words, hint=hint, retry_after=_seconds(response), **facts)
        case _ if status >= 500:
            if request.writes and status not in (501, 505):
                return OutcomeUnknown(words, hint=hint or "look whether it was done before sending it again", **facts)
            return Unavailable(words, hint=hint, retry_after=_seconds(response), **facts)
        case _:
            return InvalidRecord(words, hint=hint, **facts)


def _seconds(response: Response) -> float | None:
    asked = retry_after(response.headers, time.time())
    return None if asked is None else min(asked, LONGEST)
