"""The dashboard: what an operator wants to see, and the few things that one does from there."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anyerp_hub.error import NoSuchThing
from anyerp_hub.vault.token import READ, WRITE
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.connector import operations_of
from anyerp_hub.web.page.login import COOKIE, SignIn, back, remember, signed_in
from anyerp_hub.web.page.picture import DAYS, picture
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
def connections(request: Request, after: str | None = None) -> Response:
    """Every connection with its health."""
    signed_in(request)
    found = the_hub(request).connections(after=after, limit=_MANY)
    more = found[-1].id if len(found) == _MANY else None
    return page(request, "connections.html", connections=found, more=more)


@router.get("/connection/{id}")
def connection(request: Request, id: str) -> Response:
    """One connection: state, issues, health over time, jobs, history, coverage."""
    signed_in(request)
    hub = the_hub(request)
    info = hub.info(id)
    connector = registry().connector(info.connector)
    spans, summary = picture(hub, info)
    facts: dict[str, Any] = {
        "info": info,
        "days": DAYS,
        "spans": spans,
        "summary": summary,
        "jobs": hub.jobs.list(id, limit=10),
        "history": hub.audit(id, limit=_MANY, newest=True),
        "coverage": {name: operations_of(connector, name) for name in connector.resources},
    }
    return page(request, "connection.html", **facts)


@router.get("/jobs")
def jobs(request: Request, after: str | None = None) -> Response:
    """Every job, newest first."""
    signed_in(request)
    found = the_hub(request).jobs.list(after=after, limit=_MANY)
    return page(request, "jobs.html", jobs=found, more=found[-1].id if len(found) == _MANY else None)


@router.get("/job/{id}")
def job(request: Request, id: str, after: int = -1, state: str | None = None) -> Response:
    """One job, and what became of its records."""
    signed_in(request)
    found = the_hub(request).jobs.get(id)
    records = the_hub(request).jobs.records(id, after=after, state=state, limit=_MANY)
    more = records[-1].position if len(records) == _MANY else None
    wishes = ["retry"] if found.ended else ["resume", "cancel"] if found.state == "paused" else ["pause", "cancel"]
    return page(request, "job.html", job=found, records=records, more=more, state=state, wishes=wishes)


@router.get("/webhooks")
def webhooks(request: Request, after: str | None = None) -> Response:
    """Endpoints, and the log of deliveries."""
    signed_in(request)
    hub = the_hub(request)
    found = hub.webhooks.deliveries(after=after, limit=_MANY)
    more = found[-1].id if len(found) == _MANY else None
    return page(request, "webhooks.html", endpoints=hub.webhooks.list(), deliveries=found, more=more)


@router.get("/flows")
def flows(request: Request) -> Response:
    """Every flow with its latest runs."""
    signed_in(request)
    hub = the_hub(request)
    known = [(flow, hub.flows.runs(flow.name, limit=10)) for flow in hub.flows.list()]
    names = {one.id: one.name for one in hub.connections(limit=500)}
    return page(request, "flows.html", flows=known, names=names)


@router.post("/flow/{name}/run")
async def run_flow(request: Request, name: str) -> Response:
    """Run a flow now."""
    return await _act(request, lambda hub: f"/flows#{hub.flows.run(name).flow}")


@router.post("/link")
async def link(request: Request) -> Response:
    """Go to a connect page of one's own."""
    return await _act(request, lambda hub: f"/connect/{hub.sessions.create().link}")


@router.post("/connection/{id}/{wish}")
async def change_connection(request: Request, id: str, wish: str) -> Response:
    """Check, pause, resume, or go to the page that reconnects."""

    def act(hub: Any) -> str:
        match wish:
            case "check":
                hub.check(id)
            case "pause":
                hub.pause(id, "dashboard")
            case "resume":
                hub.resume(id, "dashboard")
            case "link":
                return f"/connect/{hub.sessions.create(connection_id=id).link}"
            case _:
                raise NoSuchThing(f"nobody can {wish} a connection")
        return f"/connection/{id}"

    return await _act(request, act)


@router.post("/job/{id}/{wish}")
async def change_job(request: Request, id: str, wish: str) -> Response:
    """Pause, resume, cancel or retry."""

    def act(hub: Any) -> str:
        if wish not in ("pause", "resume", "cancel", "retry"):
            raise NoSuchThing(f"nobody can {wish} a job")
        getattr(hub.jobs, wish)(id)
        return f"/job/{id}"

    return await _act(request, act)


@router.post("/webhook/{id}/replay/{event}")
async def replay(request: Request, id: str, event: str) -> Response:
    """Send an event once more."""
    return await _act(request, lambda hub: hub.webhooks.replay(id, event_id=event) and "/webhooks")


@router.post("/webhook/{id}/{wish}")
async def change_webhook(request: Request, id: str, wish: str) -> Response:
    """Send a test, or take up an endpoint again."""

    def act(hub: Any) -> str:
        if wish not in ("test", "enable"):
            raise NoSuchThing(f"nobody can {wish} an endpoint")
        getattr(hub.webhooks, wish)(id)
        return "/webhooks"

    return await _act(request, act)


async def _act(request: Request, act: Any) -> Response:
    await typed(request)  # refuses the forms of other sites

    def do() -> Response:
        signed_in(request, WRITE)
        return back(request, act(the_hub(request)) or "/webhooks")

    return await run_in_threadpool(do)


def ask_to_sign_in(request: Request, _: Exception) -> Response:
    """For the app: whoever is not signed in is sent to the form."""
    return back(request, "/login")


__all__ = ["SignIn", "ask_to_sign_in", "router"]
