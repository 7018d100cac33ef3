"""Authentication and errors of S/4HANA's Gateway (sap sheet §2, §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from anyerp.connector import Context, Flow, Request, Response, by_status
from anyerp.errors import AnyErpError, ConfigError, Conflict, Native, Problem
from anyerp.kits import auth
from anyerp.wire import load_json

from anyerp_sap.s4 import refusal
from anyerp_sap.s4.settings import ApiKey, Basic, OAuth
from anyerp_sap.s4.v4.message import problems as v4_problems

#: Gateway adds it to every business error, where it says nothing; on a 404 it may hold the only readable text.
NOISE = "/IWBEP/CX_MGW_BUSI_EXCEPTION"
_NOTHING_SAID = "an exception was raised"
_LOCKED = ("already processing", "is locked by", "locked by user")
_AT_MOST = 500


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """Headers for every call. The language is fixed, because unit codes and texts change with it."""
    headers = {"Accept": "application/json", "Accept-Language": ctx.settings.language.lower()}
    if ctx.settings.sap_client:
        headers["sap-client"] = ctx.settings.sap_client
    match ctx.credentials:
        case Basic(username=username, password=password):
            headers["Authorization"] = auth.basic(username, password.get_secret_value())
        case OAuth(client_id=client_id, client_secret=secret):
            if ctx.settings.token_url is None:
                raise ConfigError("client id and secret need settings.token_url")
            headers["Authorization"] = yield from auth.client_credentials(
                ctx, ctx.settings.token_url, client_id, secret.get_secret_value()
            )
        case ApiKey(api_key=key):
            headers["APIKey"] = key.get_secret_value()
    return headers


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """Gateway's error body as ours: every detail of severity error that says something, each once."""
    message, request_id, problems = _body(response)
    locked = any(sign in text for text in (message or "", *(p.message for p in problems)) for sign in _LOCKED)
    if locked and response.status < 500:
        return Conflict(
            message or problems[0].message,
            status=response.status,
            problems=problems,
            request_id=request_id,
            retry="later",
            hint="somebody is editing the document; try again in a few seconds",
        )
    hint = None
    codes = {problem.native.code for problem in problems if problem.native is not None}
    if response.status == 401:
        said, hint = refusal.logon(ctx, response)
        message = message or said
    elif response.status == 403:
        closed, hint = refusal.closed(request, response, codes)
        message = message or closed
    elif response.status == 404:
        hint = refusal.absent(request, codes)
    return by_status(request, response, message, problems=problems, request_id=request_id, hint=hint)


def _body(response: Response) -> tuple[str | None, str | None, list[Problem]]:
    if response.media_type != "application/json":
        return None, None, []  # overload is answered in HTML, and a refused token in plain text
    try:
        error = response.json().get("error")
    except (ValueError, AttributeError):
        return None, None, []
    if not isinstance(error, dict):
        return None, None, []
    text = error.get("message")
    message = text.get("value") if isinstance(text, dict) else text
    inner = error.get("innererror")
    inner = inner if isinstance(inner, dict) else {}
    details = inner.get("errordetails")
    problems = list(_problems(details if isinstance(details, list) else []))
    problems += v4_problems(error)  # OData V4 has them beside its message
    if isinstance(message, str) and all(p.native is None or p.native.code == NOISE for p in problems):
        problems = [_problem(error.get("code"), message, None), *(p for p in problems if p.message != message)]
    shown = message if isinstance(message, str) else None
    return (shown or "")[:_AT_MOST] or None, inner.get("transactionid"), problems


def messages(response: Response) -> list[Problem]:
    """What a success remarks in its header `sap-message`: warnings and information, each once (sap sheet §7).

    The header may be URL-encoded, and is XML for whoever did not ask for JSON; what cannot be read is left out,
    because the write itself went well.
    """
    text = response.headers.get("sap-message", "")
    if not text:
        return []
    try:
        said = load_json((text if text.startswith("{") else unquote(text)).encode())
    except ValueError:
        return []
    if not isinstance(said, dict):
        return []
    details = said.get("details")
    every = [said, *(details if isinstance(details, list) else [])]
    return list(_problems(every, ("warning", "info", "error"), "warned_by_erp"))


def _problems(
    details: list[Any], severities: tuple[str, ...] = ("error",), kind: str = "refused_by_erp"
) -> Iterator[Problem]:
    seen = set()
    for detail in details:
        if not isinstance(detail, dict) or detail.get("severity") not in severities or _says_nothing(detail):
            continue
        said = (str(detail.get("code")), str(detail.get("message")))
        if said not in seen:
            seen.add(said)
            yield _problem(detail.get("code"), said[1], detail.get("propertyref") or detail.get("target"), kind)


def _says_nothing(detail: dict[str, Any]) -> bool:
    text = str(detail.get("message") or _NOTHING_SAID).strip(" .").lower()
    return detail.get("code") == NOISE and text == _NOTHING_SAID


def _problem(code: Any, message: str, field: Any, kind: str = "refused_by_erp") -> Problem:
    text = message[:_AT_MOST]
    native = Native(str(code) if code else None, text, str(field) if field else None)
    return Problem(text, code=kind, native=native)
