"""Server sessions and CSRF tokens: a token counts only together with all cookies of its session (sap sheet §3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response

from anyerp_sap.sandbox.errors import Refused, html_page

_SESSION, _XSRF, _CONTEXT = "SAP_SESSIONID_S4H_100", "sap-XSRF_S4H_100", "sap-usercontext"
_LIFE = timedelta(minutes=30)


@dataclass
class Session:
    """One server session: its two cookie values, the token handed out in it, and when it was last used."""

    identity: str
    xsrf: str
    token: str
    used: datetime
    user: str


@dataclass
class Sessions:
    """The sessions of the system. `most` of them may be open at a time (None: no limit)."""

    now: Callable[[], datetime]
    most: int | None = None
    _open: dict[str, Session] = field(default_factory=dict, repr=False)

    def clear(self) -> None:
        """End all sessions: what a restart or thirty minutes of silence do."""
        self._open.clear()

    def enter(self, call: Call, user: str) -> tuple[Session, bool]:
        """Find the session of a call, or open a new one; the flag says it is new. Raises a 503 when there are too many.

        Every call without the cookies of a living session opens another one (sheet §3, 5).
        """
        now = self.now()
        for identity in [i for i, s in self._open.items() if s.used + _LIFE <= now]:
            del self._open[identity]
        cookies = _cookies(call)
        session = self._open.get(cookies.get(_SESSION, ""))
        if session is not None and session.xsrf == cookies.get(_XSRF) and session.user == user:
            session.used = now
            return session, False
        if self.most is not None and len(self._open) >= self.most:
            raise Refused(html_page(503, "Service Unavailable", "Maximum number of sessions reached"))
        identity, xsrf, token = (secrets.token_urlsafe(16) for _ in range(3))
        session = Session(identity, xsrf, token, now, user)
        self._open[session.identity] = session
        return session, True


def _cookies(call: Call) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for header in call.headers.all("cookie"):
        try:
            jar.load(header)
        except CookieError:
            continue
    return {name: morsel.value for name, morsel in jar.items()}


def need_token(call: Call, session: Session) -> None:
    """Let a write go on. Raises the 403 with `x-csrf-token: Required` for a token of another session, or none."""
    if call.method in ("GET", "HEAD"):
        return
    given = call.headers.get("x-csrf-token", "")
    if not secrets.compare_digest(given.encode(), session.token.encode()):
        headers = Headers({"x-csrf-token": "Required", "content-type": "text/plain;charset=utf-8"})
        raise Refused(Response(403, headers, b"CSRF token validation failed"))


def with_session(response: Response, call: Call, session: Session | None, fresh: bool) -> Response:
    """Add the token when it was fetched, and the cookies of a new session.

    The real cookies are `secure`; on loopback HTTP a jar would not send them back, so that word is left out.
    """
    if session is None:
        return response
    pairs = list(response.headers.items_with_repeats())
    if call.method in ("GET", "HEAD") and call.headers.get("x-csrf-token", "").lower() == "fetch":
        pairs.append(("x-csrf-token", session.token))
    if fresh:
        pairs += [
            ("set-cookie", f"{_CONTEXT}=sap-client=100; path=/"),
            ("set-cookie", f"{_SESSION}={session.identity}; path=/; HttpOnly"),
            ("set-cookie", f"{_XSRF}={session.xsrf}; path=/; HttpOnly"),
        ]
    return Response(response.status, Headers(pairs), response.content)
