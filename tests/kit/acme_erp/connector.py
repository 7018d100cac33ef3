"""Acme's connector: a session by login, keyset paging, PATCH with If-Match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyerp.connector import (
    Connector,
    Consent,
    ConsentRequest,
    Context,
    Flow,
    Limits,
    PageAnswer,
    Query,
    Request,
    Resource,
    Response,
    ask,
    by_status,
)
from anyerp.errors import AnyErpError, Problem, UnexpectedPayload
from anyerp.errors import Native as NativeWords
from anyerp.kits import consent, refresh
from anyerp.kits.auth import basic
from anyerp.lens import Changes, Lens
from pydantic import BaseModel, ConfigDict, SecretStr

from .lens import ORDER, VENDOR
from .sandbox import AcmeSandbox


class Settings(BaseModel):
    """Where Acme is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    base_url: str


class Login(BaseModel):
    """Who we are."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    user: str
    password: SecretStr


class Client(BaseModel):
    """Who asks users for consent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    client_id: str
    client_secret: SecretStr


def page(ctx: Context, asked: ConsentRequest) -> str:
    """Where users consent."""
    return consent.page(f"{ctx.base_url}/authorize", asked, ctx.credentials.client_id)


def redeem(ctx: Context, asked: ConsentRequest, code: str) -> Flow[None]:
    """What their code is good for."""
    known = ctx.credentials
    return consent.redeem(
        ctx, f"{ctx.base_url}/token", asked, code, known.client_id, known.client_secret.get_secret_value()
    )


def authorize(ctx: Context) -> Flow[Mapping[str, str]]:
    """The session's token, fetched once; or that of a user who consented."""
    if isinstance(ctx.credentials, Client):
        client = basic(ctx.credentials.client_id, ctx.credentials.client_secret.get_secret_value())
        token = yield from refresh.bearer(ctx, f"{ctx.base_url}/token", {"Authorization": client})
        return {"Authorization": token}
    if "token" not in ctx.memory:
        body = {"user": ctx.credentials.user, "password": ctx.credentials.password.get_secret_value()}
        response = yield from ask(Request("POST", "login", json=body, writes=False, authorized=False))
        ctx.memory["token"] = str(body_of(response)["token"])
    return {"Authorization": f"Bearer {ctx.memory['token']}"}


def renew(ctx: Context, response: Response) -> bool:
    """On a 401 the session has ended: forget it, try once more."""
    if isinstance(ctx.credentials, Client):
        return refresh.forget(ctx, response)
    return response.status == 401 and ctx.memory.pop("token", None) is not None


def body_of(response: Response) -> dict[str, Any]:
    """The answer's object. Raises `UnexpectedPayload`."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnexpectedPayload("the answer is no JSON object", status=response.status)
    return found


def explain(ctx: Context, request: Request, response: Response) -> AnyErpError:
    """Acme's own words, where it has some."""
    try:
        said = response.json()["error"]
        words, native = str(said["message"]), NativeWords(said["code"], said["message"], said.get("field"))
    except (ValueError, KeyError, TypeError):
        return by_status(request, response)
    return by_status(request, response, words, problems=[Problem(words, native=native)])


def record_in(response: Response) -> dict[str, Any]:
    """A single record. Raises `UnexpectedPayload` for an object that is none."""
    found = body_of(response)
    if "Key" not in found:
        raise UnexpectedPayload("the answer is no record", status=response.status)
    return found


class Table:
    """The flows of one of Acme's tables; `path` is its address."""

    def __init__(self, path: str) -> None:
        self.path = path

    def page(self, ctx: Context, query: Query, state: Any) -> Flow[PageAnswer]:
        """One page behind the last key."""
        params = {"limit": str(query.page_size), **({"after": str(state["after"]["Key"])} if state else {})}
        response = yield from ask(Request("GET", self.path, params))
        return PageAnswer(response.content, full=query.page_size, key=("Key",))

    def get(self, ctx: Context, id: str) -> Flow[dict[str, Any]]:
        """One record."""
        return record_in((yield from ask(Request("GET", self.path, {"id": id}))))

    def find(self, ctx: Context, key: str) -> Flow[dict[str, Any] | None]:
        """The record that carries the caller's key."""
        rows = body_of((yield from ask(Request("GET", self.path, {"ref": key}))))["data"]
        return rows[0] if rows else None

    def create(self, ctx: Context, native: dict[str, Any]) -> Flow[dict[str, Any]]:
        """A new record."""
        return record_in((yield from ask(Request("POST", self.path, json=native))))

    def update(self, ctx: Context, id: str, native: dict[str, Any], changes: Changes) -> Flow[None]:
        """What changed, if nobody else changed it."""
        yield from self.send(id, self.delta(changes), native["Rev"])

    def delta(self, changes: Changes) -> dict[str, Any]:
        """Changes as Acme takes them: fields, changed and new items by number, removed items."""
        body: dict[str, Any] = dict(changes.fields)
        for name, lists in changes.lists.items():
            body[name] = [*lists.added, *({"No": line["No"], **what.fields} for line, what in lists.changed)]
            body[f"{name}Removed"] = [line["No"] for line in lists.removed]
        return body

    def send(self, id: str, body: dict[str, Any], version: str | None, method: str = "PATCH") -> Flow[Response]:
        """The write itself."""
        headers = {"If-Match": version} if version else {}
        return (yield from ask(Request(method, self.path, {"id": id}, headers, json=body)))

    def resource(self, lens: Lens[Any], **more: Any) -> Resource[Any]:
        """The declaration, `more` in place of what is here."""
        facts: dict[str, Any] = {
            "lens": lens, "rows": "data", "page": self.page, "get": self.get, "create": self.create,
            "update": self.update, "because": {
                "delete": "never: Acme keeps everything", "cancel": "todo: not needed here",
                "close": "todo: not needed here", "find": "never: Acme's vendors carry no key of ours",
            }, **more,
        }  # fmt: skip
        if facts.get("find"):
            facts["because"] = {name: because for name, because in facts["because"].items() if name != "find"}
        return Resource(**facts)


ORDERS, VENDORS = Table("orders"), Table("vendors")

CONNECTOR = Connector(
    name="acme",
    title="Acme ERP",
    settings=Settings,
    credentials=(Login, Client),
    base_url=lambda settings: settings.base_url,
    authorize=authorize,
    explain=explain,
    renew=renew,
    consent=Consent(credentials=Client, page=page, redeem=redeem),
    resources={"vendors": VENDORS.resource(VENDOR), "purchase_orders": ORDERS.resource(ORDER, find=ORDERS.find)},
    sandbox=AcmeSandbox,
    limits=Limits(page_size=5),
)
