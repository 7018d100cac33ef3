"""What one can do from the dashboard: each a form that needs no script, and leads back to a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.vault.token import WRITE
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.page.login import back, signed_in
from anyerp_hub.web.page.render import page, typed

router = APIRouter(include_in_schema=False)
#: From how far back deliveries can be sent again in one go, by the name of the button.
REACH = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@router.post("/flow/{name}/run")
async def run_flow(request: Request, name: str) -> Response:
    """Run a flow now."""
    return await _act(request, lambda hub: f"/flows#{hub.flows.run(name).flow}")


@router.post("/watch/{id}/run")
async def run_watch(request: Request, id: str) -> Response:
    """Look at a watched resource now, as a job that shows how far it is."""
    return await _act(request, lambda hub: f"/job/{hub.watches.submit(id).id}")


@router.post("/link")
async def link(request: Request) -> Response:
    """Go to a connect page of one's own."""
    return await _act(request, lambda hub: f"/connect/{hub.sessions.create().link}")


@router.post("/connection/{id}/check")
async def check(request: Request, id: str) -> Response:
    """Try a connection now, and show what works and what is missing."""
    await typed(request)

    def do() -> Response:
        signed_in(request, WRITE)
        hub = the_hub(request)
        checks = hub.check(id)
        return page(request, "check.html", info=hub.info(id), checks=checks, here="/")

    return await run_in_threadpool(do)


@router.post("/connection/{id}/{wish}")
async def change_connection(request: Request, id: str, wish: str) -> Response:
    """Pause, resume, or go to the page that reconnects."""

    def act(hub: Hub) -> str:
        match wish:
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

    def act(hub: Hub) -> str:
        if wish not in ("pause", "resume", "cancel", "retry"):
            raise NoSuchThing(f"nobody can {wish} a job")
        getattr(hub.jobs, wish)(id)
        return f"/job/{id}"

    return await _act(request, act)


@router.post("/webhook/{id}/replay/{event}")
async def replay(request: Request, id: str, event: str) -> Response:
    """Send an event once more."""

    def act(hub: Hub) -> str:
        hub.webhooks.replay(id, event_id=event)
        return "/webhooks"

    return await _act(request, act)


@router.post("/webhook/{id}/replay-failed/{reach}")
async def replay_failed(request: Request, id: str, reach: str) -> Response:
    """Send once more what failed within the last hour, day or week."""

    def act(hub: Hub) -> str:
        if reach not in REACH:
            raise NoSuchThing(f"nobody can send the last {reach} again")
        hub.webhooks.replay(id, since=hub.database.wall() - REACH[reach], only_failed=True)
        return "/webhooks"

    return await _act(request, act)


@router.post("/webhook/{id}/{wish}")
async def change_webhook(request: Request, id: str, wish: str) -> Response:
    """Send a test, or take up an endpoint again."""

    def act(hub: Hub) -> str:
        if wish not in ("test", "enable"):
            raise NoSuchThing(f"nobody can {wish} an endpoint")
        getattr(hub.webhooks, wish)(id)
        return "/webhooks"

    return await _act(request, act)


async def _act(request: Request, act: Callable[[Hub], str]) -> Response:
    await typed(request)  # refuses the forms of other sites

    def do() -> Response:
        signed_in(request, WRITE)
        return back(request, act(the_hub(request)))

    return await run_in_threadpool(do)
