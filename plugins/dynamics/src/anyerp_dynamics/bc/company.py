"""The company that a connection works in: found once by its id or name (dynamics sheet §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from anyerp.connector import Context, Flow, Request, ask
from anyerp.errors import ConfigError, UnexpectedPayload
from anyerp.kits.odata import v4

from anyerp_dynamics.bc.codec import canonical
from anyerp_dynamics.bc.lens.common import CLIENT, COMPANY

_PATH = "/v2.0/companies"
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
    if isinstance(known, Company):
        return known
    wanted = ctx.settings.company
    response = yield from ask(Request("GET", _PATH, {"$select": "id,name,displayName"}))
    try:
        every = v4.rows(response.content)
    except ValueError:
        raise UnexpectedPayload("a list of companies was expected", status=response.status) from None
    for name in ("id", "name", "displayName"):
        for row in every:
            if str(row.get(name)).lower() == wanted.lower():
                found = ctx.memory[_KEPT] = _of(ctx, row)
                return found
    names = ", ".join(sorted(str(row.get("name")) for row in every)) or "none"
    raise ConfigError(f"the environment has no company {wanted!r}", hint=f"the application may see: {names}")


def _of(ctx: Context, row: Mapping[str, Any]) -> Company:
    id, name = canonical(str(row.get("id"))), str(row.get("name"))
    if id is None:
        raise UnexpectedPayload("a company without an id came")
    settings = ctx.settings
    place = f"{settings.client_url.rstrip('/')}/{settings.tenant}/{settings.environment}"
    return Company(id, name, {COMPANY: id, CLIENT: f"{place}/?company={quote(name, safe='')}"})
