"""The V4 service itself: reads, and writes by the same rules as V2's (sap sheet §5, §7, §8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from anyerp.wire import Headers, Response, dump_json

from anyerp_sap.sandbox.edm import Entity, Row
from anyerp_sap.sandbox.errors import Message, SapError, not_found, say
from anyerp_sap.sandbox.exchange import Exchange
from anyerp_sap.sandbox.literals import key_text, parse_key
from anyerp_sap.sandbox.query import page_of
from anyerp_sap.sandbox.reading import Paging
from anyerp_sap.sandbox.rules import RULES
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.v4.metadata import metadata
from anyerp_sap.sandbox.v4.query import Shape, as_v2, need_options, shape_of
from anyerp_sap.sandbox.v4.schema import ROOT, TWINS, Twin, related
from anyerp_sap.sandbox.v4.values import shown
from anyerp_sap.sandbox.v4.writing import read_body, read_changes, read_draft
from anyerp_sap.sandbox.world import Work

_NUMBERS = {"success": 1, "info": 2, "warning": 3, "error": 4}
_LETTER = {"POST": "C", "PATCH": "U", "DELETE": "D"}


class V4Exchange(Exchange):
    """A request below the V4 service."""

    __slots__ = ()

    @property
    def root(self) -> str:
        """The service root as an absolute address."""
        return f"{self.base}{ROOT}"


@dataclass
class Target:
    """Where a path leads: a set with its V2 rows, or one V2 row; `parent` is the row before the last navigation."""

    twin: Twin
    rows: list[Row] | None = None
    row: Row | None = None
    parent: Row | None = None


def resolve(store: Store, exchange: Exchange) -> Target:
    """Follow a path: sets, keys, navigations. Raises a 404 for what is not there."""
    first, *rest = exchange.segments or [""]
    name, key = _split(first)
    if name not in TWINS:
        raise SapError(404, [say("/IWFND/CM_MGW/096", name)])
    target = _keyed(store, Target(TWINS[name]), key, exchange)
    for segment in rest:
        name, key = _split(segment)
        navigation = target.twin.entity.navigations.get(name)
        if navigation is None or target.row is None:
            raise SapError(404, [say("/IWFND/CM_MGW/096", name)])
        row = target.row
        rows = related(target.twin, navigation, store, row)
        step = Target(TWINS[navigation.target], rows=rows, parent=row)
        if navigation.many != "*":
            step.row, step.rows = rows[0] if rows else None, None
        target = _keyed(store, step, key, exchange)
    return target


def _split(segment: str) -> tuple[str, str | None]:
    name, opened, key = segment.partition("(")
    return name, key.removesuffix(")") if opened else None


def _keyed(store: Store, target: Target, key: str | None, exchange: Exchange) -> Target:
    if key is None:
        return target
    twin = target.twin
    values = parse_key(twin.entity, key, exchange.language)
    found = store.get(twin.behind, values[: len(store.entities[twin.behind].keys)])
    if found is None or (target.rows is not None and found not in target.rows):
        raise not_found(twin.type_name, f"{twin.entity.name} {key} does not exist")
    return Target(twin, row=found, parent=target.parent)


def etag_of(row: Row) -> str:
    """The opaque tag of a row's content."""
    content = repr(sorted((name, repr(value)) for name, value in row.items())).encode()
    return f'W/"SADL-V4-{hashlib.sha256(content).hexdigest()[:24].upper()}"'


class Renderer:
    """Writes rows of one answer."""

    def __init__(self, store: Store, exchange: Exchange) -> None:
        self.store, self.language = store, exchange.language
        self.as_text = "ieee754compatible=true" in exchange.headers.get("accept", "").lower()

    def entity(self, shape: Shape, row: Row, messages: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Give the JSON object of a V2 row in a shape of V4."""
        twin = shape.twin
        seen = twin.view(self.store, row)
        made: dict[str, Any] = {"@odata.etag": etag_of(row)}
        for prop in shape.properties:
            made[prop.name] = shown(prop, twin, seen, self.language, as_text=self.as_text)
        if shape.everything:
            made["SAP__Messages"] = messages or []
        for name, below in shape.expanded.items():
            navigation = twin.entity.navigations[name]
            rows = related(twin, navigation, self.store, row)
            many = [self.entity(below, one) for one in rows]
            made[name] = many if navigation.many == "*" else (many[0] if many else None)
        return made


def read(store: Store, exchange: Exchange, paging: Paging) -> Response:
    """Answer a GET."""
    if exchange.path in ("", "/"):
        sets = [{"name": name, "url": name} for name in TWINS]
        return _json({"@odata.context": "$metadata", "value": sets})
    if exchange.path == "$metadata":
        content, tag = metadata()
        headers = Headers({"content-type": "application/xml", "etag": tag, "odata-version": "4.0"})
        same = exchange.headers.get("if-none-match") == tag
        return Response(304 if same else 200, headers, b"" if same else content)
    target = resolve(store, exchange)
    need_options(exchange, single=target.row is not None)
    shape, renderer = shape_of(target.twin, exchange.query), Renderer(store, exchange)
    context = f"$metadata#{target.twin.entity.name}"
    if target.row is not None:
        made = {"@odata.context": f"{context}/$entity", **renderer.entity(shape, target.row)}
        return _json(made, etag=etag_of(target.row))
    return _list(target, shape, renderer, exchange, paging, context)


def _list(
    target: Target, shape: Shape, renderer: Renderer, exchange: Exchange, paging: Paging, context: str
) -> Response:
    store, twin = renderer.store, target.twin
    rows = store.rows(twin.behind) if target.rows is None else target.rows
    seen = [{**twin.view(store, row), "": index} for index, row in enumerate(rows)]
    page = page_of(seen, twin.entity, as_v2(exchange), paging.page, paging.most)
    made: dict[str, Any] = {"@odata.context": context}
    if page.count is not None:
        made["@odata.count"] = page.count
    made["value"] = [renderer.entity(shape, rows[int(str(row[""]))]) for row in page.rows]
    if page.next_query:
        made["@odata.nextLink"] = f"{exchange.path}?{page.next_query}"  # relative to the service, as V4 may (§5)
    return _json(made)


def _json(body: Any, status: int = 200, **headers: str) -> Response:
    kind = {"content-type": "application/json;odata.metadata=minimal", "odata-version": "4.0"}
    return Response(status, Headers({**kind, **headers}), dump_json(body))


def write(work: Work, exchange: Exchange) -> Response:
    """Answer a write; the caller keeps the transaction."""
    target = resolve(work.store, exchange)
    twin, letter = target.twin, _LETTER.get(exchange.method, "")
    through = target.parent is not None and target.row is None
    allowed = letter and letter in twin.entity.can and (letter == "C") is (target.row is None)
    if not allowed or (letter == "C" and not (twin.direct or through)):
        raise SapError(405, [say("/IWFND/CM_MGW/021", exchange.method, exchange.path)])
    rules = RULES[twin.behind]
    entity: Entity = work.store.entities[twin.behind]
    if target.row is None:
        parent = _key_of_parent(target)
        draft = read_draft(twin, read_body(exchange), exchange, work.store, parent)
        row = rules.create(work, draft)
        work.settle()
        row = work.store.get(twin.behind, entity.key_of(row)) or row
        said = [_said(message, work.language) for message in work.warnings]
        made = Renderer(work.store, exchange).entity(shape_of(twin, {}), row, said)
        where = f"{exchange.root}/{twin.entity.name}({key_text(entity, entity.key_of(row), work.language)})"
        made = {"@odata.context": f"$metadata#{twin.entity.name}/$entity", **made}
        return _json(made, 201, location=where, etag=etag_of(row))
    _need_match(work.store.original(twin.behind, target.row), twin, exchange)
    if exchange.method == "DELETE":
        rules.delete(work, entity, target.row)
    else:
        rules.change(work, entity, target.row, read_changes(twin, read_body(exchange), exchange, target.row))
    work.settle()
    headers = {"odata-version": "4.0"}
    if work.warnings:
        headers["sap-messages"] = dump_json([_said(m, work.language) for m in work.warnings]).decode()
    return Response(204, Headers(headers))


def _key_of_parent(target: Target) -> Row:
    """The key values that a new part takes from the entity before the navigation, by V2's names of the part."""
    given: Row = {}
    for name in ("PurchaseOrder", "PurchaseOrderItem"):
        if target.parent is not None and name in target.parent and name in target.twin.entity.properties:
            given[target.twin.old(name)] = target.parent[name]
    return given


def _need_match(row: Row, twin: Twin, exchange: Exchange) -> None:
    given = exchange.headers.get("if-match")
    if given is None:
        raise SapError(428, [say("SADL_ENTITY_RUNTIME/006", twin.entity.name.upper())])
    if given != "*" and etag_of(row) not in [one.strip() for one in given.split(",")]:
        raise SapError(412, [say("SADL_ENTITY_RUNTIME/007", twin.entity.name.upper())])


def _said(message: Message, language: str) -> dict[str, Any]:
    return {
        "code": message.code,
        "message": message.text(language),
        "target": _target(message.target),
        "additionalTargets": [],
        "transition": False,
        "numericSeverity": _NUMBERS.get(message.severity, 4),
        "longtextUrl": "",
    }


def _target(target: str) -> str:
    names = {old: new for twin in TWINS.values() for new, old in twin.navigations.items()}
    for old, new in names.items():
        target = target.replace(old, new)
    return target


def refusal(error: SapError, language: str) -> Response:
    """Write a refusal in V4's shape."""
    first, *rest = error.messages
    details = [
        {
            "code": m.code,
            "message": m.text(language),
            "target": _target(m.target),
            "@SAP__common.numericSeverity": _NUMBERS.get(m.severity, 4),
        }
        for m in rest
    ]
    application = {
        "ComponentId": "MM-PUR-PO-2CL",
        "ServiceRepository": "SRVD_A2X",
        "ServiceId": "PURCHASEORDER",
        "ServiceVersion": "0001",
    }
    body = {
        "code": first.code,
        "message": error.exception_text or first.text(language),
        "target": _target(first.target),
        "details": details,
        "innererror": {"ErrorDetails": {"@SAP__common.Application": application}},
    }
    return _json({"error": body}, error.status, **error.headers)
