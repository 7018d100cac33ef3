"""The record service: read, list, create, change, upsert, delete, transform (netsuite sheet §3)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from anyerp.wire import Response

from anyerp_netsuite.sandbox import criteria
from anyerp_netsuite.sandbox.auth.role import Role
from anyerp_netsuite.sandbox.field import RecordType
from anyerp_netsuite.sandbox.merge import merged, replaced_lists
from anyerp_netsuite.sandbox.paging import Page
from anyerp_netsuite.sandbox.payload import Reader, Strictness
from anyerp_netsuite.sandbox.problem import Detail, Problem, bad_request, no_such_method, not_found, user_error
from anyerp_netsuite.sandbox.render import Renderer, self_link
from anyerp_netsuite.sandbox.request import RECORDS, Ask, Warnings, answered, done
from anyerp_netsuite.sandbox.rule import blank, delete, save
from anyerp_netsuite.sandbox.schema import TYPES
from anyerp_netsuite.sandbox.sql.when import DateStyle
from anyerp_netsuite.sandbox.store import Record, Store
from anyerp_netsuite.sandbox.transform import transform

_EXTERNAL_ID = re.compile(r"eid:[A-Za-z0-9_-]+")
_BATCH = 100


@dataclass
class RecordService:
    """Answers everything below `/services/rest/record/v1` but the metadata catalog."""

    store: Store
    role: Role
    style: DateStyle
    row_cap: int

    def answer(self, ask: Ask) -> Response:
        """One synchronous call. Raises `Problem`."""
        kind, id, rest = self._place(ask)
        if not id:
            return self._collection(ask, kind)
        if rest[:1] == ["!transform"]:
            if ask.method != "POST" or len(rest) != 2:
                raise no_such_method(ask.method)
            return self._transform(ask, kind, id, rest[1])
        if rest:
            if ask.method != "GET":
                raise no_such_method(ask.method)
            return answered(self._renderer(ask, kind).part(self._open(kind, id), rest), kind="singular")
        match ask.method:
            case "GET":
                return answered(self._renderer(ask, kind).record(self._open(kind, id), ask.raw_query), kind="singular")
            case "PATCH":
                return self.change(ask, kind, id, ask.body())
            case "PUT":
                return self.upsert(ask, kind, id, ask.body())
            case "DELETE":
                return self.delete(kind, id)
        raise no_such_method(ask.method)

    def operations(self, ask: Ask) -> list[Callable[[], Response]]:
        """A call as an asynchronous job runs it: one operation per record of a batch. Raises `Problem`."""
        kind, id, _ = self._place(ask)
        batch_read = ask.method == "GET" and "ids" in ask.query
        if id or not (batch_read or ask.is_collection or ask.method in ("PATCH", "PUT", "DELETE")):
            return [lambda: self.answer(ask)]
        if batch_read or (ask.method == "DELETE" and "ids" in ask.query):
            if batch_read and not ask.flag("expandRecords"):
                raise bad_request("A batch read needs expandRecords=true.", "INVALID_PARAMETER", query="expandRecords")
            return [self._by_id(ask, kind, one.strip()) for one in self._few(ask.query["ids"].split(","))]
        body = ask.body()
        items = body.get("items") if isinstance(body, dict) else None
        if not isinstance(items, list):
            raise bad_request("A collection with items is expected.")
        return [self._by_item(ask, kind, item) for item in self._few(items)]

    def _few(self, items: list[Any]) -> list[Any]:
        if not 1 <= len(items) <= _BATCH:
            raise bad_request(f"A batch holds 1 to {_BATCH} records.", "INVALID_REQUEST")
        return items

    def _by_id(self, ask: Ask, kind: RecordType, id: str) -> Callable[[], Response]:
        if ask.method == "DELETE":
            return lambda: self.delete(kind, id)
        return lambda: answered(self._renderer(ask, kind, expand=True).record(self._open(kind, id)), kind="singular")

    def _by_item(self, ask: Ask, kind: RecordType, item: Any) -> Callable[[], Response]:
        keys = {str(name).lower(): value for name, value in item.items()} if isinstance(item, dict) else {}
        id = str(keys.get("id", "")) or (f"eid:{keys['externalid']}" if "externalid" in keys else "")
        if ask.method == "POST":
            return lambda: self.create(ask, kind, item)
        rest = {name: value for name, value in item.items() if name.lower() != "id"} if keys else item
        if ask.method == "PATCH":
            return lambda: self.change(ask, kind, id, rest)
        return (lambda: self.upsert(ask, kind, id, rest)) if ask.method == "PUT" else (lambda: self.delete(kind, id))

    def _place(self, ask: Ask) -> tuple[RecordType, str, list[str]]:
        name, *rest = ask.path.removeprefix(RECORDS).strip("/").split("/")
        kind = TYPES.get(name.lower())
        if kind is None:
            raise Problem(404, (Detail(f"Record type '{name}' does not exist.", "INVALID_REQUEST"),))
        self.role.check(kind.key, writes=ask.method != "GET")
        return kind, rest[0] if rest else "", rest[1:]

    def _collection(self, ask: Ask, kind: RecordType) -> Response:
        if ask.is_collection or "ids" in ask.query or "expandRecords" in ask.query:
            raise bad_request("Batch operations are asynchronous only.", "INVALID_REQUEST", header="Prefer")
        if ask.method == "POST":
            return self.create(ask, kind, ask.body())
        if ask.method != "GET":
            raise no_such_method(ask.method)
        page = Page.asked(ask.query, self.row_cap)
        self._fields(ask, kind)
        found = list(self.store.all(kind.key))
        if text := ask.query.get("q", ""):
            test = criteria.parse(text, kind, self.store, self.style)
            found = [record for record in found if test(record)]
        found.sort(key=lambda record: zlib.crc32(record.id.encode()))  # in no order anyone could rely on
        href = f"{ask.origin}{RECORDS}/{kind.key}"
        items = [
            {"links": self_link(f"{href}/{one.id}"), "id": one.id}
            for one in found[page.offset : page.offset + page.limit]
        ]
        return answered(page.answer(items, len(found), href, {"q": text} if text else None), kind="collection")

    def create(self, ask: Ask, kind: RecordType, body: Any) -> Response:
        """POST: 204 with the new record in `Location`."""
        reader = self._reader(ask)
        changes = reader.read(kind.shape, body)
        record = save(self.store, merged(blank(self.store, kind.key), changes))
        return self._done(ask, record, reader)

    def change(self, ask: Ask, kind: RecordType, id: str, body: Any) -> Response:
        """PATCH: what the body leaves out stays."""
        record = self._open(kind, id)
        if ask.seen is not None and ask.seen != record.version:
            raise bad_request("Record has been changed.", "RCRD_HAS_BEEN_CHANGED")
        reader = self._reader(ask)
        changes = reader.read(kind.shape, body, record.id)
        draft = merged(record, changes, replaced_lists(kind.shape, ask.query.get("replace", "")))
        return self._done(ask, save(self.store, draft), reader)

    def upsert(self, ask: Ask, kind: RecordType, id: str, body: Any) -> Response:
        """PUT by external id: update, or create with it."""
        if not _EXTERNAL_ID.fullmatch(id):
            raise bad_request("PUT needs an external id of letters, digits, _ and -: eid:X.", "INVALID_REQUEST")
        external = id.removeprefix("eid:")
        record = self.store.by_external(kind.key, external)
        if record is not None:
            return self.change(ask, kind, id, body)
        reader = self._reader(ask)
        changes = {"externalId": external, **reader.read(kind.shape, body)}
        return self._done(ask, save(self.store, merged(blank(self.store, kind.key), changes)), reader)

    def delete(self, kind: RecordType, id: str) -> Response:
        """DELETE: 204."""
        delete(self.store, self._open(kind, id))
        return done()

    def _transform(self, ask: Ask, kind: RecordType, id: str, target: str) -> Response:
        into = TYPES.get(target.lower())
        if into is None:
            raise not_found(f"Record type '{target}' does not exist.")
        self.role.check(into.key, writes=True)
        source = self._open(kind, id)
        reader = self._reader(ask)
        changes = reader.read(into.shape, ask.body()) if ask.call.content.strip() else {}
        replace = replaced_lists(into.shape, ask.query.get("replace", ""))
        return self._done(ask, transform(self.store, source, into.key, changes, replace), reader)

    def _open(self, kind: RecordType, id: str) -> Record:
        """Load a record for editing, as every call on one record does (netsuite sheet §3)."""
        record = self.store.get(kind.key, id)
        if record.locked:
            raise user_error(record.locked)
        return record

    def _done(self, ask: Ask, record: Record, reader: Reader) -> Response:
        location = f"{ask.origin}{RECORDS}/{record.type.key}/{record.id}"
        return done(location, Warnings(reader.dropped).headers())

    def _reader(self, ask: Ask) -> Reader:
        names = _strictness(ask, "X-NetSuite-PropertyNameValidation", "warning")
        return Reader(self.store, names, _strictness(ask, "X-NetSuite-PropertyValueValidation", "error"))

    def _renderer(self, ask: Ask, kind: RecordType, *, expand: bool = False) -> Renderer:
        base = f"{ask.origin}{RECORDS}"
        expand = expand or ask.flag("expandSubResources")
        return Renderer(self.store, base, expand, ask.flag("simpleEnumFormat"), self._fields(ask, kind))

    def _fields(self, ask: Ask, kind: RecordType) -> set[str]:
        names = {name.strip().lower() for name in ask.query.get("fields", "").split(",") if name.strip()}
        for name in names - {"id", "links"}:
            if kind.shape.find(name) is None:
                raise bad_request(f"Field '{name}' does not exist.", "NONEXISTENT_FIELD", query="fields")
        return names


def _strictness(ask: Ask, header: str, default: Strictness) -> Strictness:
    value = (ask.header(header) or default).lower()
    if value not in ("error", "warning", "ignore"):
        raise bad_request(f"Invalid value '{value}'.", "INVALID_PARAMETER", header=header)
    return cast("Strictness", value)
