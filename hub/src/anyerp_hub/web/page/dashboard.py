"""The dashboard: what an operator wants to see. What one does from there is in `action.py`."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anyerp_hub.connection.state import Lifecycle
from anyerp_hub.hub import Hub
from anyerp_hub.vault.token import READ
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.connector import operations_of
from anyerp_hub.web.metric import standings
from anyerp_hub.web.page.action import REACH
from anyerp_hub.web.page.login import COOKIE, SignIn, back, remember, signed_in
from anyerp_hub.web.page.picture import picture
from anyerp_hub.web.page.render import page, typed

router = APIRouter(include_in_schema=False)
_MANY = 50


@router.get("/style.css")
def style() -> Response:
    """How everything looks."""
    text = files("anyerp_hub.web.page").joinpath("templates/style.css").read_text("utf-8")
    return Response(text, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/login")
def login_page(request: Request) -> Response:
    """The form to sign in."""
    return page(request, "login.html", message=None)


@router.post("/login")
async def login(request: Request) -> Response:
    """Sign in with a token that governs the hub."""
    given = await typed(request)

    def enter() -> Response:
        try:
            token = the_hub(request).tokens.verify(given.get("token", "").strip())
        except AnyErpError as error:
            return page(request, "login.html", 401, message=error.message)
        if not token.allows("hub", READ):
            return page(request, "login.html", 403, message="this token governs a connection, not the hub")
        response = back(request, "/")
        remember(request, response, token)
        return response

    return await run_in_threadpool(enter)


@router.post("/logout")
def logout(request: Request) -> Response:
    """Sign out."""
    response = back(request, "/login")
    response.delete_cookie(COOKIE, path=request.scope.get("root_path", "") or "/")
    return response


@router.get("/")
def connections(request: Request, after: str | None = None, state: str | None = None) -> Response:
    """Every connection with its health, or those of one health."""
    signed_in(request)
    hub = the_hub(request)
    health = {"lifecycle": Lifecycle.ACTIVE, "health": state}
    wanted = {} if not state else {"lifecycle": state} if state in list(Lifecycle) else health
    found = hub.connections(after=after, limit=_MANY, **wanted)
    more = found[-1].id if len(found) == _MANY else None
    facts: dict[str, Any] = {"connections": found, "more": more, "state": state or "", "standings": standings(hub)}
    return page(request, "connections.html", here="/", **facts)


@router.get("/connection/{id}")
def connection(request: Request, id: str) -> Response:
    """One connection: state, issues, health over time, jobs, history, coverage."""
    signed_in(request)
    hub = the_hub(request)
    info = hub.info(id)
    connector = registry().connector(info.connector)
    facts: dict[str, Any] = {
        "info": info,
        "here": "/",
        "picture": picture(hub, info),
        "watches": hub.watches.list(id),
        "resolved": hub.issues.list(id, state="resolved", limit=10),
        "jobs": hub.jobs.list(id, limit=10),
        "history": hub.audit(id, limit=_MANY, newest=True),
        "coverage": {name: operations_of(connector, name) for name in connector.resources},
    }
    return page(request, "connection.html", **facts)


@router.get("/jobs")
def jobs(request: Request, after: str | None = None, state: str | None = None) -> Response:
    """Every job, newest first, or those in one state."""
    signed_in(request)
    hub = the_hub(request)
    found = hub.jobs.list(after=after, state=state or None, limit=_MANY)
    more = found[-1].id if len(found) == _MANY else None
    facts: dict[str, Any] = {"jobs": found, "more": more, "names": _names(hub), "state": state or ""}
    return page(request, "jobs.html", here="/jobs", **facts)


@router.get("/job/{id}")
def job(request: Request, id: str, after: int = -1, state: str | None = None) -> Response:
    """One job, and what became of its records."""
    signed_in(request)
    hub = the_hub(request)
    found = hub.jobs.get(id)
    records = hub.jobs.records(id, after=after, state=state, limit=_MANY)
    more = records[-1].position if len(records) == _MANY else None
    wishes = ["retry"] if found.ended else ["resume", "cancel"] if found.state == "paused" else ["pause", "cancel"]
    facts: dict[str, Any] = {
        "records": records,
        "more": more,
        "state": state,
        "wishes": wishes,
        "names": _names(hub),
        "here": "/jobs",
    }
    return page(request, "job.html", job=found, **facts)


@router.get("/webhooks")
def webhooks(request: Request, after: str | None = None, state: str | None = None) -> Response:
    """Endpoints, and the log of deliveries, or of those in one state."""
    signed_in(request)
    hub = the_hub(request)
    found = hub.webhooks.deliveries(after=after, state=state or None, limit=_MANY)
    more = found[-1].id if len(found) == _MANY else None
    facts: dict[str, Any] = {
        "endpoints": hub.webhooks.list(),
        "deliveries": found,
        "more": more,
        "reach": list(REACH),
        "state": state or "",
    }
    return page(request, "webhooks.html", here="/webhooks", **facts)


@router.get("/watches")
def watches(request: Request, after: str | None = None) -> Response:
    """Every watched resource, what was found there last, and when it is looked at next."""
    signed_in(request)
    hub = the_hub(request)
    found = hub.watches.list(after=after, limit=_MANY)
    more = found[-1].id if len(found) == _MANY else None
    return page(request, "watches.html", watches=found, more=more, names=_names(hub), here="/watches")


@router.get("/flows")
def flows(request: Request) -> Response:
    """Every flow with its latest runs."""
    signed_in(request)
    hub = the_hub(request)
    known = [(stored, hub.flows.runs(stored.flow.name, limit=10)) for stored in hub.flows.stored()]
    return page(request, "flows.html", flows=known, names=_names(hub), here="/flows")


def _names(hub: Hub) -> dict[str, str]:
    """What connections are called, by their ids."""
    return {one.id: one.name for one in hub.connections(limit=500)}


def ask_to_sign_in(request: Request, _: Exception) -> Response:
    """For the app: whoever is not signed in is sent to the form."""
    return back(request, "/login")


__all__ = ["SignIn", "ask_to_sign_in", "router"]
