"""A hand-made client for the sandbox, with a token, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json
from anyerp_dynamics.sandbox.bc import AUDIENCE, TENANT, BusinessCentralSandbox


@dataclass
class Clock:
    moment: datetime = datetime(2026, 4, 1, 9, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Client:
    """Asks a sandbox in process. Paths are taken within a company unless they begin with a slash."""

    sandbox: BusinessCentralSandbox
    company: str = ""
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self.company = self.company or self.sandbox.company().id
        self.sign_in()

    @property
    def api(self) -> str:
        return f"/v2.0/{self.sandbox.environment}/api/v2.0"

    def sign_in(self, scope: str = f"{AUDIENCE}/.default") -> Response:
        form = {"grant_type": "client_credentials", "scope": scope}
        form |= self.credentials or self.sandbox.credentials
        headers = Headers({"Content-Type": "application/x-www-form-urlencoded"})
        call = Call("POST", f"/{TENANT}/oauth2/v2.0/token", headers, urlencode(form).encode())
        answer = self.sandbox.handle(call)
        self.token = answer.json().get("access_token", "")
        return answer

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **self.headers}
        content = b"" if body is None else body if isinstance(body, bytes) else dump_json(body)
        if content:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        inside = path if path.startswith("/") else f"{self.api}/companies({self.company})/{path}"
        target = quote(inside, safe="/$?&=(),'%*+:;")
        return self.sandbox.handle(Call(method, target, Headers(sent), content))

    def get(self, path: str, **headers: str) -> Any:
        """The body of a GET that must succeed."""
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, answer.text()
        return answer.json()

    def list(self, path: str, **headers: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get(path, **headers)["value"]
        return rows

    def pages(self, path: str, **headers: str) -> list[list[dict[str, Any]]]:
        """All pages of a list, by following the links."""
        pages, body = [], self.get(path, **headers)
        while True:
            pages.append(body["value"])
            link = body.get("@odata.nextLink")
            if link is None:
                return pages
            body = self.get(self.inside(link), **headers)

    @staticmethod
    def inside(link: str) -> str:
        """The target of an absolute link."""
        return "/" + link.split("://", 1)[1].partition("/")[2]

    def elsewhere(self, company: str) -> Client:
        """The same client in another company."""
        return Client(self.sandbox, company)

    def one(self, path: str) -> dict[str, Any]:
        """The only row of a list."""
        rows = self.list(path)
        assert len(rows) == 1, rows
        return rows[0]

    def order(self, number: str) -> dict[str, Any]:
        return self.one(f"purchaseOrders?$filter=number eq '{number}'&$expand=purchaseOrderLines")

    def post(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """The row of a POST that must succeed."""
        answer = self.ask("POST", path, body, **headers)
        assert answer.status == 201, answer.text()
        return dict(answer.json())

    def patch(self, path: str, body: Any, match: str = "*") -> dict[str, Any]:
        answer = self.ask("PATCH", path, body, If_Match=match)
        assert answer.status == 200, answer.text()
        return dict(answer.json())

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, str]:
        """Status, code and text (without the correlation id) of a request that must be refused."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status >= 400, answer.text()
        error = answer.json()["error"]
        text, _, correlation = error["message"].partition("  CorrelationId:  ")
        assert correlation.endswith(".")
        return answer.status, error["code"], text


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> BusinessCentralSandbox:
    return BusinessCentralSandbox(now=clock)


@pytest.fixture
def client(sandbox: BusinessCentralSandbox) -> Client:
    return Client(sandbox)


@pytest.fixture
def connect(clock: Clock) -> Callable[..., Client]:
    """Make a sandbox with other arguments, and a client of it."""
    return lambda **arguments: Client(BusinessCentralSandbox(now=clock, **arguments))


@pytest.fixture
def order() -> dict[str, Any]:
    """The body of an ordinary purchase order."""
    line = {"lineType": "Item", "lineObjectNumber": "1896-S", "quantity": 5, "directUnitCost": 12.5}
    return {"vendorNumber": "10000", "orderDate": "2026-03-15", "purchaseOrderLines": [line]}
