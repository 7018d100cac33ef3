"""Logging on to Finance and Supply Chain Management, and its errors in its own words (dynamics sheet §1.1, §1.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from anyerp.connector import Context, Flow, Request, Response, by_status
from anyerp.errors import AnyErpError, Conflict, InvalidRecord, Native, Problem

from anyerp_dynamics.entra import bearer

#: The exception of a write that failed inside the ERP: final, whatever the status says.
WRITE_FAILED = "AxODataWriteException"
#: Parts of an Infolog that repeat that something failed, and not what.
_NOISE = ("validateWrite failed", "validateField failed", "validateDelete failed", "Write failed for table row")
_SEVERITY = re.compile(r"^(?:Info|Warning|Error):\s*")
_AT_MOST = 500


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """Headers for every call: the bearer for this environment, and JSON."""
    base = urlsplit(ctx.base_url)
    # One slash: a scope with two gives a token that the environment refuses.
    token = yield from bearer(ctx, f"{base.scheme}://{base.netloc}/.default")
    return {
        "Authorization": token,
        "Accept": "application/json",
        "Accept-Language": ctx.settings.accept_language,
    }


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """The Infolog's sentences as problems; code and message of the envelope carry nothing, the stack trace is left."""
    message, kind = _body(response)
    problems = list(_problems(message)) if message else []
    said = problems[0].message if problems else None
    request_id = response.headers.get("ms-dyn-aid")
    if WRITE_FAILED in (kind or "") and response.status != 412:
        # Inside a batch such a refusal has status 500: nothing was written, and repeating it changes nothing.
        error = Conflict if "update conflict" in (message or "").lower() else InvalidRecord
        return error(
            said or "the ERP refused the write",
            status=response.status,
            problems=problems,
            request_id=request_id,
            hint=_remedy(message or ""),
        )
    hint = None
    if response.status == 401:
        hint = (
            "the token is good but nobody is known by it: register the client id in Finance and Supply Chain "
            "Management under Microsoft Entra ID applications, with a user"
        )
    elif response.status == 403:
        hint = "the user of the Microsoft Entra ID application lacks a role for this data entity"
    return by_status(request, response, said, problems=problems, request_id=request_id, hint=hint)


def _remedy(message: str) -> str | None:
    if "must be filled in" in message and "number" in message.lower():
        return "if it is the document's own number: make the number sequence of this company automatic"
    if "Inventory dimension Site is mandatory" in message:
        return "give the line a location, or the order extra.DefaultReceivingWarehouseId"
    return None


def _body(response: Response) -> tuple[str | None, str | None]:
    """The sentence that says something, and the name of the exception."""
    try:
        error = response.json()["error"]
        inner = error.get("innererror")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None
    if isinstance(inner, dict) and inner.get("message"):
        return str(inner["message"]), str(inner.get("type") or "")
    message = error.get("message")
    return (str(message) if message else None), None


def _problems(message: str) -> Iterator[Problem]:
    """One problem for each sentence of the Infolog that says something; without an Infolog, the whole message."""
    before, marker, infolog = message.partition("Infolog:")
    seen = set()
    for part in infolog.split(";") if marker else [before]:
        text = _SEVERITY.sub("", part.strip()).strip()[:_AT_MOST]
        if text and text not in seen and not any(noise in text for noise in _NOISE):
            seen.add(text)
            yield Problem(text, code="refused_by_erp", native=Native(None, text, _field(text)))


def _field(text: str) -> str | None:
    found = re.match(r"Field '([^']+)'", text)
    return found[1] if found else None
