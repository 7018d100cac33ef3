"""The record service: one record read, made, changed, deleted (netsuite sheet §3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import NotFound, OutcomeUnknown, Problem, UnexpectedPayload

RECORDS = "/services/rest/record/v1"
#: A misspelt name is dropped with a 204 unless one asks for this.
STRICT = {"X-NetSuite-PropertyNameValidation": "Error"}
#: External ids that can stand in a URL.
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,255}")


def get(ctx: Context, kind: str, id: str) -> Flow[dict[str, Any]]:
    """One record with its lists and subrecords. Raises `NotFound`."""
    if not (id.isascii() and id.isdecimal()):
        raise NotFound(f"NetSuite's ids are whole numbers; there is no {kind} {id[:40]!r}")
    response = yield from ask(Request("GET", f"{RECORDS}/{kind}/{id}", {"expandSubResources": "true"}))
    return _record(response)


def by_external_id(ctx: Context, kind: str, key: str) -> Flow[dict[str, Any] | None]:
    """The record with an external id, or None."""
    if _PLAIN.fullmatch(key):
        path = f"{RECORDS}/{kind}/eid:{key}"
        response = yield from ask(Request("GET", path, {"expandSubResources": "true"}, accept=(404,)))
        if response.status != 404:
            return _record(response)
        if "json" not in response.media_type:
            raise NotFound("the answer is no answer of NetSuite's", status=404)
        return None
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    response = yield from ask(Request("GET", f"{RECORDS}/{kind}", {"q": f'externalId IS "{quoted}"', "limit": "2"}))
    found = _record(response).get("items")
    if not isinstance(found, list):
        raise UnexpectedPayload("the answer holds no list of records", status=response.status)
    return (yield from get(ctx, kind, str(found[0]["id"]))) if found else None


def create(ctx: Context, kind: str, body: Mapping[str, Any], *, lists: str = "") -> Flow[str]:
    """Make a record; gives its id. With an external id it is an upsert, so that a repetition makes no second one.

    `lists` names the sublists that a repetition replaces, since lines without a key would be added once more.
    """
    key = body.get("externalId")
    if isinstance(key, str) and _PLAIN.fullmatch(key):
        rest = {name: value for name, value in body.items() if name != "externalId"}
        params = {"replace": lists} if lists else {}
        request = Request("PUT", f"{RECORDS}/{kind}/eid:{key}", params, STRICT, json=rest)
    else:
        request = Request("POST", f"{RECORDS}/{kind}", headers=STRICT, json=dict(body))
    response = yield from ask(request)
    _remarks(ctx, response)
    return made(response)


def transform(
    ctx: Context, kind: str, id: str, target: str, body: Mapping[str, Any], *, replace: str = ""
) -> Flow[str]:
    """Make one record from another; gives the new one's id."""
    path = f"{RECORDS}/{kind}/{quote(id, safe='')}/!transform/{target}"
    params = {"replace": replace} if replace else {}
    response = yield from ask(Request("POST", path, params, STRICT, json=dict(body)))
    _remarks(ctx, response)
    return made(response)


def made(response: Response) -> str:
    """The id behind the last slash of `Location`. Raises `OutcomeUnknown` where there is none."""
    id = response.headers.get("location", "").rpartition("/")[2]
    if response.status != 204 or not id.isdecimal():
        raise OutcomeUnknown(
            "the answer does not say which record was made",
            status=response.status,
            hint="look whether it was done before sending it again",
        )
    return id


def change(ctx: Context, kind: str, id: str, body: Mapping[str, Any], *, replace: str = "") -> Flow[None]:
    """Change what the body names; `replace` names the sublists whose other lines are to go."""
    params = {"replace": replace} if replace else {}
    response = yield from ask(
        Request("PATCH", f"{RECORDS}/{kind}/{quote(id, safe='')}", params, STRICT, json=dict(body))
    )
    if response.status != 204:
        raise OutcomeUnknown("the answer is not NetSuite's answer to a change", status=response.status)
    _remarks(ctx, response)


def delete(ctx: Context, kind: str, id: str) -> Flow[None]:
    """Delete a record."""
    response = yield from ask(Request("DELETE", f"{RECORDS}/{kind}/{quote(id, safe='')}"))
    if response.status != 204:
        raise OutcomeUnknown("the answer is not NetSuite's answer to a deletion", status=response.status)


def _remarks(ctx: Context, response: Response) -> None:
    for name in ("X-NetSuite-Warning", "X-NetSuite-PropertyValidation"):
        for text in response.headers.all(name):
            ctx.warnings.append(Problem(text[:500], code="warned_by_erp"))


def _record(response: Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnexpectedPayload("the answer is no record of NetSuite's", status=response.status)
    return found
