"""The connect page: a person chooses their system, fills in what only they know, and sees at once whether it works.

Where the system has a sign-in of its own, they are sent there and come back to `consent.py`.
"""

from __future__ import annotations

from typing import Any

from anyerp.connector import Connector
from anyerp.connector.registry import registry
from anyerp.errors import AnyErpError
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anyerp_hub.connection.cause import cause_of
from anyerp_hub.connection.check import consents
from anyerp_hub.connection.session import ConnectSession
from anyerp_hub.error import NoSuchThing
from anyerp_hub.hub import Hub
from anyerp_hub.web.auth import the_hub
from anyerp_hub.web.page.consent import callback_of, leave
from anyerp_hub.web.page.form import about_of, fields, title_of, values
from anyerp_hub.web.page.render import page, typed

router = APIRouter(include_in_schema=False)


def over(request: Request, error: NoSuchThing) -> Response:
    """What is shown for a link that is of no use any more."""
    return page(request, "over.html", 410, title="This link is over", message=error.message, hint=error.hint)


@router.get("/connect/{link}", name="connect_page")
def show(request: Request, link: str, connector: str | None = None, way: int | None = None) -> Response:
    """The form, or the choice of a system before it."""
    hub = the_hub(request)
    try:
        session = hub.sessions.find(link)
    except NoSuchThing as error:
        return over(request, error)
    chosen = session.connector or connector
    if chosen is None or chosen not in registry().connectors:
        known = [(name, found.info.title) for name, found in sorted(registry().connectors.items())]
        return page(request, "choose.html", link=link, connectors=known, session=session)
    return form(request, hub, link, session, registry().connector(chosen), way, {}, None)


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
        return over(request, error)
    name = session.connector or given.get("connector", "")
    if name not in registry().connectors:
        return show(request, link)
    connector = registry().connector(name)
    way = int(given["way"]) if given.get("way", "").isdigit() else 0
    way = min(way, len(connector.credentials) - 1)
    settings = values(connector.settings, "settings", given)
    credentials = values(connector.credentials[way], "credentials", given)
    try:
        if consents(connector, connector.credentials[way]):
            asked = hub.consents.begin(link, name, settings, credentials, callback_of(request))
            return leave(request, connector.title, asked)
        info = hub.connect_by_link(link, name, settings, credentials)
    except AnyErpError as error:
        return form(request, hub, link, session, connector, way, given, error)
    return page(request, "connected.html", info=info, return_url=session.return_url)


def form(
    request: Request,
    hub: Hub,
    link: str,
    session: ConnectSession,
    connector: Connector,
    way: int | None,
    given: dict[str, str],
    error: AnyErpError | None,
) -> Response:
    """The form, with what was typed and what is wrong with it. What is known of a connection is filled in."""
    shown, client = dict(given), hub.consents.client(session)
    if way is None:
        way = 0 if client is None else connector.credentials.index(client[0])
    way = max(0, min(way, len(connector.credentials) - 1))
    model = connector.credentials[way]
    kept = client is not None and client[0] is model
    if session.connection_id is not None and not given:
        known = hub.info(session.connection_id).settings
        shown = {f"settings.{name}": value for name, value in known.items() if isinstance(value, str)}
        if client is not None and kept:
            shown |= {f"credentials.{name}": value for name, value in client[1].items()}
    errors = {} if error is None else _places(error)
    every = fields(connector.settings, "settings", shown, errors)
    facts: dict[str, Any] = {
        "link": link,
        "session": session,
        "connector": connector,
        "ways": [title_of(each) for each in connector.credentials],
        "way": way,
        "about": about_of(model),
        "required": [one for one in every if one.required],
        "optional": [one for one in every if not one.required],
        "credentials": fields(model, "credentials", shown, errors, kept=kept),
        "redirect_uri": callback_of(request) if consents(connector, model) else None,
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
