"""A hand-made client for the sandbox, with a token, and a clock that stands still."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, dump_json
from anyerp_dynamics.sandbox.fno import FinanceOperationsSandbox

BASE = "https://env.example"


class Clock:
    def __init__(self):
        self.moment = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def advance(self, **span):
        self.moment += timedelta(**span)


class Client:
    """Asks a sandbox in process. Paths are under `/data/` unless they begin with a slash."""

    def __init__(self, **more):
        self.clock = Clock()
        self.sandbox = FinanceOperationsSandbox(now=self.clock, **more)
        self.settings = self.sandbox.settings(BASE)
        self.token = self.sign_in().json()["access_token"]

    def sign_in(self, scope=f"{BASE}/.default", **form):
        form = {"grant_type": "client_credentials", "scope": scope, **self.sandbox.credentials, **form}
        content = urlencode(form).encode()
        return self.sandbox.handle(Call("POST", f"/{self.settings['tenant']}/oauth2/v2.0/token", Headers(), content))

    def ask(self, method, path, body=None, **headers):
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        content = b"" if body is None else body if isinstance(body, bytes) else dump_json(body)
        if content:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        target = quote(path if path.startswith("/") else f"/data/{path}", safe="/$?&=(),'%*+:;")
        return self.sandbox.handle(Call(method, target, Headers(sent), content))

    def get(self, path, **headers):
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, answer.text()
        return answer.json()

    def rows(self, path, **headers):
        return self.get(path, **headers)["value"]

    def follow(self, link, **headers):
        assert link.startswith(f"{BASE}/data/")
        return self.get(link.removeprefix(BASE), **headers)

    def pages(self, path, **headers):
        body, pages = self.get(path, **headers), []
        while True:
            pages.append(body["value"])
            if "@odata.nextLink" not in body:
                return pages
            body = self.follow(body["@odata.nextLink"], **headers)

    def post(self, path, body, **headers):
        answer = self.ask("POST", path, body, **headers)
        assert answer.status == 201, answer.text()
        return answer.json()

    def order(self, **more):
        return self.post("PurchaseOrderHeadersV2", {"OrderVendorAccountNumber": "US-101", **more})[
            "PurchaseOrderNumber"
        ]

    def line(self, order, **more):
        body = {"PurchaseOrderNumber": order, "ItemNumber": "D0001", "ReceivingWarehouseId": "11", **more}
        return self.post("PurchaseOrderLinesV2", body)

    def refused(self, method, path, body=None, **headers):
        """What the Infolog said, its parts cleaned as the sheet says (§1.8)."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status == 400, (answer.status, answer.text())
        error = answer.json()["error"]
        assert (error["code"], error["message"]) == ("", "An error has occurred.")
        assert error["innererror"]["type"].endswith("AxODataWriteException")
        assert error["innererror"]["stacktrace"]
        said = error["innererror"]["message"].partition("Infolog: ")[2]
        parts = [re.sub(r"^(Info|Warning|Error): ", "", part.strip()) for part in said.split(";")]
        return [part for part in parts if "failed on data source" not in part]

    def act(self, name, **given):
        path = f"DataManagementDefinitionGroups/Microsoft.Dynamics.DataEntities.{name}"
        answer = self.ask("POST", path, given)
        assert answer.status == 200, answer.text()
        return answer.json()["value"]


@pytest.fixture
def clock(erp):
    return erp.clock


@pytest.fixture
def erp():
    return Client()


@pytest.fixture
def environment():
    """Make a client of an environment that differs."""
    return Client
