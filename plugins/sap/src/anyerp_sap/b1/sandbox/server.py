"""The sandbox of Business One's Service Layer: sessions in front, a company behind, levers for tests beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from anyerp.testing.sandbox import Call, Fault, Once, answer_with, through_faults
from anyerp.wire import Headers, Response

from anyerp_sap.b1.sandbox.batch import Batch
from anyerp_sap.b1.sandbox.breakdown import apache
from anyerp_sap.b1.sandbox.dialect import DIALECTS, Dialect, answer
from anyerp_sap.b1.sandbox.errors import Refused, unknown_path
from anyerp_sap.b1.sandbox.exchange import Asked, Exchange
from anyerp_sap.b1.sandbox.payload import Writing, parse
from anyerp_sap.b1.sandbox.rules import document
from anyerp_sap.b1.sandbox.seed import purchase, seed
from anyerp_sap.b1.sandbox.session import VERSION, Session, Sessions
from anyerp_sap.b1.sandbox.world import World

COMPANY_DB = "SBOLUMIERE"
_NOON = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)


class BusinessOneSandbox:
    """A Business One company behind `/b1s/v2` and `/b1s/v1`, without a socket; `anyerp.testing.sandbox.serve` has one.

    `orders` adds generated purchase orders to the twelve seeded. `now` is the clock, in UTC; it stands still unless
    given. `session_limit` and `nodes` are the licences and the servers behind the balancer. `approval_above` keeps
    larger documents of one set (`approval_of`) as drafts, answered with 204 or, with `approval_answers_not_found`,
    with 404 / -2028.
    `branch_mandatory` refuses documents without a branch. `bare_links` leaves the options out of next links.
    `lights` are ordered by order 2: the more, the more receipts can be made for it.
    """

    def __init__(
        self,
        *,
        orders: int = 0,
        now: Callable[[], datetime] = lambda: _NOON,
        session_timeout: int = 30,
        session_limit: int = 0,
        nodes: int = 1,
        approval_above: Decimal | None = None,
        approval_of: str = "PurchaseOrders",
        approval_answers_not_found: bool = False,
        branch_mandatory: bool = False,
        bare_links: bool = False,
        lights: int = 10,
    ) -> None:
        self.world = World(now)
        for type_name in ("Document", "DocumentLine", "BusinessPartner", "Item"):
            self.world.add_user_field(type_name, "U_ExternalRef")
        self.world.add_user_field("Document", "U_Urgent", "enum:BoYesNoEnum", "tNO")
        seed(self.world, orders, lights)
        self.world.approval_above, self.world.approval_of = approval_above, approval_of
        self.world.approval_answers_not_found = approval_answers_not_found
        self.world.branch_mandatory = branch_mandatory
        self.credentials: Mapping[str, str] = {"username": "manager", "password": "Sandbox-0001"}
        self.sessions = Sessions(
            now,
            COMPANY_DB,
            self.credentials["username"],
            self.credentials["password"],
            timeout_minutes=session_timeout,
            limit=session_limit,
            nodes=nodes,
        )
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self._bare_links = bare_links
        self._denied: set[str] = set()
        self._lock = threading.RLock()

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """What a connection needs besides the credentials; the zone is that of the company's stamps."""
        return {"base_url": base_url, "company_db": COMPANY_DB, "time_zone": "+02:00"}

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included."""
        with self._lock:
            self.calls.append(call)
        return through_faults(self.faults, call, lambda: self._locked(call))

    def rotate_credentials(self) -> Mapping[str, str]:
        """Another password from now on, and every session ended; gives the new credentials."""
        with self._lock:
            number = int(self.credentials["password"][-4:]) + 1
            self.credentials = {**self.credentials, "password": f"Sandbox-{number:04}"}
            self.sessions.password = self.credentials["password"]
            self.sessions.live.clear()
            return self.credentials

    def expire_sessions(self) -> None:
        """Every session times out at once."""
        with self._lock:
            self.sessions.live.clear()

    def revoke(self, entity_set: str) -> None:
        """The user may no longer touch an entity set."""
        self._denied.add(entity_set)

    def grant(self, entity_set: str) -> None:
        """The user may again."""
        self._denied.discard(entity_set)

    def touch(self, entry: int, entity_set: str = "PurchaseOrders", comments: str = "Changed by someone else") -> None:
        """Someone else edits a document."""
        with self._lock:
            row, writing = self.world.store.get(entity_set, entry), Writing(self.world.types)
            document.update(self.world, entity_set, row, {"Comments": comments}, writing, resetting=False)

    def receive(self, entry: int, line: int, quantity: Decimal | str) -> int:
        """Someone receives goods for an order (by DocEntry and LineNum); gives the receipt's DocEntry."""
        with self._lock:
            made: int = purchase.receive(self.world, entry, line, str(quantity))["DocEntry"]
            return made

    def overload(self, times: int = 1, status: int = 503) -> None:
        """The next calls meet the web server's own error page, and nothing behind it."""
        self.faults.append(Once(answer_with(apache(status)), times=times))

    def _locked(self, call: Call) -> Response:
        with self._lock:
            return self._answer(call)

    def _answer(self, call: Call) -> Response:
        path, _, query = call.target.partition("?")
        _, _, rest = path.partition("/b1s/")
        version, _, rest = rest.partition("/")
        dialect = DIALECTS.get(version)
        if dialect is None or not path.startswith("/b1s/"):
            return apache(404)
        root = f"https://{call.headers.get('host', 'b1server:50000')}{dialect.path}"
        asked = Asked(call.method, rest, query, call.headers, call.content)
        try:
            if rest == "Login":
                return self._login(asked, dialect, root)
            session = self.sessions.current(call.headers)
            exchange = Exchange(self.world, dialect, root, frozenset(self._denied), self._bare_links)
            if rest == "Logout":
                return self._logout(session)
            if rest == "$batch" and call.method == "POST":
                return Batch(exchange.answer, dialect.batch_status).run(call.headers, call.content, self._together)
        except Refused as problem:
            return dialect.error(problem)
        return exchange.answer(asked)

    def _together(self, work: Callable[[], None]) -> None:
        with self.world.store.together():
            work()

    def _login(self, asked: Asked, dialect: Dialect, root: str) -> Response:
        if asked.method != "POST":
            raise unknown_path()
        session = self.sessions.login(parse(asked.content))
        body = {
            dialect.context: f"{root}/$metadata#B1Sessions/$entity"
            if dialect.modern
            else f"{root}/$metadata#B1Sessions",
            "SessionId": session.id,
            "Version": VERSION,
            "SessionTimeout": self.sessions.timeout_minutes,
        }
        response = answer(200, body)
        cookies = [
            ("Set-Cookie", f"B1SESSION={session.id};path=/b1s;HttpOnly;SameSite=None"),
            ("Set-Cookie", f"ROUTEID={session.node}; path=/b1s"),
        ]
        return Response(200, Headers([*response.headers.items_with_repeats(), *cookies]), response.content)

    def _logout(self, session: Session) -> Response:
        self.sessions.logout(session)
        return Response(204)
