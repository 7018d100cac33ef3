"""Orders that an approval procedure keeps as drafts: the POST is answered without a document (sap sheet §13, [K])."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyerp.connector import Context, Flow, Request, Response, ask
from anyerp.errors import NotFound
from anyerp.kits.odata import v4

from anyerp_sap.b1.document import DOCUMENT, key_field
from anyerp_sap.b1.flow import kept
from anyerp_sap.b1.lens.status import DRAFT
from anyerp_sap.b1.refusal import NO_RECORD, code_of, explain
from anyerp_sap.b1.service import EntitySet

DRAFTS = EntitySet(
    "Drafts",
    "DocEntry",
    DOCUMENT,
    numeric=True,
    only="DocObjectCode eq 'oPurchaseOrders'",
    created="CreationDate",
    always=("DocObjectCode", "AuthorizationStatus"),
)
_PREFIX = "draft-"
_NOT_FOUND, _NO_CONTENT = 404, 204


def is_one(id: str) -> bool:
    """Whether an id means a draft."""
    return id.startswith(_PREFIX)


def at(id: str) -> str:
    """The path of a draft."""
    return DRAFTS.at(id.removeprefix(_PREFIX))


def get(ctx: Context, id: str) -> Flow[dict[str, Any]]:
    """One draft. Approved and made an order, it is no draft any more."""
    found = yield from DRAFTS.one(ctx, id.removeprefix(_PREFIX))
    if found.get("DocObjectCode", "oPurchaseOrders") != "oPurchaseOrders":
        raise NotFound(f"{id} is not the draft of an order")
    return _marked(found)


def find(ctx: Context, condition: str) -> Flow[dict[str, Any] | None]:
    """The first draft of an order for which a condition holds."""
    found = yield from DRAFTS.first(ctx, condition)
    return None if found is None else _marked(found)


def several(ctx: Context, field: str, keys: Sequence[str]) -> Flow[dict[str, dict[str, Any]]]:
    """The drafts of orders that bear one of these keys."""
    found = yield from DRAFTS.several(ctx, field, keys)
    return {key: _marked(native) for key, native in found.items()}


def is_done(native: Mapping[str, Any]) -> bool:
    """Whether a draft was approved and made an order."""
    return native.get("AuthorizationStatus") in ("dasGenerated", "dasGeneratedbyAuthorizer")


def _marked(native: dict[str, Any]) -> dict[str, Any]:
    return {**native, DRAFT: True}


def create_or_keep(ctx: Context, orders: EntitySet, body: dict[str, Any]) -> Flow[dict[str, Any]]:
    """Send a new order, and give the draft where it became one.

    That is answered with 204, or with 404 and -2028, as for a reference that leads nowhere. Without a key of the
    caller's on it a draft cannot be found again. Raises `OutcomeUnknown` then for a 204.
    """
    request = Request("POST", orders.name, json=body, accept=(_NOT_FOUND,))
    response = yield from ask(request)
    if response.status not in (_NO_CONTENT, _NOT_FOUND):
        return (yield from orders.given(ctx, response))
    found = yield from _kept(ctx, body)
    if found is not None:
        return found
    raise _lost(ctx, request, response)


def _kept(ctx: Context, body: dict[str, Any]) -> Flow[dict[str, Any] | None]:
    field = yield from key_field(ctx, DRAFTS)
    key = body.get(field)
    return None if key is None else (yield from find(ctx, f"{field} eq {v4.literal(key)}"))


def _lost(ctx: Context, request: Request, response: Response) -> Exception:
    if response.status == _NO_CONTENT:
        lost = kept(response.status)
        lost.hint = "give key=, so that it can be found among the drafts"
        return lost
    error = explain(ctx, request, response)
    if code_of(response) == NO_RECORD:
        error.hint = f"{error.hint}; or an approval procedure kept it as a draft, so look there first"
    return error
