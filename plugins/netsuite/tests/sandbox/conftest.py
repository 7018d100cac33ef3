"""A hand-made client for the sandbox: logs on with an assertion made by PyJWT, under a clock that stands still."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import pytest
from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response
from anyerp_netsuite.sandbox import NetSuiteSandbox

HOST = "1234567-sb1.suitetalk.api.netsuite.com"
TOKEN = "/services/rest/auth/oauth2/v1/token"
RECORDS = "/services/rest/record/v1/"
SUITEQL = "/services/rest/query/v1/suiteql"


@dataclass
class Clock:
    moment: datetime = datetime(2026, 6, 2, 9, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


def assertion(sandbox: NetSuiteSandbox, now: datetime, *, key: Any = None, alg: str = "ES256", **changes: Any) -> str:
    """A client assertion; keywords change claims, `kid` and `typ` the header, None leaves a claim out."""
    known = sandbox.credentials
    header = {"typ": changes.pop("typ", "JWT"), "kid": changes.pop("kid", known["certificate_id"])}
    issued = int(now.timestamp())
    claims = {
        "iss": known["client_id"],
        "scope": ["rest_webservices"],
        "aud": f"https://{HOST}{TOKEN}",
        "iat": issued,
        "exp": issued + 300,
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, key or known["private_key"], algorithm=alg, headers=header)


def send(sandbox: NetSuiteSandbox, method: str, target: str, content: bytes = b"", **headers: str) -> Response:
    """One bare call; `_` in a header's keyword stands for `-`."""
    sent = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.handle(Call(method, target, Headers(sent), content))


def ask_token(sandbox: NetSuiteSandbox, token: str, **form: str) -> Response:
    """The token endpoint, with an assertion."""
    body = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
    } | form
    return post_form(sandbox, body)


def post_form(sandbox: NetSuiteSandbox, form: dict[str, str], **headers: str) -> Response:
    """A form to the token endpoint."""
    media = {"content_type": "application/x-www-form-urlencoded"}
    return send(sandbox, "POST", TOKEN, urlencode(form).encode(), **(media | headers))


@dataclass
class Client:
    """Asks a sandbox in process with a bearer token; bodies are JSON."""

    sandbox: NetSuiteSandbox
    clock: Clock
    bearer: str = ""

    def log_on(self) -> Client:
        answer = ask_token(self.sandbox, assertion(self.sandbox, self.clock()))
        assert answer.status == 200, answer.text()
        self.bearer = "Bearer " + answer.json()["access_token"]
        return self

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        target = path if path.startswith("/") else RECORDS + path
        content = b"" if body is None else json.dumps(body).encode()
        known = {"authorization": self.bearer, "content_type": "application/json"}
        return send(self.sandbox, method, target, content, **(known | headers))

    def get(self, path: str, **headers: str) -> Any:
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, answer.text()
        return answer.json()

    def post(self, path: str, body: Any, **headers: str) -> str:
        """Create or transform; gives the new id."""
        answer = self.ask("POST", path, body, **headers)
        assert (answer.status, answer.content) == (204, b""), answer.text()
        return answer.headers["location"].rpartition("/")[2]

    def patch(self, path: str, body: Any, **headers: str) -> Response:
        answer = self.ask("PATCH", path, body, **headers)
        assert answer.status == 204, answer.text()
        return answer

    def sql(self, query: str, *params: str, **page: int) -> Any:
        target = SUITEQL + (f"?{urlencode(page)}" if page else "")
        return self.ask("POST", target, {"q": query, "params": list(params)}, prefer="transient")

    def rows(self, query: str, *params: str, **page: int) -> list[dict[str, str]]:
        answer = self.sql(query, *params, **page)
        assert answer.status == 200, answer.text()
        return [{name: value for name, value in row.items() if name != "links"} for row in answer.json()["items"]]

    def order(self, id: str) -> Any:
        """A purchase order with its lines."""
        return self.get(f"purchaseOrder/{id}?expandSubResources=true")

    def lines(self, id: str) -> list[Any]:
        return self.order(id)["item"]["items"]

    def found(self, filter: str, path: str = "purchaseOrder") -> list[str]:
        return sorted(one["id"] for one in self.get(f"{path}?q={quote(filter)}")["items"])


def detail(answer: Response, status: int = 400) -> dict[str, str]:
    """The only detail of a refusal, in the shape every refusal has."""
    assert answer.status == status, answer.text()
    assert answer.headers["content-type"] == "application/vnd.oracle.resource+json; type=error"
    body = answer.json()
    assert body["status"] == status
    assert {"type", "title"} <= body.keys()
    (only,) = body["o:errorDetails"]
    return only


def new_order(**changes: Any) -> dict[str, Any]:
    """A body that creates a purchase order."""
    return {
        "entity": {"id": 1722},
        "subsidiary": {"id": "1"},
        "location": {"id": "1"},
        "item": {"items": [{"item": {"id": 84}, "quantity": 25, "rate": 100}]},
    } | changes


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    return NetSuiteSandbox(now=clock)


@pytest.fixture
def client(sandbox, clock):
    return Client(sandbox, clock).log_on()


@pytest.fixture
def shared():
    """The folder of the shared fact sheets; tests that compare with it skip where it is absent."""
    default = Path(__file__).parents[5] / "shared"
    folder = Path(os.environ.get("ANYERP_SHARED", default)) / "erp" / "netsuite"
    if not folder.is_dir():
        pytest.skip("the fact sheets are not here (ANYERP_SHARED)")
    return folder
