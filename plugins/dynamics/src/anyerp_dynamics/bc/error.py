"""Errors of Business Central as ours (dynamics sheet §2.6)."""

from __future__ import annotations

import re
from typing import Any

from anyerp.connector import Context, Request, Response, by_status
from anyerp.errors import (
    AnyErpError,
    ConfigError,
    Conflict,
    InvalidRecord,
    Native,
    OutcomeUnknown,
    PermissionDenied,
    Problem,
    Unavailable,
)

_CORRELATION = re.compile(r"\s*CorrelationId:\s*([0-9A-Fa-f-]{36})\.?\s*$")
_FIELD = re.compile(r'"(\w+)"')
_AT_MOST = 500
#: 409 means stale as well as taken; only the code tells them apart (dynamics sheet §2.4).
STALE, TAKEN = "Request_EntityChanged", "Internal_EntityWithSameKeyExists"
#: Some pages look for the right themselves, and answer 400 as for any rule.
_FORBIDDEN = "You do not have permission"


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """What an answer means: by its code where there is one, else by its status."""
    code, message, request_id = said(response)
    facts: dict[str, Any] = {"status": response.status, "request_id": request_id}
    problems = _problems(code, message)
    match response.status, code:
        case 409, str() if code == TAKEN:
            return InvalidRecord(message or "a record with this key is there already", problems=problems, **facts)
        case 409, str() if code == STALE:
            return Conflict(
                "somebody else has changed the record since it was read",
                problems=problems,
                hint="read it again and decide",
                **facts,
            )
        case _, "Internal_CompanyNotFound":
            return ConfigError(
                f"the environment has no company {ctx.settings.company!r}",
                hint="settings.company is the id or the name of a company; see the list of companies",
                **facts,
            )
        case 404, "NoEnvironment":
            return ConfigError(
                f"the tenant has no environment {ctx.settings.environment!r}",
                hint="check settings.environment",
                **facts,
            )
        case _, "Internal_TenantUnavailable" if not request.writes:
            return Unavailable(message or "the environment is not available now", **facts)
        case 408, _:
            return _too_long(request, facts)
        case 413, _:
            return Unavailable(
                "the answer is too large for the service", retry="never", hint="ask for smaller pages", **facts
            )
    if response.status == 400 and message is not None and message.startswith(_FORBIDDEN):
        return PermissionDenied(message, problems=problems, hint=_hint(403, code), **facts)
    return by_status(
        request, response, message, problems=problems, request_id=request_id, hint=_hint(response.status, code)
    )


def _too_long(request: Request, facts: dict[str, Any]) -> AnyErpError:
    """An operation of more than eight minutes is cancelled, perhaps after it has done its work (sheet §2.5)."""
    words = "Business Central gave the operation up after eight minutes"
    if request.writes:
        return OutcomeUnknown(words, hint="look whether it was done before sending it again", **facts)
    return Unavailable(words, hint="ask for less at once", **facts)


def said(response: Response) -> tuple[str | None, str | None, str | None]:
    """Code, text without its trailer, and correlation id of an error; None where the answer is no error of theirs."""
    if response.media_type != "application/json":
        return None, None, None
    try:
        error = response.json().get("error")
    except (ValueError, AttributeError):
        return None, None, None
    if not isinstance(error, dict):
        return None, None, None
    code, text = error.get("code"), error.get("message")
    text = text if isinstance(text, str) else ""
    trailer = _CORRELATION.search(text)
    words = " ".join(_CORRELATION.sub("", text).split()).rstrip(" ")
    return (
        code if isinstance(code, str) and code else None,
        words[:_AT_MOST] or None,
        trailer[1] if trailer else response.headers.get("request-id"),
    )


def _problems(code: str | None, message: str | None) -> tuple[Problem, ...]:
    if message is None:
        return ()
    named = _FIELD.search(message)
    kind = "duplicate" if code == TAKEN else "refused_by_erp"
    return (Problem(message, code=kind, native=Native(code, message, named[1] if named else None)),)


def _hint(status: int, code: str | None) -> str | None:
    if status == 401:
        return 'is the application on the page "Microsoft Entra Applications" there, and has it API.ReadWrite.All?'
    if status == 403:
        return "ask Business Central's administrator for a permission set with this table for the application"
    if code == "Application_CallbackNotAllowed":
        return "Business Central wants to ask a person here; do this step in its web client"
    return None
