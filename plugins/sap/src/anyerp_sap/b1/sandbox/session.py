"""Sessions: a log-in costs a licence, idle ones end, each lives on one node behind the balancer (sap sheet §13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from anyerp.wire import Headers

from anyerp_sap.b1.sandbox.errors import Refused, bad_payload, invalid_session

VERSION = "1000280"


@dataclass(slots=True)
class Session:
    """One log-in: its id, the node it lives on, and when it was last used."""

    id: str
    node: str
    used: datetime


@dataclass
class Sessions:
    """Who is logged in. `limit` sessions at once (0: no limit), `nodes` servers behind the balancer."""

    now: Callable[[], datetime]
    company: str
    user: str
    password: str
    timeout_minutes: int = 30
    limit: int = 0
    nodes: int = 1
    live: dict[str, Session] = field(default_factory=dict)
    logins: int = 0
    _asked: int = 0

    def login(self, body: Mapping[str, Any]) -> Session:
        """Open a session. Raises `Refused`: 401 for wrong credentials; codes and texts here are own knowledge."""
        for name in body:
            if name not in ("CompanyDB", "UserName", "Password", "Language"):
                raise bad_payload(f"Property '{name}' of 'B1Session' is invalid")
        if body.get("CompanyDB") != self.company:
            raise Refused(401, -304, "Fail to get DB Credentials from SLD")
        if (body.get("UserName"), body.get("Password")) != (self.user, self.password):
            raise Refused(401, -304, "Fail to get DB Credentials from SLD. Invalid user name or password")
        self._drop_idle()
        if self.limit and len(self.live) >= self.limit:
            raise Refused(500, 305, "Switch company error: -1102")
        self.logins += 1
        digest = hashlib.sha256(f"{self.company}/{self.logins}".encode()).hexdigest()
        name = "-".join(digest[start : start + 8] for start in range(0, 32, 8))
        session = Session(name, f".node{(self.logins - 1) % self.nodes + 1}", self.now())
        self.live[name] = session
        return session

    def logout(self, session: Session) -> None:
        """End a session and free its licence."""
        self.live.pop(session.id, None)

    def current(self, headers: Headers) -> Session:
        """The session that a request's cookies name. Raises `Refused` (401, code 301)."""
        cookies: SimpleCookie = SimpleCookie()
        for header in headers.all("cookie"):
            try:
                cookies.load(header)
            except CookieError:
                continue
        name = cookies["B1SESSION"].value if "B1SESSION" in cookies else ""
        node = cookies["ROUTEID"].value if "ROUTEID" in cookies else self._any_node()
        self._drop_idle()
        session = self.live.get(name)
        if session is None or (self.nodes > 1 and session.node != node):
            raise invalid_session()
        session.used = self.now()
        return session

    def _any_node(self) -> str:
        """Where the balancer sends a request without ROUTEID: to each node in turn."""
        self._asked += 1
        return f".node{self._asked % self.nodes + 1}"

    def _drop_idle(self) -> None:
        oldest = self.now() - timedelta(minutes=self.timeout_minutes)
        self.live = {name: session for name, session in self.live.items() if session.used > oldest}
