"""Errors: `o:errorDetails` as ours (netsuite sheet §2d, §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from anyerp.connector import Context, Request, Response, by_status
from anyerp.errors import AnyErpError, Conflict, Native, NotFound, PermissionDenied, Problem

_AT_MOST = 500
_SKIPPED = "Error while accessing a resource. "
_CHANGED = re.compile(r"record has been changed", re.IGNORECASE)
_INVISIBLE = re.compile(r"Record '[^']+' was not found")


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """What an error status means: by its code where the code says more, else by the status."""
    problems = list(_problems(response))
    codes = {problem.native.code for problem in problems if problem.native}
    words = problems[0].message if problems else None
    facts: dict[str, Any] = {"status": response.status, "problems": tuple(problems)}
    if response.status == 401:
        return by_status(
            request,
            response,
            "NetSuite does not let this integration in",
            problems=problems,
            hint="one answer for many reasons (signature, token, role, integration record): "
            "the account's Login Audit Trail has the one; do not retry, every failure counts against the user",
        )
    if response.status == 400 and words is not None:
        if any(_CHANGED.search(problem.message) for problem in problems):
            return Conflict(words, hint="read the record again and decide", **facts)
        if any(_INVISIBLE.search(problem.message) for problem in problems):
            return PermissionDenied(words, hint="the role cannot see this table; ask NetSuite's administrator", **facts)
        if "NONEXISTENT_ID" in codes:
            return NotFound(words, **facts)
        if request.method == "GET" and codes == {"USER_ERROR"}:
            # A GET loads the record for editing, which a workflow or the role may forbid (sheet §3).
            return PermissionDenied(words, hint="NetSuite opens a record for editing even to read it", **facts)
    return by_status(request, response, words, problems=problems, hint=_hint(response))


def _hint(response: Response) -> str | None:
    if response.status == 429:
        return "too many requests in flight for the whole account, all its integrations together; try again later"
    return None


def _problems(response: Response) -> Iterator[Problem]:
    if "json" not in response.media_type:
        return  # a page of the proxy, or a login page
    try:
        details = response.json()["o:errorDetails"]
    except (ValueError, KeyError, TypeError):
        return
    for detail in details if isinstance(details, list) else ():
        if not isinstance(detail, dict):
            continue
        text = " ".join(str(detail.get("detail", "")).removeprefix(_SKIPPED).split())[:_AT_MOST]
        code, path = detail.get("o:errorCode"), detail.get("o:errorPath")
        field = str(path) if path else None
        named = f"{text} ({field})" if field and field not in text else text
        if text:
            native = Native(str(code) if code else None, text, field)
            yield Problem(named, code="refused_by_erp", native=native)
