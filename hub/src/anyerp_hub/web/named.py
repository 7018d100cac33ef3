"""Every answer has a request id and careful headers, and a bug is said in our own words."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anyerp_hub.clock import new_id
from anyerp_hub.web import problem
from anyerp_hub.web.auth import the_hub


class Named:
    """Around the whole app, without a task or a queue of its own: half of a small call's cost was those."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        id = request.state.request_id = new_id("req", the_hub(request).database.wall())
        begun = False

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = id
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, named)
        except Exception as error:
            problem.log_bug(request, error)
            if begun:
                raise
            await problem.of_bug(request, error)(scope, receive, named)
