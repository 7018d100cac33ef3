"""One of each thing that a hub can hold, of one owner, and every call by which somebody may try to reach it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anyerp.model import RESOURCES
from anyerp_hub import Hub
from anyerp_hub.flow.definition import End, Flow
from anyerp_hub.web import create_app, page
from anyerp_sap.sandbox import S4Sandbox
from sample import order

PO = "purchase_orders"
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Call:
    """One call; `name` is that of the operation, or of a page."""

    name: str
    method: str
    path: str
    body: Any = None
    query: str = ""

    @property
    def url(self) -> str:
        """Path and query."""
        return self.path + self.query


@dataclass(frozen=True)
class Things:
    """The ids of an owner's things."""

    connection: str
    token: str
    job: str
    watch: str
    session: str
    endpoint: str
    flow: str
    record: str
    cursor: str
    state: str
    link: str
    event: str
    issue: str

    @classmethod
    def of(cls, hub: Hub, sandbox: S4Sandbox, connection: str, token: str, hook: str) -> Things:
        """Make one of each for a connection to a sandbox."""
        sandbox.revoke("API_PRODUCT_SRV")
        hub.check(connection)
        sandbox.grant("API_PRODUCT_SRV")
        (issue,) = hub.issues.list(connection)
        hub.connection(connection).purchase_orders.create(order(7), key="OWNED-1")
        job = hub.jobs.submit(connection, PO, [order(2)])
        hub.worker().work()
        watch = hub.watches.add(connection, PO)
        session = hub.sessions.create(connection_id=connection, name="a link of the owner")
        endpoint = hub.webhooks.add(hook, connection_id=connection).endpoint
        ends = {"read": End(connection=connection, resource=PO), "write": End(connection=connection, resource=PO)}
        hub.flows.put(Flow(name="owned", **ends))
        erp = hub.connection(connection)
        page_ = erp.purchase_orders.page(page_size=1)
        found = next(one for one in erp.purchase_orders.list() if one.external_reference == "OWNED-1")
        return cls(
            connection, token, job.id, watch.id, session.session.id, endpoint.id, "owned", str(found.id),
            str(page_.cursor), erp.purchase_orders.changes(None).state, session.link,
            hub.events(connection_id=connection)[-1].id, issue.id,
        )  # fmt: skip

    def calls(self) -> Iterator[Call]:
        """Every operation of OpenAPI with these ids, wherever an id can stand."""
        own = {
            "connections": self.connection, "tokens": self.token, "jobs": self.job, "watches": self.watch,
            "connect-sessions": self.session, "webhook-endpoints": self.endpoint, "issues": self.issue,
        }  # fmt: skip
        for path, methods in create_app(None).openapi()["paths"].items():  # type: ignore[arg-type]
            area = path.split("/")[2] if path.startswith("/v1/") else ""
            named = {"{id}": own.get(area, self.record), "{name}": self.flow, "{resource}": PO}
            if area == "connectors":
                named["{name}"] = "sap-s4hana"
            url = path
            for hole, value in named.items():
                url = url.replace(hole, value)
            assert "{" not in url, f"a new kind of parameter: {path}"
            for method, operation in methods.items():
                name = operation["operationId"]
                queries = {
                    "cursor": f"?cursor={self.cursor}", "after": f"?after={self.job if area == 'jobs' else 0}",
                }  # fmt: skip
                for body in self.bodies(name) if "requestBody" in operation else [None]:
                    yield Call(name, method.upper(), url, body)
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] in queries:
                        yield Call(name, method.upper(), url, None, queries[parameter["name"]])

    def bodies(self, operation: str) -> list[Any]:
        """Bodies that fit, and name what is the owner's."""
        record = order(1).model_dump(mode="json", exclude_unset=True)
        return {
            "create_connection": [{"connector": "sap-s4hana"}],
            "change_connection": [{"name": "taken"}],
            "reconnect": [{"credentials": {"username": "x", "password": "y"}}],
            "create_token": [{"name": "mine now"}],
            "create_connect_session": [{"connection_id": self.connection}],
            "submit_job": [{"resource": PO, "records": [record]}],
            "create_watch": [{"resource": PO, "connection_id": self.connection}],
            "create_endpoint": [{"url": "https://hooks.invalid/", "connection_id": self.connection}],
            "rotate_secret": [{}],
            "replay": [{"event_id": self.event}],
            "put_flow": [{"name": self.flow, "read": {"connection": self.connection, "resource": PO},
                          "write": {"connection": self.connection, "resource": PO}}],
            f"create_{PO}": [record],
            f"update_{PO}": [{"external_reference": "taken"}],
            f"changes_{PO}": [{}, {"state": self.state}],
        }.get(operation, [{}])  # fmt: skip

    def pages(self) -> Iterator[Call]:
        """Every page and every form of the pages, with these ids; links are keys themselves, so a false one."""
        ids = {"connection": self.connection, "job": self.job, "webhook": self.endpoint, "watch": self.watch}
        for module in pkgutil.iter_modules(page.__path__):
            found = importlib.import_module(f"{page.__name__}.{module.name}")
            for route in getattr(getattr(found, "router", None), "routes", ()):
                id = next((value for area, value in ids.items() if route.path.startswith(f"/{area}/")), self.connection)
                url = route.path.replace("{id}", id).replace("{name}", self.flow).replace("{event}", self.event)
                for hole, value in (
                    ("{link}", "con_false"),
                    ("{wish}", "pause"),
                    ("{reach}", "day"),
                    ("{connector}", "sap-s4hana"),
                ):
                    url = url.replace(hole, value)
                assert "{" not in url, f"a new kind of parameter: {route.path}"
                for method in sorted(route.methods & METHODS):
                    yield Call(route.name, method, url)


def resource_of(call: Call) -> str | None:
    """The resource whose records a call is about."""
    parts = call.path.split("/")
    return parts[2] if len(parts) > 2 and parts[2] in RESOURCES else None
