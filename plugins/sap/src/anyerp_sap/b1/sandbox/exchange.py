"""One request below the service root, answered: reads, writes, actions, functions (sap sheet §13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from anyerp.wire import Headers, Response

from anyerp_sap.b1.sandbox import metadata
from anyerp_sap.b1.sandbox.address import Address, read_key, read_path
from anyerp_sap.b1.sandbox.company import FUNCTIONS
from anyerp_sap.b1.sandbox.crossjoin import answered, joined
from anyerp_sap.b1.sandbox.dialect import Dialect, answer
from anyerp_sap.b1.sandbox.edm import Kind, Row, Type
from anyerp_sap.b1.sandbox.errors import Refused, changed_meanwhile, forbidden, unknown_path, unsupported
from anyerp_sap.b1.sandbox.payload import Writing, parse
from anyerp_sap.b1.sandbox.query import Query, page_size, read_query
from anyerp_sap.b1.sandbox.render import entity, etag
from anyerp_sap.b1.sandbox.rules import document, master
from anyerp_sap.b1.sandbox.rules.action import ACTIONS
from anyerp_sap.b1.sandbox.schema import DRAFTS, KINDS, SETS
from anyerp_sap.b1.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its path relative to the service root."""

    method: str
    path: str
    query: str
    headers: Headers
    content: bytes = b""

    @property
    def verb(self) -> str:
        """The method meant: a POST may stand for another (`X-HTTP-Method-Override`)."""
        meant = self.headers.get("x-http-method-override", self.method) if self.method == "POST" else self.method
        return "PATCH" if meant.upper() == "MERGE" else meant.upper()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A company behind one protocol version, under one root URL; `denied` are the sets that the user may not touch."""

    world: World
    dialect: Dialect
    root: str
    denied: frozenset[str]
    bare_links: bool = False

    def answer(self, asked: Asked) -> Response:
        """Answer, errors included."""
        try:
            with self.world.store.together():
                return self._route(asked, read_path(asked.path) if asked.path.strip("/") else Address(""))
        except Refused as problem:
            return self.dialect.error(problem)

    def _route(self, asked: Asked, address: Address) -> Response:
        if address.name == "":
            return answer(200, metadata.service_document(self.dialect, self.root))
        if address.name == "$metadata":
            content = metadata.edmx(self.world.types, self.dialect)
            return Response(200, Headers({"Content-Type": "application/xml;charset=utf-8"}), content)
        if address.name == "$crossjoin" and asked.verb == "GET":
            return self._crossjoin(asked, address.key or "")
        if address.name in FUNCTIONS:
            return self._function(address.name)
        if address.name not in SETS:
            raise unknown_path()
        if address.name in self.denied:
            raise forbidden()
        if address.key is None:
            return self._on_set(asked, address)
        type_ = self._type(address.name)
        row = self.world.store.get(address.name, read_key(address.key, type_))
        if address.rest is not None:
            return self._act(asked, address, row)
        return self._on_row(asked, address.name, type_, row)

    def _function(self, name: str) -> Response:
        type_name, function = FUNCTIONS[name]
        body = entity(self.world.types, self.world.types[type_name], function(self.world), self.dialect)
        return answer(200, {self.dialect.context: f"{self.root}/$metadata#SAPB1.{type_name}", **body})

    def _crossjoin(self, asked: Asked, operands: str) -> Response:
        join = joined(operands, self.world.types, SETS)
        if join.head in self.denied:
            raise forbidden()
        found = answered(self.world, self.dialect, join, asked.query)
        size, applied = page_size(asked.headers)
        skip = dict(parse_qsl(asked.query)).get("$skip", "0")
        start = int(skip) if skip.isdigit() else 0
        body: dict[str, Any] = {"value": found[start : start + size] if size else found[start:]}
        if size and start + size < len(found):
            body[self.dialect.note + "nextLink"] = f"$crossjoin({operands})?$skip={start + size}"
        return answer(200, body, {"Preference-Applied": applied} if applied else {})

    def _type(self, entity_set: str) -> Type:
        return self.world.types[SETS[entity_set]]

    def _on_set(self, asked: Asked, address: Address) -> Response:
        if asked.verb == "POST" and address.rest is None:
            create = document.create if self._is_document(address.name) else master.create
            return self._created(asked, address.name, create(self.world, address.name, parse(asked.content)))
        if asked.verb != "GET" or address.rest not in (None, "$count"):
            raise unknown_path()
        type_ = self._type(address.name)
        query = read_query(asked.query, asked.headers, type_, self.dialect, self.world.types)
        rows = self.world.store.rows(address.name)
        if query.where is not None:
            rows = [row for row in rows if query.where(row)]
        if address.rest == "$count":
            return Response(200, Headers({"Content-Type": "text/plain"}), str(len(rows)).encode())
        return self._page(address.name, type_, query, rows)

    def _page(self, entity_set: str, type_: Type, query: Query, rows: list[Row]) -> Response:
        page, following = query.page(query.sort(rows))
        body: dict[str, Any] = {self.dialect.context: f"{self.root}/$metadata#{entity_set}"}
        if query.count:
            body[self.dialect.note + "count"] = self.dialect.count(len(rows))
        body["value"] = [self._entity(type_, row, query) for row in page]
        if following is not None:
            options = [("$skip", str(following))] if self.bare_links else query.next_options(following)
            text = urlencode(options, safe="$,'()*", quote_via=quote)
            body[self.dialect.note + "nextLink"] = self.dialect.next_link(entity_set, text)
        applied = {"Preference-Applied": query.preference_applied} if query.preference_applied else {}
        return answer(200, body, applied)

    def _on_row(self, asked: Asked, entity_set: str, type_: Type, row: Row) -> Response:
        if asked.verb == "GET":
            query = read_query(asked.query, asked.headers, type_, self.dialect, self.world.types)
            return self._single(200, entity_set, type_, row, query)
        self._check_version(asked, type_, row)
        if asked.verb == "DELETE":
            return self._delete(entity_set, type_, row)
        if asked.verb not in ("PATCH", "PUT"):
            raise unknown_path()
        resetting = asked.verb == "PUT"
        replace = resetting or asked.headers.get("b1s-replacecollectionsonpatch", "").lower() == "true"
        update = document.update if self._is_document(entity_set) else master.update
        writing = Writing(self.world.types, replace=replace)
        update(self.world, entity_set, row, parse(asked.content), writing, resetting=resetting)
        return Response(204)

    def _delete(self, entity_set: str, type_: Type, row: Row) -> Response:
        if entity_set in KINDS:
            raise unsupported("Removing is not supported for this object; cancel or close the document")
        if entity_set == DRAFTS:
            self.world.store.put(entity_set, row[type_.key], None)
        else:
            master.delete(self.world, entity_set, row)
        return Response(204)

    def _act(self, asked: Asked, address: Address, row: Row) -> Response:
        action = ACTIONS.get(address.rest or "") if address.name in KINDS else None
        if action is None or asked.verb != "POST":
            raise unknown_path()
        self._check_version(asked, self._type(address.name), row)
        made = action(self.world, KINDS[address.name], row)
        return Response(204) if made is None else self._created(asked, address.name, made)

    def _created(self, asked: Asked, entity_set: str, row: Row) -> Response:
        type_ = self._type(entity_set)
        key = row[type_.key]
        where = f"{key}" if type_.fields[type_.key].kind is Kind.INT else "'" + quote(key.replace("'", "''")) + "'"
        location = {"Location": f"{self.root}/{entity_set}({where})"}
        if "return-no-content" in asked.headers.get("prefer", ""):
            return Response(204, Headers({**location, "Preference-Applied": "return-no-content"}))
        return self._single(201, entity_set, type_, row, Query(), location)

    def _single(
        self, status: int, entity_set: str, type_: Type, row: Row, query: Query, more: Mapping[str, str] | None = None
    ) -> Response:
        body = {self.dialect.context: f"{self.root}/$metadata#{entity_set}/$entity", **self._entity(type_, row, query)}
        headers = {**({"ETag": etag(row)} if type_.etagged else {}), **(more or {})}
        return answer(status, body, headers)

    def _entity(self, type_: Type, row: Row, query: Query) -> dict[str, Any]:
        body = entity(self.world.types, type_, row, self.dialect, query.select)
        for name, inner in query.expand.items():
            target, own = (type_.associations or {})[name]
            linked = self.world.store.find(target, row[own])
            types = self.world.types
            body[name] = None if linked is None else entity(types, types[name], linked, self.dialect, inner)
        return body

    def _check_version(self, asked: Asked, type_: Type, row: Row) -> None:
        wanted = asked.headers.get("if-match", "*").strip()
        if type_.etagged and wanted not in ("*", etag(row)):
            raise changed_meanwhile()

    def _is_document(self, entity_set: str) -> bool:
        return entity_set in KINDS or entity_set == DRAFTS
