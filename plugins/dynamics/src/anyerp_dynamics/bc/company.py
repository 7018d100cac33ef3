"""The company that a connection works in: found once by its id or name (dynamics sheet §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import ConfigError, UnexpectedPayload
from anyerp.kits.odata import v4

from anyerp_dynamics.bc.codec import canonical
from anyerp_dynamics.bc.lens.common import CLIENT, COMPANY, COMPANY_NAME, COMPANY_NUMBER, CURRENCY

PATH = "/v2.0/companies"
_KEPT = "company"


@dataclass(frozen=True, slots=True)
class Company:
    """A company, and what its rows are told of it."""

    id: str
    name: str
    facts: Mapping[str, str]


def company(ctx: Context) -> Flow[Company]:
    """The connection's company. Raises `ConfigError` where the environment has none of this id or name."""
    known = ctx.memory.get(_KEPT)
    if not isinstance(known, Company):
        known = ctx.memory[_KEPT] = yield from _found(ctx)
    if CURRENCY not in known.facts and ctx.lens is not None and CURRENCY in ctx.fields():
        known = ctx.memory[_KEPT] = yield from _with_currency(known)
    return known


def _found(ctx: Context) -> Flow[Company]:
    wanted = ctx.settings.company
    every = yield from _rows(PATH, {"$select": "id,name,displayName"})
    for name in ("id", "name", "displayName"):
        for row in every:
            if str(row.get(name)).lower() == wanted.lower():
                return _of(ctx, row)
    names = ", ".join(sorted(str(row.get("name")) for row in every)) or "none"
    raise ConfigError(f"the environment has no company {wanted!r}", hint=f"the application may see: {names}")


def _rows(path: str, params: Mapping[str, str]) -> Flow[list[dict[str, Any]]]:
    response = yield from ask(Request("GET", path, params))
    try:
        return v4.rows(response.content)
    except ValueError:
        raise UnexpectedPayload("a list of records was expected", status=response.status) from None


def _with_currency(known: Company) -> Flow[Company]:
    """Prices of master data are in the local currency, which stands in the company's set-up."""
    rows = yield from _rows(f"{PATH}({known.id})/generalLedgerSetup", {"$select": "localCurrencyCode"})
    code = str(rows[0].get("localCurrencyCode") or "") if rows else ""
    return replace(known, facts={**known.facts, CURRENCY: code})


def _of(ctx: Context, row: Mapping[str, Any]) -> Company:
    id, name = canonical(str(row.get("id"))), str(row.get("name"))
    if id is None:
        raise UnexpectedPayload("a company without an id came")
    shown = str(row.get("displayName") or name)
    return Company(id, name, {COMPANY: id, COMPANY_NUMBER: name, COMPANY_NAME: shown, CLIENT: client(ctx, name)})


def client(ctx: Context, name: str) -> str:
    """Where the web client shows a company."""
    settings = ctx.settings
    place = f"{settings.client_url.rstrip('/')}/{settings.tenant}/{settings.environment}"
    return f"{place}/?company={quote(name, safe='')}"
