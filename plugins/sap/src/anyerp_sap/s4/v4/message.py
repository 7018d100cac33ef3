"""What V4 answers beside records: messages of a success, details of an error (sap sheet §5, §7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from anyerp.connector import Response
from anyerp.errors import Native, Problem
from anyerp.wire import load_json

_ERROR = 4
_AT_MOST = 500


def problems(error: dict[str, Any]) -> Iterator[Problem]:
    """What an error of V4 says: its own message, then the details that are errors themselves, each once."""
    details = error.get("details")
    if isinstance(error.get("message"), str) and isinstance(details, list):
        for said in _once([error, *details]):
            if said.get("@SAP__common.numericSeverity", _ERROR) == _ERROR:
                yield _problem(said, "refused_by_erp")


def warnings(response: Response) -> list[Problem]:
    """What a success remarks: `SAP__Messages` of the entity, else the header `sap-messages`; 1 is mere success."""
    said: Any = None
    try:
        if response.content:
            said = load_json(response.content).get("SAP__Messages")
        text = response.headers.get("sap-messages", "")
        if not said and text:
            said = load_json((text if text.startswith("[") else unquote(text)).encode())
    except (ValueError, AttributeError):
        return []  # the write itself went well
    return [_problem(one, "warned_by_erp") for one in _once(said) if one.get("numericSeverity", _ERROR) != 1]


def _once(found: Any) -> Iterator[dict[str, Any]]:
    seen = set()
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and (said := (str(one.get("code")), str(one.get("message")))) not in seen:
            seen.add(said)
            yield one


def _problem(said: dict[str, Any], kind: str) -> Problem:
    text = str(said.get("message") or "")[:_AT_MOST]
    code, target = said.get("code"), said.get("target")
    return Problem(text, code=kind, native=Native(str(code) if code else None, text, str(target) if target else None))
