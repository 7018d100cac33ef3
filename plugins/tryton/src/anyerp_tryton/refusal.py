"""Errors: what Tryton says in status 200 and by status, as ours (wire §8)."""

from __future__ import annotations

import re
from typing import Any

from anyerp.connector import Context, Request, Response, by_status
from anyerp.errors import (
    AnyErpError,
    ConfigError,
    Conflict,
    CredentialsRejected,
    InvalidRecord,
    Native,
    NotFound,
    PermissionDenied,
    Problem,
    UnexpectedPayload,
)

_AT_MOST = 500
# Tryton sends no codes: its words are all there is, and the connection fixes their language (wire §8).
_FORBIDDEN = re.compile(r"You are not allowed to (access|search on|(create|read|write|delete|modify) records)\b")
_MISSING = re.compile(r"You are trying to \w+ records? .* that don't exist", re.DOTALL)
_FIELD = re.compile(r'\bfield "([^"]+)"')


def refusal(error: Any) -> AnyErpError:
    """The `error` of an answer as ours; the transaction it belongs to was rolled back."""
    name, rest = (error[0], error[1]) if isinstance(error, list) and len(error) == 2 else (None, None)
    match name, rest:
        case "UserError", [str(message), *more]:
            return _user_error(message, more[0] if more and isinstance(more[0], str) else "")
        case "UserWarning", [str(warning), str(message), *_]:
            problem = Problem(_cut(message), code="question", native=Native(_cut(warning), _cut(message)))
            return InvalidRecord(
                f"Tryton asks: {_cut(message)}",
                problems=(problem,),
                hint="a user must answer this in Tryton, once or for ever, before it can be done from here",
            )
        case "ConcurrencyException", _:
            return Conflict(
                "the record was changed in the meantime; nothing was written", hint="read the record again and decide"
            )
        case "LoginException", _:
            return CredentialsRejected(
                "Tryton wants another secret than the one given", hint="the user needs a login by password alone"
            )
    # Any other exception's text: a fault of the server or of ours. Its words are not for a user's eyes.
    return UnexpectedPayload(
        "Tryton failed with an error of its own; nothing was changed", hint="the server's log has the details"
    )


def _user_error(message: str, description: str) -> AnyErpError:
    message = _cut(message)
    field = _FIELD.search(message)
    native = Native("UserError", message, field.group(1) if field else None)
    problems = (Problem(message, code="refused_by_erp", native=native),)
    if _FORBIDDEN.match(message):
        return PermissionDenied(
            message,
            problems=problems,
            hint=f"ask Tryton's administrator for the access right; {_cut(description)}"
            if description
            else "ask Tryton's administrator for the access right",
        )
    if _MISSING.match(message):
        return NotFound(message, problems=problems)
    return InvalidRecord(message, problems=problems)


def _cut(text: str) -> str:
    return " ".join(text.split())[:_AT_MOST]


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """What a status means; the bodies are HTML and say nothing more (wire §8)."""
    match response.status:
        case 401:
            return by_status(
                request,
                response,
                "Tryton does not know this user and password",
                hint="do not retry with the same password: every failure slows the user's next login down",
            )
        case 403:
            return ConfigError(
                "Tryton has no such method", status=403, hint="is the module active in this database (purchase, stock)?"
            )
        case 404:
            return ConfigError(
                f"the server has no database {ctx.settings.database!r}", status=404, hint="check settings.database"
            )
    return by_status(request, response)
