"""A tiny ERP and its connector: vendors in JSON behind a token, with versions, lost answers and bad records."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import anyerp
import httpx2
from anyerp.connector import BatchAnswer, Connector, Limits, PageAnswer, Resource, ask
from anyerp.connector.explain import by_status
from anyerp.lens import Lens, Map, absent, choice, reference, text
from anyerp.model import Vendor
from anyerp.wire import Request, Response
from pydantic import BaseModel, SecretStr

BASE = "https://tiny.example"
SECRET = "hunter2-canary"
GONE = (
    "url",
    "created_at",
    "updated_at",
    "legal_name",
    "tax_number",
    "phone",
    "website",
    "address",
    "incoterms",
    "group",
)

VENDOR = Lens(
    Vendor,
    (
        Map("id", "id", text(9), read_only=True),
        Map("number", "id", text(9), read_only=True),
        Map("version", "rev", text(9), read_only=True),
        Map("name", "name", text(10)),
        Map("email", "mail", text(30)),
        Map("status", "state", choice({"A": "active", "B": "blocked"}, otherwise="other"), native="native_status"),
        Map("currency", "currency", text(3)),
        Map("payment_terms", "terms", reference(4)),
        Map("external_reference", "ref", text(20)),
        *absent("never: tiny", *GONE),
    ),
)


class Settings(BaseModel, extra="forbid"):
    base_url: str = BASE
    client: int = 100


class Credentials(BaseModel, extra="forbid"):
    user: str
    password: SecretStr


def _authorize(ctx):
    if "token" not in ctx.memory:
        body = {"user": ctx.credentials.user, "password": ctx.credentials.password.get_secret_value()}
        answer = yield from ask(Request("POST", "/token", json=body, writes=False, authorized=False))
        ctx.memory["token"] = answer.json()["token"]
    return {"Authorization": f"Bearer {ctx.memory['token']}"}


def _renew(ctx, response):
    return ctx.memory.pop("token", None) is not None


def _page(ctx, query, state):
    params = {"size": str(query.page_size), **query.filters}
    if state is not None:
        params["after"] = state["after"]["id"]
    answer = yield from ask(Request("GET", "/vendors", params))
    return PageAnswer(answer.content, full=query.page_size, key=("id",))


def _get(ctx, id):
    return (yield from ask(Request("GET", f"/vendors/{id}"))).json()


def _create(ctx, native):
    return (yield from ask(Request("POST", "/vendors", json=native))).json()


def _update(ctx, id, native, changes):
    yield from ask(Request("PATCH", f"/vendors/{id}", json=changes.own, headers={"If-Match": native["rev"]}))


def _find(ctx, key):
    rows = (yield from ask(Request("GET", "/vendors", {"size": "2", "ref": key}))).json()["value"]
    return rows[0] if rows else None


def _create_batch(ctx, natives):
    request = Request("POST", "/batch", json=natives)
    answers = (yield from ask(request)).json()
    one = Request("POST", "/vendors")
    return [
        BatchAnswer(each["body"]) if each["status"] < 400
        else BatchAnswer(error=by_status(one, Response(each["status"]), each["body"].get("error")))
        for each in answers
    ]  # fmt: skip


def _find_many(ctx, keys):
    rows = (yield from ask(Request("GET", "/vendors", {"size": "100", "refs": ",".join(keys)}))).json()["value"]
    return {row["ref"]: row for row in rows}


CONNECTOR = Connector(
    name="tiny",
    title="Tiny",
    settings=Settings,
    credentials=(Credentials,),
    base_url=lambda settings: settings.base_url,
    authorize=_authorize,
    renew=_renew,
    explain=lambda ctx, request, response: by_status(request, response),
    limits=Limits(page_size=3),
    resources={
        "vendors": Resource(
            lens=VENDOR, rows="value", page=_page, get=_get, create=_create, update=_update, find=_find,
            because=dict.fromkeys(("delete", "cancel", "close"), "never: tiny"),
        ),
    },
)  # fmt: skip


IN_BATCHES = replace(
    CONNECTOR,
    resources={
        "vendors": replace(CONNECTOR.resources["vendors"], create_batch=_create_batch, find_many=_find_many),
    },
)


class Tiny:
    """The ERP. `lose` breaks the connection after (or before) the next write; `slow` makes reads take a moment.

    `most` is the largest batch that it takes, `answers` are statuses for the next writes in place of its own work. A
    record that says `explode` in its mail spoils the whole batch, one of the name `NO` is refused by itself.
    """

    def __init__(self, count=7):
        self.rows = {
            f"{n:03}": {"id": f"{n:03}", "rev": "1", "name": f"V{n}", "state": "A", "zz": n}
            for n in range(1, count + 1)
        }
        self.calls, self.lose, self.slow, self.appears_after = [], None, 0.0, 0
        self.most, self.answers, self.batches = 100, [], []
        self.tokens, self._lock, self.valid = 0, threading.Lock(), set()

    def count(self, method, path=""):
        return sum(1 for m, p, _ in self.calls if m == method and p.startswith(path))

    def handle(self, method, target, headers, content):
        url = urlsplit(target)
        query, body = dict(parse_qsl(url.query)), json.loads(content) if content else None
        with self._lock:
            self.calls.append((method, url.path, body))
        if url.path == "/token":
            time.sleep(0.05)
            if body["password"] != SECRET:
                return 401, {"error": f"wrong password {body['password']}"}
            with self._lock:
                self.tokens += 1
                self.valid = {f"Bearer t{self.tokens}"}
            return 200, {"token": f"t{self.tokens}"}
        if headers.get("authorization") not in self.valid:
            return 401, {"error": "who are you"}
        time.sleep(self.slow if method == "GET" else 0)
        with self._lock:
            if url.path == "/batch":
                return self._batch(body)
            return self._answer(method, url.path.removeprefix("/vendors").strip("/"), query, headers, body)

    def _batch(self, body):
        self.batches.append(len(body))
        if self.answers and (status := self.answers.pop(0)):
            return status, {"error": "not now"}
        if len(body) > self.most:
            return 413, {"error": "too many"}
        if any(row.get("mail") == "explode" for row in body):
            return 400, {"error": "malformed"}
        if self.lose == "before":
            self.lose = None
            raise httpx2.ReadError("lost")
        found = []
        for row in body:
            status, made = self._answer("POST", "", {}, {}, row, part=True)
            found.append({"status": status, "body": made})
        if self.lose == "after":
            self.lose = None
            raise httpx2.ReadError("lost")
        return 200, found

    def _answer(self, method, id, query, headers, body, *, part=False):
        if "refs" in query:
            return 200, {"value": [row for row in self.rows.values() if row.get("ref") in query["refs"].split(",")]}
        if method == "POST" and not part and self.answers and (status := self.answers.pop(0)):
            return status, {"error": "not now"}
        if method == "POST" and body.get("name") == "NO":
            return 422, {"error": "no such name"}
        if method == "GET" and not id:
            if "ref" in query and self.appears_after:
                self.appears_after -= 1
                return 200, {"value": []}
            rows = [row for key, row in sorted(self.rows.items()) if key > query.get("after", "")]
            rows = [row for row in rows if "ref" not in query or row.get("ref") == query["ref"]]
            return 200, {"value": rows[: int(query["size"])]}
        if method == "POST":
            if self.lose == "before" and not part:
                self.lose = None
                raise httpx2.ReadError("lost")
            id = f"{len(self.rows) + 1:03}"
            self.rows[id] = {**body, "id": id, "rev": "1"}
            if self.lose == "after" and not part:
                self.lose = None
                raise httpx2.ReadError("lost")
            return 201, self.rows[id]
        if id not in self.rows:
            return 404, {}
        if method == "PATCH":
            if headers.get("if-match") != self.rows[id]["rev"]:
                return 412, {}
            self.rows[id] = {**self.rows[id], **body, "rev": str(int(self.rows[id]["rev"]) + 1)}
            return 204, None
        return 200, self.rows[id]


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Carries requests to the ERP in process."""

    def __init__(self, tiny):
        self.tiny = tiny

    def _answered(self, request, content):
        status, body = self.tiny.handle(request.method, request.url.raw_path.decode(), request.headers, content)
        stream = httpx2.ByteStream(b"" if body is None else json.dumps(body).encode())
        return httpx2.Response(status, headers={"content-type": "application/json"}, stream=stream)

    def handle_request(self, request):
        return self._answered(request, request.read())

    async def handle_async_request(self, request):
        return self._answered(request, await request.aread())


ACCESS = {"settings": {}, "credentials": {"user": "u", "password": SECRET}}


def connect(tiny, connector=CONNECTOR, **more):
    """A connection of a synchronous host."""
    return anyerp.connect(connector, client=httpx2.Client(transport=Wire(tiny)), **{**ACCESS, **more})


def aconnect(tiny, connector=CONNECTOR, **more):
    """A connection of an asynchronous host."""
    return anyerp.aconnect(connector, client=httpx2.AsyncClient(transport=Wire(tiny)), **{**ACCESS, **more})
