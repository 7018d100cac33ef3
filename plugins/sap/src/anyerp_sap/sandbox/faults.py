"""Strikes in SAP's shapes, for `sandbox.faults` (through `Once`): overload, throttling, a dump after the commit."""

from __future__ import annotations

from collections.abc import Callable

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response

from anyerp_sap.sandbox.app import S4Sandbox
from anyerp_sap.sandbox.errors import html_page

Strike = Callable[[Call, Callable[[], Response]], Response]


def overloaded(retry_after: str | None = None) -> Strike:
    """Answer with the HTML page of an overloaded or stopped server, 503; `Retry-After` may be missing (sheet §6)."""
    headers = {"retry-after": retry_after} if retry_after is not None else {}
    page = html_page(503, "Service Unavailable", "Server overloaded or in maintenance", headers)
    return lambda call, proceed: page


def throttled(retry_after: str | None = "1") -> Strike:
    """Answer as a gateway in front does when there were too many calls, 429."""
    headers = {"content-type": "text/html", **({"retry-after": retry_after} if retry_after is not None else {})}
    response = Response(429, Headers(headers), b"<html><body><h1>Too Many Requests</h1></body></html>")
    return lambda call, proceed: response


def dump_after_commit(call: Call, proceed: Callable[[], Response]) -> Response:
    """Do the work, then answer with a short dump, 500: not a sign that nothing was written (sheet §6)."""
    proceed()
    return html_page(500, "Internal Server Error", "Runtime error TIME_OUT")


def session_expiry(sandbox: S4Sandbox) -> Strike:
    """End all sessions just before the call: its token is refused, the next fetch works."""

    def strike(call: Call, proceed: Callable[[], Response]) -> Response:
        sandbox.expire_sessions()
        return proceed()

    return strike
