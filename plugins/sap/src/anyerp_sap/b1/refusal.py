"""Errors of the Service Layer as ours (sap sheet §13, Wire): the code decides, texts are in the user's language."""

from __future__ import annotations

import re
from typing import Any

from anyerp.connector import Context, Request, Response, by_status
from anyerp.errors import AnyErpError, Conflict, InvalidRecord, Native, Problem

from anyerp_sap.b1.session import LOGIN

NO_RECORD = "-2028"
_STALE = "-2039"
_TAKEN = ("-2035",)
_AT_MOST = 500
#: `[OPOR.CardCode]`, `[POR1.Quantity]`: table and field that a text names.
_FIELD = re.compile(r"\[([A-Z0-9]{3,4}\.\w+)\]")
#: The number of a message in its text: it stays the same in every language.
_INNER = re.compile(r"(\d+(?:-\d+)?) - ")
_ALREADY_THERE = "1320000140"

_HINTS = {
    "-4006": "keep an exchange rate for that day in Business One, or give exchange_rate",
    "305": "Business One has no licence or session left for this user; log other sessions out",
}
_LOCKS = "do not retry with the same password: Business One locks the user after a few failures"


def _object(request: Request) -> str:
    """What a call is about, as authorisations name it: `Items` of `b1s/v2/Items('A1')`."""
    return request.path.rstrip("/").rpartition("/")[2].partition("(")[0] or "this object"


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """The error that an answer means."""
    code, message = _said(response)
    inner = _INNER.match(message or "")
    problems = [_problem(code, inner[1] if inner else None, message)] if message else []
    facts: dict[str, Any] = {"status": response.status, "problems": problems}
    if code == _STALE:
        return Conflict(message or "changed meanwhile", hint="read the record again and decide", **facts)
    if code in _TAKEN or (inner is not None and inner[1] == _ALREADY_THERE):
        return Conflict(message or "is there already", hint="choose another code, or update that record", **facts)
    if code == NO_RECORD and request.writes and response.status == 404:
        return InvalidRecord(
            message or "no record was found",
            hint="something that it refers to does not exist: item, warehouse, tax code, payment terms or the like",
            **facts,
        )
    hint = _HINTS.get(code or "")
    if response.status == 401 and request.path == LOGIN:
        message = f"Business One let nobody into {ctx.settings.company_db}: {message or 'the login was refused'}"
        hint = (
            "check settings.company_db, the name of the company's database (SBODEMOUS; not the company's own name), "
            f"secrets.username and secrets.password: all three are refused alike; {_LOCKS}"
        )
    elif response.status == 403:
        hint = f"the user lacks the authorisation for {_object(request)} in Business One"
    return by_status(request, response, message, problems=problems, hint=hint)


def code_of(response: Response) -> str | None:
    """The Service Layer's own code of a refusal, as text."""
    return _said(response)[0]


def _said(response: Response) -> tuple[str | None, str | None]:
    """Code and text. v2 writes both as text, v1 a number and a text with its language; v2's 301 comes v1's way.

    Overload is answered in HTML by the web server in front, and says nothing here.
    """
    if response.media_type != "application/json":
        return None, None
    try:
        error = response.json().get("error")
    except (ValueError, AttributeError):
        return None, None
    if not isinstance(error, dict):
        return None, None
    code, text = error.get("code"), error.get("message")
    if isinstance(text, dict):
        text = text.get("value")
    shown = text[:_AT_MOST] if isinstance(text, str) and text else None
    return (str(code) if isinstance(code, (str, int)) else None), shown


def _problem(code: str | None, inner: str | None, message: str | None) -> Problem:
    field = _FIELD.search(message or "")
    native = Native("/".join(part for part in (code, inner) if part) or None, message, field[1] if field else None)
    return Problem(message or "", code="refused_by_erp", native=native)
