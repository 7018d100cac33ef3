"""GET: collections, entities, navigations, properties, counts (sap sheet §4, §6)."""

from __future__ import annotations

from dataclasses import dataclass

from anyerp.wire import Headers, Response

from anyerp_sap.sandbox import atom
from anyerp_sap.sandbox.address import Target, resolve
from anyerp_sap.sandbox.edm import Row, Service
from anyerp_sap.sandbox.errors import JSON, XML
from anyerp_sap.sandbox.etag import etag_of
from anyerp_sap.sandbox.exchange import Exchange, need_format
from anyerp_sap.sandbox.metadata import metadata, service_document
from anyerp_sap.sandbox.query import filtered, need_options, page_of, shape_of
from anyerp_sap.sandbox.render import Renderer, collection, dump
from anyerp_sap.sandbox.store import Store
from anyerp_sap.sandbox.values import shown


@dataclass(frozen=True, slots=True)
class Paging:
    """Rows of a page without `$top` (None: an old Gateway that returns everything), and the most that `$top` gives."""

    page: int | None
    most: int


def answer(content: bytes, exchange: Exchange, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Make an answer in the format that was asked for."""
    kind = JSON if exchange.wants_json else "application/atom+xml;charset=utf-8"
    base = {"content-type": kind, "dataserviceversion": "2.0", "cache-control": "no-store, no-cache"}
    return Response(status, Headers({**base, **(headers or {})}), content)


def read(service: Service, store: Store, exchange: Exchange, paging: Paging) -> Response:
    """Answer a GET."""
    if exchange.path in ("", "/"):
        content = service_document(service.name, exchange.root, exchange.wants_json)
        return answer(
            content, exchange, headers={} if exchange.wants_json else {"content-type": "application/atomsvc+xml"}
        )
    if exchange.path == "$metadata":
        return _metadata(service, exchange)
    need_format(exchange)
    target = resolve(service, store, exchange)
    if target.kind == "count":
        need_options(exchange, "count")
        return _plain(str(len(filtered(target.rows or [], target.entity, exchange))))
    if target.kind in ("property", "value"):
        return _property(target, exchange)
    renderer = Renderer(store, service.namespace, exchange.root, exchange.language)
    need_options(exchange, "collection" if target.kind == "set" else "single")
    shape = shape_of(target.entity, service.entities, exchange.option("$select"), exchange.option("$expand"))
    if target.kind == "set":
        page = page_of(target.rows or [], target.entity, exchange, paging.page, paging.most)
        link = f"{exchange.root}/{exchange.path}?{page.next_query}" if page.next_query else None
        write = collection if exchange.wants_json else atom.feed
        return answer(write(renderer, shape, page.rows, page.count, link), exchange)
    if target.row is None:  # a to-one navigation that leads nowhere
        return Response(204, Headers({"dataserviceversion": "2.0"}))
    tag = etag_of(target.entity, target.row)
    headers = {"etag": tag} if tag else {}
    if tag and exchange.headers.get("if-none-match") == tag:
        return Response(304, Headers(headers))
    if exchange.wants_json:
        return answer(dump({"d": renderer.entity(shape, target.row)}), exchange, headers=headers)
    return answer(atom.entry(renderer, shape, target.row), exchange, headers=headers)


def _metadata(service: Service, exchange: Exchange) -> Response:
    content, tag = metadata(service.name)
    headers = {"etag": tag, "content-type": XML, "dataserviceversion": "2.0"}
    if exchange.headers.get("if-none-match") == tag:
        return Response(304, Headers(headers))
    return Response(200, Headers(headers), content)


def _plain(text: str) -> Response:
    headers = {"content-type": "text/plain;charset=utf-8", "dataserviceversion": "2.0"}
    return Response(200, Headers(headers), text.encode())


def _property(target: Target, exchange: Exchange) -> Response:
    prop, row = target.property, target.row
    assert prop is not None
    values: Row = row or {}
    if target.kind == "value":
        return _plain(str(shown(prop, target.entity, values, exchange.language)))
    if exchange.wants_json:
        return answer(dump({"d": {prop.name: shown(prop, target.entity, values, exchange.language)}}), exchange)
    return answer(atom.value(prop, target.entity, values, exchange.language), exchange, headers={"content-type": XML})
