"""A hand-made client for the sandbox, with a cookie jar and a token, and a clock that stands still."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response
from anyerp_sap.sandbox import S4Sandbox

sys.path.append(str(Path(__file__).parent))  # `order_answers` is shared by the tests of this folder
pytest.register_assert_rewrite("order_answers")

ROOT = "/sap/opu/odata/sap/"
ORDERS = "API_PURCHASEORDER_PROCESS_SRV/"


@dataclass
class Clock:
    moment: datetime = datetime(2025, 6, 2, 9, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@dataclass
class Client:
    """Asks a sandbox in process, JSON unless told otherwise; keeps cookies and fetches a token when it writes."""

    sandbox: S4Sandbox
    service: str = ORDERS
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    language: str = ""

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str) -> Response:
        sent = {
            "host": "s4.example",
            "authorization": basic(self.sandbox.access.username, self.sandbox.access.password),
            "accept": "application/json",
        }
        if self.language:
            sent["accept-language"] = self.language
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token and method not in ("GET", "HEAD"):
            sent["x-csrf-token"] = self.token
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        target = path if path.startswith("/") else ROOT + self.service + quote(path, safe="/$?&=(),'%*+")
        answer = self.sandbox.handle(Call(method, target, Headers(sent), content))
        for cookie in answer.headers.all("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, **headers)

    def rows(self, path: str) -> list[dict]:
        answer = self.get(path)
        assert answer.status == 200, answer.text()
        return answer.json()["d"]["results"]

    def one(self, path: str) -> dict:
        answer = self.get(path)
        assert answer.status == 200, answer.text()
        return answer.json()["d"]

    def fetch_token(self) -> str:
        self.token = self.get("", x_csrf_token="Fetch").headers["x-csrf-token"]
        return self.token

    def write(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        if not self.token:
            self.fetch_token()
        content = b"" if body is None else json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
        return self.ask(method, path, content, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Response:
        return self.write("POST", path, body, **headers)

    def patch(self, path: str, body: object, **headers: str) -> Response:
        return self.write("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Response:
        return self.write("DELETE", path, **headers)

    def etag(self, path: str) -> str:
        return self.one(path)["__metadata"]["etag"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> S4Sandbox:
    return S4Sandbox(now=clock)


@pytest.fixture
def client(sandbox: S4Sandbox) -> Client:
    return Client(sandbox)


@pytest.fixture
def connect():
    """Make a client for a sandbox of one's own."""
    return Client


@pytest.fixture
def order_body() -> dict:
    """The smallest order that the system takes, with one schedule line."""
    return {
        "CompanyCode": "1010",
        "PurchaseOrderType": "NB",
        "Supplier": "10300001",
        "PurchasingOrganization": "1010",
        "PurchasingGroup": "001",
        "to_PurchaseOrderItem": {
            "results": [
                {
                    "Material": "TG11",
                    "Plant": "1010",
                    "OrderQuantity": "5",
                    "NetPriceAmount": "12.50",
                    "to_ScheduleLine": {
                        "results": [
                            {
                                "ScheduleLineDeliveryDate": "/Date(1749340800000)/",
                                "ScheduleLineOrderQuantity": "5",
                            }
                        ]
                    },
                }
            ]
        },
    }


@pytest.fixture
def created(client: Client, order_body: dict) -> Response:
    """What was answered when the smallest order was posted."""
    answer = client.post("A_PurchaseOrder", order_body)
    assert answer.status == 201, answer.text()
    return answer
