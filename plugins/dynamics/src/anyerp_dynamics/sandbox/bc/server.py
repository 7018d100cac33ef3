"""The sandbox of Business Central: a small stateful environment with three companies, spoken to as API v2.0."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from anyerp.testing.sandbox import Call, Fault, through_faults
from anyerp.wire import Headers, Response, dump_json

from ..entra import DOMAIN, TENANT
from ..odata import split_target
from .gate import AUDIENCE, Gate
from .language import spoken
from .problem import JSON, Problem
from .schema import EXTENDED, SCHEMA
from .seed import seeded
from .service import Service
from .store import Company, Journal
from .subscribing import subscribe
from .throttle import Limits, Throttle, too_many
from .webhook import SUPPORTED, Deliver, Webhooks, deliver_on_loopback
from .world import World

_RUNTIME = "/api/microsoft/runtime/beta/companies("


def _clock() -> datetime:
    return datetime.now(UTC)


class BusinessCentralSandbox(World):
    """A Business Central environment with seeded companies.

    `orders` adds so many generated purchase orders to the first company. `now` is its clock, `limits` what one user may
    ask, `language` the language of a user who names none, `extension` the name of a customer's own API
    (`contoso/purchasing/v1.0`), `deliver` what carries webhook notifications (loopback only by default).
    Everything that was asked is in `calls`; what is in `faults` may answer first.
    """

    def __init__(
        self,
        *,
        orders: int = 0,
        now: Callable[[], datetime] = _clock,
        limits: Limits | None = None,
        environment: str = "Production",
        language: str = "en-US",
        extension: str | None = None,
        deliver: Deliver = deliver_on_loopback,
    ) -> None:
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.environment = environment
        self.language = language
        self.limits = limits or Limits()
        self.gate = Gate(now)
        self._lock = threading.RLock()
        self._answers = 0
        self._base_url = AUDIENCE
        self.throttle = Throttle(self.limits, now)
        journal = Journal(now)
        platform = Company(id="", name="", currency="", journal=journal)
        companies = {}
        for row, company in seeded(journal, orders):
            platform.tables["companies"][row["id"]] = row
            companies[company.id] = company
        super().__init__(platform, companies, self._lock)
        self.webhooks = Webhooks(platform, deliver)
        for company in companies.values():
            self.webhooks.watch(company)
        self.service = Service(
            (TENANT, DOMAIN),
            environment,
            platform,
            companies,
            self.limits,
            self._root,
            self._say,
            self.revoked,
            {"v2.0": SCHEMA} | ({extension: EXTENDED} if extension else {}),
            lambda exchange, target: subscribe(self.webhooks, exchange, target),
        )

    @property
    def credentials(self) -> Mapping[str, Any]:
        """What a client needs to be let in."""
        return self.gate.entra.credentials

    def settings(self, base_url: str) -> Mapping[str, Any]:
        """Connection settings at an address; tokens are given out there too."""
        self._base_url = base_url.rstrip("/")
        return {
            "base_url": self._base_url,
            **self.gate.entra.settings(self._base_url),
            "environment": self.environment,
            "company": next(iter(self.companies)),
        }

    def rotate_credentials(self) -> None:
        """A new client secret; tokens given out live on."""
        self.gate.entra.rotate_credentials()

    def expire_sessions(self) -> None:
        """No token given out so far is good any more."""
        self.gate.entra.expire_sessions()

    def notify(self) -> int:
        """Deliver the webhook notifications that are due; gives how many were posted."""
        with self._lock:
            return self.webhooks.tell()

    def handle(self, call: Call) -> Response:
        """Answer one call, faults included; calls for tokens count against no limit."""
        self.calls.append(call)
        if self.gate.entra.answers(call):
            return through_faults(self.faults, call, lambda: self.gate.entra.handle(call))
        with self.throttle.place() as free:
            return through_faults(self.faults, call, lambda: self._answer(call, free=free))

    def _answer(self, call: Call, *, free: bool) -> Response:
        with self._lock:
            self._answers += 1
            try:
                response = self._dispatch(call, free=free)
            except Problem as problem:
                response = self._say(problem, call)
            headers = [*response.headers.items_with_repeats(), ("request-id", self._correlation())]
            return replace(response, headers=Headers(headers))

    def _dispatch(self, call: Call, *, free: bool) -> Response:
        path, _ = split_target(call.target)
        self.gate.check(call.headers.get("authorization"))
        if not free:
            raise too_many()
        self.throttle.count()
        self.platform.journal.commit()
        if path.startswith("/environments/v1."):
            return self._environments(call)
        if _RUNTIME in path:
            return self._runtime(path)
        return self.service.answer(call)

    def _environments(self, call: Call) -> Response:
        root = self._root(call, "")
        found = {
            "aadTenantId": TENANT,
            "applicationFamily": "BusinessCentral",
            "type": "Production",
            "name": self.environment,
            "countryCode": "US",
            "webServiceUrl": root,
            "webClientLoginUrl": f"{root}/{TENANT}/{self.environment}",
        }
        return Response(200, Headers({"Content-Type": JSON}), dump_json({"value": [found]}))

    @staticmethod
    def _runtime(path: str) -> Response:
        if not path.endswith("/webhookSupportedResources"):
            raise Problem(404, "BadRequest_ResourceNotFound", "Resource not found for the segment.")
        value = [{"resource": f"v2.0/{name}"} for name in SUPPORTED]
        return Response(200, Headers({"Content-Type": JSON}), dump_json({"value": value}))

    def _root(self, call: Call, prefix: str) -> str:
        """The absolute address of a prefix, as the client came to it."""
        host = call.headers.get("host")
        if host is None or self._base_url.endswith(f"//{host}"):
            return self._base_url + prefix
        return f"http://{host}{prefix}"

    def _correlation(self) -> str:
        return f"00000000-0000-4000-8000-{self._answers:012x}"

    def _say(self, problem: Problem, call: Call) -> Response:
        return spoken(problem, call.headers.get("accept-language"), self.language).response(self._correlation())
