"""The metadata catalog: which record types there are, and each as JSON Schema or OpenAPI (netsuite sheet §6)."""

from __future__ import annotations

from typing import Any

from anyerp.wire import Headers, Response, dump_json

from anyerp_netsuite.sandbox.auth.role import Role
from anyerp_netsuite.sandbox.field import Field, RecordType, Shape
from anyerp_netsuite.sandbox.problem import Detail, Problem, bad_request, no_such_method, not_found
from anyerp_netsuite.sandbox.request import RECORDS, Ask, answered
from anyerp_netsuite.sandbox.schema import TYPES

CATALOG = f"{RECORDS}/metadata-catalog"
SCHEMA, SWAGGER = "application/schema+json", "application/swagger+json"
_SCALARS = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "string",
    "datetime": "string",
}


def answer(ask: Ask, role: Role) -> Response:
    """The catalog, or one entry of it. Raises `Problem`."""
    if ask.method != "GET":
        raise no_such_method(ask.method)
    accept = ask.header("accept")
    seen = [one for one in TYPES.values() if role.has(one.key)]
    name = ask.path.removeprefix(CATALOG).strip("/")
    if name:
        return (
            _typed(SCHEMA, _entry(name)) if SCHEMA in accept or SWAGGER not in accept else _openapi(ask, [_type(name)])
        )
    if "select" in ask.query:
        seen = [_type(one.strip()) for one in ask.query["select"].split(",")]
    if SWAGGER in accept:
        return _openapi(ask, seen)
    if SCHEMA in accept:
        return _typed(SCHEMA, {"$schema": _DRAFT, "definitions": {one.key: _schema(one.shape) for one in seen}})
    return answered({"items": [_listed(ask, one) for one in seen]})


_DRAFT = "https://json-schema.org/draft-06/hyper-schema#"


def _typed(media: str, body: Any) -> Response:
    return Response(200, Headers({"Content-Type": media}), dump_json(body))


def _type(name: str) -> RecordType:
    kind = TYPES.get(name.lower())
    if kind is None:
        raise bad_request(f"Record type '{name}' does not exist.", "INVALID_PARAMETER", query="select")
    return kind


def _listed(ask: Ask, kind: RecordType) -> dict[str, Any]:
    href = f"{ask.origin}{CATALOG}/{kind.key}"
    links = [
        {"rel": "canonical", "href": href, "mediaType": "application/json"},
        {"rel": "alternate", "href": href, "mediaType": SWAGGER},
        {"rel": "alternate", "href": href, "mediaType": SCHEMA},
        {"rel": "describes", "href": f"{ask.origin}{RECORDS}/{kind.key}"},
    ]
    return {"name": kind.key, "links": links}


def _entry(name: str) -> dict[str, Any]:
    """A record, `purchaseorder-itemCollection`, `purchaseorder-itemElement` or `purchaseorder-billingAddress`."""
    first, *rest = name.split("-")
    kind = TYPES.get(first.lower())
    shape = kind.shape if kind else None
    for index, part in enumerate(rest):
        bare = part.removesuffix("Collection").removesuffix("Element")
        known = shape.find(bare) if shape else None
        if known is None or known.element is None:
            raise not_found(f"'{name}' is not in the catalog.")
        if part.endswith("Collection") and index == len(rest) - 1:
            return {**_collection(f"{CATALOG}/{'-'.join([*name.split('-')[:-1], bare])}Element"), "$schema": _DRAFT}
        shape = known.nested
    if shape is None:
        raise Problem(404, (Detail(f"Record type '{first}' does not exist.", "INVALID_REQUEST"),))
    return {**_schema(shape, name), "$schema": _DRAFT}


def _collection(element: str) -> dict[str, Any]:
    paging = {
        name: {"type": "integer", "format": "int64", "readOnly": True} for name in ("count", "offset", "totalResults")
    }
    return {
        "type": "object",
        "properties": {
            "links": _LINKS,
            **paging,
            "hasMore": {"type": "boolean", "readOnly": True},
            "items": {"type": "array", "items": {"$ref": element}},
        },
    }


_LINKS = {"type": "array", "readOnly": True, "items": {"$ref": f"{CATALOG}/nsLink"}}


def _schema(shape: Shape, name: str = "", base: str = CATALOG) -> dict[str, Any]:
    """A shape as a schema: no `required`, and `readOnly` on links only, as the real one (sheet §6)."""
    owner = name or shape.name.lower()
    whole = "-" not in owner
    properties: dict[str, Any] = {"links": _LINKS, "refName": {"type": "string"}}
    if whole:
        properties["id"] = {"title": "Internal ID", "type": "string", "nullable": True}
    properties |= {one.name: _property(one, owner, base) for one in shape.fields}
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if whole:
        schema["x-ns-filterable"] = [one.name for one in shape.fields if one.element is None]
    if shape.key:
        new = ["orderLine"] if shape.find("orderLine") else list(shape.key)
        schema["x-ns-sublistkey"] = {"present": True, "value": {"new": new, "existing": list(shape.key)}}
    return schema


def _property(known: Field, owner: str, base: str) -> dict[str, Any]:
    marks: dict[str, Any] = {"title": known.name}
    if known.custom:
        marks["x-ns-custom-field"] = True
    stem = f"{base}/{owner.removesuffix('Element')}-{known.name}"
    match known.kind:
        case "reference":
            return {"$ref": f"{base}/{known.target if known.target.lower() in TYPES else 'nsResource'}"}
        case "multiselect":
            return {"$ref": f"{base}/nsResourceCollection"}
        case "sublist":
            return {"$ref": f"{stem}Collection"}
        case "subrecord":
            return {"$ref": stem}
        case "enum":
            labels = {"id": {"type": "string", "enum": list(known.values)}, "refName": {"type": "string"}}
            return {**marks, "type": "object", "properties": labels}
        case _:
            marks |= {"type": _SCALARS[known.kind], "nullable": known.kind != "boolean"}
            return {**marks, "format": known.format} if known.format else marks


def _openapi(ask: Ask, kinds: list[RecordType]) -> Response:
    base = "#/components/schemas"
    schemas: dict[str, Any] = {}
    for kind in kinds:
        _collect(kind.shape, kind.key, base, schemas)
    paths = {f"/{kind.key}": {"get": {"tags": [kind.key]}, "post": {"tags": [kind.key]}} for kind in kinds}
    body = {
        "openapi": "3.0.1",
        "info": {"title": "NetSuite REST API", "version": "v1"},
        "servers": [{"url": f"{ask.origin}{RECORDS}"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return _typed(SWAGGER, body)


def _collect(shape: Shape, name: str, base: str, schemas: dict[str, Any]) -> None:
    schemas[name] = _schema(shape, name, base)
    for known in shape.fields:
        if known.element is None:
            continue
        stem = f"{name.removesuffix('Element')}-{known.name}"
        if known.kind == "subrecord":
            _collect(known.nested, stem, base, schemas)
        else:
            schemas[f"{stem}Collection"] = _collection(f"{base}/{stem}Element")
            _collect(known.nested, f"{stem}Element", base, schemas)
