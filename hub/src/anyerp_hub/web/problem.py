"""Errors as RFC 9457 problem+json: who failed, whether anything was done, whether to try again, and who must act."""

from __future__ import annotations

import logging
import re
from typing import Any

from anyerp import errors as e
from anyerp.errors import AnyErpError, Problem
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from anyerp_hub import error as h
from anyerp_hub.connection.cause import cause_of
from anyerp_hub.store import StoreUnavailable

log = logging.getLogger("anyerp.hub")
MEDIA = "application/problem+json"

#: The first that fits. `origin`: whose fault it is.
_KINDS: tuple[tuple[type[AnyErpError], int, str, str], ...] = (
    (h.TokenRejected, 401, "request", "The token is not valid"),
    (h.ScopeMissing, 403, "request", "The token does not allow this"),
    (h.NoSuchThing, 404, "request", "Not found"),
    (h.WrongState, 409, "request", "Not in this state"),
    (h.UnsafeAddress, 422, "request", "This address is not open to webhooks"),
    (StoreUnavailable, 503, "hub", "The hub's database does not answer"),
    (e.CredentialsRejected, 401, "erp", "The ERP rejects the stored credentials"),
    (e.ReauthorizationRequired, 401, "erp", "The ERP asks for a new authorization"),
    (e.PermissionDenied, 403, "erp", "The ERP's user lacks a permission"),
    (e.AuthError, 401, "erp", "The ERP did not let us in"),
    (e.NotFound, 404, "erp", "Not found"),
    (e.Conflict, 409, "erp", "Changed by somebody else"),
    (e.InvalidRecord, 422, "erp", "The record was refused"),
    (e.NotRepresentable, 422, "connector", "A value has no place in this ERP"),
    (e.MappingError, 502, "connector", "The ERP's answer cannot be read"),
    (e.InvalidCursor, 400, "request", "The cursor is not valid"),
    (e.RateLimited, 429, "erp", "Too many calls for now"),
    (e.Unavailable, 503, "network", "The ERP does not answer"),
    (e.OutcomeUnknown, 502, "network", "Nobody knows whether it was done"),
    (e.NotSupported, 405, "connector", "This ERP has no such operation"),
    (e.ConfigError, 422, "request", "It cannot work as given"),
    (AnyErpError, 500, "hub", "Failed"),
)


class ProblemItem(BaseModel):
    """One thing that is wrong, by its JSON pointer; `native` are the ERP's own words."""

    pointer: str
    code: str
    message: str
    native: dict[str, Any] | None = None


class Action(BaseModel):
    """Who must act, and how."""

    who: str
    text: str
    url: str | None = None


class ProblemBody(BaseModel):
    """What every error looks like (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    origin: str = Field(description="request, connector, erp, network or hub")
    retryable: bool
    retry: str = Field(description="never, later, or check_first: look whether it was done before")
    retry_after: float | None = None
    outcome: str | None = Field(None, description="of a write: not_applied or unknown")
    request_id: str
    connection_id: str | None = None
    connector: str | None = None
    resource: str | None = None
    hint: str | None = None
    errors: list[ProblemItem] = []
    action: Action | None = None
    native: dict[str, Any] | None = None


#: For every operation's OpenAPI.
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemBody, "content": {MEDIA: {}}, "description": text}
    for status, text in {
        400: "A cursor or parameter that is not ours",
        401: "The token, or the ERP's credentials, are not valid: `code` tells which",
        403: "The token's scope, or the ERP's user, does not allow this",
        404: "Not found",
        405: "This ERP has no such operation",
        409: "Somebody else changed it, it is in the wrong state, or a call with this key is on its way",
        412: "The version of If-Match is not the one in the ERP",
        413: "Too large",
        422: "The content was refused; `errors` points to the fields",
        429: "Too many calls for now; see Retry-After",
        500: "A bug of the hub or of a plugin",
        502: "The ERP's answer cannot be read, or a write's answer was lost: `outcome` tells",
        503: "The ERP, or the hub's database, does not answer for now",
    }.items()
}


def answer(request: Request, error: AnyErpError) -> JSONResponse:
    """An error as an answer."""
    status, origin, title = next((s, o, t) for kind, s, o, t in _KINDS if isinstance(error, kind))
    facts = request.state
    resource, connection_id = getattr(facts, "resource", None), getattr(facts, "connection_id", None)
    if isinstance(error, e.Conflict) and "if-match" in request.headers:
        status = 412
    if isinstance(error, e.InvalidRecord) and error.status is None:
        origin = "request"
    if isinstance(error, e.CredentialsRejected) and getattr(error, "anyerp_hub_given", False):
        title = "The ERP rejects the credentials that were given"
    cause = cause_of(error, resource)
    action = None
    if cause is not None:
        url = f"/v1/connections/{connection_id}/reconnect" if cause.reconnect and connection_id else None
        action = Action(who=cause.who, text=cause.action, url=url)
    body = ProblemBody(
        type=f"urn:anyerp:error:{error.code}",
        title=title,
        status=status,
        detail=error.message,
        code=error.code,
        origin=origin,
        retryable=error.retry == "later",
        retry=error.retry,
        retry_after=error.retry_after,
        outcome=_outcome(request, error),
        request_id=facts.request_id,
        connection_id=connection_id,
        connector=error.connector,
        resource=resource,
        hint=error.hint,
        errors=[_item(problem) for problem in error.problems],
        action=action,
        native={"request_id": error.request_id, "status": error.status} if error.status else None,
    )
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, int(error.retry_after)))
    if isinstance(error, h.TokenRejected):
        headers["WWW-Authenticate"] = 'Bearer realm="anyerp", error="invalid_token"'
    return respond(body, headers)


def _outcome(request: Request, error: AnyErpError) -> str | None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    return "unknown" if isinstance(error, (e.OutcomeUnknown, e.UnexpectedPayload)) else "not_applied"


def _item(problem: Problem) -> ProblemItem:
    return ProblemItem(**problem.to_dict())


def respond(body: ProblemBody, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem as an answer."""
    return JSONResponse(body.model_dump(), body.status, headers, media_type=MEDIA)


def of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    """Parameters or a body that do not fit."""
    items = [
        ProblemItem(pointer="/" + "/".join(str(part) for part in each["loc"]), code="invalid", message=each["msg"])
        for each in error.errors()
    ]
    return plain(request, 422, "invalid_request", "The request does not fit", "see errors", items)


def of_http(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework refuses: an unknown path, a wrong method."""
    found = plain(request, error.status_code, f"http_{error.status_code}", str(error.detail), str(error.detail))
    found.headers.update(error.headers or {})
    if error.status_code == 405:
        found.headers["Allow"] = ", ".join(_methods(request))
    return found


def _methods(request: Request) -> list[str]:
    """Every method that a path has, over all of its routes; a path that is spelt out goes before a pattern."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    known = request.app.openapi()["paths"]
    fits = [pattern for pattern in known if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path)]
    found = [known[path]] if path in known else [known[pattern] for pattern in fits]
    return sorted({method.upper() for methods in found for method in methods})


def of_bug(request: Request, error: Exception) -> JSONResponse:
    """A bug: its kind, and nothing of its content."""
    return plain(request, 500, "internal_error", "A bug of the hub or of a plugin", type(error).__name__)


def plain(
    request: Request, status: int, code: str, title: str, detail: str, items: list[ProblemItem] | None = None
) -> JSONResponse:
    """A problem that no error of anyerp stands behind."""
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    outcome = ("unknown" if status >= 500 else "not_applied") if writes else None
    return respond(
        ProblemBody(
            type=f"urn:anyerp:error:{code}",
            title=title,
            status=status,
            detail=detail,
            code=code,
            origin="hub" if status >= 500 else "request",
            retryable=False,
            retry="check_first" if outcome == "unknown" else "never",
            outcome=outcome,
            request_id=getattr(request.state, "request_id", "unknown"),
            errors=items or [],
        )
    )


def log_bug(request: Request, error: Exception) -> None:
    """Note a bug with its trace, by its request id."""
    log.error("%s failed by a bug", getattr(request.state, "request_id", "a request"), exc_info=error)
