"""Issues over HTTP: a connection's token sees its own, a token of the hub all."""

from __future__ import annotations

from typing import Annotated, Any

from anyerp.model import RESOURCES
from fastapi import APIRouter, Query

from anyerp_hub.connection.info import Issue, plainly
from anyerp_hub.connection.issues import State
from anyerp_hub.error import NoSuchThing
from anyerp_hub.vault.token import READ, Token
from anyerp_hub.web.answer import Data
from anyerp_hub.web.auth import Bearer, TheHub
from anyerp_hub.web.problem import RESPONSES

router = APIRouter(prefix="/v1/issues", tags=["connections"], responses=RESPONSES)


@router.get("", operation_id="list_issues", response_model=Data[Issue])
def list_issues(
    hub: TheHub,
    token: Bearer,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: str | None = None,
    connection_id: str | None = None,
    state: State | None = None,
) -> dict[str, Any]:
    """What is or was wrong with connections, the newest first, behind the issue `after`."""
    wanted = connection_id
    if not token.allows("hub", READ):
        wanted = token.connection_id
        if wanted is None or connection_id not in (None, wanted):
            return {"data": []}
    found = hub.issues.list(wanted, state=state, without=_closed(token), after=after, limit=limit)
    return {"data": [_plain(one) for one in found]}


@router.get("/{id}", operation_id="get_issue", response_model=Issue)
def get_issue(hub: TheHub, token: Bearer, id: str) -> dict[str, Any]:
    """One issue: from when to when, and what the ERP said last."""
    found = hub.issues.get(id)
    own = token.connection_id == found.connection_id and found.resource not in _closed(token)
    if not own and not token.allows("hub", READ):
        raise NoSuchThing(f"there is no issue {id}")
    return _plain(found)


def _closed(token: Token) -> tuple[str, ...]:
    """The resources of which a token may read nothing."""
    return () if token.allows("hub", READ) else tuple(name for name in RESOURCES if not token.allows(name, READ))


def _plain(issue: Issue) -> dict[str, Any]:
    facts: dict[str, Any] = plainly({name: getattr(issue, name) for name in issue.__slots__})
    return facts
