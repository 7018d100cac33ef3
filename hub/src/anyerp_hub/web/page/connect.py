"""The connect page: a person chooses their system, fills in what only they know, and sees at once whether it works."""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector
from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anyerp_hub.connection.cause import cause_of
from anyerp_hub.connection.session import ConnectSession
from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.page.form import fields, title_of, values
from anyerp_hub.web.page.render import page, typed

router = APIRouter(include_in_schema=False)


@router.get("/connect/{link}", name="connect_page")
def show(request: Request, link: str, connector: str | None = None, way: int = 0) -> Response:
    """The form, or the choice of a system before it."""
    hub = the_hub(request)
    try:
        session = hub.sessions.find(link)
    except NoSuchThing as error:
        return page(request, "over.html", 410, message=error.message, hint=error.hint)
    chosen = session.connector or connector
    if chosen is None or chosen not in registry().connectors:
        known = [(name, found.info.title) for name, found in sorted(registry().connectors.items())]
        return page(request, "choose.html", link=link, connectors=known, session=session)
    return _form(request, hub, link, session, registry().connector(chosen), way, {}, None)


@router.post("/connect/{link}")
async def connect(request: Request, link: str) -> Response:
    """Try what was filled in."""
    given = await typed(request)
    return await run_in_threadpool(_tried, request, link, given)


def _tried(request: Request, link: str, given: dict[str, str]) -> Response:
    hub = the_hub(request)
    try:
        session = hub.sessions.find(link)
    except NoSuchThing as error:
        return page(request, "over.html", 410, message=error.message, hint=error.hint)
    name = session.connector or given.get("connector", "")
    if name not in registry().connectors:
        return show(request, link)
    connector = registry().connector(name)
    way = int(given["way"]) if given.get("way", "").isdigit() else 0
    way = min(way, len(connector.credentials) - 1)
    settings = values(connector.settings, "settings", given)
    credentials = values(connector.credentials[way], "credentials", given)
    try:
        info = hub.connect_by_link(link, name, settings, credentials)
    except AnyErpError as error:
        return _form(request, hub, link, session, connector, way, given, error)
    return page(request, "connected.html", info=info, return_url=session.return_url)


def _form(
    request: Request,
    hub: Hub,
    link: str,
    session: ConnectSession,
    connector: Connector,
    way: int,
    given: dict[str, str],
    error: AnyErpError | None,
) -> Response:
    shown = dict(given)
    if session.connection_id is not None and not given:
        known = hub.info(session.connection_id).settings
        shown = {f"settings.{name}": value for name, value in known.items() if isinstance(value, str)}
    errors = {} if error is None else _places(error)
    way = max(0, min(way, len(connector.credentials) - 1))
    every = fields(connector.settings, "settings", shown, errors)
    facts: dict[str, Any] = {
        "link": link,
        "session": session,
        "connector": connector,
        "ways": [title_of(model) for model in connector.credentials],
        "way": way,
        "required": [one for one in every if one.required],
        "optional": [one for one in every if not one.required],
        "credentials": fields(connector.credentials[way], "credentials", shown, errors),
        "error": error,
        "cause": None if error is None else cause_of(error),
        "others": [] if error is None else [p.message for p in error.problems if _place(p.pointer) not in errors],
    }
    return page(request, "connect.html", 200 if error is None else 422, **facts)


def _places(error: AnyErpError) -> dict[str, str]:
    return {
        _place(problem.pointer): problem.message.partition(": ")[2] or problem.message for problem in error.problems
    }


def _place(pointer: str) -> str:
    return ".".join(pointer.strip("/").split("/")[:2])
