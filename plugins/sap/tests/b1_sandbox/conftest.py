"""A bare client of the Service Layer for these tests: keeps its cookies, and leaves every answer as it came."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, dump_json
from anyerp_sap.b1.sandbox import COMPANY_DB, BusinessOneSandbox


@dataclass
class Clock:
    moment: datetime = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: int) -> None:
        self.moment += timedelta(**span)


@dataclass
class Client:
    sandbox: BusinessOneSandbox
    version: str = "v2"
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None) -> Response:
        sent = {"Host": "b1server:50000", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        target = path if path.startswith("/") else f"/b1s/{self.version}/{path}"
        return self.sandbox.handle(Call(method, target, Headers(sent), content))

    def login(self, **changes: str) -> Response:
        known = self.sandbox.credentials
        body = {"CompanyDB": COMPANY_DB, "UserName": known["username"], "Password": known["password"]} | changes
        answer = self.send("POST", "Login", dump_json(body))
        for cookie in answer.headers.all("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> Any:
        answer = self.send("GET", path, headers=headers)
        assert answer.status == 200, answer.content
        return answer.json()

    def rows(self, path: str, **headers: str) -> list[Any]:
        return self.get(path, **headers)["value"]

    def write(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(method, path, b"" if body is None else dump_json(body), sent)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.write("POST", path, body, **headers)
        assert answer.status == 201, answer.content
        return answer.json()

    def patch(self, path: str, body: Any, **headers: str) -> None:
        answer = self.write("PATCH", path, body, **headers)
        assert (answer.status, answer.content) == (204, b""), answer.content

    def refusal(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, str]:
        """Status, code and text of a refused request."""
        answer = self.write(method, path, body, **headers)
        assert answer.status >= 400, answer.content
        error = answer.json()["error"]
        text = error["message"]
        return answer.status, str(error["code"]), text if isinstance(text, str) else text["value"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connect() -> Callable[..., Client]:
    """Make a sandbox with options, and log in to it."""

    def make(version: str = "v2", **options: Any) -> Client:
        client = Client(BusinessOneSandbox(**options), version)
        assert client.login().status == 200
        return client

    return make


@pytest.fixture
def erp(connect: Callable[..., Client]) -> Client:
    return connect()


@pytest.fixture
def order() -> Callable[..., dict[str, Any]]:
    """The body of an order: one line of ten Fresnel lamps, unless lines are given."""

    def make(*lines: dict[str, Any], **head: Any) -> dict[str, Any]:
        default = {"ItemCode": "A1001", "Quantity": 10, "UnitPrice": 100}
        return {"CardCode": "V10000", "DocumentLines": list(lines) or [default], **head}

    return make


@pytest.fixture(scope="session")
def sheet() -> Path:
    """The folder of the fact sheet's data; tests that need it are skipped without it."""
    default = Path(__file__).parents[4].parent / "shared"
    folder = Path(os.environ.get("ANYERP_SHARED", default)) / "erp" / "sap"
    if not folder.is_dir():
        pytest.skip("the fact sheets are not here (ANYERP_SHARED)")
    return folder
