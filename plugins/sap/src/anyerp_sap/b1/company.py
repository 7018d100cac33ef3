"""The company itself, as far as records need it: its own currency (sap sheet §13)."""

from __future__ import annotations

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import UnexpectedPayload

_INFO = "company"
_REFUSED = (403, 404)


def local_currency(ctx: Context) -> Flow[str | None]:
    """The currency of the company's books, asked for once; None where the user may not see it."""
    if _INFO not in ctx.memory:
        request = Request("POST", "CompanyService_GetAdminInfo", writes=False, accept=_REFUSED)
        response = yield from ask(request)
        ctx.memory[_INFO] = None if response.status in _REFUSED else _currency(response)
    currency: str | None = ctx.memory[_INFO]
    return currency


def _currency(response: Response) -> str:
    try:
        found = response.json()["LocalCurrency"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, str) or not found:
        raise UnexpectedPayload("the company does not say its currency", status=response.status)
    return found
