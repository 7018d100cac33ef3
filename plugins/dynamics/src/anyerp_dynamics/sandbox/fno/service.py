"""The service under `/data`: where a path leads, and how a batch runs (dynamics sheet §1.1, §1.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from anyerp.testing.sandbox import Call
from anyerp.wire import Headers, Response, load_json

from ..odata import (
    EntitySet,
    ODataError,
    Segment,
    Writer,
    count,
    metadata,
    pairs,
    preferences,
    read_multipart,
    run_multipart,
    segments,
    split_target,
    wanted_format,
)
from .exchange import Exchange
from .identity import User
from .problem import Problem, no_path, not_allowed, of_body, of_query
from .reading import Reader
from .schema import NAMESPACE
from .store import Store
from .writing import Editor

#: Most operations in one batch (dynamics sheet §1.8).
OPERATIONS = 5_000
#: `act(name, parameters, service root) -> value`: runs an action.
Act = Callable[[str, Mapping[str, Any], str], str]
_VERBS = {"GET": "Read", "POST": "Create", "PATCH": "Update", "PUT": "Update", "DELETE": "Delete"}


@dataclass(frozen=True)
class Service:
    """Answers calls under `/data` for a user who was let in."""

    store: Store
    reader: Reader
    editor: Editor
    act: Act
    root: Callable[[], str]

    def answer(self, call: Call, user: User, *, in_batch: bool = False) -> Response:
        """Answer one call; refusals become answers. Inside a batch a failed write says 500 (dynamics sheet §1.8)."""
        try:
            return self._route(call, user, in_batch=in_batch)
        except Problem as problem:
            if in_batch and problem.writes:
                problem.status = 500
            return problem.response()

    def _route(self, call: Call, user: User, *, in_batch: bool) -> Response:
        path, query = split_target(call.target)
        try:
            steps = segments(path)[1:]
            system = bool(steps) and steps[0].name.startswith("$")
            wanted = None if system else wanted_format(call.headers.get("accept"), dict(pairs(query)).get("$format"))
        except ODataError as error:
            raise of_query(error) from None
        if wanted is None:
            return self._system(call, user, steps, in_batch=in_batch)
        exchange = Exchange(call, user, path, query, self.root(), wanted)
        if not steps:
            return exchange.answer(200, Writer(self.store.schema, exchange.root, wanted).service_document())
        try:
            entity_set = self.store.schema.entity_set(steps[0].name)
        except ODataError as error:
            raise no_path(error.message) from None
        if len(steps) > 1:
            return self._beyond(exchange, entity_set, steps)
        if call.method not in _VERBS:
            raise not_allowed(call.method)
        user.may(entity_set, _VERBS[call.method])
        return self._set(exchange, entity_set) if steps[0].key is None else self._row(exchange, entity_set, steps[0])

    def _set(self, exchange: Exchange, entity_set: EntitySet) -> Response:
        if exchange.call.method == "GET":
            return self.reader.list(exchange, entity_set, self.reader.visible(exchange, entity_set))
        if exchange.call.method == "POST":
            return self.editor.create(exchange, entity_set)
        raise not_allowed(exchange.call.method)

    def _row(self, exchange: Exchange, entity_set: EntitySet, segment: Segment) -> Response:
        method = exchange.call.method
        if method == "GET":
            return self.reader.single(exchange, entity_set, segment)
        if method in ("PATCH", "PUT"):
            return self.editor.update(exchange, entity_set, segment, whole=method == "PUT")
        if method == "DELETE":
            return self.editor.delete(exchange, entity_set, segment)
        raise not_allowed(method)

    def _beyond(self, exchange: Exchange, entity_set: EntitySet, steps: list[Segment]) -> Response:
        """Answer for what stands behind a set or a row: `$count`, an action, a navigation."""
        first, second = steps[:2]
        if len(steps) > 2:
            raise no_path(f"Resource not found for the segment '{steps[2].name}'.")
        if second.name == "$count" and first.key is None and exchange.call.method == "GET":
            exchange.user.may(entity_set, "Read")
            return self.reader.list(exchange, entity_set, self.reader.visible(exchange, entity_set), count_only=True)
        if second.name.startswith(NAMESPACE + ".") and exchange.call.method == "POST":
            return self._action(
                exchange, entity_set, second.name.removeprefix(NAMESPACE + "."), bound=first.key is not None
            )
        navigation = entity_set.type.to.get(second.name)
        if navigation is None or first.key is None or second.key is not None:
            raise no_path(f"Resource not found for the segment '{second.name}'.")
        there = self.store.schema.sets[navigation.target]
        row = self.reader.one(exchange, entity_set, first)
        if exchange.call.method == "POST" and navigation.many:
            # The address says which order, the body must say it again (dynamics sheet §1.8).
            exchange.user.may(there, "Create")
            return self.editor.create(exchange, there)
        if exchange.call.method != "GET":
            raise not_allowed(exchange.call.method)
        exchange.user.may(there, "Read")
        found = self.store.follow(row, navigation)
        if navigation.many:
            return self.reader.list(exchange, there, found)
        if found is None:
            return Response(204)
        return exchange.answer(200, self.reader.writer(exchange, there).single(there, found))

    def _action(self, exchange: Exchange, entity_set: EntitySet, name: str, *, bound: bool) -> Response:
        known = next(
            (a for a in self.store.schema.actions if a.name == name and a.bound_to == entity_set.type.name), None
        )
        if known is None or known.collection is bound:
            raise no_path(f"Resource not found for the segment '{NAMESPACE}.{name}'.")
        try:
            given: Any = load_json(exchange.call.content or b"{}")
        except ValueError:
            raise of_body(ODataError("syntax", "The body is not JSON.")) from None
        for unknown in set(given) - set(known.parameters) if isinstance(given, dict) else {"the body"}:
            raise of_body(
                ODataError("unknown_property", f"The parameter '{unknown}' is not one of the action '{name}'.")
            )
        value = self.act(name, given, exchange.root)
        return exchange.answer(200, {"@odata.context": f"{exchange.root}/$metadata#{known.returns}", "value": value})

    def _system(self, call: Call, user: User, steps: list[Segment], *, in_batch: bool) -> Response:
        name = steps[0].name
        if name == "$metadata" and call.method == "GET":
            headers = Headers({"Content-Type": "application/xml", "OData-Version": "4.0"})
            return Response(200, headers, metadata(self.store.schema))
        if name == "$batch" and call.method == "POST" and not in_batch:
            return self._batch(call, user)
        raise no_path(f"Resource not found for the segment '{name}'.")

    def _batch(self, call: Call, user: User) -> Response:
        try:
            parts = read_multipart(call)
        except ODataError as error:
            raise of_body(error) from None
        if count(parts) > OPERATIONS:
            raise Problem(400, f"The batch holds {count(parts)} operations; {OPERATIONS} are allowed.")

        def handle(inner: Call) -> Response:
            target = inner.target if inner.target.startswith("/") or "://" in inner.target else f"/data/{inner.target}"
            return self.answer(replace(inner, target=target), user, in_batch=True)

        going_on = preferences(call.headers.get("prefer")).get("odata.continue-on-error", "false") != "false"
        return run_multipart(parts, handle, self.store.remember, continue_on_error=going_on)
