"""The service: one operation on the API, alone or as a part of a batch, from path to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response

from ..odata import (
    ODataError,
    Schema,
    Writer,
    count,
    metadata,
    pairs,
    read_json_batch,
    require_json,
    run_json_batch,
    segments,
    split_target,
)
from .exchange import Exchange
from .permission import refusal
from .problem import Problem, from_odata, no_company, not_allowed
from .reading import read
from .resource import Target, resolve, syntax_error
from .route import Route, route
from .schema import SCHEMA, page
from .store import Company
from .throttle import Limits, too_big
from .writing import act, delete, patch, post

_WRITES: dict[str, tuple[str, Callable[[Exchange, Target], Response]]] = {
    "POST": ("Insert", post),
    "PATCH": ("Modify", patch),
    "DELETE": ("Delete", delete),
}


@dataclass
class Service:
    """The APIs of one environment, `schemas` by name.

    `platform` holds what belongs to no company: the companies and the subscriptions.
    """

    tenants: tuple[str, ...]
    environment: str
    platform: Company
    companies: dict[str, Company]
    limits: Limits
    root: Callable[[Call, str], str]
    say: Callable[[Problem, Call], Response]
    revoked: set[tuple[str, str]] = field(default_factory=set)
    schemas: Mapping[str, Schema] = field(default_factory=lambda: {"v2.0": SCHEMA})
    subscribe: Callable[[Exchange, Target], Response | None] = lambda exchange, target: None

    def answer(self, call: Call) -> Response:
        """Answer one operation; what fails leaves nothing behind."""
        undo = self.platform.journal.begin()
        try:
            return self._answer(call)
        except Problem as problem:
            undo()
            return self.say(problem, call)
        except ODataError as error:
            undo()
            return self.say(from_odata(error), call)

    def _answer(self, call: Call) -> Response:
        path, query = split_target(call.target)
        where = route(path)
        if where is None:
            raise syntax_error()
        if (
            where.environment.lower() != self.environment.lower()
            or (where.tenant or self.tenants[0]) not in self.tenants
        ):
            raise Problem(404, "NoEnvironment", "Environment does not exist.")
        if where.api not in self.schemas:
            raise ODataError("unknown_resource", f"Resource not found for the segment '{where.api}'.", status=404)
        exchange = Exchange(call, self.root(call, where.prefix), query)
        if where.rest == "$batch":
            return self._batch(call, where)
        if where.rest in ("", "$metadata"):
            return self._description(exchange, where)
        return self._resource(exchange, where)

    def _description(self, exchange: Exchange, where: Route) -> Response:
        if exchange.call.method not in ("GET", "HEAD"):
            raise not_allowed(exchange.call.method, "$metadata")
        if where.rest:
            headers = Headers({"Content-Type": "application/xml", "OData-Version": "4.0"})
            return Response(200, headers, metadata(self.schemas[where.api]))
        return exchange.answer(Writer(self.schemas[where.api], exchange.root, exchange.format).service_document())

    def _resource(self, exchange: Exchange, where: Route) -> Response:
        target = self._target(exchange, where)
        method, name = exchange.call.method, target.set.name
        if method in ("GET", "HEAD"):
            self._allow(target, "Read")
            if target.action:
                raise not_allowed(method, target.action)
            response = read(exchange, target, self.limits.page)
            if len(response.content) > self.limits.page_bytes:
                raise too_big()
            return response
        if exchange.call.headers.get("data-access-intent", "").lower() == "readonly":
            raise Problem(400, "BadRequest", f"'{method}' requests are not allowed with Data-Access-Intent ReadOnly.")
        if method not in _WRITES:
            raise not_allowed(method, name)
        if target.action:
            if method != "POST":
                raise not_allowed(method, target.action)
            self._allow(target, "Modify")
            return act(exchange, target)
        right, write = _WRITES[method]
        self._allow(target, right)
        done = self.subscribe(exchange, target) if name == "subscriptions" else None
        return done or write(exchange, target)

    def _allow(self, target: Target, right: str) -> None:
        if (target.set.name, right) in self.revoked:
            raise refusal(target.set, right)

    def _target(self, exchange: Exchange, where: Route) -> Target:
        steps = segments(where.rest)
        if not steps:
            raise syntax_error()
        if steps[0].name == "companies" and len(steps) > 1:
            company = self.companies.get((steps[0].key or "").lower())
            if company is None:
                raise no_company()
            return resolve(company, steps[1:], f"companies({company.id})/", self.schemas[where.api])
        if page(SCHEMA.entity_set(steps[0].name)).companyless:
            return resolve(self.platform, steps, "")
        company = self._named(dict(pairs(exchange.query)).get("company") or exchange.call.headers.get("company"))
        return resolve(company, steps, f"companies({company.id})/", self.schemas[where.api])

    def _named(self, name: str | None) -> Company:
        """The company of `?company=` or of a `Company` header, by id or by name; there is no other default."""
        for company in self.companies.values():
            if name is not None and name.lower() in (company.id, company.name.lower()):
                return company
        raise no_company()

    def _batch(self, call: Call, where: Route) -> Response:
        if call.method != "POST":
            raise not_allowed(call.method, "$batch")
        require_json(call.headers.get("content-type"))
        parts = read_json_batch(call, where.prefix)
        if count(parts) > self.limits.batch:
            raise Problem(
                400,
                "Unknown",
                "The current batch message contains too many parts. A maximum number of "
                f"'{self.limits.batch}' query operations and change sets are allowed in a batch message.",
            )
        prefer = call.headers.get("prefer", "").replace(" ", "").lower()
        return run_json_batch(
            parts,
            self.answer,
            self.platform.journal.begin,
            continue_on_error="odata.continue-on-error" in prefer and "continue-on-error=false" not in prefer,
            together=call.headers.get("isolation", "").lower() == "snapshot",
        )
